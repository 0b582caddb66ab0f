"""Evaluation: measures from labels and predictions, each with an interval by report from `bootstrap`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topics.modeling.bootstrap import Array, Bounds, Ints, Resampling, resampling
from topics.records import OTHER

Flags = NDArray[np.bool_]

NO_TOPIC, UNKNOWN = -1, -2
"""Primary topics that are no column: `other`, and one that the labels do not tell."""

MEASURES = ("precision", "recall", "f1", "average_precision")
TOTALS = ("macro_f1", "micro_f1", "primary_accuracy", "mean_average_precision", "ece")
_BINS = 10
_MOST_SCORES = 1024


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Labels and predictions of the same paragraphs.

    Attributes
    ----------
    topics : tuple of str
        Names of the columns.
    gold, predicted : ndarray of shape (n, n_topics), dtype bool
    primary_gold, primary_predicted : ndarray of shape (n,), dtype int64
        Columns of the primary topics; `NO_TOPIC` for `other`, `UNKNOWN` where the labels do not tell.
    probabilities : ndarray of shape (n, n_topics)
    groups : sequence of str, length n
        The report of each paragraph.
    """

    topics: tuple[str, ...]
    gold: Flags
    predicted: Flags
    primary_gold: Ints
    primary_predicted: Ints
    probabilities: Array
    groups: Sequence[str]

    @property
    def told(self) -> Flags:
        """Whether the labels tell the primary topic, a paragraph."""
        return np.asarray(self.primary_gold != UNKNOWN)

    @property
    def primary_correct(self) -> Flags:
        """Whether the primary topic is right, a paragraph."""
        return np.asarray(self.primary_gold == self.primary_predicted)

    def take(self, rows: NDArray[np.generic]) -> Outcomes:
        """Give the outcomes of some of the paragraphs."""
        return Outcomes(
            self.topics,
            self.gold[rows],
            self.predicted[rows],
            self.primary_gold[rows],
            self.primary_predicted[rows],
            self.probabilities[rows],
            [str(g) for g in np.asarray(self.groups)[rows]],
        )


def evaluate(outcomes: Outcomes, seed: int = 0) -> dict[str, Any]:
    """Measure predictions against labels.

    Parameters
    ----------
    outcomes : Outcomes
        What was labelled and what was predicted.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    dict
        ``n``, ``groups``, ``macro_f1`` and ``mean_average_precision`` (over the topics with support), ``micro_f1``,
        ``primary_accuracy``, ``ece``, ``per_topic`` (topic → precision, recall, f1, average_precision, support),
        ``intervals`` (measure → [low, high]), ``interval_unit``, ``intervals_rough`` (whether reports are too few for
        good intervals), ``confusion`` and ``reliability``. A measure that is not defined is None.
    """
    draws = resampling(outcomes.groups, seed)
    measured = measures(outcomes, draws)
    support = outcomes.gold.sum(axis=0)
    per_topic = {
        topic: {m: number(measured[m][0, k]) for m in MEASURES} | {"support": int(support[k])}
        for k, topic in enumerate(outcomes.topics)
    }
    return {
        "n": len(outcomes.gold),
        "groups": len(set(outcomes.groups)),
        **{name: number(measured[name][0]) for name in TOTALS},
        "per_topic": per_topic,
        "interval_unit": draws.unit,
        "intervals_rough": draws.rough,
        "intervals": _intervals(outcomes, measured, draws),
        "confusion": confusion(outcomes),
        "reliability": reliability(outcomes, draws),
    }


def measures(outcomes: Outcomes, draws: Resampling) -> dict[str, Array]:
    """Work out every measure on the sample and on every draw.

    Returns
    -------
    dict of str to ndarray
        Of `MEASURES` shape (n_samples, n_topics), of `TOTALS` shape (n_samples,); see `Resampling.weights`.
    """
    hits, predicted, gold = (
        draws.sums(flags) for flags in (outcomes.gold & outcomes.predicted, outcomes.predicted, outcomes.gold)
    )
    f1 = np.where(gold > 0, ratio(2 * hits, predicted + gold), np.nan)
    average = np.stack(
        [_average_precision(outcomes.probabilities[:, k], outcomes.gold[:, k], draws) for k in range(gold.shape[1])],
        axis=1,
    )
    told = outcomes.told
    return {
        "precision": np.where(gold[0] > 0, ratio(hits, predicted), np.nan),
        "recall": ratio(hits, gold),
        "f1": f1,
        "average_precision": average,
        "macro_f1": _mean(f1),
        "micro_f1": ratio(2 * hits.sum(axis=1), (predicted + gold).sum(axis=1)),
        "primary_accuracy": ratio(draws.sums(outcomes.primary_correct & told), draws.sums(told)),
        "mean_average_precision": _mean(average),
        "ece": _calibration_errors(outcomes.probabilities, outcomes.gold, draws),
    }


def _intervals(outcomes: Outcomes, measured: dict[str, Array], draws: Resampling) -> dict[str, Any]:
    """The interval of every measure."""
    gold, predicted = outcomes.gold, outcomes.predicted
    trials = dict.fromkeys(MEASURES, gold) | {"precision": predicted}
    of_totals: dict[str, Flags] = {
        "macro_f1": np.asarray((gold | predicted).any(axis=1)),
        "micro_f1": np.asarray((gold | predicted).any(axis=1)),
        "mean_average_precision": np.asarray(gold.any(axis=1)),
        "primary_accuracy": outcomes.told,
    }

    def of(measure: str, k: int) -> Bounds:
        return draws.share_interval(measured[measure][:, k], trials[measure][:, k])

    return {
        **{name: draws.share_interval(measured[name], tried) for name, tried in of_totals.items()},
        "ece": draws.interval(measured["ece"]),
        "per_topic": {topic: {m: of(m, k) for m in MEASURES} for k, topic in enumerate(outcomes.topics)},
    }


