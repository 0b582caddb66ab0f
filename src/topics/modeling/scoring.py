"""The fast path: texts → probabilities, with NumPy and the segmenter alone.

One segmentation serves all passages of a paragraph. Clauses are cut (`clauses`), words numbered (`vocabulary`), terms
looked up and summed (`grams`) for a batch at a time; every sum is taken once a clause, and the passages' sums come from
those (`passages`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from topics.modeling.clauses import Clauses, clauses_of, whole
from topics.modeling.grams import Grams
from topics.modeling.linear import LinearModel
from topics.modeling.passages import mean_over_pairs, normed, window_scores
from topics.modeling.segmentation import check_segmenter, word_lengths
from topics.modeling.text import N_POINTS, Points, decode_points
from topics.modeling.vocabulary import Vocabulary

CHUNK = 256 * 1024
"""Characters that are looked up at a time: tables that the segmenter drove out of the cache come back once a chunk."""

BATCH, BATCH_CHARACTERS = 1024, 1 << 20
"""Paragraphs that are scored together, and characters after which there may be no more of them."""

_KEPT = 24 << 20
"""Bytes of an array that is never filled: once it is freed, glibc keeps what a chunk frees for the next one."""

SHARE_WINDOWS = (1, 2)
"""The passages by which a clause is judged when the text is shared out among topics."""

NOWHERE = 1 << 30
_LIKELY = 0.5
_DOUBT = 0.2  # a probability so far from certain is as good as certain

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Raw:
    """The scores of passages, before calibration.

    Attributes
    ----------
    best : ndarray of shape (n_paragraphs, n_topics, n_windows), dtype float64
        The best passage of each kind.
    clauses : ndarray of shape (n_clauses, n_topics), dtype float64
        For each clause its own score and the mean score of the passages of two clauses that hold it, averaged.
    first : ndarray of shape (n_paragraphs + 1,), dtype int64
        The first clause of each paragraph, and the number of clauses.
    lengths : ndarray of shape (n_clauses,), dtype int64
        Characters.
    """

    best: Array
    clauses: Array
    first: Ints
    lengths: Ints


@dataclass(frozen=True, slots=True)
class Scores:
    """What the model gives to a batch of paragraphs.

    Attributes
    ----------
    logits : ndarray of shape (n_paragraphs, n_topics), dtype float64
    probabilities : ndarray of shape (n_paragraphs, n_topics), dtype float64
    shares : ndarray of shape (n_paragraphs, n_topics), dtype float64
        Characters of the paragraph that speak for the topic: its clauses as far as they `count` for it.
    openings : ndarray of shape (n_paragraphs, n_topics), dtype int64
        Number of the first clause that more probably than not speaks for the topic; `NOWHERE` if there is none.
    """

    logits: Array
    probabilities: Array
    shares: Array
    openings: Ints


class Scorer:
    """A model made ready to score.

    Parameters
    ----------
    model : LinearModel
        The plain arrays.

    Raises
    ------
    ModelError
        If the model was made for another segmenter.
    """

    def __init__(self, model: LinearModel) -> None:
        check_segmenter(model.segmenter)
        np.empty(_KEPT, dtype=np.uint8)
        self.model = model
        self._end = len(model.words) + 1
        self._vocabulary = Vocabulary((*model.words, "\n"))
        self._word = Grams(model.word, self._end + 1, damped=model.whole)
        self._heading = Grams(model.heading, self._end + 1)
        self._char = Grams(model.char, N_POINTS, damped=model.whole)

    def score(self, texts: Sequence[str], headings: Sequence[str] | None = None) -> Scores:
        """Score paragraphs.

        Parameters
        ----------
        texts : sequence of str, length n_paragraphs
            Any texts, the empty one included.
        headings : sequence of str, length n_paragraphs, optional
            The heading each stands under.

        Returns
        -------
        Scores
        """
        return calibrate(self.raw(texts, headings), self.model)

    def raw(self, texts: Sequence[str], headings: Sequence[str] | None = None) -> Raw:
        """Score the passages of paragraphs; see `score` for the parameters."""
        k = len(self.model.topics)
        if not len(texts):
            none = np.zeros(0, dtype=np.int64)
            return Raw(np.zeros((0, k, len(self.model.windows))), np.zeros((0, k)), np.append(none, 0), none)
        clauses = whole(texts) if self.model.whole else clauses_of(texts)
        first = clauses.first
        scores = window_scores(self._clause_sums(clauses), first, {*self.model.windows, *SHARE_WINDOWS})
        bias = self._heading_scores(headings or [""] * len(texts)) + self.model.intercept[:, None]
        best = [np.maximum.reduceat(scores[w], first[:-1], axis=1) + bias for w in self.model.windows]
        alone, paired = (scores[w] for w in SHARE_WINDOWS)
        means = (alone + mean_over_pairs(paired, first)) / 2 + np.repeat(bias, np.diff(first), axis=1)
        return Raw(np.stack(best, axis=-1).transpose(1, 0, 2), means.T, first, clauses.lengths)

    def _heading_scores(self, headings: Sequence[str]) -> Array:
        """Score headings, each distinct one once; shape (n_topics, n_paragraphs)."""
        distinct = {heading: i for i, heading in enumerate(dict.fromkeys(headings))}
        sums = self._word_sums(self._heading, whole(list(distinct)).points)
        return normed([sums])[:, [distinct[heading] for heading in headings]]

    def _clause_sums(self, clauses: Clauses) -> list[Array]:
        """Sum over the terms of every clause, for words and for characters, a stretch of text at a time."""
        ends = clauses.ends
        near = np.searchsorted(ends, np.arange(CHUNK, ends[-1] + CHUNK, CHUNK).clip(max=ends[-1])) + 1
        parts = [
            self._stretch_sums(clauses.points[start : ends[b - 1]], ends[a:b] - start)
            for a, b in pairwise([0, *np.unique(near).tolist()])
            for start in [ends[a - 1] if a else 0]
        ]
        return [np.concatenate(sums, axis=1) for sums in zip(*parts, strict=True)]

    def _stretch_sums(self, points: Points, ends: Ints) -> tuple[Array, Array]:
        """Sum over the terms of every clause of a stretch."""
        return self._word_sums(self._word, points), self._char.sums(points.astype(np.int64), ends)

    def _word_sums(self, grams: Grams, points: Points) -> Array:
        """Segment a text and sum over the terms of every clause."""
        text = decode_points(points)
        numbers = self._vocabulary.numbers(text, points, word_lengths(text))
        return grams.sums(numbers, np.flatnonzero(numbers == self._end) + 1)


def calibrate(raw: Raw, model: LinearModel) -> Scores:
    """Turn the scores of passages into probabilities of paragraphs, and shares of their text."""
    logits = np.einsum("nkw,kw->nk", raw.best, model.pool_coef) + model.pool_intercept
    speaks = clause_probabilities(raw, model)
    if not len(logits):
        return Scores(logits, logits, logits, logits.astype(np.int64))
    shares = np.add.reduceat(counts(speaks) * raw.lengths[:, None], raw.first[:-1], axis=0)
    places = np.arange(len(speaks)) - np.repeat(raw.first[:-1], np.diff(raw.first))
    openings = np.minimum.reduceat(np.where(speaks > _LIKELY, places[:, None], NOWHERE), raw.first[:-1], axis=0)
    return Scores(logits, _probabilities(logits, model), shares, openings)


def clause_probabilities(raw: Raw, model: LinearModel) -> Array:
    """Give the probability that each clause speaks for each topic, shape (n_clauses, n_topics)."""
    return logistic(raw.clauses * model.unit_coef + model.unit_intercept)


def counts(speaks: Array) -> Array:
    """Say how far clauses count for a topic: wholly where they speak for it in all likelihood, not at all where hardly.

    Many clauses that might speak for a topic would otherwise outweigh a few that do.

    Examples
    --------
    >>> counts(np.array([0.1, 0.5, 0.9])).tolist()
    [0.0, 0.5, 1.0]
    """
    return np.clip((speaks - _DOUBT) / (1 - 2 * _DOUBT), 0.0, 1.0)


def joined(parts: Sequence[Scores]) -> Scores:
    """Put the scores of several batches together."""
    return Scores(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Scores)))


def _probabilities(logits: Array, model: LinearModel) -> Array:
    """Turn logits into probabilities."""
    if model.exclusive:
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))
    return logistic(logits)


def logistic(logits: Array) -> Array:
    """The logistic function, without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))


def batches(items: Iterable[Item], length: Callable[[Item], int]) -> Iterator[list[Item]]:
    """Part items into batches that are worth scoring together.

    Parameters
    ----------
    items : iterable
        Paragraphs, or what goes with them.
    length : callable
        Gives the characters of an item.
    """
    batch: list[Item] = []
    size = 0
    for item in items:
        batch.append(item)
        size += length(item)
        if len(batch) == BATCH or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
