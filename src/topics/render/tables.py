"""Results → tables, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

Row = dict[str, Any]

TOTAL_NAMES = {
    "macro_f1": "macro-F1",
    "micro_f1": "micro-F1",
    "mean_average_precision": "mean average precision",
    "primary_accuracy": "primary topic right",
    "ece": "calibration error",
}
SUMMARY_PARTS = {"by_report": "report", "by_year": "year", "by_place": "place"}

_TEXT_WIDTH, _ERROR_WIDTH, _FEW = 46, 60, 20
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


def print_evaluation(result: dict[str, Any], out: IO[str], names: dict[str, str]) -> None:
    """Write an evaluation as a table, with intervals."""
    intervals = result["intervals"]
    table = new_table(None, "topic", "precision", "recall", "F1", "95 % interval", "avg. precision", "support")
    for topic, entry in result["per_topic"].items():
        bounds = intervals["per_topic"][topic]["f1"]
        table.add_row(
            plain(names.get(topic, topic)), *(_figure(entry[m]) for m in ("precision", "recall", "f1")),
            _range(bounds) if entry["support"] else "no support", _figure(entry["average_precision"]),
            str(entry["support"]),
        )  # fmt: skip
    flush(table, out)
    for name, label in TOTAL_NAMES.items():
        if result[name] is not None:
            out.write(f"{label:24} {_figure(result[name])}  {_range(intervals[name])}\n")
    out.write(measured_on(result) + "\n")
    if result.get("promise"):
        _print_promise(result["promise"], out, names)
    if result.get("errors"):
        _print_errors(result["errors"], out, names)


def measured_on(result: dict[str, Any]) -> str:
    """Say on what something was measured, and how far its intervals can be trusted."""
    alone = result["groups"] == result["n"]
    told = f"{result['n']:,} paragraphs" + ("" if alone else f" of {result['groups']:,} reports")
    doubts = []
    if result["interval_unit"] == "paragraph" and not alone:
        doubts.append("too narrow for other reports, of which there are too few here")
    elif result["intervals_rough"]:
        doubts.append(f"rough, for there are few {'paragraphs' if alone else 'reports'}")
    return f"{told}; 95 % intervals by {', '.join([result['interval_unit'], *doubts])}"


def _print_promise(promise: dict[str, Any], out: IO[str], names: dict[str, str]) -> None:
    """Write what became of a promise."""
    table = new_table(
        f"promise of precision {promise['precision']:g}", "of", "auto", "share", "observed", "95 % interval", ""
    )
    for topic, entry in {"primary topic": promise["primary"], **promise["topics"]}.items():
        table.add_row(
            plain(names.get(topic, topic)), f"{entry['auto']} of {entry['n']}", _percent(entry["share"]),
            _figure(entry["observed"]), _range(entry["interval"]), entry["verdict"],
        )  # fmt: skip
    flush(table, out)


def _print_errors(errors: list[dict[str, Any]], out: IO[str], names: dict[str, str]) -> None:
    """Write the worst errors."""
    table = new_table("worst errors", "report", "topic", "", "prob.", "paragraph")
    for error in errors:
        name, text = names.get(error["topic"], error["topic"]), error["text"]
        shown = text if len(text) <= _ERROR_WIDTH else text[:_ERROR_WIDTH] + "…"
        table.add_row(plain(error["report"]), plain(name), error["kind"], f"{error['probability']:.2f}", plain(shown))
    flush(table, out)


def print_comparison(result: dict[str, Any], out: IO[str], names: dict[str, str]) -> None:
    """Write a comparison as a table, with a verdict a line."""
    table = new_table(None, "F1", "A", "B", "B less A", "95 % interval", "B is", "support")
    for topic, entry in result["per_topic"].items():
        table.add_row(plain(names.get(topic, topic)), *_compared(entry), str(entry["support"]))
    for name, entry in result["totals"].items():
        table.add_row(TOTAL_NAMES[name], *_compared(entry), "")
    flush(table, out)
    differences = result.get("differences", [])
    out.write(measured_on(result) + "\n")
    for side, learned in zip("AB", result.get("learned", ()), strict=False):
        if learned:
            out.write(f"{side} learned from {learned} of them; of these its out-of-fold predictions count\n")
    out.write(f"in all (macro-F1): B is {result['verdict']}\n" if result["verdict"] != "cannot tell" else
              "in all (macro-F1): these labels cannot tell whether B is better or worse\n")  # fmt: skip
    if differences:
        _print_differences(differences, out, names)


def _compared(entry: dict[str, Any]) -> list[str]:
    """The cells of one measure of two."""
    difference = "—" if entry["difference"] is None else f"{entry['difference']:+.3f}"
    return [_figure(entry["a"]), _figure(entry["b"]), difference, _range(entry["interval"]), entry["verdict"]]


def _print_differences(differences: list[dict[str, Any]], out: IO[str], names: dict[str, str]) -> None:
    """Write the first paragraphs on which two differ."""
    title = f"they differ on {len(differences)} paragraphs" + (
        f"; the first {_FEW} (--format json gives all)" if len(differences) > _FEW else ""
    )
    table = new_table(title, "report", "labelled", "A", "B", "paragraph")
    for entry in differences[:_FEW]:
        cells = (_named(entry[side], names) for side in ("gold", "a", "b"))
        table.add_row(plain(entry["report"]), *cells, plain(entry["text"][:_ERROR_WIDTH]))
    flush(table, out)


def _named(labels: dict[str, Any], names: dict[str, str]) -> str:
    """Topics by name, the primary one with a star."""
    shown = [("* " if t == labels["primary"] else "") + names.get(t, t) for t in labels["topics"]]
    return plain(", ".join(shown)) or "—"


def print_summary(summary: dict[str, Any], out: IO[str], names: dict[str, str]) -> None:
    """Write shares of topics as tables, by report, year and place."""
    for part, title in SUMMARY_PARTS.items():
        if not summary[part]:
            continue
        table = new_table(
            f"share of the paragraphs, by {title}", title, "reports", "paragraphs", *names.values(), "other"
        )
        for entry in summary[part]:
            shares = [_percent(entry["topics"][topic]) for topic in names]
            table.add_row(plain(entry["name"]), str(entry["reports"]), str(entry["paragraphs"]), *map(str, shares),
                          _percent(entry["primary"]["other"]))  # fmt: skip
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
        table.add_row(
            mark, entry["id"], str(entry["topics"]), str(entry["examples"] or "—"), _figure(entry["macro_f1"])
        )
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


def _figure(value: float | None) -> str:
    """A figure with three decimals."""
    return "—" if value is None else f"{value:.3f}"


def _percent(share: float | None) -> str:
    """A share as a percentage."""
    return "—" if share is None else f"{100 * share:.0f} %"


def _range(bounds: list[float | None]) -> str:
    """An interval."""
    low, high = bounds
    return "—" if low is None or high is None else f"{low:.3f} to {high:.3f}"
