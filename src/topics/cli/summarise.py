"""``topics summarise``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from topics.cli.app import PARTIAL, app, complain, topic_names, writing
from topics.cli.options import ModelOption
from topics.errors import TopicsError


class SummaryFormat(StrEnum):
    """Forms of a summary."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    HTML = "html"


@app.command(epilog="Examples:  topics summarise reports/  |  topics summarise reports/ --format html -o shares.html")
def summarise(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INPUT]...", help="Report files, folders of them, or files of predictions.", show_default=False
        ),
    ] = None,
    model: ModelOption = None,
    format: Annotated[SummaryFormat, typer.Option("--format", help="Form of the result.")] = SummaryFormat.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead of to standard output.")
    ] = None,
) -> None:
    """Give the share of each topic by report, and by year and place where file names or titles tell them."""
    from topics import render
    from topics.workflows.library import load
    from topics.workflows.reports import Failures
    from topics.workflows.summarise import summarise_inputs

    failures = Failures(complain)
    loaded = load(model)
    summary = summarise_inputs(inputs or [], loaded, failures)
    names = {topic: topic_names(loaded.card).get(topic, topic) for topic in summary["topics"]}
    if summary["by_report"]:
        with writing(output) as out:
            if format is SummaryFormat.HTML:
                out.write(render.summary_page(summary, names))
            elif format is SummaryFormat.JSON:
                out.write(render.to_json(summary) + "\n")
            elif format is SummaryFormat.CSV:
                out.writelines(render.csv_lines(render.summary_rows(summary)))
            else:
                render.print_summary(summary, out, names)
    if failures.count:
        raise typer.Exit(PARTIAL if summary["by_report"] else TopicsError.exit_code)
