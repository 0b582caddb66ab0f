"""Gold labels: CSV files that name a paragraph by report, number and a hash of its text.

The hash guards the join: a label whose paragraph changed or is gone is an error, it never slides to another text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from topics.codebook import Codebook
from topics.errors import LabelError
from topics.files import atomic_write
from topics.records import OTHER, Example, Label, Paragraph, Span, text_hash

LABEL_COLUMNS = ("report", "paragraph", "hash", "topics", "primary", "annotator", "note")
SPAN_COLUMNS = ("report", "paragraph", "hash", "topic", "start", "end")
SEPARATOR = "|"

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """A label with the line of the file it came from, so that errors can name both."""

    label: Label
    place: str


@dataclass(frozen=True, slots=True)
class PlacedSpan:
    """A marked clause with the paragraph it was marked in and the line of the file it came from."""

    span: Span
    key: Key
    hash: str
    place: str


def read_labels(path: Path, codebook: Codebook) -> list[Placed]:
    """Read a label file and check it against the codebook.

    Raises
    ------
    LabelError
        If the file is unreadable, lacks a column, or a line has an unknown topic, a primary that is not among its
        topics, or labels a paragraph a second time.
    """
    placed = [Placed(_label(place, row, codebook), place) for place, row in _rows(path, LABEL_COLUMNS[:5])]
    refuse_repeats(placed)
    return placed


def refuse_repeats(labels: Iterable[Placed]) -> None:
    """Raise a `LabelError` if a paragraph is labelled twice, be it in one file or in two."""
    seen: dict[Key, Placed] = {}
    for one in labels:
        first = seen.setdefault((one.label.report, one.label.paragraph), one)
        if first is not one:
            raise LabelError(_repeated(first, one))


def _repeated(first: Placed, second: Placed) -> str:
    """Say what is wrong with two labels of one paragraph."""
    same = (first.label.topics, first.label.primary) == (second.label.topics, second.label.primary)
    kind = "a second time" if same else "otherwise than before"
    return (
        f"{second.place}: labels paragraph {second.label.paragraph} of {second.label.report} {kind} "
        f"(first: {first.place}); keep one of the two lines"
    )


def _label(place: str, row: Mapping[str, str], codebook: Codebook) -> Label:
    """Make a label of a row."""
    topics = split_topics(row["topics"])
    unknown = [t for t in topics if t not in codebook.ids]
    if unknown:
        raise LabelError(f"{place}: topic {unknown[0]!r} is not in the codebook ({', '.join(codebook.ids)})")
    primary = row["primary"].strip()
    if primary not in (topics or (OTHER,)):
        raise LabelError(f"{place}: primary {primary!r} must be one of the topics, or {OTHER!r} without any")
    return Label(
        row["report"],
        _number(place, row, "paragraph"),
        row["hash"].strip(),
        topics,
        primary,
        row.get("annotator") or "",
        row.get("note") or "",
    )


def split_topics(cell: str) -> tuple[str, ...]:
    """Split a cell of topics joined by ``|``; order is kept, repeats are dropped.

    Examples
    --------
    >>> split_topics("mediation| informatization|mediation")
    ('mediation', 'informatization')
    """
    return tuple(dict.fromkeys(t for part in cell.split(SEPARATOR) if (t := part.strip())))


def read_spans(path: Path, codebook: Codebook) -> list[PlacedSpan]:
    """Read a file of marked clauses: which stretch of a paragraph carries which topic."""
    spans = []
    for place, row in _rows(path, SPAN_COLUMNS):
        start, end = _number(place, row, "start"), _number(place, row, "end")
        if row["topic"] not in codebook.ids:
            raise LabelError(f"{place}: topic {row['topic']!r} is not in the codebook")
        if not 0 <= start < end:
            raise LabelError(f"{place}: {start} to {end} is no stretch of text")
        key = (row["report"], _number(place, row, "paragraph"))
        spans.append(PlacedSpan(Span(start, end, row["topic"]), key, row["hash"].strip(), place))
    return spans


def join_labels(
    labels: Iterable[Placed], paragraphs: Mapping[Key, Paragraph], spans: Iterable[PlacedSpan] = ()
) -> list[Example]:
    """Attach labels to the paragraphs they were given to.

    Parameters
    ----------
    labels : iterable of Placed
        Labels with their places.
    paragraphs : mapping of (report, number) to Paragraph
        What the reports hold now.
    spans : iterable of PlacedSpan
        Marked clauses, where there are any.

    Raises
    ------
    LabelError
        If the paragraph of a label or clause is missing or no longer has the text that was labelled, or a clause's
        topic is not one of its paragraph's.
    """
    clauses: dict[Key, list[PlacedSpan]] = {}
    for clause in spans:
        clauses.setdefault(clause.key, []).append(clause)
    examples = [_join(one, paragraphs, clauses.get((one.label.report, one.label.paragraph))) for one in labels]
    for clause in chain.from_iterable(clauses.values()):
        _find(clause.key, clause.hash, clause.place, paragraphs)
    return examples


def _join(one: Placed, paragraphs: Mapping[Key, Paragraph], clauses: list[PlacedSpan] | None) -> Example:
    """Attach one label and the clauses marked for it; without a topic there is nothing to mark."""
    label = one.label
    paragraph = _find((label.report, label.paragraph), label.hash, one.place, paragraphs)
    for clause in clauses or ():
        if clause.span.topic not in label.topics or clause.span.end > len(paragraph.reading):
            raise LabelError(f"{clause.place}: does not fit the label in {one.place}; mend one of the two lines")
    marked = tuple(clause.span for clause in clauses or ())
    complete = {span.topic for span in marked} == set(label.topics)  # marks tell only where every topic has one
    spans = marked if complete else None
    return Example(paragraph.reading, paragraph.heading, label.topics, label.primary, label.report, spans)


def _find(key: Key, labelled: str, place: str, paragraphs: Mapping[Key, Paragraph]) -> Paragraph:
    """Find the paragraph that a line names, and make sure that its text is the one that was labelled."""
    report, number = key
    paragraph = paragraphs.get(key)
    if paragraph is None:
        raise LabelError(f"{place}: {report} has no paragraph {number}; was the report removed or cut?")
    found = text_hash(paragraph.reading)
    if found != labelled:
        raise LabelError(
            f"{place}: paragraph {number} of {report} changed since it was labelled "
            f"(hash {found}, labelled {labelled}); read it again and renew the line"
        )
    return paragraph


def write_labels(path: Path, labels: Iterable[Label]) -> None:
    """Write labels as a CSV file, whole or not at all."""
    with atomic_write(path) as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(LABEL_COLUMNS)
        for x in labels:
            cells = (x.report, x.paragraph, x.hash, SEPARATOR.join(x.topics), x.primary, x.annotator, x.note)
            writer.writerow(cells)


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the rows of a CSV file with their places."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, strict=True)
            missing = [c for c in columns if c not in (reader.fieldnames or ())]
            if missing:
                raise LabelError(f"{path}:1: no column {missing[0]!r}; the first line must name {', '.join(columns)}")
            for row in reader:
                place = f"{path}:{reader.line_num}"
                if None in row or any(row.get(c) is None for c in columns):
                    raise LabelError(
                        f"{place}: has more or fewer cells than the first line names; quote cells with commas"
                    )
                yield place, row
    except FileNotFoundError:
        raise LabelError(f"{path}: no such label file") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LabelError(f"{path}: not a readable CSV file in UTF-8: {error}") from error


def _number(place: str, row: Mapping[str, str], column: str) -> int:
    """Read a whole number."""
    try:
        return int(row[column])
    except ValueError:
        raise LabelError(f"{place}: {column} {row[column]!r} is not a whole number") from None
