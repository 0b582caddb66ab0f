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
Targets = NDArray[np.int64]

_FEWEST = 5  # positives (and negatives) that a calibration of its own needs
_PRIOR_THRESHOLD = 0.4  # where there are too few examples to know better


@dataclass(frozen=True, slots=True)
class Pooling:
    """How passages' scores make a paragraph's logit, and from which probability on a topic is assigned.

    Attributes
    ----------
    coef : ndarray of shape (n_topics, n_windows)
    intercept, thresholds : ndarray of shape (n_topics,)
    unit_coef, unit_intercept : ndarray of shape (n_topics,)
        The same for a single clause.
    """

    coef: Array
    intercept: Array
    thresholds: Array
    unit_coef: Array
    unit_intercept: Array


def fit_pooling(best: Array, targets: Targets, clauses: Array, marked: Targets, exclusive: bool) -> Pooling:
    """Fit the combination on out-of-fold scores.

    Parameters
    ----------
    best : ndarray of shape (n, n_topics, n_windows)
        Best score of each kind of passage, from models that had not seen the paragraph's report.
    targets : ndarray of shape (n, n_topics)
        1 where the paragraph has the topic.
    clauses, marked : ndarray of shape (n_clauses, n_topics)
        Scores of clauses, and 1 where a writer marked the clause; no rows where nobody marked clauses.
    exclusive : bool
        Whether every paragraph has exactly one topic.
    """
    if exclusive:
        return _fit_temperature(best, targets)
    # One slope for all kinds of passages: slopes of their own would lean on the long passages that the reports at hand
    # happen to reward, and lose topics that other texts tell in a single clause.
    width = best.shape[2]
    slope, intercept = _fit_topics(best.mean(axis=2), targets)
    coef = np.repeat(slope[:, None] / width, width, axis=1)
    probabilities = expit(np.einsum("nkw,kw->nk", best, coef) + intercept)
    thresholds = np.array([best_threshold(probabilities[:, k], targets[:, k]) for k in range(targets.shape[1])])
    if not len(marked):
        return Pooling(coef, intercept, thresholds, slope, intercept)
    return Pooling(coef, intercept, thresholds, *_fit_topics(clauses, marked))


def _fit_topics(scores: Array, targets: Targets) -> tuple[Array, Array]:
    """Fit a logistic calibration a topic; with too few examples the scores stand as they are."""
    n_topics = scores.shape[1]
    slope, intercept = np.ones(n_topics), np.zeros(n_topics)
    for k in range(n_topics):
        if min(targets[:, k].sum(), (1 - targets[:, k]).sum()) >= _FEWEST:
            fitted = LogisticRegression(C=1.0).fit(scores[:, [k]], targets[:, k])
            slope[k], intercept[k] = fitted.coef_[0, 0], fitted.intercept_[0]
    return slope, intercept


def _fit_temperature(best: Array, targets: Targets) -> Pooling:
    """Fit one factor for all topics by the likelihood of the softmax."""
    scores = best.mean(axis=2)
    gold = targets.argmax(axis=1)

    def loss(log_factor: float) -> float:
        logits = scores * np.exp(log_factor)
        return float(np.mean(logsumexp(logits, axis=1) - logits[np.arange(len(gold)), gold]))

    factor = float(np.exp(minimize_scalar(loss, bounds=(-4.0, 6.0), method="bounded").x))
    k, width = targets.shape[1], best.shape[2]
    zeros = np.zeros(k)
    return Pooling(np.full((k, width), factor / width), zeros, zeros, np.full(k, factor), zeros)


def best_threshold(probabilities: Array, targets: Targets) -> float:
    """Half the best F1 that any threshold reaches.

    That is the best threshold of calibrated probabilities (Lipton, Elkan and Naryanaswamy, "Optimal thresholding of
    classifiers to maximize F1 measure", 2014), and a steadier one than the threshold that did best on the sample.

    Parameters
    ----------
    probabilities : ndarray of shape (n,)
    targets : ndarray of shape (n,)

    Examples
    --------
    >>> round(best_threshold(np.array([0.9, 0.6, 0.4, 0.1] * 3), np.array([1, 1, 0, 1] * 3)), 3)
    0.429
    """
    if targets.sum() < _FEWEST:
        return _PRIOR_THRESHOLD
    order = np.argsort(-probabilities, kind="stable")
    hits = np.cumsum(targets[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + targets.sum())
    ranked = np.append(probabilities[order], -np.inf)
    last_of_ties = ranked[:-1] > ranked[1:]
    return float(f1[last_of_ties].max() / 2)
