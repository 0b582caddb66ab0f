"""Shares of topics → one page with a chart and a table."""

from __future__ import annotations

from typing import Any

from topics.records import OTHER
from topics.render.page import render_page
from topics.render.report_page import colours
from topics.render.tables import SUMMARY_PARTS


def summary_page(summary: dict[str, Any], names: dict[str, str]) -> str:
    """Show what `topics summarise` found as a page.

    Parameters
    ----------
    summary : dict
        As `topics.workflows.summarise.summarise_inputs` gives it.
    names : dict
        Names of the topics, for people.

    Returns
    -------
    str
        One HTML page that needs no other file and makes no request.
    """
    parts = [(title, summary[part]) for part, title in SUMMARY_PARTS.items() if summary[part]]
    return render_page(
        "summary.html",
        parts=parts,
        n_reports=len(summary["by_report"]),
        n_paragraphs=sum(entry["paragraphs"] for entry in summary["by_report"]),
        names=names | {OTHER: "other"},
        topics=list(names),
        colours=colours(names),
    )
