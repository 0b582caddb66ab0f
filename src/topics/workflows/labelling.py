"""Batches of paragraphs → the columns that say what a model gave, in this process or in several.

Batches are labelled in order and a few at a time, so that memory does not grow with the input.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from typing import Any

from topics.errors import OutputError
from topics.records import Evidence, Prediction
from topics.workflows.library import Model, load

_DIGITS, _SUM_DIGITS = 6, 12
_AHEAD = 3
"""Batches that a helper has before it, so that it need not wait while this process reads, labels one and writes."""

_WAITING_PER_JOB = 4

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of every paragraph beside its topics: the reasons, and marks of a promise of precision."""

    explain: bool = False
    precision: float | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Paragraphs to be labelled together, with what belongs to each of them."""

    items: list[Any]
    texts: list[str]
    headings: list[str]


def label_batches(
    batches: Iterable[Batch], model: Model, wanted: Wanted, jobs: int = 1
) -> Iterator[tuple[Batch, list[Row]]]:
    """Label batches in order.

    Parameters
    ----------
    batches : iterable of Batch
        Read as they are needed.
    model : Model
        The model; with several jobs every process loads it once.
    wanted : Wanted
        What to tell.
    jobs : int
        Processes, this one included: it labels too, when the others have enough to do.

    Raises
    ------
    OutputError
        If one of the processes dies.
    """
    if jobs == 1:
        for batch in batches:
            yield batch, label_texts(model, batch.texts, batch.headings, wanted)
        return
    try:
        with _Helpers(model, wanted, jobs - 1) as helpers:
            yield from _label_with(helpers, batches, jobs * _WAITING_PER_JOB)
    except BrokenProcessPool:
        raise OutputError("a labelling process died, perhaps for want of memory; use fewer --jobs") from None


def _label_with(helpers: _Helpers, batches: Iterable[Batch], most: int) -> Iterator[tuple[Batch, list[Row]]]:
    """Label batches in order with helpers, where at most so many wait for the oldest to be done."""
    waiting: deque[tuple[Batch, Future[list[Row]]]] = deque()
    for batch in batches:
        waiting.append((batch, helpers.label(batch)))
        while waiting and (waiting[0][1].done() or len(waiting) == most):
            yield _finished(waiting)
    while waiting:
        yield _finished(waiting)


def _finished(waiting: deque[tuple[Batch, Future[list[Row]]]]) -> tuple[Batch, list[Row]]:
    """Take the oldest batch, when it is done."""
    batch, future = waiting.popleft()
    return batch, future.result()


class _Helpers:
    """Processes that label beside this one, from when they have started: until then it labels alone."""

    def __init__(self, model: Model, wanted: Wanted, n: int) -> None:
        folder = None if model.folder is None else str(model.folder)
        context = get_context("spawn")  # a fork would copy threads and locks in whatever state they are
        self._model, self._wanted = model, wanted
        self._pool = ProcessPoolExecutor(n, mp_context=context, initializer=_start, initargs=(folder, wanted))
        self._starting = [self._pool.submit(_started) for _ in range(n)]
        self._busy: list[Future[list[Row]]] = []

    def __enter__(self) -> _Helpers:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def label(self, batch: Batch) -> Future[list[Row]]:
        """Have a batch labelled by a helper; where those that have started are busy, label it here and now."""
        self._busy = [future for future in self._busy if not future.done()]
        if len(self._busy) < _AHEAD * sum(future.done() for future in self._starting):
            future = self._pool.submit(_label, batch.texts, batch.headings)
            self._busy.append(future)
        else:
            future = Future()
            future.set_result(label_texts(self._model, batch.texts, batch.headings, self._wanted))
        return future


_worker: tuple[Model, Wanted] | None = None


def _start(folder: str | None, wanted: Wanted) -> None:
    """Make a process ready; an interrupt is the main process's to handle."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker = load(folder), wanted


def _started() -> None:
    """Tell, by being run, that a process is ready."""


def _end_with_parent() -> None:
    """End when the main process does, were it killed: nobody else would tell this one."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _label(texts: list[str], headings: list[str]) -> list[Row]:
    """Label a batch in a process of the pool."""
    if _worker is None:
        raise RuntimeError("the process was not made ready")
    model, wanted = _worker
    return label_texts(model, texts, headings, wanted)


def label_texts(model: Model, texts: list[str], headings: list[str], wanted: Wanted) -> list[Row]:
    """Label paragraphs; a row of columns each."""
    predictions = model.predict(texts, headings, precision=wanted.precision)
    rows = [_result(prediction) for prediction in predictions]
    if wanted.explain:
        for row, text, heading, prediction in zip(rows, texts, headings, predictions, strict=True):
            row |= _why(model, text, heading, prediction)
    return rows


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
