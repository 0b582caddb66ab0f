"""The fast path: texts → probabilities, with NumPy and the segmenter alone.

One segmentation serves all passages of a paragraph. Terms are looked up as integers, a batch at a time; every sum is
taken once a clause, and the passages' sums come from those by differences of running totals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topics.modeling.linear import Block, LinearModel
from topics.modeling.lookup import LookupTable
from topics.modeling.segmentation import check_segmenter, cut
from topics.modeling.text import decode_points, normal_points, units_of

CHUNK = 48 * 1024
"""Characters that are looked up at a time: enough to drown the overhead of a call, few enough for the cache."""

_POINT_BITS = 21
_WORD_BITS = 24
SHARE_WINDOW = 2
"""The passages by which a clause is judged when the text is shared out among topics."""

NOWHERE = 1 << 30
_LIKELY = 0.5
_TINY = 1e-6  # squares of inverse document frequencies are 1 or more; less is a rounding error of running totals

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Raw:
    """The scores of passages, before calibration.

    Attributes
    ----------
    best : ndarray of shape (n_paragraphs, n_topics, n_windows), dtype float64
        The best passage of each kind.
    clauses : ndarray of shape (n_clauses, n_topics), dtype float64
        For each clause the mean score of the passages of two clauses that hold it.
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
        Characters of the paragraph that speak for the topic, expected under the probabilities of its clauses.
    openings : ndarray of shape (n_paragraphs, n_topics), dtype int64
        Number of the first clause that more probably than not speaks for the topic; `NOWHERE` if there is none.
    """

    logits: Array
    probabilities: Array
    shares: Array
    openings: Ints


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over a block's terms: weights of shape (n_topics, n) and squares of shape (n,)."""

    weights: Array
    squares: Array


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
        self.model = model
        self._word_numbers = _Numbers(zip(model.words, range(1, len(model.words) + 1), strict=True))
        self._word_rows = LookupTable(_word_keys(model.word.terms))
        self._heading_rows = LookupTable(_word_keys(model.heading.terms))
        self._char_rows = LookupTable(_char_keys(model.char.terms))

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
        bounds = [units_of(text) for text in texts]
        first = np.concatenate(([0], np.cumsum([len(b) for b in bounds]))).astype(np.int64)
        lengths = np.array([b - a for pairs in bounds for a, b in pairs], dtype=np.int64)
        k = len(self.model.topics)
        if not len(texts):
            return Raw(np.zeros((0, k, len(self.model.windows))), np.zeros((0, k)), first, lengths)
        sums = self._unit_sums([text[a:b] for text, pairs in zip(texts, bounds, strict=True) for a, b in pairs], first)
        bias = self._heading_scores(headings or [""] * len(texts)) + self.model.intercept[:, None]
        scores = {window: _window_scores(sums, first, window) for window in {*self.model.windows, SHARE_WINDOW}}
        best = [np.maximum.reduceat(scores[w], first[:-1], axis=1) + bias for w in self.model.windows]
        clauses = _mean_over_pairs(scores[SHARE_WINDOW], first) + np.repeat(bias, np.diff(first), axis=1)
        return Raw(np.stack(best, axis=-1).transpose(1, 0, 2), clauses.T, first, lengths)

    def _heading_scores(self, headings: Sequence[str]) -> Array:
        """Score headings, each distinct one once; shape (n_topics, n_paragraphs)."""
        distinct = {heading: i for i, heading in enumerate(dict.fromkeys(headings))}
        points, _ = _joined(list(distinct))
        owners = np.cumsum(points == ord("\n")) - (points == ord("\n"))
        rows, starts = self._word_hits(points, self._heading_rows)
        sums = _block_sums(self.model.heading, rows, owners[starts], len(distinct))
        return _normed([sums])[:, [distinct[heading] for heading in headings]]

    def _unit_sums(self, units: list[str], first: Ints) -> list[_Sums]:
        """Sum the weights and squares of the terms of every clause, for words and for characters."""
        texts = np.repeat(np.arange(len(first) - 1), np.diff(first))
        stops = first if self.model.damped else np.arange(len(units) + 1)  # damping has to see a text as a whole
        parts = [self._chunk_sums(units[a:b], texts[a:b]) for a, b in _chunks(units, stops)]
        return [
            _Sums(
                np.concatenate([part[block].weights for part in parts], axis=1),
                np.concatenate([part[block].squares for part in parts]),
            )
            for block in range(2)
        ]

    def _chunk_sums(self, units: list[str], texts: Ints) -> tuple[_Sums, _Sums]:
        """Sum over the terms of a chunk of clauses; `texts` has the number of each clause's text."""
        points, lengths = _joined(units)
        owners = np.repeat(np.arange(len(units)), lengths)
        word_rows, word_starts = self._word_hits(points, self._word_rows)
        char_rows, char_starts = self._char_hits(points)
        return (
            self._text_sums(self.model.word, word_rows, owners[word_starts], texts),
            self._text_sums(self.model.char, char_rows, owners[char_starts], texts),
        )

    def _text_sums(self, block: Block, rows: Ints, owners: Ints, texts: Ints) -> _Sums:
        """Sum over the terms of clauses, damped where the model says so."""
        counted = damping(texts[owners] * block.weights.shape[1] + rows) if self.model.damped else None
        return _block_sums(block, rows, owners, len(texts), counted)

    def _word_hits(self, points: NDArray[np.uint32], table: LookupTable) -> tuple[Ints, Ints]:
        """Find the word n-grams of a text: their rows and where they start."""
        tokens = cut(decode_points(points))
        numbers = np.fromiter(map(self._word_numbers.__getitem__, tokens), dtype=np.int64, count=len(tokens))
        lengths = np.fromiter(map(len, tokens), dtype=np.int64, count=len(tokens))
        starts = np.cumsum(lengths) - lengths
        known = np.flatnonzero(numbers)
        pairs = known[:-1][np.diff(known) == 1] if len(known) else known
        keys = np.concatenate((numbers[known] << _WORD_BITS, numbers[pairs] << _WORD_BITS | numbers[pairs + 1]))
        return _hits(table, keys, np.concatenate((starts[known], starts[pairs])))

    def _char_hits(self, points: NDArray[np.uint32]) -> tuple[Ints, Ints]:
        """Find the character n-grams of a text: their rows and where they start."""
        shortest, longest = self.model.char_range
        wide = points.astype(np.int64)
        keys = wide << (2 * _POINT_BITS)
        found = []
        for n in range(1, longest + 1):
            if n > 1:
                keys = keys[:-1] | wide[n - 1 :] << ((3 - n) * _POINT_BITS)
            if n >= shortest:
                found.append(_hits(self._char_rows, keys, np.arange(len(keys))))
        return np.concatenate([rows for rows, _ in found]), np.concatenate([starts for _, starts in found])


