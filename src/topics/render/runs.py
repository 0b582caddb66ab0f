"""Re-labelling → tables: the summary of a run, and the history of a target."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from topics.render.tables import cell, flush, new_table, plain

if TYPE_CHECKING:
    from rich.table import Table

Row = dict[str, Any]


def print_relabelling(result: dict[str, Any], out: IO[str]) -> None:
    """Write the summary of a re-labelling: counts, and where labels changed a matrix and examples."""
    run = "" if result["run"] is None else f"run {result['run']}: "
    out.write(f"{run}{result['outcome']}, {result['target']}, model {result['model']}, {result['seconds']:.1f} s\n")
    table = new_table(None, "paragraphs", "number")
    for name, number in result["counts"].items():
        if isinstance(number, int):
            table.add_row(name.replace("_", " "), str(number))
    flush(table, out)
    if result["matrix"]:
        flush(_matrix(result["matrix"]), out)
        churn = result["churn"]
        out.write(f"{churn['changed']} of {churn['compared']} unchanged paragraphs get other topics\n")
        flush(_rows(result["examples"]), out)


def _matrix(entries: list[dict[str, Any]]) -> Table:
    """Old primary topics as rows, new ones as columns."""
    counts = {(entry["old"], entry["new"]): entry["paragraphs"] for entry in entries}
    columns = sorted({new for _, new in counts})
    table = new_table("primary topic, old against new", "", *map(plain, columns))
    for old in sorted({old for old, _ in counts}):
        table.add_row(plain(old), *(str(counts.get((old, new), "")) for new in columns))
    return table


def print_history(result: dict[str, Any], out: IO[str]) -> None:
    """Write the history of a target: its runs, if they are asked for, and changes."""
    flush(_rows(result.get("runs", [])), out)
    flush(_rows(result["changes"]), out)


def _rows(rows: list[Row]) -> Table | None:
    """A table of rows of equal columns; nothing where there is none."""
    if not rows:
        return None
    table = new_table(None, *rows[0])
    for row in rows:
        table.add_row(*("—" if value is None else plain(str(cell(value))) for value in row.values()))
    return table
