"""What a target holds: its three tables, and the small records that are read from and written to them."""

from __future__ import annotations

from typing import Any, NamedTuple

LABELS, CHANGES, RUNS = "paragraph_topics", "topic_changes", "topic_runs"

LABEL_COLUMNS = {
    "id": "text", "text_hash": "text", "topics": "text", "primary_topic": "text", "scores": "json",
    "model": "text", "codebook": "text", "run": "int", "retired": "bool",
}  # fmt: skip
PLACE_COLUMNS = {
    "report": "text", "paragraph": "int", "start_offset": "int", "end_offset": "int", "headings": "json",
    "text": "text",
}  # fmt: skip
"""The further columns of a folder of reports."""
CHANGE_COLUMNS = {
    "run": "int", "id": "text", "old_topics": "text", "new_topics": "text", "old_model": "text", "new_model": "text",
    "reason": "text",
}  # fmt: skip
RUN_COLUMNS = {
    "run": "int", "started": "text", "finished": "text", "model": "text", "outcome": "text", "counts": "json",
}  # fmt: skip

NEW, TEXT, MODEL, CODEBOOK, RETIRED = "new", "text changed", "model changed", "codebook changed", "retired"
CORRECTED = "corrected"
"""Only with a full run: the stored label was not what the model gives."""

RUNNING = "running"
"""Outcome of a run that has not ended; if nobody holds the lock, it was cut off."""


class Stored(NamedTuple):
    """What a target holds of a paragraph; `place` is (paragraph, start, end, headings, text) or empty."""

    id: str
    text_hash: str
    topics: str
    primary: str
    scores: str | None
    model: str
    codebook: str
    retired: bool
    run: int
    place: tuple[Any, ...] = ()


class Span(NamedTuple):
    """Following ids: those above `after` up to `upto`, each without a limit where it is None."""

    after: str | None = None
    upto: str | None = None


EVERYTHING = Span()


class Change(NamedTuple):
    """A line of the ledger."""

    id: str
    old_topics: str | None
    new_topics: str | None
    old_model: str | None
    new_model: str | None
    reason: str


class Write(NamedTuple):
    """Columns of a paragraph to be set (all of them where `whole`), and the ledger's line about it."""

    id: str
    values: dict[str, Any]
    whole: bool
    change: Change | None


class Run(NamedTuple):
    """A line of the table of runs."""

    run: int
    started: str
    finished: str | None
    model: str
    outcome: str
    counts: dict[str, Any]


def folded(first: Change, second: Change) -> Change:
    """Join two changes of one paragraph in one run, of which the first was made before the run was cut off.

    Examples
    --------
    >>> folded(Change("a", None, "x", None, "m", "new"), Change("a", "x", "y", "m", "m", "text changed"))
    Change(id='a', old_topics=None, new_topics='y', old_model=None, new_model='m', reason='new')
    """
    reason = NEW if first.reason == NEW and second.reason != RETIRED else second.reason
    return Change(first.id, first.old_topics, second.new_topics, first.old_model, second.new_model, reason)
