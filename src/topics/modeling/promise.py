"""The promise of precision: which predictions can stand, and which a person should see.

A model carries, from its out-of-fold scores, a formula for the probability that a primary topic is right and, for
falling thresholds of it, what precision can be promised above each. `topics.modeling.promise_fitting` makes it; here it
is applied, with NumPy alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topics.errors import ModelError, UsageError
from topics.modeling.linear import LinearModel
from topics.modeling.predicting import assign, primary_topics
from topics.modeling.scoring import Scores
from topics.records import Mark, Prediction

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

AUTO, REVIEW = "auto", "review"
N_FEATURES = 8
SUMMARISED = (0.9, 0.95, 0.98, 0.99)
_FARTHEST = 6.0  # logits beyond this say nothing more
_SLACK = 0.02  # share of a text that is as good as none


@dataclass(frozen=True, slots=True)
class Signals:
    """What the probability that a primary topic is right is worked out from.

    Attributes
    ----------
    probabilities, shares : ndarray of shape (n, n_topics)
    chosen : ndarray of shape (n, n_topics), dtype bool
    primary : ndarray of shape (n,), dtype int64
        Column of the primary topic, -1 for `other`.
    lengths : ndarray of shape (n,)
        Characters of the paragraphs.
    """

    probabilities: Array
    shares: Array
    chosen: Flags
    primary: Ints
    lengths: Ints

    @classmethod
    def of(cls, scores: Scores, lengths: Sequence[int], model: LinearModel) -> Signals:
        """Choose topics as predictions do, and keep what they were chosen from."""
        chosen = assign(scores.probabilities, model)
        primary = primary_topics(chosen, scores)
        return cls(scores.probabilities, scores.shares, chosen, primary, np.asarray(lengths, dtype=np.int64))

    def take(self, rows: Ints) -> Signals:
        """Give the signals of some of the paragraphs."""
        return Signals(
            self.probabilities[rows], self.shares[rows], self.chosen[rows], self.primary[rows], self.lengths[rows]
        )

    def features(self) -> Array:
        """The formula's terms, shape (n, N_FEATURES).

        For a topic: its logit, the best other topic's logit, how the two greatest shares of the text compare, and both
        shares. For `other`: that it is, the best topic's logit, and the share of text that speaks for any topic.
        """
        p = np.clip(self.probabilities, 1e-9, 1 - 1e-9)
        logits = np.clip(np.log(p / (1 - p)), -_FARTHEST, _FARTHEST)
        shares = self.shares / np.maximum(self.lengths, 1)[:, None]
        other = self.primary < 0
        own, own_share = (_taken(values, self.primary) for values in (logits, shares))
        rival, rival_share = (_best_but(values, self.primary) for values in (logits, shares))
        margin = np.clip(np.log((own_share + _SLACK) / (rival_share + _SLACK)), -3, 3)
        for_topic = np.stack([own, rival, margin, own_share, rival_share], axis=1) * ~other[:, None]
        for_other = np.stack([np.ones(len(p)), rival, shares.sum(axis=1)], axis=1) * other[:, None]
        return np.concatenate((for_topic, for_other), axis=1)


@dataclass(frozen=True, slots=True)
class Ladder:
    """For falling thresholds: the precision that can be promised from each on, and the share of predictions above it.

    Attributes
    ----------
    thresholds, precision, share : tuple of float
        Of the same length.
    """

    thresholds: tuple[float, ...]
    precision: tuple[float, ...]
    share: tuple[float, ...]

    def reach(self, precision: float) -> tuple[float | None, float]:
        """The threshold for a precision, None if there is none, and the share of predictions above it."""
        held = self.threshold(precision)
        return (held, self.share[self.thresholds.index(held)]) if held in self.thresholds else (None, 0.0)

    def threshold(self, precision: float) -> float:
        """The lowest threshold that the promise reaches down to; infinite where it does not hold at the top.

        Steps are tested from the most confident on and the first failure ends it, so that the whole of the steps errs
        no more often than one (fixed sequence testing: Angelopoulos et al., "Learn then test", 2021).

        Examples
        --------
        >>> Ladder((0.9, 0.8, 0.7), (0.97, 0.96, 0.90), (0.4, 0.6, 0.8)).threshold(0.95)
        0.8
        """
        held = float("inf")
        for threshold, promised in zip(self.thresholds, self.precision, strict=True):
            if promised < precision:
                break
            held = threshold
        return held

    def record(self) -> dict[str, list[float]]:
        """Give the ladder as plain values."""
        return {"thresholds": list(self.thresholds), "precision": list(self.precision), "share": list(self.share)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Ladder:
        """Rebuild a ladder and check that its parts fit."""
        parts = [tuple(float(x) for x in record[name]) for name in ("thresholds", "precision", "share")]
        if len({len(part) for part in parts}) != 1 or not np.isfinite(parts).all():
            raise ValueError("promise")
        return cls(*parts)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a model can promise.

    Attributes
    ----------
    weights : tuple of float
        Weights of `Signals.features` and, last, the constant.
    primary : Ladder
        Of primary topics, `other` included, by the probability that they are right.
    topics : dict of str to Ladder
        Of the labels of each topic, by the topic's probability.
    """

    weights: tuple[float, ...]
    primary: Ladder
    topics: dict[str, Ladder]

    def confidence(self, signals: Signals) -> Array:
        """Probability that each primary topic is right, shape (n,)."""
        logits = signals.features() @ np.array(self.weights[:-1]) + self.weights[-1]
        return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)))

    def summary(self) -> dict[str, Any]:
        """For some precisions: the threshold of the promise and the share of out-of-fold predictions above it."""
        return {f"{p:g}": dict(zip(("threshold", "share"), self.primary.reach(p), strict=True)) for p in SUMMARISED}

    def record(self) -> dict[str, Any]:
        """Give the promise as plain values, as models persist it."""
        topics = {topic: ladder.record() for topic, ladder in self.topics.items()}
        return {"weights": list(self.weights), "primary": self.primary.record(), "topics": topics}

    @classmethod
    def from_record(cls, record: object, topics: Sequence[str]) -> Promise | None:
        """Rebuild what `record` gave; None where the model has no promise.

        Raises
        ------
        ModelError
            If a part is missing or does not fit the model.
        """
        if record is None:
            return None
        try:
            promise = cls(
                tuple(float(w) for w in record["weights"]),  # type: ignore[index]
                Ladder.from_record(record["primary"]),  # type: ignore[index]
                {topic: Ladder.from_record(record["topics"][topic]) for topic in topics},  # type: ignore[index]
            )
            if len(promise.weights) != N_FEATURES + 1 or not np.isfinite(promise.weights).all():
                raise ValueError("weights")
        except (KeyError, ValueError, TypeError) as error:
            raise ModelError(f"its promise of precision is damaged ({error}); restore the file") from None
        return promise


