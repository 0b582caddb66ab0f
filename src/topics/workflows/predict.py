"""``topics predict``: reports, folders, standard input or tables → rows of predictions, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from topics.corpus.tables import SUFFIXES, BadRow, count_rows, is_table, read_rows
from topics.errors import InputError, UsageError
from topics.modeling.scoring import batches
from topics.records import Paragraph
from topics.workflows.labelling import Batch, Wanted, label_batches
from topics.workflows.library import Model
from topics.workflows.reports import EVERYTHING, STDIN, Failures, Selection, files_of, read_reports
from topics.workflows.split import place_columns

TOPICS_ALONE = Wanted()

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TableColumns:
    """The columns of a table to be labelled."""

    text: str
    heading: str | None = None


def check_inputs(inputs: Sequence[str], columns: TableColumns | None, selection: Selection = EVERYTHING) -> None:
    """Refuse inputs that do not go together, before anything is done.

    Raises
    ------
    UsageError
        If there is no input, or tables and reports are mixed, or a table's text column is not named, or an option for
        reports is given with a table.
    """
    if not inputs:
        raise UsageError("nothing to label: give report files, folders, - for standard input, or a table with --text")
    tables = [i for i in inputs if i != STDIN and is_table(Path(i)) and not Path(i).is_dir()]
    if tables and columns is None:
        raise UsageError(f"{tables[0]} is a table: name the column to label with --text COLUMN")
    if columns is not None and selection != EVERYTHING:
        raise UsageError("--encoding, --include and --exclude are for reports; tables are UTF-8 or GB18030")
    if columns is not None and len(tables) < len(inputs):
        odd = next(i for i in inputs if i not in tables)
        raise UsageError(f"{odd} is no table ({', '.join(SUFFIXES)}); --text is for tables only")


def count_inputs(inputs: Sequence[str], columns: TableColumns | None, selection: Selection = EVERYTHING) -> int | None:
    """Count the rows of tables, or the reports that are read; None where that cannot be told without reading them."""
    try:
        if columns is not None:
            return sum(count_rows(Path(name)) for name in inputs)
        return None if STDIN in inputs else sum(1 for name in inputs for _ in files_of(name, selection))
    except InputError:
        return None


def predict_reports(
    inputs: Sequence[str],
    model: Model,
    failures: Failures,
    selection: Selection = EVERYTHING,
    wanted: Wanted = TOPICS_ALONE,
    jobs: int = 1,
) -> Iterator[Row]:
    """Label reports, paragraph by paragraph.

    Parameters
    ----------
    inputs : sequence of str
        Report files, folders, ZIP archives, or ``-``.
    model : Model
        The model.
    failures : Failures
        Told of every report that cannot be read; the others go on.
    selection : Selection
        How to read them.
    wanted : Wanted
        What to tell beside topics and scores.
    jobs : int
        Processes.

    Yields
    ------
    dict
        A row a paragraph: report, paragraph, id, headings, text, start, end, its page (PDF) or the number of its
        paragraph (Word), topics, primary, scores.
    """
    told = ((report, p) for report in read_reports(inputs, selection, failures) for p in report.paragraphs)
    parts = (
        Batch(b, [p.reading for _, p in b], [p.heading for _, p in b])
        for b in batches(told, lambda pair: len(pair[1].text))
    )
    for batch, results in label_batches(parts, model, wanted, jobs):
        for (report, paragraph), result in zip(batch.items, results, strict=True):
            place = place_columns(report, paragraph.place)
            yield _paragraph_row(paragraph) | place | _placed(result, paragraph)


def predict_tables(
    inputs: Sequence[str],
    columns: TableColumns,
    model: Model,
    failures: Failures,
    wanted: Wanted = TOPICS_ALONE,
    jobs: int = 1,
) -> Iterator[Row]:
    """Label the rows of tables; every column of a row stays as it came.

    A column of a name that predictions take (the labels of a labelled table) goes on as ``given_topics`` and so on. A
    row without text keeps its place with empty predictions and is told to `failures`.
    """
    nothing = _NOTHING if wanted.precision is None else _NOTHING | _NO_MARKS
    taken = nothing.keys() | (_REASONS if wanted.explain else set())
    rows = (row for name in inputs for row in _readable_rows(Path(name), columns, taken, failures))
    parts = (
        Batch(b, [t or "" for _, t, _ in b], [h for _, _, h in b]) for b in batches(rows, lambda row: len(row[1] or ""))
    )
    for batch, results in label_batches(parts, model, wanted, jobs):
        for (row, text, _), result in zip(batch.items, results, strict=True):
            yield row | (nothing if text is None else result)


def _readable_rows(
    path: Path, columns: TableColumns, taken: Set[str], failures: Failures
) -> Iterator[tuple[Row, str | None, str]]:
    """Give a table's rows, as far as it can be read."""
    try:
        yield from _table_rows(path, columns, taken, failures)
    except InputError as error:
        failures.add(str(error))


def _table_rows(
    path: Path, columns: TableColumns, taken: Set[str], failures: Failures
) -> Iterator[tuple[Row, str | None, str]]:
    """Give a table's rows with their text (None where there is none) and heading; none of their cells may get lost."""
    names = tuple(c for c in (columns.text, columns.heading) if c)
    for place, row in read_rows(path, names):
        if isinstance(row, BadRow):
            failures.add(row.message)
            continue
        text = row.get(columns.text)
        if not isinstance(text, str):
            failures.add(f"{place}: column {columns.text!r} holds no text; the row is kept without topics")
            text = None
        heading = str(row.get(columns.heading) or "") if columns.heading else ""
        yield row if taken.isdisjoint(row) else _given(row, taken), text, heading


def _given(row: Row, taken: Set[str]) -> Row:
    """Rename the columns of a row that would be lost to those of the predictions."""
    given: Row = {}
    for name, value in row.items():
        kept = name
        while kept in taken or (kept != name and kept in row):
            kept = f"given_{kept}"
        given[kept] = value
    return given


_NOTHING: Row = {"topics": None, "primary": None, "scores": None}
_REASONS = {"evidence", "logits"}
_NO_MARKS: Row = {"confidence": None, "status": None, "labels": None}


def _paragraph_row(paragraph: Paragraph) -> Row:
    """The columns that say which paragraph it is."""
    return {
        "report": paragraph.report,
        "paragraph": paragraph.number,
        "id": paragraph.id,
        "headings": list(paragraph.headings),
        "text": paragraph.text,
        "start": paragraph.start,
        "end": paragraph.end,
    }


def _placed(why: Row, paragraph: Paragraph) -> Row:
    """Turn offsets into a paragraph's reading into offsets into its text."""
    for passage in why.get("evidence", ()) if paragraph.breaks else ():
        for found in (passage, *passage["terms"]):
            found["start"], found["end"] = paragraph.stretch(found["start"], found["end"])
    return why