class _Numbers(dict[str, int]):
    """Numbers of words; 0 for a word that the model does not know."""

    def __missing__(self, word: str) -> int:
        return 0


def calibrate(raw: Raw, model: LinearModel) -> Scores:
    """Turn the scores of passages into probabilities of paragraphs, and shares of their text."""
    logits = np.einsum("nkw,kw->nk", raw.best, model.pool_coef) + model.pool_intercept
    speaks = clause_probabilities(raw, model)
    if not len(logits):
        return Scores(logits, logits, logits, logits.astype(np.int64))
    shares = np.add.reduceat(speaks * raw.lengths[:, None], raw.first[:-1], axis=0)
    places = np.arange(len(speaks)) - np.repeat(raw.first[:-1], np.diff(raw.first))
    openings = np.minimum.reduceat(np.where(speaks > _LIKELY, places[:, None], NOWHERE), raw.first[:-1], axis=0)
    return Scores(logits, _probabilities(logits, model), shares, openings)


def clause_probabilities(raw: Raw, model: LinearModel) -> Array:
    """Give the probability that each clause speaks for each topic, shape (n_clauses, n_topics)."""
    return logistic(raw.clauses * model.unit_coef + model.unit_intercept)


def joined(parts: Sequence[Scores]) -> Scores:
    """Put the scores of several batches together."""
    return Scores(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Scores)))


def _probabilities(logits: Array, model: LinearModel) -> Array:
    """Turn logits into probabilities."""
    if model.exclusive:
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))
    return logistic(logits)


def _mean_over_pairs(scores: Array, first: Ints) -> Array:
    """Give each clause the mean score of the passages of two clauses that hold it.

    Parameters
    ----------
    scores : ndarray of shape (n_topics, n_clauses)
        Of the passage that starts at each clause, -inf where none does.
    """
    fits = np.isfinite(scores[0])
    total, count = np.where(fits, scores, 0.0), fits.astype(np.float64)
    reaches = fits[:-1].copy()
    reaches[first[1:-1] - 1] = False  # the only passage of a paragraph of one clause does not reach into the next
    total[:, 1:] += np.where(reaches, scores[:, :-1], 0.0)
    count[1:] += reaches
    return np.asarray(total / count)


