"""``topics evaluate``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from topics.cli.app import app, complain, topic_names, writing
from topics.cli.labelled import codebook_names, labelled
from topics.cli.options import (
    CodebookOption,
    GroupOption,
    HeadingOption,
    LabelsOption,
    ModelOption,
    PrecisionOption,
    PrimaryOption,
    ReportsOption,
    TableOption,
    TextOption,
    TopicsOption,
)
from topics.cli.progress import progress
from topics.errors import UsageError


class EvaluationFormat(StrEnum):
    """Forms of an evaluation."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"


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
    precision: PrecisionOption = None,
    format: Annotated[EvaluationFormat, typer.Option("--format", help="Form of the result.")] = EvaluationFormat.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead of to standard output.")
    ] = None,
) -> None:
    """Measure a model, or training itself, on labelled paragraphs."""
    if cv is not None and model is not None:
        raise UsageError("--cv measures training, --model a model: leave one of them out")
    dataset = labelled(reports, labels, codebook, table, (text, topics, primary, heading, group))
    from topics import render
    from topics.workflows.evaluate import cross_validate, evaluate_model, learned_paragraphs
    from topics.workflows.library import load

    names = codebook_names(dataset)
    if cv is not None:
        subject = f"training, cross-validated in {cv} folds"
        with progress("paragraphs") as tell:
            result = cross_validate(dataset, cv, precision, learning=format is EvaluationFormat.HTML, tell=tell)
    else:
        loaded = load(model)
        names |= topic_names(loaded.card)
        subject = f"model {loaded.id}"
        if learned := learned_paragraphs(loaded, dataset):
            complain(
                f"the model learned from {learned} of these {len(dataset.examples)} paragraphs, so these figures say "
                f"too much; use --cv 5, or paragraphs that it has not seen"
            )
        result = evaluate_model(loaded, dataset, precision)
    with writing(output) as out:
        if format is EvaluationFormat.JSON:
            out.write(render.to_json(result) + "\n")
        elif format is EvaluationFormat.HTML:
            out.write(render.evaluation_page(result, names, subject))
        else:
            render.print_evaluation(result, out, names)
