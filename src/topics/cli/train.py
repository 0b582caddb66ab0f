"""``topics train``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from topics.cli.app import app, complain
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
from topics.cli.progress import progress


@app.command(epilog="Examples:  topics train  |  topics train --table mine.csv --text content --topics label")
def train(
    reports: ReportsOption = None,
    labels: LabelsOption = None,
    codebook: CodebookOption = None,
    models: Annotated[Path, typer.Option("--models", metavar="DIR", help="Model store to write to.")] = Path("models"),
    no_promote: Annotated[
        bool, typer.Option("--no-promote", help="Store the model without making it the current one.")
    ] = False,
    table: TableOption = None,
    text: TextOption = None,
    topics: TopicsOption = None,
    primary: PrimaryOption = None,
    heading: HeadingOption = None,
    group: GroupOption = None,
) -> None:
    """Train a model on labelled reports, or on a table of your own."""
    dataset = labelled(reports, labels, codebook, table, (text, topics, primary, heading, group))
    # Labels are read first: scikit-learn takes a second to import, and a slip in a label file should show at once.
    from topics import render
    from topics.workflows.train import train_model

    with progress("fits") as tell:
        tell(0, None)
        result = train_model(dataset, models, promote=not no_promote, describe=render.model_card, tell=tell)
    typer.echo(f"model {result.id} trained on {len(dataset.examples)} paragraphs, in {result.folder}", err=True)
    typer.echo("out-of-fold figures (every report labelled by a model that has not seen it):", err=True)
    render.print_evaluation(result.figures, sys.stderr, codebook_names(dataset))
    if result.comparison:
        _say_comparison(result.comparison, codebook_names(dataset))
    if result.promoted:
        typer.echo(f"now current (before: {result.previous or 'none'})", err=True)
    typer.echo(result.id)


def _say_comparison(comparison: dict[str, Any], names: dict[str, str]) -> None:
    """Say how the new model (B) compares with the one that was current (A)."""
    from topics import render

    current = comparison["current"]
    typer.echo(f"compared with the current model {current} (A), each on reports it had not seen:", err=True)
    render.print_comparison(comparison, sys.stderr, names)
    if comparison["verdict"] == "worse":
        complain(f"the new model is worse than {current}; the way back: topics models promote {current}")
