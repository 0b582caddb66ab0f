"""Evaluation: measures from labels and predictions, with cluster-bootstrap intervals.

Resampling takes whole reports, because paragraphs of one report resemble each other and a bootstrap over paragraphs
would promise too much (Cameron, Gelbach and Miller, "Bootstrap-based improvements for inference with clustered errors",
2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Array = NDArray[np.float64]

_DRAWS = 2000
_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Labels and predictions of the same paragraphs.

    Attributes
    ----------
    topics : tuple of str
        Names of the columns.
    gold, predicted : ndarray of shape (n, n_topics), dtype bool
    primary_correct : ndarray of shape (n,), dtype bool, or None
        Whether the primary topic is right; None where the labels do not tell it.
    probabilities : ndarray of shape (n, n_topics)
    groups : sequence of str, length n
        The report of each paragraph.
    """

    topics: tuple[str, ...]
    gold: Flags
    predicted: Flags
    primary_correct: Flags | None
    probabilities: Array
    groups: Sequence[str]


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
        ``n``, ``groups``, ``macro_f1`` (over the topics with support), ``micro_f1``, ``primary_accuracy``, ``ece``,
        ``per_topic`` (topic → precision, recall, f1, support) and ``intervals`` (measure → [low, high]).
    """
    counts, n_groups = _group_counts(outcomes)
    figures = _figures(counts.sum(axis=0)[None], outcomes)
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=_DRAWS)
    resampled = _figures(np.einsum("dg,gcm->dcm", draws, counts), outcomes)
    per_topic = {topic: _topic_entry(figures, k, outcomes) for k, topic in enumerate(outcomes.topics)}
    result: dict[str, Any] = {"n": len(outcomes.gold), "groups": n_groups}
    for name in ("macro_f1", "micro_f1", "primary_accuracy"):
        result[name] = _number(figures[name][0])
    result["ece"] = calibration_error(outcomes.probabilities, outcomes.gold)
    result["per_topic"] = per_topic
    result["intervals"] = {name: _interval(resampled[name]) for name in ("macro_f1", "micro_f1", "primary_accuracy")}
    result["intervals"]["per_topic"] = {
        topic: {m: _interval(resampled[m][:, k]) for m in ("precision", "recall", "f1")}
        for k, topic in enumerate(outcomes.topics)
    }
    return result


def calibration_error(probabilities: Array, gold: Flags, bins: int = 10) -> float:
    """Expected calibration error over all pairs of paragraph and topic (Naeini et al., AAAI 2015).

    Parameters
    ----------
    probabilities, gold : ndarray of shape (n, n_topics)
    bins : int
        Number of bins of equal width.

    Examples
    --------
    >>> calibration_error(np.array([[0.25], [0.25], [0.25], [0.25]]), np.array([[1], [0], [0], [0]], dtype=bool))
    0.0
    """
    p, y = probabilities.ravel(), gold.ravel()
    which = np.minimum((p * bins).astype(int), bins - 1)
    gaps = np.abs(np.bincount(which, weights=p - y, minlength=bins))
    return float(gaps.sum() / max(1, len(p)))


def _group_counts(outcomes: Outcomes) -> tuple[Array, int]:
    """Count, a group: hits, predictions and labels a topic, and in the last column rows and right primary topics."""
    _, owner = np.unique(np.asarray(outcomes.groups), return_inverse=True)
    n_groups = int(owner.max()) + 1
    right = np.zeros(len(owner)) if outcomes.primary_correct is None else outcomes.primary_correct
    rows = [outcomes.gold & outcomes.predicted, outcomes.predicted, outcomes.gold]
    table = np.stack([r.astype(float) for r in rows], axis=2)  # (n, n_topics, 3)
    last = np.stack([np.ones(len(owner)), right, np.zeros(len(owner))], axis=1)[:, None, :]
    counts = np.zeros((n_groups, table.shape[1] + 1, 3))
    np.add.at(counts, owner, np.concatenate((table, last), axis=1))
    return counts, n_groups


def _figures(counts: Array, outcomes: Outcomes) -> dict[str, Array]:
    """Work out the measures for every draw of shape (n_draws, n_topics + 1, 3)."""
    hits, predicted, gold = (counts[:, :-1, i] for i in range(3))
    f1 = _ratio(2 * hits, predicted + gold)
    supported = np.where(gold > 0, f1, np.nan)
    known = outcomes.primary_correct is not None
    with np.errstate(invalid="ignore"):
        macro = np.nansum(supported, axis=1) / np.sum(gold > 0, axis=1)
    return {
        "precision": _ratio(hits, predicted),
        "recall": _ratio(hits, gold),
        "f1": f1,
        "macro_f1": macro,
        "micro_f1": _ratio(2 * hits.sum(axis=1), (predicted + gold).sum(axis=1)),
        "primary_accuracy": _ratio(counts[:, -1, 1], counts[:, -1, 0]) if known else np.full(len(counts), np.nan),
    }


def _ratio(over: Array, under: Array) -> Array:
    """Divide; nothing over nothing is not a number."""
    return np.asarray(np.divide(over, under, out=np.full(over.shape, np.nan), where=under > 0))


def _topic_entry(figures: dict[str, Array], k: int, outcomes: Outcomes) -> dict[str, float | int | None]:
    """The measures of one topic; a topic that no label has gets None for what support is needed for."""
    support = int(outcomes.gold[:, k].sum())
    entry: dict[str, float | int | None] = {m: _number(figures[m][0, k]) for m in ("precision", "recall", "f1")}
    if not support:
        entry |= {"recall": None, "f1": None}
    return entry | {"support": support}


def _interval(values: Array) -> list[float | None]:
    """The percentile interval of what the draws gave."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return [None, None]
    edge = (1 - _LEVEL) / 2 * 100
    return [float(x) for x in np.percentile(finite, [edge, 100 - edge])]


def _number(value: float) -> float | None:
    """A figure, or None where it is not defined."""
    return float(value) if np.isfinite(value) else None
