"""``topics predict``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from topics.cli.app import PARTIAL, app, complain, topic_names
from topics.cli.options import HeadingOption, ModelOption, TextOption
from topics.errors import TopicsError


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
    failures = Failures(complain)
    if columns:
        rows = predict_tables(inputs or [], columns, loaded, failures, explain=explain)
    else:
        rows = predict_reports(inputs or [], loaded, failures, explain=explain)
    names = topic_names(loaded.card)
    done = _write_rows(rows, format, output, names)
    if failures.count:
        raise typer.Exit(PARTIAL if done else TopicsError.exit_code)


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
