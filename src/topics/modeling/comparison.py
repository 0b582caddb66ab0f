"""Two sets of predictions of the same paragraphs: which is better, if the labels can tell."""

from __future__ import annotations

from typing import Any

import numpy as np

from topics.modeling.bootstrap import Array, Bounds, resampling
from topics.modeling.metrics import Outcomes, measures, number

BETTER, WORSE, CANNOT_TELL, NO_SUPPORT = "better", "worse", "cannot tell", "no support"

_TOTALS = ("macro_f1", "micro_f1", "mean_average_precision", "primary_accuracy")


def compare(a: Outcomes, b: Outcomes, seed: int = 0) -> dict[str, Any]:
    """Compare predictions with the same labels by a paired bootstrap over reports.

    Parameters
    ----------
    a, b : Outcomes
        Of the same paragraphs in the same order.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    dict
        ``n``, ``groups``, ``interval_unit``, ``intervals_rough``, ``totals`` and ``per_topic`` (by F1): measure or
        topic → ``a``, ``b``, ``difference`` (b less a), its ``interval`` and ``verdict`` on b: better, worse, cannot
        tell or no support. ``verdict`` is that of macro-F1.

    Notes
    -----
    Both are measured on the same draws, so that what is hard for both does not widen the interval of the difference.
    """
    draws = resampling(a.groups, seed)
    of_a, of_b = measures(a, draws), measures(b, draws)

    def entry(first: Array, second: Array) -> dict[str, Any]:
        interval = draws.interval(second - first)
        return {
            "a": number(first[0]),
            "b": number(second[0]),
            "difference": number(second[0] - first[0]),
            "interval": interval,
            "verdict": verdict(interval),
        }

    totals = {name: entry(of_a[name], of_b[name]) for name in _TOTALS}
    return {
        "n": len(a.gold),
        "groups": len(set(a.groups)),
        "interval_unit": draws.unit,
        "intervals_rough": draws.rough,
        "verdict": totals["macro_f1"]["verdict"],
        "totals": totals,
        "per_topic": {
            topic: entry(of_a["f1"][:, k], of_b["f1"][:, k]) | {"support": int(a.gold[:, k].sum())}
            for k, topic in enumerate(a.topics)
        },
    }


def verdict(interval: Bounds) -> str:
    """Say what the interval of a difference tells.

    Examples
    --------
    >>> verdict([0.01, 0.04]), verdict([-0.02, 0.01]), verdict([None, None])
    ('better', 'cannot tell', 'no support')
    """
    low, high = interval
    if low is None or high is None:
        return NO_SUPPORT
    return BETTER if low > 0 else WORSE if high < 0 else CANNOT_TELL


def differing(a: Outcomes, b: Outcomes) -> list[int]:
    """The paragraphs to which the two give other topics or another primary topic; those that one has right first."""
    differ = (a.predicted != b.predicted).any(axis=1) | (a.primary_predicted != b.primary_predicted)
    errors = [(x.predicted != x.gold).sum(axis=1) + (~x.primary_correct & x.told) for x in (a, b)]
    gap = np.abs(errors[0] - errors[1])
    return sorted(np.flatnonzero(differ).tolist(), key=lambda i: -int(gap[i]))
