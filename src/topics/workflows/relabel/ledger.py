"""What is written about a paragraph: its new columns, and the ledger's line."""

from __future__ import annotations

from typing import Any

from topics.storage.schema import CORRECTED, Change, Stored, Write
from topics.workflows.relabel.items import Action, Done, Item, Label, SourceRow
from topics.workflows.relabel.planning import Key
from topics.workflows.relabel.taxonomy import Carrier


class Ledger:
    """Turns labelled items into writes of one run.

    Parameters
    ----------
    key : Key
        Model, codebook and run.
    carrier : Carrier
        Carries the labels of paragraphs that are gone.
    """

    def __init__(self, key: Key, carrier: Carrier) -> None:
        self._key = key
        self._carrier = carrier

    def writes(self, done: Done) -> list[Write]:
        """Give the writes of a batch."""
        made = (self._write(item, label) for item, label in done.pairs)
        return [write for write in made if write]

    def _write(self, item: Item, label: Label | None) -> Write | None:
        """Give the write of one item."""
        if item.row and label:
            return self._labelled(item, item.row, label)
        if item.row:
            return Write(item.row.id, _place(item.row), whole=False, change=None)
        if item.old and item.action is Action.RETIRE:
            return self._retired(item.old, item.reason)
        return self._carried(item.old, item.reason) if item.old else None

    def _labelled(self, item: Item, row: SourceRow, label: Label) -> Write | None:
        """A paragraph that was scored; None if a full run found what is stored to be right."""
        old = item.old
        if old and item.reason == CORRECTED and (old.topics, old.primary) == (label.topics, label.primary):
            return None
        values = {
            "id": row.id, "text_hash": row.text_hash, "topics": label.topics, "primary_topic": label.primary,
            "scores": label.scores, "model": self._key.model, "codebook": self._key.codebook, "run": self._key.run,
            "retired": False,
        }  # fmt: skip
        if row.place:
            values |= {"report": item.part, **_place(row)}
        before = (old.topics, old.model) if old else (None, None)
        change = Change(row.id, before[0], label.topics, before[1], self._key.model, item.reason)
        return Write(row.id, values, whole=True, change=change)

    def _retired(self, old: Stored, reason: str) -> Write:
        """A paragraph that is gone; its label is kept, in the present codebook where it can be carried."""
        values = {"retired": True, "run": self._key.run, **self._carry(old)}
        return Write(old.id, values, whole=False, change=Change(old.id, old.topics, None, old.model, None, reason))

    def _carried(self, old: Stored, reason: str) -> Write:
        """A paragraph that was gone before, whose label is carried into the present codebook."""
        values = {"run": self._key.run, **self._carry(old)}
        change = Change(old.id, old.topics, values["topics"], old.model, old.model, reason)
        return Write(old.id, values, whole=False, change=change)

    def _carry(self, old: Stored) -> dict[str, Any]:
        """The columns of a label that is carried; none if it stands or cannot be carried."""
        label = self._carrier.label(old) if old.codebook != self._key.codebook else None
        if label is None:
            return {}
        return {
            "topics": label.topics, "primary_topic": label.primary, "scores": label.scores,
            "codebook": self._key.codebook,
        }  # fmt: skip


def _place(row: SourceRow) -> dict[str, Any]:
    """The columns that say where in its report a paragraph stands."""
    return dict(zip(("paragraph", "start_offset", "end_offset", "headings", "text"), row.place, strict=True))
