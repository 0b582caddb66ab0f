"""Evaluations and comparisons → tables."""

from __future__ import annotations

from typing import IO, Any

from topics.render.page import between, figure, percent
from topics.render.tables import flush, new_table, plain

TOTAL_NAMES = {
    "macro_f1": "macro-F1",
    "micro_f1": "micro-F1",
    "mean_average_precision": "mean average precision",
    "primary_accuracy": "primary topic right",
    "ece": "calibration error",
}

_ERROR_WIDTH, _FEW = 60, 20


def print_evaluation(result: dict[str, Any], out: IO[str], names: dict[str, str]) -> None:
    """Write an evaluation as a table, with intervals."""
    intervals = result["intervals"]
    table = new_table(None, "topic", "precision", "recall", "F1", "95 % interval", "avg. precision", "support")
    for topic, entry in result["per_topic"].items():
        bounds = intervals["per_topic"][topic]["f1"]
        table.add_row(
            plain(names.get(topic, topic)), *(figure(entry[m]) for m in ("precision", "recall", "f1")),
            between(bounds) if entry["support"] else "no support", figure(entry["average_precision"]),
            str(entry["support"]),
        )  # fmt: skip
    flush(table, out)
    for name, label in TOTAL_NAMES.items():
        if result[name] is not None:
            out.write(f"{label:24} {figure(result[name])}  {between(intervals[name])}\n")
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
            plain(names.get(topic, topic)), f"{entry['auto']} of {entry['n']}", percent(entry["share"]),
            figure(entry["observed"]), between(entry["interval"]), entry["verdict"],
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
    return [figure(entry["a"]), figure(entry["b"]), difference, between(entry["interval"]), entry["verdict"]]


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
