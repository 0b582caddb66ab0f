"""``topics evaluate``."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from topics.cli.app import app, complain, topic_names
from topics.cli.labelled import codebook_names, labelled
from topics.cli.options import (
    CodebookOption,
    GroupOption,
    HeadingOption,
    LabelsOption,
    ModelOption,
    PrimaryOption,
    ReportsOption,
    TableOption,
    TextOption,
    TopicsOption,
)
from topics.errors import UsageError


class EvaluationFormat(StrEnum):
    """Forms of an evaluation."""

    TABLE = "table"
    JSON = "json"


@app.command(
    epilog="Examples:  topics evaluate --cv 5  |  topics evaluate --table gold.csv --text content --topics label"
)
def evaluate(
    model: ModelOption = None,
    cv: Annotated[
        int | None,
        typer.Option(
            "--cv", metavar="N", help="Cross-validate training in N folds by report instead of measuring a model."
        ),
    ] = None,
    reports: ReportsOption = None,
    labels: LabelsOption = None,
    codebook: CodebookOption = None,
    table: TableOption = None,
    text: TextOption = None,
    topics: TopicsOption = None,
    primary: PrimaryOption = None,
    heading: HeadingOption = None,
    group: GroupOption = None,
    format: Annotated[EvaluationFormat, typer.Option("--format", help="Form of the result.")] = EvaluationFormat.TABLE,
) -> None:
    """Measure a model, or training itself, on labelled paragraphs."""
    if cv is not None and model is not None:
        raise UsageError("--cv measures training, --model a model: leave one of them out")
    dataset = labelled(reports, labels, codebook, table, (text, topics, primary, heading, group))
    from topics.render import print_evaluation, to_json
    from topics.workflows.evaluate import cross_validate, evaluate_model, trained_on
    from topics.workflows.library import load

    names = codebook_names(dataset)
    if cv is not None:
        result = cross_validate(dataset, cv)
    else:
        loaded = load(model)
        names |= topic_names(loaded.card)
        if trained_on(loaded, dataset):
            complain("the model was trained on these very paragraphs, so these figures say little; use --cv 5")
        result = evaluate_model(loaded, dataset)
    if format is EvaluationFormat.JSON:
        typer.echo(to_json(result))
    else:
        print_evaluation(result, sys.stdout, names)