def _average_precision(scores: Array, gold: Flags, draws: Resampling) -> Array:
    """Average precision on every draw: precision at each hit, averaged over the hits; ties count as one step.

    Above `_MOST_SCORES` different scores they are taken together by rank, which moves the figure by less than 0.001.
    """
    _, place = np.unique(-scores, return_inverse=True)
    n_places = int(place.max()) + 1
    if n_places > _MOST_SCORES:
        place, n_places = place * _MOST_SCORES // n_places, _MOST_SCORES
    cell, shape = draws.owner * n_places + place, (draws.n_groups, n_places)
    hits, every = (
        draws.weights @ np.bincount(cell, weights=weights, minlength=shape[0] * shape[1]).reshape(shape)
        for weights in (gold.astype(np.float64), np.ones(len(gold)))
    )
    precision = ratio(np.cumsum(hits, axis=1), np.cumsum(every, axis=1))
    return ratio(np.nansum(precision * hits, axis=1), hits.sum(axis=1))


def calibration_error(probabilities: Array, gold: Flags) -> float:
    """Expected calibration error over all pairs of paragraph and topic (Naeini et al., AAAI 2015).

    Parameters
    ----------
    probabilities, gold : ndarray of shape (n, n_topics)

    Examples
    --------
    >>> calibration_error(np.array([[0.25], [0.25], [0.25], [0.25]]), np.array([[1], [0], [0], [0]], dtype=bool))
    0.0
    """
    gaps, _ = _bin_sums(probabilities, gold)
    return float(np.abs(gaps.sum(axis=0)).sum() / max(1, probabilities.size))


def _bin_sums(probabilities: Array, gold: Flags) -> tuple[Array, Array]:
    """Sum, a paragraph and bin of probability: probability less truth, and the number of pairs."""
    which = np.minimum((probabilities * _BINS).astype(int), _BINS - 1)
    rows = np.broadcast_to(np.arange(len(which))[:, None], which.shape)
    gaps, pairs = np.zeros((len(which), _BINS)), np.zeros((len(which), _BINS))
    np.add.at(gaps, (rows, which), probabilities - gold)
    np.add.at(pairs, (rows, which), 1.0)
    return gaps, pairs


def _calibration_errors(probabilities: Array, gold: Flags, draws: Resampling) -> Array:
    """Calibration error on every draw."""
    gaps, pairs = (draws.sums(sums) for sums in _bin_sums(probabilities, gold))
    return ratio(np.abs(gaps).sum(axis=1), pairs.sum(axis=1))


def reliability(outcomes: Outcomes, draws: Resampling) -> list[dict[str, Any]]:
    """Set predicted beside observed shares, a bin of probability (a reliability diagram's points).

    Returns
    -------
    list of dict
        ``low`` and ``high`` (the bin), ``n`` (pairs of paragraph and topic in it), ``predicted``, ``observed`` and its
        ``interval``; bins without pairs are left out.
    """
    own_gaps, own_pairs = _bin_sums(outcomes.probabilities, outcomes.gold)
    own_means, _ = _bin_sums(outcomes.probabilities, np.zeros_like(outcomes.gold))
    gaps, pairs, means = (draws.sums(sums) for sums in (own_gaps, own_pairs, own_means))
    predicted, observed = ratio(means, pairs), ratio(means - gaps, pairs)
    return [
        {
            "low": b / _BINS,
            "high": (b + 1) / _BINS,
            "n": int(pairs[0, b]),
            "predicted": float(predicted[0, b]),
            "observed": float(observed[0, b]),
            "interval": draws.share_interval(observed[:, b], own_pairs[:, b]),
        }
        for b in range(_BINS)
        if pairs[0, b]
    ]


def confusion(outcomes: Outcomes) -> dict[str, Any] | None:
    """Count how often which primary topic was taken for which; None where the labels tell none.

    Returns
    -------
    dict or None
        ``topics`` (the columns, `other` last) and ``counts`` (a row a gold topic, a column a predicted one).
    """
    told = outcomes.told
    if not told.any():
        return None
    size = len(outcomes.topics) + 1
    counts = np.zeros((size, size), dtype=np.int64)
    np.add.at(counts, (outcomes.primary_gold[told], outcomes.primary_predicted[told]), 1)  # -1, other, is the last
    return {"topics": [*outcomes.topics, OTHER], "counts": counts.tolist()}


def ratio(over: Array, under: Array) -> Array:
    """Divide; nothing over nothing is not a number."""
    return np.asarray(np.divide(over, under, out=np.full(np.shape(over), np.nan), where=under > 0))


def number(value: float) -> float | None:
    """A figure, or None where it is not defined."""
    return float(value) if np.isfinite(value) else None


def _mean(values: Array) -> Array:
    """The mean over the topics that have the measure."""
    known = np.isfinite(values)
    return ratio(np.where(known, values, 0.0).sum(axis=1), known.sum(axis=1).astype(np.float64))
