"""Whether a promise of precision was kept, and what each share of automatic labels costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from topics.modeling.bootstrap import Array, Ints, Resampling, resampling
from topics.modeling.metrics import Flags, Outcomes, number, ratio
from topics.modeling.promise import Gate

KEPT, KEPT_WITHIN, BROKEN, NOTHING = "kept", "kept within its interval", "broken", "nothing automatic"
_CURVE_POINTS = 50


def check_promise(gates: Sequence[tuple[Gate, Ints]], confidence: Array, found: Outcomes) -> dict[str, Any]:
    """Compare a promise with labels.

    Parameters
    ----------
    gates : sequence of (Gate, ndarray of int)
        Promises, all at one precision, each with the paragraphs it is checked on.
    confidence : ndarray of shape (n,)
        Probability that each primary topic is right.
    found : Outcomes
        Labels and predictions.

    Returns
    -------
    dict
        ``precision`` (promised), ``primary`` and ``topics`` (topic → …), each with ``n`` (checked), ``auto``,
        ``share``, ``observed`` precision among those, its ``interval`` and ``verdict``.
    """
    auto = np.zeros(len(confidence), dtype=bool)
    labels = np.zeros_like(found.predicted)
    for gate, rows in gates:
        auto[rows] = confidence[rows] >= gate.promise.primary.threshold(gate.precision)
        for k, topic in enumerate(found.topics):
            floor = gate.promise.topics[topic].threshold(gate.precision)
            labels[rows, k] = found.predicted[rows, k] & (found.probabilities[rows, k] >= floor)
    precision = gates[0][0].precision
    draws = resampling(found.groups)
    return {
        "precision": precision,
        "primary": _check(found.told, auto & found.told, found.primary_correct, precision, draws),
        "topics": {
            topic: _check(found.predicted[:, k], labels[:, k], found.gold[:, k], precision, draws)
            for k, topic in enumerate(found.topics)
        },
    }


def _check(every: Flags, auto: Flags, right: Flags, precision: float, draws: Resampling) -> dict[str, Any]:
    """Compare one promise with labels."""
    observed = ratio(draws.sums(auto & right), draws.sums(auto))
    interval = draws.share_interval(observed, auto)
    return {
        "n": int(every.sum()),
        "auto": int(auto.sum()),
        "share": number(auto.sum() / max(1, every.sum())),
        "observed": number(observed[0]),
        "interval": interval,
        "verdict": _verdict(number(observed[0]), interval[1], precision),
    }


def _verdict(observed: float | None, high: float | None, precision: float) -> str:
    """Say whether a promise was kept."""
    if observed is None:
        return NOTHING
    if observed >= precision:
        return KEPT
    return KEPT_WITHIN if high is not None and high >= precision else BROKEN


def coverage_curve(confidence: Array, found: Outcomes) -> list[dict[str, Any]]:
    """Precision of the primary topic against the share of paragraphs, the surest first.

    Returns
    -------
    list of dict
        ``share``, ``precision``, its ``interval``, and the ``confidence`` of the least sure paragraph.
    """
    told = np.flatnonzero(found.told)
    order = told[np.argsort(-confidence[told], kind="stable")]
    draws = resampling(found.groups)
    points = []
    for count in np.unique(np.ceil(np.linspace(1 / _CURVE_POINTS, 1, _CURVE_POINTS) * len(order)).astype(int)):
        chosen = np.zeros(len(confidence), dtype=bool)
        chosen[order[:count]] = True
        precision = ratio(draws.sums(chosen & found.primary_correct), draws.sums(chosen))
        points.append(
            {
                "share": float(count / len(order)),
                "precision": float(precision[0]),
                "interval": draws.share_interval(precision, chosen),
                "confidence": float(confidence[order[count - 1]]),
            }
        )
    return points
