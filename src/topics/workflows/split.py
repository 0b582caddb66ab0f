"""``topics split``: what is found in reports, without labelling: headings, paragraphs and what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from topics.errors import UsageError
from topics.records import Dropped, Heading, Paragraph, Report
from topics.workflows.reports import Failures, Selection, read_reports

Row = dict[str, Any]


def split_reports(inputs: Sequence[str], selection: Selection, failures: Failures) -> Iterator[Row]:
    """Split reports and tell of every part what it was taken for.

    Parameters
    ----------
    inputs : sequence of str
        Report files, folders, ZIP archives, or ``-`` for standard input.
    selection : Selection
        How to read them.
    failures : Failures
        Told of every report that cannot be read; the others go on.

    Yields
    ------
    dict
        A row a report (kind ``report``: encoding, title, counts), then one a part in order (kind ``heading``,
        ``paragraph`` or ``left out``: text, start, end and, by kind, depth; paragraph, id, headings; reason).

    Raises
    ------
    UsageError
        If there is no input.
    """
    if not inputs:
        raise UsageError("nothing to split: give report files, folders, or - for standard input")
    for report in read_reports(inputs, selection, failures):
        yield _report_row(report)
        parts: list[Heading | Paragraph | Dropped] = [*report.headings, *report.paragraphs, *report.dropped]
        for part in sorted(parts, key=lambda p: (p.start, p.end)):
            yield _part_row(report, part)


def place_columns(report: Report, place: int | None) -> Row:
    """Where a part stands in a file that has pages or numbered paragraphs; nothing for the others."""
    name = {"pdf": "page", "docx": "word_paragraph"}.get(report.encoding)
    return {name: place} if name and place is not None else {}


def _report_row(report: Report) -> Row:
    """Tell of a report as a whole."""
    return {
        "kind": "report",
        "report": report.name,
        "encoding": report.encoding,
        "title": report.title,
        "headings": len(report.headings),
        "paragraphs": len(report.paragraphs),
        "left_out": len(report.dropped),
    }


def _part_row(report: Report, part: Heading | Paragraph | Dropped) -> Row:
    """Tell what a part was taken for."""
    row: Row = {"report": report.name, "text": report.text[part.start : part.end], "start": part.start, "end": part.end}
    if isinstance(part, Heading):
        return {"kind": "heading"} | row | {"depth": part.depth} | place_columns(report, part.place)
    if isinstance(part, Dropped):
        return {"kind": "left out"} | row | {"reason": part.reason}
    own = {"paragraph": part.number, "id": part.id, "headings": list(part.headings)}
    return {"kind": "paragraph"} | row | own | place_columns(report, part.place)
