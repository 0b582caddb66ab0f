"""From out-of-fold predictions to a promise of precision.

The upper bound of the share of errors is exact (Clopper and Pearson, 1934) on as many trials as paragraphs from shared
reports are worth (Korn and Graubard, "Confidence intervals for proportions with small expected number of positive
counts estimated from survey data", 1998). It is then doubled: the promise is to hold for any mix of reports in
which none weighs more than twice what it weighs among the examples (the robust error of Duchi and Namkoong, "Learning
models with uniform performance via distributionally robust optimization", 2021, is at most twice the mean error).
Reports to be labelled differ from those learned from, and the doubling is what measurements on found reports call for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from topics.modeling.promise import Array, Flags, Ladder, Promise, Signals

LEVEL = 0.9
SHIFT = 2.0

_FOLDS = 5
_STEPS = 100
_TOP = 0.25  # share of the predictions with which the ladder begins: fewer could not bear a promise
_FEWEST = 30


def fit_promise(signals: Signals, right: Flags, gold: Flags, groups: Sequence[str], topics: Sequence[str]) -> Promise:
    """Fit a promise on out-of-fold predictions.

    Parameters
    ----------
    signals : Signals
        Out-of-fold.
    right : ndarray of shape (n,), dtype bool
        Whether the primary topic is right.
    gold : ndarray of shape (n, n_topics), dtype bool
    groups : sequence of str, length n
        The report of each paragraph.
    topics : sequence of str
        Names of the columns.
    """
    _, owner = np.unique(np.asarray(groups), return_inverse=True)
    features = signals.features()
    confidence = np.empty(len(right))
    fold = np.random.default_rng(0).permutation(int(owner.max()) + 1)[owner] % _FOLDS
    for held_out in (fold == f for f in np.unique(fold)):
        confidence[held_out] = _confidence(features[held_out], _fit(features[~held_out], right[~held_out]))
    ladders = {
        topic: _ladder(signals.probabilities[rows, k], gold[rows, k], owner[rows])
        for k, topic in enumerate(topics)
        for rows in [signals.chosen[:, k]]
    }
    return Promise(tuple(_fit(features, right).tolist()), _ladder(confidence, right, owner), ladders)


def _fit(features: Array, right: Flags) -> Array:
    """Fit the formula: its weights and, last, the constant."""
    from sklearn.linear_model import LogisticRegression

    if len(right) == 0 or right.all() or not right.any():
        constant = np.log((right.sum() + 1) / ((~right).sum() + 1))
        return np.append(np.zeros(features.shape[1]), constant)
    fitted = LogisticRegression(C=1.0, max_iter=5000).fit(features, right)
    return np.append(fitted.coef_[0], fitted.intercept_[0])


def _confidence(features: Array, weights: Array) -> Array:
    """Apply the formula."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * (features @ weights[:-1] + weights[-1]))))


def _ladder(confidence: Array, right: Flags, owner: np.ndarray) -> Ladder:
    """Bound the precision above falling thresholds."""
    n = len(confidence)
    if n < _FEWEST:
        return Ladder((), (), ())
    order = np.argsort(-confidence, kind="stable")
    counts = np.unique(np.ceil(np.linspace(_TOP, 1, _STEPS) * n).astype(int))
    thresholds = confidence[order[counts - 1]]
    steps = [(float(t), confidence >= t) for t in dict.fromkeys(thresholds.tolist())]
    bounds = [max(0.0, 1 - SHIFT * error_bound(~right[above], owner[above])) for _, above in steps]
    return Ladder(tuple(t for t, _ in steps), tuple(bounds), tuple(float(above.mean()) for _, above in steps))


def error_bound(wrong: Flags, owner: np.ndarray, level: float = LEVEL) -> float:
    """Upper bound of the share of errors, one-sided, for paragraphs that come from shared reports.

    Parameters
    ----------
    wrong : ndarray of shape (n,), dtype bool
    owner : ndarray of shape (n,)
        The report of each.
    level : float
        Confidence in the bound.

    Examples
    --------
    >>> round(error_bound(np.zeros(100, dtype=bool), np.arange(100), 0.95), 4)
    0.0295
    """
    from scipy.stats import beta

    n, share = len(wrong), float(wrong.mean())
    _, number = np.unique(owner, return_inverse=True)
    sums = np.bincount(number, weights=wrong - share)
    clustered = len(sums) / max(1, len(sums) - 1) * float((sums**2).sum())
    worth = n / max(1.0, clustered / (n * share * (1 - share))) if 0 < share < 1 else float(n)
    return float(beta.ppf(level, share * worth + 1, max(1e-9, (1 - share) * worth)))
