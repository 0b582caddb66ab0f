"""The command line: parse arguments, call one workflow, translate errors to exit codes.

Nothing heavy is imported here; each command imports its workflow when it runs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from topics import __version__
from topics.errors import TopicsError

if TYPE_CHECKING:
    from topics.workflows.examples import Dataset

app = typer.Typer(
    name="topics",
    help="Labels the paragraphs of Chinese governance work reports with governance topics.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(help="List, show, promote and verify models.", no_args_is_help=True)
app.add_typer(models_app, name="models")

PARTIAL, INTERRUPTED = 1, 130


class Format(StrEnum):
    """Forms of predictions."""

    TABLE = "table"
    CSV = "csv"
    JSONL = "jsonl"


class EvaluationFormat(StrEnum):
    """Forms of an evaluation."""

    TABLE = "table"
    JSON = "json"


ModelOption = Annotated[
    str | None, typer.Option("--model", metavar="ID|PATH", help="Model to use; default: the current one.")
]
StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--models",
        metavar="DIR",
        help="Model store; default: ./models if it has a current model, else the shipped one.",
    ),
]
ReportsOption = Annotated[
    list[Path] | None,
    typer.Option("--reports", metavar="DIR", help="Folder of reports; may be given again. Default: seeds."),
]
LabelsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--labels",
        metavar="PATH",
        help="Label file, or folder with gold.csv and spans.csv; may be given again. Default: labels.",
    ),
]
CodebookOption = Annotated[
    Path | None,
    typer.Option(
        "--codebook",
        metavar="FILE",
        help="Codebook (TOML); default: labels/codebook.toml, or for a table the topics found in it.",
    ),
]
TableOption = Annotated[
    Path | None,
    typer.Option(
        "--table",
        metavar="FILE",
        help="Table of labelled paragraphs (.csv .jsonl .parquet) instead of reports and labels.",
    ),
]
TextOption = Annotated[
    str | None, typer.Option("--text", metavar="COLUMN", help="Column of a table that holds the paragraph.")
]
HeadingOption = Annotated[
    str | None, typer.Option("--heading", metavar="COLUMN", help="Column of a table that holds the heading.")
]
TopicsOption = Annotated[
    str | None,
    typer.Option("--topics", metavar="COLUMN", help="Column that holds the topics; several are joined by |."),
]
PrimaryOption = Annotated[
    str | None, typer.Option("--primary", metavar="COLUMN", help="Column that holds the primary topic.")
]
GroupOption = Annotated[
    str | None,
    typer.Option(
        "--group", metavar="COLUMN", help="Column that names the report a row is from; splits and intervals go by it."
    ),
]


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Show the version and stop.")] = False,
) -> None:
    """Labels the paragraphs of Chinese governance work reports with governance topics."""
    if version:
        typer.echo(f"topics {__version__}")
        raise typer.Exit


@app.command(
    epilog="Examples:  topics predict reports/ -o topics.csv --format csv  |  topics predict table.csv --text content"
)
def predict(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INPUT]...",
            help="Report files, folders of them, or - for standard input; or a table with --text.",
            show_default=False,
        ),
    ] = None,
    model: ModelOption = None,
    format: Annotated[
        Format | None, typer.Option("--format", help="Default: table on a terminal, jsonl otherwise.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write here, whole or not at all, instead of to standard output."
        ),
    ] = None,
    text: TextOption = None,
    heading: HeadingOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Add the passages that speak for each topic.")] = False,
) -> None:
    """Label the paragraphs of reports, or the rows of tables."""
    from topics.workflows.library import load
    from topics.workflows.predict import Failures, TableColumns, check_inputs, predict_reports, predict_tables

    columns = TableColumns(text, heading) if text else None
    check_inputs(inputs or [], columns)
    loaded = load(model)
    failures = Failures(_complain)
    if columns:
        rows = predict_tables(inputs or [], columns, loaded, failures, explain=explain)
    else:
        rows = predict_reports(inputs or [], loaded, failures, explain=explain)
    names = _names(loaded.card)
    done = _write_rows(rows, format, output, names)
    if failures.count:
        raise typer.Exit(PARTIAL if done else TopicsError.exit_code)


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
    from topics.render import print_evaluation
    from topics.workflows.train import train_model

    dataset = _dataset(reports, labels, codebook, table, (text, topics, primary, heading, group))
    result = train_model(dataset, models, promote=not no_promote)
    typer.echo(f"model {result.id} trained on {len(dataset.examples)} paragraphs, in {result.folder}", err=True)
    typer.echo("out-of-fold figures (every report labelled by a model that has not seen it):", err=True)
    print_evaluation(result.figures, sys.stderr, _codebook_names(dataset))
    if result.promoted:
        typer.echo(f"now current (before: {result.previous or 'none'})", err=True)
    typer.echo(result.id)


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
    from topics.render import print_evaluation, to_json
    from topics.workflows.evaluate import cross_validate, evaluate_model, trained_on
    from topics.workflows.library import load

    dataset = _dataset(reports, labels, codebook, table, (text, topics, primary, heading, group))
    names = _codebook_names(dataset)
    if cv is not None:
        result = cross_validate(dataset, cv)
    else:
        loaded = load(model)
        names |= _names(loaded.card)
        if trained_on(loaded, dataset):
            _complain("the model was trained on these very paragraphs, so these figures say little; use --cv 5")
        result = evaluate_model(loaded, dataset)
    if format is EvaluationFormat.JSON:
        typer.echo(to_json(result))
    else:
        print_evaluation(result, sys.stdout, names)


@models_app.command("list")
def models_list(models: StoreOption = None) -> None:
    """List the models of the store."""
    from topics.render import print_models
    from topics.storage.models import default_store
    from topics.workflows.models import catalogue

    print_models(catalogue(models or default_store()), sys.stdout)


@models_app.command("show")
def models_show(
    model: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Model id or path; default: the current one.")
    ] = None,
    models: StoreOption = None,
) -> None:
    """Show a model's card."""
    from topics.render import to_json
    from topics.storage.models import default_store
    from topics.workflows.models import show

    typer.echo(to_json(show(model, models or default_store())))


