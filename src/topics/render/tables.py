"""Results → tables, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any

from topics.render.page import figure, percent

if TYPE_CHECKING:
    from rich.table import Table

Row = dict[str, Any]

SUMMARY_PARTS = {"by_report": "report", "by_year": "year", "by_place": "place"}

_TEXT_WIDTH = 46
_CONTROL = dict.fromkeys((*range(32), *range(127, 160), 8232, 8233), " ")


def jsonl_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Give a line of JSON a row; values that JSON has no form for become text."""
    encode = json.JSONEncoder(ensure_ascii=False, default=str).encode
    for row in rows:
        yield encode(row) + "\n"


def csv_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Give the lines of a CSV table; lists are joined by ``|``, mappings are JSON."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    header: list[str] = []
    for row in rows:
        if not header:
            header = list(row)
            writer.writerow(header)
        writer.writerow([cell(row.get(name)) for name in header])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def cell(value: Any) -> Any:
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
            flush(table, out)
            table, current = _prediction_table(report), report
        table.add_row(*_prediction_cells(row, number, names))
    flush(table, out)


def _prediction_table(report: str) -> Table:
    """An empty table of predictions."""
    table = new_table(report or None, "No", "heading", "paragraph", "topics (probability)")
    for column, width in zip(table.columns, (5, 22, _TEXT_WIDTH, 34), strict=True):
        column.max_width, column.overflow, column.no_wrap = width, "ellipsis", column.header != "topics (probability)"
    return table


def _prediction_cells(row: Row, number: int, names: dict[str, str]) -> list[str]:
    """The cells of one prediction."""
    headings = row.get("headings") or []
    text = str(row.get("text", next((v for v in row.values() if isinstance(v, str)), "")))
    labels = [f"{_mark(row, t)}{names.get(t, t)} {row['scores'][t]:.2f}" for t in row["topics"] or ()]
    if row.get("status") == "review":
        labels.append("  for review")
    return [plain(str(c)) for c in (row.get("paragraph", number), headings[-1] if headings else "", text)] + [
        "\n".join(labels) or "—"
    ]


def _mark(row: Row, topic: str) -> str:
    """Mark the primary topic where there are several."""
    return "* " if len(row["topics"]) > 1 and topic == row["primary"] else "  " if len(row["topics"]) > 1 else ""


def split_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Give what `topics split` found as text, a line a part."""
    for row in rows:
        text = plain(str(row.get("text", "")))
        if row["kind"] == "report":
            title = f", title {plain(row['title'])}" if row["title"] else ""
            yield plain(f"{row['report']}: {row['encoding']}{title}") + "\n"
            yield f"{row['headings']} headings, {row['paragraphs']} paragraphs, {row['left_out']} lines left out\n"
        elif row["kind"] == "heading":
            yield f"  heading         {text}\n"
        elif row["kind"] == "paragraph":
            yield f"  paragraph {row['paragraph']:<5} {text}\n"
        else:
            yield f"  left out        {text}  ({row['reason']})\n"


def print_summary(summary: dict[str, Any], out: IO[str], names: dict[str, str]) -> None:
    """Write shares of topics as tables, by report, year and place."""
    for part, title in SUMMARY_PARTS.items():
        if not summary[part]:
            continue
        table = new_table(
            f"share of the paragraphs, by {title}", title, "reports", "paragraphs", *names.values(), "other"
        )
        for entry in summary[part]:
            shares = [percent(entry["topics"][topic]) for topic in names]
            table.add_row(plain(entry["name"]), str(entry["reports"]), str(entry["paragraphs"]), *map(str, shares),
                          percent(entry["primary"]["other"]))  # fmt: skip
        flush(table, out)


def summary_rows(summary: dict[str, Any]) -> Iterator[Row]:
    """Give shares of topics as rows of one table: a report, a year or a place each."""
    for part, kind in SUMMARY_PARTS.items():
        for entry in summary[part]:
            yield {
                "by": kind,
                "name": entry["name"],
                "year": entry.get("year") or (entry["name"] if part == "by_year" else ""),
                "place": entry.get("place") or (entry["name"] if part == "by_place" else ""),
                **{key: entry[key] for key in ("reports", "paragraphs", "characters")},
                **{topic: round(share, 6) for topic, share in entry["topics"].items()},
                **{f"primary:{topic}": round(share, 6) for topic, share in entry["primary"].items()},
            }


def print_terms(terms: dict[str, dict[str, list[list[Any]]]], out: IO[str], names: dict[str, str]) -> None:
    """Write the strongest terms of every topic."""
    table = new_table(None, "topic", "", "terms (weight)")
    for topic, kinds in terms.items():
        for i, (kind, entries) in enumerate(kinds.items()):
            words = "  ".join(f"{term} {weight:+.2f}" for term, weight in entries)
            table.add_row(plain(names.get(topic, topic)) if i == 0 else "", kind, plain(words))
    flush(table, out)


def print_models(entries: list[dict[str, Any]], out: IO[str]) -> None:
    """Write the list of models."""
    table = new_table(None, "", "id", "topics", "examples", "macro-F1 (out-of-fold)")
    for entry in entries:
        mark = "current" if entry["current"] else ""
        table.add_row(mark, entry["id"], str(entry["topics"]), str(entry["examples"] or "—"), figure(entry["macro_f1"]))
    flush(table, out)


def new_table(title: str | None, *headers: str) -> Table:
    """A table in the house's style."""
    from rich import box
    from rich.table import Table

    table = Table(title=plain(title) if title else None, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    for header in headers:
        table.add_column(header)
    return table


def flush(table: Table | None, out: IO[str]) -> None:
    """Write a finished table."""
    if table is None:
        return
    from rich.console import Console

    console = Console(file=out, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = 120
    console.print(table)


def plain(text: str) -> str:
    """Text without control characters, which could move a terminal's cursor."""
    return text.translate(_CONTROL)
