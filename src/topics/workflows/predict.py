"""``topics predict``: reports, folders, standard input or tables → rows of predictions, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from topics.corpus.tables import SUFFIXES, BadRow, is_table, read_rows
from topics.errors import InputError, UsageError
from topics.modeling.scoring import batches
from topics.records import Evidence, Paragraph, Prediction
from topics.workflows.library import Model
from topics.workflows.reports import EVERYTHING, STDIN, Failures, Selection, read_reports
from topics.workflows.split import place_columns

_BATCH = 256
_DIGITS, _SUM_DIGITS = 6, 12

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


def predict_reports(
    inputs: Sequence[str],
    model: Model,
    failures: Failures,
    selection: Selection = EVERYTHING,
    *,
    explain: bool = False,
    precision: float | None = None,
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
    explain : bool
        Whether to add what every passage adds to each topic.
    precision : float, optional
        Whether to add what the promise of this precision covers.

    Yields
    ------
    dict
        A row a paragraph: report, paragraph, id, headings, text, start, end, its page (PDF) or the number of its
        paragraph (Word), topics, primary, scores.
    """
    for report in read_reports(inputs, selection, failures):
        for batch in batches(report.paragraphs, _BATCH):
            texts, headings = [p.reading for p in batch], [p.heading for p in batch]
            for paragraph, prediction in zip(batch, model.predict(texts, headings, precision=precision), strict=True):
                place = place_columns(report, paragraph.place)
                why = _why(model, paragraph.reading, paragraph.heading, prediction) if explain else {}
                yield _paragraph_row(paragraph) | place | _result(prediction) | _placed(why, paragraph)


def predict_tables(
    inputs: Sequence[str],
    columns: TableColumns,
    model: Model,
    failures: Failures,
    *,
    explain: bool = False,
    precision: float | None = None,
) -> Iterator[Row]:
    """Label the rows of tables; every column of a row stays as it came.

    A row without text keeps its place with empty predictions and is told to `failures`.
    """
    nothing = _NOTHING if precision is None else _NOTHING | _NO_MARKS
    for name in inputs:
        try:
            for batch in batches(_table_rows(Path(name), columns, failures), _BATCH):
                texts = [t or "" for _, t, _ in batch]
                predictions = model.predict(texts, [h for _, _, h in batch], precision=precision)
                for (row, text, heading), prediction in zip(batch, predictions, strict=True):
                    why = _why(model, text, heading, prediction) if explain and text is not None else {}
                    yield row | (nothing if text is None else _result(prediction)) | why
        except InputError as error:
            failures.add(str(error))


def _table_rows(path: Path, columns: TableColumns, failures: Failures) -> Iterator[tuple[Row, str | None, str]]:
    """Give a table's rows with their text (None where there is none) and heading."""
    names = tuple(c for c in (columns.text, columns.heading) if c)
    for place, row in read_rows(path, names):
        if isinstance(row, BadRow):
            failures.add(row.message)
            continue
        text = row.get(columns.text)
        if not isinstance(text, str):
            failures.add(f"{place}: column {columns.text!r} holds no text; the row is kept without topics")
            text = None
        yield row, text, str(row.get(columns.heading) or "") if columns.heading else ""


_NOTHING: Row = {"topics": None, "primary": None, "scores": None}
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


def _result(prediction: Prediction) -> Row:
    """The columns that say what the model gave."""
    row: Row = {
        "topics": list(prediction.topics),
        "primary": prediction.primary,
        "scores": {topic: round(score, _DIGITS) for topic, score in prediction.scores.items()},
    }
    if prediction.confidence is not None:
        row["confidence"] = round(prediction.confidence, _DIGITS)
        row["status"] = prediction.status
        row["labels"] = {
            topic: {"probability": round(mark.probability, _DIGITS), "status": mark.status}
            for topic, mark in prediction.labels.items()
        }
    return row


def _why(model: Model, text: str, heading: str, prediction: Prediction) -> Row:
    """The columns that say why: a topic's passages, its constant and its heading's weight add up to its logit."""
    explanation = model.explanation(text, heading)
    rank = sorted(prediction.scores, key=lambda topic: -prediction.scores[topic])
    evidence = sorted(model.evidence(text, heading, explanation), key=lambda e: rank.index(e.topic))
    parts = zip(model.topics, explanation.logits(), explanation.constant, explanation.heading(), strict=True)
    return {
        "evidence": [_evidence(e) for e in evidence],
        "logits": {t: {"logit": float(x), "constant": float(c), "heading": float(h)} for t, x, c, h in parts},
    }


def _placed(why: Row, paragraph: Paragraph) -> Row:
    """Turn offsets into a paragraph's reading into offsets into its text."""
    for passage in why.get("evidence", ()) if paragraph.breaks else ():
        for found in (passage, *passage["terms"]):
            found["start"], found["end"] = paragraph.stretch(found["start"], found["end"])
    return why


def _evidence(evidence: Evidence) -> Row:
    """A passage's part; weights keep the digits that their sum needs."""
    return {
        "topic": evidence.topic,
        "start": evidence.start,
        "end": evidence.end,
        "weight": round(evidence.weight, _SUM_DIGITS),
        "probability": round(evidence.probability or 0.0, _DIGITS),
        "terms": [
            {"term": t.term, "start": t.start, "end": t.end, "weight": round(t.weight, _DIGITS)} for t in evidence.terms
        ],
    }
