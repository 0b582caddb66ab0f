"""``topics predict``: reports, folders, standard input or tables → rows of predictions, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from topics.corpus.tables import SUFFIXES, BadRow, is_table, read_rows
from topics.errors import InputError, UsageError
from topics.modeling.explanation import Explainer
from topics.modeling.scoring import batches
from topics.records import Paragraph, Prediction
from topics.workflows.library import Model
from topics.workflows.reports import STDIN, Failures, Selection, read_reports
from topics.workflows.split import place_columns

_BATCH = 256

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TableColumns:
    """The columns of a table to be labelled."""

    text: str
    heading: str | None = None


def check_inputs(inputs: Sequence[str], columns: TableColumns | None, selection: Selection) -> None:
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
    if columns is not None and selection != Selection():
        raise UsageError("--encoding, --include and --exclude are for reports; tables are UTF-8 or GB18030")
    if columns is not None and len(tables) < len(inputs):
        odd = next(i for i in inputs if i not in tables)
        raise UsageError(f"{odd} is no table ({', '.join(SUFFIXES)}); --text is for tables only")


def predict_reports(
    inputs: Sequence[str], model: Model, failures: Failures, selection: Selection, *, explain: bool = False
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
        Whether to add the passages that speak for each topic.

    Yields
    ------
    dict
        A row a paragraph: report, paragraph, id, headings, text, start, end, its page (PDF) or the number of its
        paragraph (Word), topics, primary, scores.
    """
    explainer = Explainer(model.predictor.model) if explain else None
    for report in read_reports(inputs, selection, failures):
        for batch in batches(report.paragraphs, _BATCH):
            texts, headings = [p.reading for p in batch], [p.heading for p in batch]
            for paragraph, prediction in zip(batch, model.predict(texts, headings), strict=True):
                result = _result(prediction, paragraph.reading, paragraph.heading, model, explainer)
                for found in result.get("evidence", ()):
                    found["start"], found["end"] = paragraph.stretch(found["start"], found["end"])
                yield _paragraph_row(paragraph) | place_columns(report, paragraph.place) | result


def predict_tables(
    inputs: Sequence[str], columns: TableColumns, model: Model, failures: Failures, *, explain: bool = False
) -> Iterator[Row]:
    """Label the rows of tables; every column of a row stays as it came.

    A row without text keeps its place with empty predictions and is told to `failures`.
    """
    explainer = Explainer(model.predictor.model) if explain else None
    for name in inputs:
        try:
            for batch in batches(_table_rows(Path(name), columns, failures), _BATCH):
                texts = [t or "" for _, t, _ in batch]
                predictions = model.predict(texts, [h for _, _, h in batch])
                for (row, text, heading), prediction in zip(batch, predictions, strict=True):
                    yield row | (_NOTHING if text is None else _result(prediction, text, heading, model, explainer))
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


def _result(prediction: Prediction, text: str, heading: str, model: Model, explainer: Explainer | None) -> Row:
    """The columns that say what the model gave."""
    row: Row = {
        "topics": list(prediction.topics),
        "primary": prediction.primary,
        "scores": {topic: round(score, 6) for topic, score in prediction.scores.items()},
    }
    if explainer:
        wanted = [(model.topics.index(topic), topic) for topic in prediction.topics]
        evidence = explainer.explain(text, heading).evidence(wanted)
        row["evidence"] = [
            {"topic": e.topic, "start": e.start, "end": e.end, "weight": round(e.weight, 6)} for e in evidence
        ]
    return row
