"""``topics predict``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from topics.cli.app import PARTIAL, app, complain, inform, topic_names, writing
from topics.cli.options import (
    EncodingOption,
    ExcludeOption,
    HeadingOption,
    IncludeOption,
    ModelOption,
    PrecisionOption,
    TextOption,
)
from topics.cli.progress import progress
from topics.errors import TopicsError, UsageError

if TYPE_CHECKING:
    from topics.workflows.library import Model


class Format(StrEnum):
    """Forms of predictions."""

    TABLE = "table"
    CSV = "csv"
    JSONL = "jsonl"
    HTML = "html"


_TOLD_ROWS = 64

PAGE_PRECISION = 0.95
"""What an HTML page marks by where no precision is asked for."""


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
    explain: Annotated[
        bool, typer.Option("--explain", help="Add the passages and terms that raised or lowered each topic.")
    ] = False,
    precision: PrecisionOption = None,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=1, help="Processes to label with.")] = 1,
) -> None:
    """Label the paragraphs of reports, or the rows of tables."""
    from topics.workflows.labelling import Wanted
    from topics.workflows.library import load
    from topics.workflows.predict import TableColumns, check_inputs, count_inputs, predict_reports, predict_tables
    from topics.workflows.reports import Failures, Selection

    if heading and not text:
        raise UsageError("--heading is for tables; name the column to label with --text COLUMN")
    columns = TableColumns(text, heading) if text else None
    selection = Selection(encoding, tuple(include or ()), tuple(exclude or ()))
    check_inputs(inputs or [], columns, selection)
    loaded = load(model)
    failures = Failures(complain)
    form = format or (Format.TABLE if output is None and sys.stdout.isatty() else Format.JSONL)
    if form is Format.HTML:
        explain = True
        precision = PAGE_PRECISION if precision is None and loaded.promise else precision
    loaded.gate(precision)  # refused before anything is read
    wanted = Wanted(explain, precision)
    if columns:
        rows = predict_tables(inputs or [], columns, loaded, failures, wanted, jobs)
    else:
        rows = predict_reports(inputs or [], loaded, failures, selection, wanted, jobs)
    shown = output is not None or not sys.stdout.isatty()  # a bar among rows would be in their way
    total = count_inputs(inputs or [], columns, selection) if shown and sys.stderr.isatty() else None
    with writing(output) as out, progress("rows" if columns else "reports", shown) as tell:
        counted = _Counted(rows, lambda n, reports: tell(n if columns else reports, total))
        _write(_text_named(counted, text) if form is Format.HTML else counted, out, _Shape(form, loaded, precision))
        if failures.count and not counted.count:
            # Raised in here, so that a run that labelled nothing leaves no output file and replaces none.
            raise typer.Exit(TopicsError.exit_code)
    if precision is not None:
        share = counted.automatic / max(1, counted.count)
        inform(
            f"{counted.automatic} of {counted.count} paragraphs ({share:.0%}) are automatic at precision {precision:g}"
        )
    if failures.count:
        raise typer.Exit(PARTIAL)


@dataclass(frozen=True)
class _Shape:
    """The form of predictions, and what is said with them."""

    form: Format
    model: Model
    precision: float | None


def _text_named(rows: Iterable[dict[str, Any]], column: str | None) -> Iterator[dict[str, Any]]:
    """Rows of a table with their paragraph where a page looks for it; rows without text are left out."""
    for row in rows:
        if column is None:
            yield row
        elif isinstance(row[column], str):
            yield row | {"text": row[column], "report": str(row.get("report") or "")}


class _Counted:
    """Rows that are counted as they pass; now and then the number of rows and of finished reports is told."""

    def __init__(self, rows: Iterable[dict[str, Any]], tell: Callable[[int, int], None]) -> None:
        self._rows = rows
        self._tell = tell
        self.count = 0
        self.automatic = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        reports, last = 0, None
        for row in self._rows:
            ended = self.count > 0 and row.get("report") != last
            reports, last = reports + ended, row.get("report")
            if ended or self.count % _TOLD_ROWS == 0:
                self._tell(self.count, reports)
            self.count += 1
            self.automatic += row.get("status") == "auto"
            yield row
        self._tell(self.count, reports + 1)


def _write(rows: Iterable[dict[str, Any]], out: IO[str], shape: _Shape) -> None:
    """Write predictions in a form."""
    from topics import render

    names = topic_names(shape.model.card)
    if shape.form is Format.TABLE:
        render.print_predictions(rows, out, names)
    elif shape.form is Format.HTML:
        shown = {topic: names.get(topic, topic) for topic in shape.model.topics}
        out.write(render.report_page(rows, shown, shape.model.id, shape.precision))
    else:
        out.writelines(render.csv_lines(rows) if shape.form is Format.CSV else render.jsonl_lines(rows))
