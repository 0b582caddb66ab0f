"""Scoring batches: in this process, in several, or on a Dask cluster; the results come in the order of the batches.

Workers get texts and give labels, nothing else: reading the source and writing the target stay with the run that holds
the lock, so every engine writes the same, batch for batch.
"""

from __future__ import annotations

import json
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from multiprocessing import get_context, parent_process
from typing import Any, NamedTuple, TypeVar

from topics.errors import OutputError
from topics.modeling.drift import words_of
from topics.records import Prediction
from topics.workflows.library import Model
from topics.workflows.relabel.items import Action, Batch, Done, Item, Label

SIZE = 1024
"""Paragraphs a batch: enough that its transaction costs little beside its scoring."""

Engine = Callable[["Scoring", Iterable[Batch]], Iterator[Done]]
Texts = tuple[list[str], list[str]]
F = TypeVar("F")


class Scored(NamedTuple):
    """Labels of a batch's texts, and how many of their words the model knows."""

    labels: list[Label]
    words: int
    unknown: int


@dataclass
class Scoring:
    """What a worker needs: the model, and whether to count unknown words.

    Attributes
    ----------
    model : Model
        The model.
    count_words : bool
        Whether to count the words that the model does not know.
    """

    model: Model
    count_words: bool = False

    def __call__(self, texts: Texts) -> Scored:
        """Label texts that stand under headings."""
        paragraphs, headings = texts
        labels = [_label(prediction) for prediction in self.model.predict(paragraphs, headings)]
        if not self.count_words:
            return Scored(labels, 0, 0)
        words = list(words_of(paragraphs))
        return Scored(labels, len(words), sum(word not in self._known for word in words))

    @cached_property
    def _known(self) -> frozenset[str]:
        """The model's words."""
        return frozenset(self.model.predictor.model.words)


def _label(prediction: Prediction) -> Label:
    """A prediction as it is stored."""
    scores = json.dumps({topic: round(score, 6) for topic, score in prediction.scores.items()}, ensure_ascii=False)
    return Label("|".join(prediction.topics), prediction.primary, scores)


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


def local(scoring: Scoring, stream: Iterable[Batch]) -> Iterator[Done]:
    """Score in this process."""
    for batch in stream:
        yield _done(batch, scoring(_texts(batch)))


def processes(jobs: int) -> Engine:
    """Make the engine that scores in processes of this machine."""

    def engine(scoring: Scoring, stream: Iterable[Batch]) -> Iterator[Done]:
        # Spawned, not forked: a forked child would hold the lock's file open after its parent was killed.
        with ProcessPoolExecutor(jobs, get_context("spawn"), _start_worker, (scoring,)) as pool:
            try:
                yield from in_order(stream, lambda texts: pool.submit(_score, texts), Future.result, 2 * jobs)
            except BrokenProcessPool:
                raise OutputError("a scoring process died, perhaps for want of memory; use fewer --jobs") from None
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    return engine


def in_order(
    stream: Iterable[Batch], submit: Callable[[Texts], F], result: Callable[[F], Scored], window: int
) -> Iterator[Done]:
    """Submit batches ahead, at most `window` of them, and give their results in order."""
    waiting: deque[tuple[Batch, F]] = deque()
    for batch in stream:
        waiting.append((batch, submit(_texts(batch))))
        if len(waiting) >= window:
            first, future = waiting.popleft()
            yield _done(first, result(future))
    for first, future in waiting:
        yield _done(first, result(future))


_worker: dict[str, Any] = {}


def _start_worker(scoring: Scoring) -> None:
    """Keep the model in a new process, which ends when its parent does."""
    _worker["scoring"] = scoring
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the end of the parent, then end."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _score(texts: Texts) -> Scored:
    """Score in a worker process."""
    scored: Scored = _worker["scoring"](texts)
    return scored


def _texts(batch: Batch) -> Texts:
    """The texts to be scored of a batch, and their headings."""
    rows = [item.row for item in batch.items if item.action is Action.SCORE and item.row]
    return [row.text for row in rows], [row.heading for row in rows]


def _done(batch: Batch, scored: Scored) -> Done:
    """Put labels to the items that were scored."""
    labels = iter(scored.labels)
    pairs: Sequence[tuple[Item, Label | None]] = [
        (item, next(labels) if item.action is Action.SCORE else None) for item in batch.items
    ]
    return Done(batch.part, list(pairs), scored.words, scored.unknown)
