"""Feature rows of passages → a linear support-vector classifier a topic.

A label that is only carried down from a paragraph is taken back, in a few rounds, where the classifier itself sees no
sign of the topic (multiple-instance learning as in mi-SVM: Andrews, Tsochantaridis and Hofmann, NIPS 2002).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import LinearSVC

Matrix = Any  # scipy.sparse.csr_matrix; scipy has no types
Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_CARRY_DOWN_ROUNDS = 2
_TOLERANCE = 0.03


def fit_topics(X: Matrix, labels: Ints, certain: NDArray[np.bool_], owners: Ints, C: float) -> tuple[Array, Array]:
    """Fit one classifier a topic.

    Parameters
    ----------
    X : csr_matrix of shape (n_passages, n_terms)
    labels : ndarray of shape (n_passages, n_topics)
    certain : ndarray of shape (n_passages,)
        Whether a passage's labels are more than carried down.
    owners : ndarray of shape (n_passages,)
        The paragraph of each passage.
    C : float
        Inverse strength of regularisation.

    Returns
    -------
    coef : ndarray of shape (n_topics, n_terms)
    intercept : ndarray of shape (n_topics,)
    """
    fitted = [_fit_topic(X, y, certain, owners, C) for y in labels.T]
    return np.array([coef for coef, _ in fitted]), np.array([intercept for _, intercept in fitted])


def _fit_topic(X: Matrix, labels: Ints, certain: NDArray[np.bool_], owners: Ints, C: float) -> tuple[Array, float]:
    """Fit one topic's classifier, taking carried-down labels back where the fit gives no sign of the topic."""
    y = labels.copy()
    coef, intercept = _fit_linear(X, y, C)
    doubtful = np.flatnonzero(~certain & (labels == 1))
    for _ in range(_CARRY_DOWN_ROUNDS if len(doubtful) else 0):
        scores = X[doubtful] @ coef + intercept
        best = np.full(int(owners.max()) + 1, -np.inf)
        np.maximum.at(best, owners[doubtful], scores)
        y[doubtful] = (scores > 0) | (scores == best[owners[doubtful]])
        coef, intercept = _fit_linear(X, y, C)
    return coef, intercept


def _fit_linear(X: Matrix, y: Ints, C: float) -> tuple[Array, float]:
    """Fit a linear support-vector classifier; a constant where there is nothing to tell apart, or to tell it by.

    Topics are not fitted in threads: liblinear's dual solver, by far the faster one here, draws from one random state
    for the whole process, and the same input has to give the same bytes.
    """
    if y.min() == y.max() or not X.shape[1]:
        return np.zeros(X.shape[1]), 10.0 if y.max() else -10.0
    fitted = LinearSVC(C=C, tol=_TOLERANCE, dual=True, random_state=0).fit(X, y)
    return fitted.coef_[0], float(fitted.intercept_[0])