@dataclass(frozen=True, slots=True)
class Gate:
    """A promise at one precision: marks predictions ``auto`` or ``review``.

    Parameters
    ----------
    promise : Promise
        The model's promise.
    precision : float
        What is to be kept.
    """

    promise: Promise
    precision: float

    def mark(
        self, predictions: Sequence[Prediction], scores: Scores, lengths: Sequence[int], model: LinearModel
    ) -> list[Prediction]:
        """Add confidence, status and labels to predictions."""
        signals = Signals.of(scores, lengths, model)
        floor = self.promise.primary.threshold(self.precision)
        floors = {topic: ladder.threshold(self.precision) for topic, ladder in self.promise.topics.items()}
        marked = []
        for prediction, confidence in zip(predictions, self.promise.confidence(signals).tolist(), strict=True):
            scores_of = {topic: prediction.scores[topic] for topic in prediction.topics}
            labels = {topic: Mark(p, _status(p, floors[topic])) for topic, p in scores_of.items()}
            marked.append(replace(prediction, confidence=confidence, status=_status(confidence, floor), labels=labels))
        return marked


def check_precision(precision: float) -> float:
    """Refuse a precision that nobody can mean.

    Raises
    ------
    UsageError
        If it is not above 0.5 and below 1.
    """
    if not 0.5 < precision < 1:
        raise UsageError(f"--precision {precision:g}: give a share above 0.5 and below 1, such as 0.95")
    return precision


def _status(probability: float, floor: float) -> str:
    """Tell whether the promise reaches a prediction."""
    return AUTO if probability >= floor else REVIEW


def _taken(values: Array, columns: Ints) -> Array:
    """One value a row; where the column is -1 the value does not matter."""
    return np.asarray(values[np.arange(len(values)), np.maximum(columns, 0)])


def _best_but(values: Array, columns: Ints) -> Array:
    """The greatest value a row outside one column (of all columns where it is -1); the least value if there is none."""
    masked = np.where(np.arange(values.shape[1]) == columns[:, None], values.min(), values)
    return np.asarray(masked.max(axis=1))
