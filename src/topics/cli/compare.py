"""``topics compare``."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from topics.cli.app import app
from topics.cli.labelled import codebook_names, labelled
from topics.cli.options import (
    CodebookOption,
    GroupOption,
    HeadingOption,
    LabelsOption,
    PrimaryOption,
    ReportsOption,
    TableOption,
    TextOption,
    TopicsOption,
)


class ComparisonFormat(StrEnum):
    """Forms of a comparison."""

    TABLE = "table"
    JSON = "json"


@app.command(
    epilog="Examples:  topics compare 1a2b3c4d5e6f 6f5e4d3c2b1a  |  topics compare old.jsonl new.jsonl --labels gold/"
)
def compare(
    first: Annotated[str, typer.Argument(metavar="MODEL_A", help="Model id or path, or a file of predictions.")],
    second: Annotated[str, typer.Argument(metavar="MODEL_B", help="What to compare with it.")],
    reports: ReportsOption = None,
    labels: LabelsOption = None,
    codebook: CodebookOption = None,
    table: TableOption = None,
    text: TextOption = None,
    topics: TopicsOption = None,
    primary: PrimaryOption = None,
    heading: HeadingOption = None,
    group: GroupOption = None,
    format: Annotated[ComparisonFormat, typer.Option("--format", help="Form of the result.")] = ComparisonFormat.TABLE,
) -> None:
    """Tell whether B is better or worse than A on the same labels, or whether the labels cannot tell."""
    from topics import render
    from topics.workflows.compare import compare_sources

    dataset = labelled(reports, labels, codebook, table, (text, topics, primary, heading, group))
    result = compare_sources(first, second, dataset, text)
    if format is ComparisonFormat.JSON:
        typer.echo(render.to_json(result))
    else:
        render.print_comparison(result, sys.stdout, codebook_names(dataset))
