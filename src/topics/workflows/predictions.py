"""Predictions that were written before: files of `topics predict`, read back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from topics.corpus.tables import BadRow, read_rows
from topics.errors import InputError
from topics.records import OTHER, text_hash
from topics.storage.labels import split_topics

Row = dict[str, Any]
Key = tuple[str, int]


def read_predictions(path: Path, text: str | None = None) -> list[Row]:
    """Read a file that `topics predict` wrote.

    Parameters
    ----------
    path : Path
        A ``.jsonl``, ``.csv`` or ``.parquet`` file.
    text : str, optional
        Name of the column that holds the paragraph; ``text`` unless given.

    Returns
    -------
    list of dict
        The rows, with ``text``, ``topics`` (list), ``primary`` and ``scores`` (dict).

    Raises
    ------
    InputError
        If the file or a row is no prediction.
    """
    column = text or "text"
    rows = [_row(place, row, column) for place, row in read_rows(path, (column, "topics", "primary", "scores"))]
    if not rows:
        raise InputError(f"{path}: holds no predictions")
    return rows


def _row(place: str, row: Row | BadRow, column: str) -> Row:
    """Check a row and give its cells the types that JSON lines have."""
    if isinstance(row, BadRow):
        raise InputError(row.message)
    try:
        scores = row["scores"] if isinstance(row["scores"], dict) else json.loads(row["scores"] or "{}")
        probabilities = {str(topic): float(score) for topic, score in scores.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise InputError(
            f"{place}: scores are no mapping of topics to probabilities; is it a prediction file?"
        ) from None
    topics = row["topics"] if isinstance(row["topics"], list) else list(split_topics(str(row["topics"] or "")))
    if not isinstance(row[column], str):
        raise InputError(f"{place}: column {column!r} holds no text; mend or remove the row")
    headings = row.get("headings")
    return row | {
        "text": row[column],
        "topics": topics,
        "primary": row["primary"] or OTHER,
        "scores": probabilities,
        "headings": headings if isinstance(headings, list) else list(split_topics(str(headings or ""))),
    }


def keys(texts: Iterable[str]) -> Iterator[Key]:
    """Name paragraphs by the hash of their text, and a count where the same text stands again.

    Examples
    --------
    >>> [n for _, n in keys(["调解", "破案", "调解"])]
    [1, 1, 2]
    """
    seen: Counter[str] = Counter()
    for text in texts:
        digest = text_hash(text)
        seen[digest] += 1
        yield digest, seen[digest]
