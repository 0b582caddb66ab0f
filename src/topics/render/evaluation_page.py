"""An evaluation → one page with its figures, plots and worst errors."""

from __future__ import annotations

from typing import Any

from topics.render.measures import TOTAL_NAMES, measured_on
from topics.render.page import render_page
from topics.render.plots import plots_of
from topics.render.report_page import colours


def evaluation_page(result: dict[str, Any], names: dict[str, str], subject: str) -> str:
    """Show an evaluation as a page.

    Parameters
    ----------
    result : dict
        As `topics.workflows.evaluate` gives it.
    names : dict
        Names of the topics, for people.
    subject : str
        What was measured.

    Returns
    -------
    str
        One HTML page that needs no other file and makes no request.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    shown = {topic: names.get(topic, topic) for topic in result["per_topic"]}
    return render_page(
        "evaluation.html",
        result=result,
        subject=subject,
        measured_on=measured_on(result),
        names=shown,
        colours=colours(shown),
        plots=list(plots_of(result, shown)),
        totals={name: label for name, label in TOTAL_NAMES.items() if result[name] is not None},
    )
