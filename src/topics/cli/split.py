"""``topics split``."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from topics.cli.app import PARTIAL, app, complain
from topics.cli.options import EncodingOption, ExcludeOption, IncludeOption
from topics.errors import TopicsError


class SplitFormat(StrEnum):
    """Forms of what was found."""

    TEXT = "text"
    JSONL = "jsonl"


@app.command(epilog="Examples:  topics split report.docx  |  topics split reports/ --format jsonl")
def split(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INPUT]...",
            help="Report files, folders of them, ZIP archives, or - for standard input.",
            show_default=False,
        ),
    ] = None,
    encoding: EncodingOption = None,
    include: IncludeOption = None,
    exclude: ExcludeOption = None,
    format: Annotated[SplitFormat, typer.Option("--format", help="Form of the result.")] = SplitFormat.TEXT,
) -> None:
    """Show what is found in reports, without labelling: headings, paragraphs, and what is left out and why."""
    from topics.render import jsonl_lines, split_lines
    from topics.workflows.reports import Failures, Selection
    from topics.workflows.split import split_reports

    failures = Failures(complain)
    selection = Selection(encoding, tuple(include or ()), tuple(exclude or ()))
    found = False
    rows = split_reports(inputs or [], selection, failures)
    for line in split_lines(rows) if format is SplitFormat.TEXT else jsonl_lines(rows):
        sys.stdout.write(line)
        found = True
    sys.stdout.flush()
    if failures.count:
        raise typer.Exit(PARTIAL if found else TopicsError.exit_code)
