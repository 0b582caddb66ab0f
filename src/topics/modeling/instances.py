"""What a fit learns from: counted clauses and labelled passages.

Their texts and terms stay behind, so that little travels to other processes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from joblib import delayed
from numpy.typing import NDArray
from scipy import sparse

from topics.modeling.counting import Kept, Matrix, frequent, most_telling, summed, weighted
from topics.modeling.fitting import fit_topics
from topics.modeling.parameters import Parameters
from topics.modeling.spreading import Tell, spread

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weights:
    """Fitted weights: for every field the terms kept and their coefficients; and the intercepts."""

    kept: list[Kept]
    coef: list[Array]
    intercept: Array


@dataclass(frozen=True, slots=True)
class Instances:
    """Labelled passages of counted clauses.

    Attributes
    ----------
    parameters : Parameters
    counts : list of csr_matrix
        Of words, of characters (a row a clause) and of words of headings (a row an example).
    first : ndarray of shape (n_examples + 1,), dtype int64
        The first clause of each example, and the number of clauses.
    passages : ndarray of shape (n_passages, 3), dtype int64
        Example, first clause, clause after the last.
    labels : ndarray of shape (n_passages, n_topics), dtype int64
    certain : ndarray of shape (n_passages,), dtype bool
        Whether the labels are more than carried down from the example.
    """

    parameters: Parameters
    counts: list[Matrix]
    first: Ints
    passages: Ints
    labels: Ints
    certain: NDArray[np.bool_]

    def fit_each(self, parts: Sequence[Ints], tell: Tell | None = None) -> list[Weights]:
        """Fit on each of several choices of examples, on all cores where that is worth it; see `fit`."""
        return spread([delayed(self.fit)(learn) for learn in parts], len(self.passages), tell)

    def fit(self, learn: Ints) -> Weights:
        """Fit terms, idf and one classifier a topic on some of the examples."""
        chosen = np.isin(self.passages[:, 0], learn)
        passages, labels = self.passages[chosen], self.labels[chosen]
        units = np.concatenate([np.arange(self.first[i], self.first[i + 1]) for i in learn])
        kept = [
            frequent(counts[rows], self.parameters.min_df)
            for counts, rows in zip(self.counts, (units, units, learn), strict=True)
        ]
        counts = self._counts(passages, kept)
        widths = np.cumsum([c.shape[1] for c in counts])
        if widths[-1] > self.parameters.max_terms:
            most = np.split(most_telling(self._fields(counts, kept), labels, self.parameters.max_terms), widths[:-1])
            counts = [c[:, terms] for c, terms in zip(counts, most, strict=True)]
            kept = [k.where(terms) for k, terms in zip(kept, most, strict=True)]
        X = sparse.hstack(list(self._fields(counts, kept))).tocsr()
        coef, intercept = fit_topics(X, labels, self.certain[chosen], passages[:, 0], self.parameters.C)
        parts = np.split(coef, np.cumsum([len(k.columns) for k in kept])[:-1], axis=1)
        return Weights(kept, parts, intercept)

    def _counts(self, passages: Ints, kept: list[Kept]) -> list[Matrix]:
        """The counts of passages, of the terms that are kept of every field."""
        owner, start, end = passages.T
        words, chars, heading = (counts[:, k.columns] for counts, k in zip(self.counts, kept, strict=True))
        return [summed(words, start, end), summed(chars, start, end), summed(heading, owner, owner + 1)]

    def _fields(self, counts: list[Matrix], kept: list[Kept]) -> Iterator[Matrix]:
        """Give the feature rows of each field, scaled."""
        damped = (self.parameters.whole, self.parameters.whole, False)  # headings repeat little
        for field, k, weight, damp in zip(counts, kept, self.parameters.scale, damped, strict=True):
            yield weighted(field, k.idf, weight, damped=damp)
