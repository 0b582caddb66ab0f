"""Sums a clause → scores of passages, the stretches of some clauses in a row."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def window_scores(sums: Sequence[Array], first: Ints, windows: Collection[int]) -> dict[int, Array]:
    """Score the passages that start at each clause, for passages of several lengths.

    Parameters
    ----------
    sums : sequence of ndarray of shape (n_topics + 1, n_clauses)
        For each block of terms, weights and squares a clause.
    first : ndarray of shape (n_paragraphs + 1,)
        The first clause of each paragraph.
    windows : collection of int
        Lengths in clauses; 0 stands for the whole paragraph. A paragraph with fewer clauses has one passage, the whole
        of it.

    Returns
    -------
    dict of int to ndarray of shape (n_topics, n_clauses)
        The scores for each length; -inf where no passage starts.
    """
    room = np.repeat(first[1:], np.diff(first)) - np.arange(first[-1])
    opening = np.zeros(len(room), dtype=np.bool_)
    opening[first[:-1]] = True
    scores = {}
    if 0 in windows:
        wholes = normed([np.add.reduceat(s, first[:-1], axis=1) for s in sums])
        scores[0] = np.full((len(wholes), len(room)), -np.inf)
        scores[0][:, first[:-1]] = wholes
    totals = [s.copy() for s in sums]
    for size in range(1, max(windows) + 1):
        for total, s in zip(totals, sums, strict=True) if size > 1 else ():
            total[:, : 1 - size] += s[:, size - 1 :] * (room[: 1 - size] >= size)
        if size in windows:
            scores[size] = normed(totals)
            scores[size][:, (room < size) & ~opening] = -np.inf
    return scores


def normed(sums: Sequence[Array]) -> Array:
    """Divide every block's weights by the norm of its terms and add the blocks up; shape (n_topics, n)."""
    parts = [s[:-1] * (1 / np.sqrt(np.where(s[-1] > 0, s[-1], np.inf))) for s in sums]
    return np.asarray(sum(parts[1:], start=parts[0]))


def mean_over_pairs(scores: Array, first: Ints) -> Array:
    """Give each clause the mean score of the passages of two clauses that hold it.

    Parameters
    ----------
    scores : ndarray of shape (n_topics, n_clauses)
        Of the passage that starts at each clause, -inf where none does.
    first : ndarray of shape (n_paragraphs + 1,)
        The first clause of each paragraph.
    """
    fits = np.isfinite(scores[0])
    total, count = np.where(fits, scores, 0.0), fits.astype(np.float64)
    reaches = fits[:-1].copy()
    reaches[first[1:-1] - 1] = False  # the only passage of a paragraph of one clause does not reach into the next
    total[:, 1:] += np.where(reaches, scores[:, :-1], 0.0)
    count[1:] += reaches
    return np.asarray(total / count)