@models_app.command("promote")
def models_promote(
    model: Annotated[
        str, typer.Argument(metavar="ID", help="Model to make the current one; also the way back to an earlier one.")
    ],
    models: StoreOption = None,
) -> None:
    """Make a model the current one."""
    from topics.storage.models import default_store, promote_model

    previous = promote_model(models or default_store(), model)
    typer.echo(f"{model} is now current (before: {previous or 'none'})", err=True)


@models_app.command("verify")
def models_verify(
    model: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Model id or path; default: the current one.")
    ] = None,
    models: StoreOption = None,
) -> None:
    """Check that a model is whole, unchanged and made for the segmenter here."""
    from topics.storage.models import default_store
    from topics.workflows.models import verify

    found = verify(model, models or default_store())
    typer.echo(f"{found['id']}: whole, {found['terms']} terms, topics {', '.join(found['topics'])}")


def main() -> NoReturn:
    """Run the command line; the console script's entry point."""
    with _exit_codes():
        app()
    sys.exit(0)


@contextmanager
def _exit_codes() -> Iterator[None]:
    """Translate what the library raises into one line on stderr and an exit code."""
    try:
        yield
    except TopicsError as error:
        _complain(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output has gone; closing stdout here keeps Python from complaining about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(PARTIAL)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _complain(message: str) -> None:
    """Write one line to stderr."""
    typer.echo("topics: " + " ".join(message.split()), err=True)


def _dataset(
    reports: list[Path] | None,
    labels: list[Path] | None,
    codebook: Path | None,
    table: Path | None,
    columns: tuple[str | None, ...],
) -> Dataset:
    """Read the labelled paragraphs that the options name."""
    from topics.workflows.examples import Columns, check_options, default_codebook, from_reports, from_table

    text, topics, primary, heading, group = columns
    check_options(table, text, topics)
    if table and text and topics:
        return from_table(table, Columns(text, topics, primary, heading, group), codebook)
    return from_reports(reports or [Path("seeds")], labels or [Path("labels")], codebook or default_codebook())


def _write_rows(rows: Iterable[dict[str, Any]], form: Format | None, output: Path | None, names: dict[str, str]) -> int:
    """Write predictions to standard output or to a file; give their number."""
    from topics.files import atomic_write

    counted = _Counted(rows)
    if output is None:
        _write(counted, form or (Format.TABLE if sys.stdout.isatty() else Format.JSONL), sys.stdout, names)
        sys.stdout.flush()
    else:
        with atomic_write(output) as handle:
            _write(counted, form or Format.JSONL, handle, names)
    return counted.count


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self._rows:
            self.count += 1
            yield row


def _write(rows: Iterable[dict[str, Any]], form: Format, out: IO[str], names: dict[str, str]) -> None:
    """Write predictions in a form."""
    from topics import render

    if form is Format.TABLE:
        render.print_predictions(rows, out, names)
    else:
        out.writelines(render.csv_lines(rows) if form is Format.CSV else render.jsonl_lines(rows))


def _names(card: dict[str, Any]) -> dict[str, str]:
    """Names of a model's topics, for people."""
    codebook = card.get("codebook")
    names = codebook.get("names") if isinstance(codebook, dict) else None
    return dict(names) if isinstance(names, dict) else {}


def _codebook_names(dataset: Dataset) -> dict[str, str]:
    """Names of a codebook's topics, for people."""
    return {t.id: t.name_zh or t.name_en or t.id for t in dataset.codebook.topics}
