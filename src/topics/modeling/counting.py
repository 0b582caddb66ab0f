"""Counts of terms, as sparse matrices: from every clause to the feature rows of passages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.feature_selection import chi2

Matrix = Any  # scipy.sparse.csr_matrix; scipy has no types
Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Field:
    """Counts of all terms of one field and kind.

    Attributes
    ----------
    terms : list of tuple of str
        The term of each column.
    counts : csr_matrix of shape (n_clauses, n_terms)
        A row a clause (or a paragraph's heading).
    """

    terms: list[tuple[str, ...]]
    counts: Matrix


@dataclass(frozen=True, slots=True)
class Kept:
    """The terms of a field that are learned from.

    Attributes
    ----------
    columns : ndarray of shape (n_kept,), dtype int64
    idf : ndarray of shape (n_kept,), dtype float64
        Inverse document frequency.
    """

    columns: Ints
    idf: Array

    def where(self, chosen: NDArray[np.bool_]) -> Kept:
        """Keep some of them."""
        return Kept(self.columns[chosen], self.idf[chosen])


def count(texts: list[str], analyzer: Callable[[str], Iterable[tuple[str, ...]]]) -> Field:
    """Count the terms of every text."""
    if not any(True for text in texts for _ in analyzer(text)):
        return Field([], sparse.csr_matrix((len(texts), 0)))
    vectorizer = CountVectorizer(analyzer=analyzer, dtype=np.float64)
    counts = vectorizer.fit_transform(texts)
    return Field(sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__), counts)


def frequent(counts: Matrix, min_df: int) -> Kept:
    """Choose the terms that are frequent enough, and weigh them by smoothed inverse document frequency."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    keep = np.flatnonzero(frequency >= min_df)
    return Kept(keep, np.log((1 + counts.shape[0]) / (1 + frequency[keep])) + 1)


def most_telling(fields: Iterable[Matrix], labels: Ints, n: int) -> NDArray[np.bool_]:
    """Choose the terms that depend most on the topics, by the chi-square statistic (Yang and Pedersen, ICML 1997).

    Parameters
    ----------
    fields : iterable of csr_matrix of shape (n_passages, n_terms)
        The feature rows, field by field.
    labels : ndarray of shape (n_passages, n_topics)
    n : int
        How many, of all fields together.

    Returns
    -------
    ndarray of shape (sum of n_terms,), dtype bool
    """
    filled = [chi2(rows, labels)[0] for rows in fields if rows.shape[1]]
    dependence = np.nan_to_num(np.concatenate(filled))
    chosen = np.zeros(len(dependence), dtype=bool)
    chosen[np.argsort(-dependence, kind="stable")[:n]] = True
    return chosen


def summed(counts: Matrix, starts: Ints, ends: Ints) -> Matrix:
    """Add up the counts of stretches of clauses.

    Parameters
    ----------
    counts : csr_matrix of shape (n_clauses, n_terms)
    starts, ends : ndarray of shape (n_passages,)
        First clause of each stretch, and clause after the last.
    """
    return _stretches(starts, ends, counts.shape[0]) @ counts


def weighted(counts: Matrix, idf: Array, weight: float, *, damped: bool = False) -> Matrix:
    """The feature rows of counts: TF-IDF, divided by its norm.

    Parameters
    ----------
    counts : csr_matrix of shape (n_passages, n_terms)
    idf : ndarray of shape (n_terms,)
    weight : float
        Of the field.
    damped : bool
        Whether a term that stands n times counts 1 + ln n times.

    Returns
    -------
    csr_matrix of shape (n_passages, n_terms)
        The norm is that of a bag in which every occurrence stands for itself: its square is the sum of the squares of
        the weights of all occurrences, which adds up clause by clause, so that passages cost nothing to score.
    """
    values = 1 + np.log(counts.data) if damped else counts.data
    rows = sparse.csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape)
    scale = weight / np.sqrt(np.maximum(rows @ idf**2, _TINY))
    rows.data = values * idf[rows.indices] * np.repeat(scale, np.diff(rows.indptr))
    return rows


def _stretches(starts: Ints, ends: Ints, width: int) -> Matrix:
    """The matrix that adds up rows: entry (i, j) is 1 from ``starts[i]`` to before ``ends[i]``."""
    lengths = ends - starts
    indptr = np.append(0, np.cumsum(lengths))
    indices = np.arange(indptr[-1]) + np.repeat(starts - indptr[:-1], lengths)
    return sparse.csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(starts), width))
