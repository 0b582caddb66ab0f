"""From the scores of passages to the probability of a paragraph, and thresholds; both from out-of-fold scores.

Logistic calibration after Platt, "Probabilistic outputs for support vector machines" (1999), over the best score of
each kind of passage; one temperature for topics that exclude each other (Guo et al., ICML 2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit, logsumexp
from sklearn.linear_model import LogisticRegression

Array = NDArray[np.float64]

_FEWEST = 5  # positives (and negatives) that a calibration of its own needs
_DEFAULT_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Pooling:
    """How passages' scores make a paragraph's logit, and from which probability on a topic is assigned.

    Attributes
    ----------
    coef : ndarray of shape (n_topics, n_windows)
    intercept, thresholds : ndarray of shape (n_topics,)
    """

    coef: Array
    intercept: Array
    thresholds: Array

    def logits(self, pooled: Array) -> Array:
        """Combine pooled scores of shape (n, n_topics, n_windows) into logits of shape (n, n_topics)."""
        return np.asarray(np.einsum("nkw,kw->nk", pooled, self.coef) + self.intercept)

    def unit_probabilities(self, scores: Array) -> Array:
        """Take sentences, of scores of shape (n_units, n_topics), as paragraphs of their own."""
        return np.asarray(expit(scores * self.coef.sum(axis=1) + self.intercept))


def fit_pooling(pooled: Array, targets: NDArray[np.int64], exclusive: bool) -> Pooling:
    """Fit the combination on out-of-fold scores.

    Parameters
    ----------
    pooled : ndarray of shape (n, n_topics, n_windows)
        Best score of each kind of passage, from models that had not seen the paragraph's report.
    targets : ndarray of shape (n, n_topics)
        1 where the paragraph has the topic.
    exclusive : bool
        Whether every paragraph has exactly one topic.
    """
    if exclusive:
        return _fit_temperature(pooled, targets)
    rows = [_fit_topic(pooled[:, k], targets[:, k]) for k in range(targets.shape[1])]
    coef, intercept = np.array([c for c, _ in rows]), np.array([b for _, b in rows])
    probabilities = expit(np.einsum("nkw,kw->nk", pooled, coef) + intercept)
    thresholds = [best_threshold(probabilities[:, k], targets[:, k]) for k in range(targets.shape[1])]
    return Pooling(coef, intercept, np.array(thresholds))


def _fit_topic(pooled: Array, targets: NDArray[np.int64]) -> tuple[Array, float]:
    """Fit one topic's logistic calibration; without enough examples the scores stand as they are."""
    width = pooled.shape[1]
    if min(targets.sum(), len(targets) - targets.sum()) < _FEWEST:
        return np.full(width, 1.0 / width), 0.0
    fitted = LogisticRegression(C=1.0).fit(pooled, targets)
    return fitted.coef_[0], float(fitted.intercept_[0])


def _fit_temperature(pooled: Array, targets: NDArray[np.int64]) -> Pooling:
    """Fit one factor for all topics by the likelihood of the softmax."""
    scores = pooled.mean(axis=2)
    gold = targets.argmax(axis=1)

    def loss(log_factor: float) -> float:
        logits = scores * np.exp(log_factor)
        return float(np.mean(logsumexp(logits, axis=1) - logits[np.arange(len(gold)), gold]))

    factor = float(np.exp(minimize_scalar(loss, bounds=(-4.0, 6.0), method="bounded").x))
    k, width = targets.shape[1], pooled.shape[2]
    return Pooling(np.full((k, width), factor / width), np.zeros(k), np.zeros(k))


def best_threshold(probabilities: Array, targets: NDArray[np.int64]) -> float:
    """The threshold of the best F1, drawn half-way to one half because the best of a sample overfits it.

    Parameters
    ----------
    probabilities : ndarray of shape (n,)
    targets : ndarray of shape (n,)

    Examples
    --------
    >>> best_threshold(np.array([0.9, 0.6, 0.4, 0.1] * 3), np.array([1, 1, 1, 0] * 3))
    0.375
    """
    if targets.sum() < _FEWEST:
        return _DEFAULT_THRESHOLD
    order = np.argsort(-probabilities, kind="stable")
    hits = np.cumsum(targets[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + targets.sum())
    ranked = np.append(probabilities[order], 0.0)
    last_of_ties = ranked[:-1] > ranked[1:]
    best = int(np.argmax(np.where(last_of_ties, f1, -1.0)))
    return float(((ranked[best] + ranked[best + 1]) / 2 + _DEFAULT_THRESHOLD) / 2)