def logistic(logits: Array) -> Array:
    """The logistic function, without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))


def _hits(table: LookupTable, keys: Ints, starts: Ints) -> tuple[Ints, Ints]:
    """Look keys up and keep what is found."""
    rows = table.find(keys)
    hit = np.flatnonzero(rows >= 0)
    return rows[hit].astype(np.int64), starts[hit]


def _chunks(units: list[str], stops: Ints) -> Iterator[tuple[int, int]]:
    """Part clauses into chunks of about `CHUNK` characters that begin and end at some of the stops."""
    sizes = np.concatenate(([0], np.cumsum([len(unit) for unit in units])))[stops].tolist()
    start, behind = 0, 0
    for stop, size in zip(stops.tolist(), sizes, strict=True):
        if size - behind >= CHUNK or start < stop == len(units):
            yield start, stop
            start, behind = stop, size


def _joined(texts: list[str]) -> tuple[NDArray[np.uint32], Ints]:
    """Join normalised texts, each followed by a line break that no term reaches over; give points and lengths."""
    points = normal_points("\n".join(texts) + "\n")
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1
    ends = np.cumsum(lengths) - 1
    points[points == ord("\n")] = ord(" ")
    points[ends] = ord("\n")
    return points, lengths


def damping(occurrences: Ints) -> Array:
    """Give what each occurrence of a term counts: (1 + ln n) / n where there are n alike, so that they add to 1 + ln n.

    Examples
    --------
    >>> damping(np.array([7, 3, 7])).round(3).tolist()
    [0.847, 1.0, 0.847]
    """
    _, alike, counts = np.unique(occurrences, return_inverse=True, return_counts=True)
    return np.asarray(((1 + np.log(counts)) / counts)[alike])


def _block_sums(block: Block, rows: Ints, owners: Ints, n: int, counted: Array | None = None) -> _Sums:
    """Sum a block's weights and squares over each owner's terms; one counts 1, or what `counted` says."""

    def total(values: NDArray[np.float32]) -> Array:
        found = values[rows] if counted is None else values[rows] * counted
        return np.asarray(np.bincount(owners, weights=found, minlength=n), dtype=np.float64)

    return _Sums(np.array([total(topic) for topic in block.weights]), total(block.squares))


def _window_scores(sums: list[_Sums], first: Ints, window: int) -> Array:
    """Score the passages of `window` clauses that start at each clause; -inf where there is no room for one.

    A paragraph with fewer clauses has one passage, the whole of it.
    """
    n = int(first[-1])
    counts = np.diff(first)
    starts = np.arange(n)
    last = np.repeat(first[1:], counts)
    ends = np.minimum(starts + window, last) if window else last
    totals = [_Sums(_running(s.weights), _running(s.squares)) for s in sums]
    scores = _normed(
        [_Sums(t.weights[:, ends] - t.weights[:, starts], t.squares[ends] - t.squares[starts]) for t in totals]
    )
    room = ends - starts == window if window else np.zeros(n, dtype=bool)
    room[first[:-1]] = True
    return np.where(room, scores, -np.inf)


def _running(sums: Array) -> Array:
    """Running totals along the last axis, with a 0 in front."""
    zero = np.zeros((*sums.shape[:-1], 1))
    return np.concatenate((zero, np.cumsum(sums, axis=-1)), axis=-1)


def _normed(sums: list[_Sums]) -> Array:
    """Divide every block's sum by its norm and add the blocks up."""
    return np.asarray(sum(s.weights / np.sqrt(np.where(s.squares > _TINY, s.squares, np.inf)) for s in sums))


def _word_keys(terms: NDArray[Any]) -> Ints:
    """Pack the numbers of a term's words into one key."""
    wide = terms.astype(np.int64)
    return np.asarray(wide[:, 0] << _WORD_BITS | wide[:, 1])


def _char_keys(terms: NDArray[Any]) -> Ints:
    """Pack the code points of a term into one key."""
    wide = terms.astype(np.int64)
    return np.asarray(wide[:, 0] << (2 * _POINT_BITS) | wide[:, 1] << _POINT_BITS | wide[:, 2])


def batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Part items into lists of at most `size`."""
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
