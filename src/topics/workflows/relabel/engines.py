"""Scoring batches, in this process or in several; the results come in the order of the batches.

Workers get texts and give labels, nothing else: reading the source and writing the target stay with the run that holds
the lock, so every engine writes the same, batch for batch. `cluster` is the engine for Dask.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from topics.workflows import labelling
from topics.workflows.labelling import Row, Wanted, label_batches
from topics.workflows.library import Model
from topics.workflows.relabel.items import Action, Batch, Done, Item, Label

SIZE = 1024
"""Paragraphs a batch: enough that its transaction costs little beside its scoring."""

TOPICS_ALONE = Wanted()

Engine = Callable[[Model, Iterable[Batch]], Iterator[Done]]


def batches(items: Iterable[Item], *, by_part: bool) -> Iterator[Batch]:
    """Part items into batches of at most `SIZE`; if `by_part`, no batch holds items of two parts."""
    for part, some in groupby(items, key=lambda item: item.part if by_part else ""):
        batch: list[Item] = []
        for item in some:
            batch.append(item)
            if len(batch) == SIZE:
                yield Batch(part, batch)
                batch = []
        if batch:
            yield Batch(part, batch)


def processes(jobs: int) -> Engine:
    """Make the engine that scores in processes of this machine; with one job, in this process."""

    def engine(model: Model, stream: Iterable[Batch]) -> Iterator[Done]:
        texts = (labelling.Batch([batch], *texts_of(batch)) for batch in stream)
        for told, rows in label_batches(texts, model, TOPICS_ALONE, jobs):
            yield done(told.items[0], rows)

    return engine


def texts_of(batch: Batch) -> tuple[list[str], list[str]]:
    """Give the texts to be scored of a batch, and their headings."""
    rows = [item.row for item in batch.items if item.action is Action.SCORE and item.row]
    return [row.text for row in rows], [row.heading for row in rows]


def done(batch: Batch, rows: list[Row]) -> Done:
    """Put labels to the items that were scored."""
    labels = iter(rows)
    pairs = [(item, _label(next(labels)) if item.action is Action.SCORE else None) for item in batch.items]
    return Done(batch.part, pairs)


def _label(row: Row) -> Label:
    """A prediction as it is stored."""
    return Label("|".join(row["topics"]), row["primary"], json.dumps(row["scores"], ensure_ascii=False))
