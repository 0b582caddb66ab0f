"""Results → table, CSV and JSON; nothing here reads, scores or writes a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

Row = dict[str, Any]

_TEXT_WIDTH = 46
_CONTROL = dict.fromkeys((*range(32), *range(127, 160), 8232, 8233), " ")


def jsonl_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Give a line of JSON a row; values that JSON has no form for become text."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, default=str) + "\n"


def csv_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Give the lines of a CSV table; lists are joined by ``|``, mappings are JSON."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    header: list[str] = []
    for row in rows:
        if not header:
            header = list(row)
            writer.writerow(header)
        writer.writerow([_cell(row.get(name)) for name in header])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _cell(value: Any) -> Any:
    """A value as a CSV cell."""
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return "|".join(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value


def to_json(result: Any) -> str:
    """Give a result as indented JSON."""
    return json.dumps(result, ensure_ascii=False, indent=2)


def print_predictions(rows: Iterable[Row], out: IO[str], names: dict[str, str]) -> None:
    """Write predictions as a table, one a report.

    Parameters
    ----------
    rows : iterable of dict
        As `topics predict` gives them.
    out : file
        Where to write.
    names : dict
        Names to show for topic ids.
    """
    current: str | None = None
    table: Table | None = None
    for number, row in enumerate(rows, 1):
        report = str(row.get("report", ""))
        if table is None or report != current:
            _flush(table, out)
            table, current = _prediction_table(report), report
        table.add_row(*_prediction_cells(row, number, names))
    _flush(table, out)


def _prediction_table(report: str) -> Table:
    """An empty table of predictions."""
    table = _table(report or None, "No", "heading", "paragraph", "topics (probability)")
    for column, width in zip(table.columns, (5, 22, _TEXT_WIDTH, 34), strict=True):
        column.max_width, column.overflow, column.no_wrap = width, "ellipsis", column.header != "topics (probability)"
    return table


def _prediction_cells(row: Row, number: int, names: dict[str, str]) -> list[str]:
    """The cells of one prediction."""
    headings = row.get("headings") or []
    text = str(row.get("text", next((v for v in row.values() if isinstance(v, str)), "")))
    labels = [f"{_mark(row, t)}{names.get(t, t)} {row['scores'][t]:.2f}" for t in row["topics"] or ()]
    return [_plain(str(c)) for c in (row.get("paragraph", number), headings[-1] if headings else "", text)] + [
        "\n".join(labels) or "—"
    ]


def _mark(row: Row, topic: str) -> str:
    """Mark the primary topic where there are several."""
    return "* " if len(row["topics"]) > 1 and topic == row["primary"] else "  " if len(row["topics"]) > 1 else ""


def split_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Give what `topics split` found as text, a line a part."""
    for row in rows:
        text = _plain(str(row.get("text", "")))
        if row["kind"] == "report":
            title = f", title {_plain(row['title'])}" if row["title"] else ""
            yield _plain(f"{row['report']}: {row['encoding']}{title}") + "\n"
            yield f"{row['headings']} headings, {row['paragraphs']} paragraphs, {row['left_out']} lines left out\n"
        elif row["kind"] == "heading":
            yield f"  heading         {text}\n"
        elif row["kind"] == "paragraph":
            yield f"  paragraph {row['paragraph']:<5} {text}\n"
        else:
            yield f"  left out        {text}  ({row['reason']})\n"


def print_evaluation(result: dict[str, Any], out: IO[str], names: dict[str, str]) -> None:
    """Write an evaluation as a table, with intervals."""
    intervals = result["intervals"]
    table = _table(None, "topic", "precision", "recall", "F1", "95 % interval", "support")
    for topic, entry in result["per_topic"].items():
        bounds = intervals["per_topic"][topic]["f1"]
        table.add_row(
            _plain(names.get(topic, topic)), *(_figure(entry[m]) for m in ("precision", "recall", "f1")),
            _range(bounds) if entry["support"] else "no support", str(entry["support"]),
        )  # fmt: skip
    _flush(table, out)
    labels = {"macro_f1": "macro-F1", "micro_f1": "micro-F1", "primary_accuracy": "primary topic right"}
    for name, label in labels.items():
        if result[name] is not None:
            out.write(f"{label:20} {_figure(result[name])}  {_range(intervals[name])}\n")
    out.write(f"{'calibration error':20} {_figure(result['ece'])}\n")
    out.write(f"{result['n']} paragraphs in {result['groups']} reports\n")


def print_models(entries: list[dict[str, Any]], out: IO[str]) -> None:
    """Write the list of models."""
    table = _table(None, "", "id", "topics", "examples", "macro-F1 (out-of-fold)")
    for entry in entries:
        mark = "current" if entry["current"] else ""
        table.add_row(
            mark, entry["id"], str(entry["topics"]), str(entry["examples"] or "—"), _figure(entry["macro_f1"])
        )
    _flush(table, out)


def _table(title: str | None, *headers: str) -> Table:
    """A table in the house's style."""
    from rich import box
    from rich.table import Table

    table = Table(title=_plain(title) if title else None, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    for header in headers:
        table.add_column(header)
    return table


def _flush(table: Table | None, out: IO[str]) -> None:
    """Write a finished table."""
    if table is None:
        return
    from rich.console import Console

    console = Console(file=out, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = 120
    console.print(table)


def _plain(text: str) -> str:
    """Text without control characters, which could move a terminal's cursor."""
    return text.translate(_CONTROL)


def _figure(value: float | None) -> str:
    """A figure with three decimals."""
    return "—" if value is None else f"{value:.3f}"


def _range(bounds: list[float | None]) -> str:
    """An interval."""
    low, high = bounds
    return "—" if low is None or high is None else f"{low:.3f} to {high:.3f}"
