"""``topics predict``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from topics.cli.app import PARTIAL, app, complain, topic_names
from topics.cli.options import EncodingOption, ExcludeOption, HeadingOption, IncludeOption, ModelOption, TextOption
from topics.errors import TopicsError, UsageError
from topics.files import atomic_write


class Format(StrEnum):
    """Forms of predictions."""

    TABLE = "table"
    CSV = "csv"
    JSONL = "jsonl"


@app.command(
    epilog="Examples:  topics predict reports/ -o topics.csv --format csv  |  topics predict table.csv --text content"
)
def predict(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INPUT]...",
            help="Report files, folders of them, ZIP archives, or - for standard input; or a table with --text.",
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
    encoding: EncodingOption = None,
    include: IncludeOption = None,
    exclude: ExcludeOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Add the passages that speak for each topic.")] = False,
) -> None:
    """Label the paragraphs of reports, or the rows of tables."""
    from topics.workflows.library import load
    from topics.workflows.predict import TableColumns, check_inputs, predict_reports, predict_tables
    from topics.workflows.reports import Failures, Selection

    if heading and not text:
        raise UsageError("--heading is for tables; name the column to label with --text COLUMN")
    columns = TableColumns(text, heading) if text else None
    selection = Selection(encoding, tuple(include or ()), tuple(exclude or ()))
    check_inputs(inputs or [], columns, selection)
    loaded = load(model)
    failures = Failures(complain)
    if columns:
        rows = predict_tables(inputs or [], columns, loaded, failures, explain=explain)
    else:
        rows = predict_reports(inputs or [], loaded, failures, selection, explain=explain)
    counted = _Counted(rows)
    with _destination(output) as handle:
        _write(counted, format or _default_format(handle), handle, topic_names(loaded.card))
        if failures.count and not counted.count:
            # Raised in here, so that a run that labelled nothing leaves no output file and replaces none.
            raise typer.Exit(TopicsError.exit_code)
    if failures.count:
        raise typer.Exit(PARTIAL)


@contextmanager
def _destination(output: Path | None) -> Iterator[IO[str]]:
    """Open where predictions go: a file, or standard output."""
    if output is None:
        yield sys.stdout
        sys.stdout.flush()
    else:
        with atomic_write(output) as handle:
            yield handle


def _default_format(handle: IO[str]) -> Format:
    """People get a table, programs JSON lines."""
    return Format.TABLE if handle.isatty() else Format.JSONL


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
