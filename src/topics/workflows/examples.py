"""Labelled paragraphs from reports and label files, or from a table."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from topics.codebook import Codebook, codebook_of, read_codebook
from topics.corpus.folders import report_files
from topics.corpus.paragraphs import read_report
from topics.corpus.tables import BadRow, read_rows
from topics.errors import InputError, LabelError, UsageError
from topics.records import OTHER, Example
from topics.storage.labels import join_labels, read_labels, read_spans, refuse_repeats, split_topics

LABEL_FILE, SPAN_FILE, CODEBOOK_FILE = "gold.csv", "spans.csv", "codebook.toml"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table of labelled paragraphs."""

    text: str
    topics: str
    primary: str | None = None
    heading: str | None = None
    group: str | None = None

    def names(self) -> tuple[str, ...]:
        """The columns that must be there."""
        return tuple(c for c in (self.text, self.topics, self.primary, self.heading, self.group) if c)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Labelled paragraphs, the codebook they are labelled by, and a record of where they came from."""

    examples: list[Example]
    codebook: Codebook
    source: dict[str, Any]


def from_reports(reports: Sequence[Path], labels: Sequence[Path], codebook: Path) -> Dataset:
    """Read reports and attach their labels.

    Parameters
    ----------
    reports : sequence of Path
        Folders (or files) of reports.
    labels : sequence of Path
        Label files, or folders with ``gold.csv`` and, where clauses were marked, ``spans.csv``.
    codebook : Path
        The codebook.

    Raises
    ------
    LabelError
        If a label does not fit its report or the codebook.
    InputError
        If something cannot be read.
    """
    book = read_codebook(codebook)
    files = [file for place in reports for file in report_files(place)]
    names = [file.stem for file in files]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise InputError(f"two reports are called {twice}; labels could not tell them apart: rename one")
    paragraphs = {(p.report, p.number): p for file in files for p in read_report(file).paragraphs}
    placed = [one for path in labels for one in read_labels(path / LABEL_FILE if path.is_dir() else path, book)]
    refuse_repeats(placed)
    marked = [path / SPAN_FILE for path in labels if (path / SPAN_FILE).is_file()]
    examples = join_labels(placed, paragraphs, [span for path in marked for span in read_spans(path, book)])
    if not examples:
        raise LabelError(f"{', '.join(map(str, labels))}: no labels; nothing to learn from")
    return Dataset(examples, book, {"reports": len(files), "examples": len(examples), "sha256": digest(examples)})


def from_table(path: Path, columns: Columns, codebook: Path | None = None) -> Dataset:
    """Read a table of labelled paragraphs; without a codebook the topics are the values found.

    Raises
    ------
    LabelError
        If a row's topics are not in the codebook, or its primary topic not among its topics.
    InputError
        If the table cannot be read or lacks a column.
    """
    rows = [_example(place, row, columns) for place, row in read_rows(path, columns.names())]
    if not rows:
        raise InputError(f"{path}: no rows; nothing to learn from or to measure on")
    book = read_codebook(codebook) if codebook else codebook_of(sorted({t for _, e in rows for t in e.topics}))
    for place, example in rows:
        unknown = next((t for t in example.topics if t not in book.ids), None)
        if unknown:
            raise LabelError(f"{place}: topic {unknown!r} is not in the codebook ({', '.join(book.ids)})")
    examples = [example for _, example in rows]
    return Dataset(examples, book, {"table": path.name, "examples": len(rows), "sha256": digest(examples)})


def _example(place: str, row: Any, columns: Columns) -> tuple[str, Example]:
    """Make an example of a row."""
    if isinstance(row, BadRow):
        raise InputError(row.message)
    text = row.get(columns.text)
    if not isinstance(text, str):
        raise InputError(f"{place}: column {columns.text!r} holds no text; mend or remove the row")
    topics = _topics(place, row.get(columns.topics), columns.topics)
    primary = str(row.get(columns.primary) or "") if columns.primary else (topics[0] if len(topics) == 1 else "")
    if columns.primary and primary not in (topics or (OTHER,)):
        raise LabelError(f"{place}: primary {primary!r} must be one of the topics, or {OTHER!r} without any")
    heading = str(row.get(columns.heading) or "") if columns.heading else ""
    group = str(row.get(columns.group)) if columns.group else place
    return place, Example(text, heading, topics, primary or ("" if topics else OTHER), group)


def _topics(place: str, cell: Any, column: str) -> tuple[str, ...]:
    """Read the topics of a cell: a list, or text joined by ``|``; ``other`` alone and nothing mean none."""
    if cell is None:
        return ()
    if isinstance(cell, list) and all(isinstance(t, str) for t in cell):
        topics = tuple(dict.fromkeys(cell))
    elif isinstance(cell, str | int):
        topics = split_topics(str(cell))
    else:
        raise LabelError(f"{place}: column {column!r} holds {cell!r}; give topics joined by | or a list of them")
    if OTHER in topics and len(topics) > 1:
        raise LabelError(f"{place}: {OTHER!r} stands for no topic, so it cannot stand beside one; remove it")
    return () if topics == (OTHER,) else topics


def digest(examples: Sequence[Example]) -> str:
    """Hash what the examples say, as models record it."""
    hashed = hashlib.sha256()
    for example in examples:
        hashed.update(
            repr(
                (example.text, example.heading, example.topics, example.primary, example.group, example.spans)
            ).encode()
        )
    return hashed.hexdigest()[:16]


def default_codebook() -> Path:
    """The codebook that commands use unless told otherwise: ``labels/codebook.toml`` here, else the shipped one."""
    here = Path("labels") / CODEBOOK_FILE
    return here if here.is_file() else shipped_codebook()


def shipped_codebook() -> Path:
    """The codebook that came with the package (in a checkout, the checkout's)."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "shipped" / CODEBOOK_FILE
    return inside if inside.is_file() else package.parents[1] / "labels" / CODEBOOK_FILE


def check_options(
    table: Path | None, columns: Sequence[str | None], reports: Sequence[Path] | None, labels: Sequence[Path] | None
) -> None:
    """Refuse half a table, and options of a table and of reports together.

    Parameters
    ----------
    table : Path or None
        The table of labelled paragraphs.
    columns : sequence of str or None
        Names of its columns: those of the text and of the topics first.
    reports, labels : sequence of Path or None
        Where labelled reports are.
    """
    if table and not (columns[0] and columns[1]):
        raise UsageError("--table needs --text COLUMN and --topics COLUMN")
    if not table and any(columns):
        raise UsageError("--text, --topics, --primary, --heading and --group name columns: give the table with --table")
    if table and (reports or labels):
        raise UsageError("--table brings its own labels: leave --reports and --labels out")
