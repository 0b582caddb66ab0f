"""Scores → topics: thresholds, the order of topics and the primary topic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from topics.modeling.linear import LinearModel
from topics.modeling.scoring import Scorer, Scores
from topics.records import OTHER, Prediction


class Predictor:
    """A model that labels paragraphs.

    Parameters
    ----------
    model : LinearModel
        A trained model.

    Raises
    ------
    ModelError
        If the model was made for another segmenter.
    """

    def __init__(self, model: LinearModel) -> None:
        self.model = model
        self.scorer = Scorer(model)

    def predict(self, texts: Sequence[str], headings: Sequence[str] | None = None) -> list[Prediction]:
        """Label paragraphs; see `topics.Model.predict`."""
        return to_predictions(self.scorer.score(texts, headings), self.model)


def to_predictions(scores: Scores, model: LinearModel) -> list[Prediction]:
    """Turn scores into predictions, a paragraph each."""
    chosen = assign(scores.probabilities, model)
    ranked = np.argsort(-scores.probabilities, axis=1, kind="stable")
    primary = primary_topics(chosen, scores.shares)
    names = model.topics
    return [
        Prediction(
            topics=tuple(names[k] for k in order if row[k]),
            primary=names[first] if first >= 0 else OTHER,
            scores=dict(zip(names, probabilities, strict=True)),
        )
        for row, order, first, probabilities in zip(
            chosen.tolist(), ranked.tolist(), primary.tolist(), scores.probabilities.tolist(), strict=True
        )
    ]


def assign(probabilities: NDArray[np.float64], model: LinearModel) -> NDArray[np.bool_]:
    """Choose topics: those above their thresholds, or the most probable one where topics exclude each other.

    Parameters
    ----------
    probabilities : ndarray of shape (n, n_topics)

    Returns
    -------
    ndarray of shape (n, n_topics), dtype bool
    """
    if model.exclusive:
        best = probabilities.argmax(axis=1)
        return np.asarray(best[:, None] == np.arange(len(model.topics)))
    return np.asarray(probabilities > model.thresholds)


def primary_topics(chosen: NDArray[np.bool_], shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Take the chosen topic with the greatest share of the text; -1 where none is chosen.

    Parameters
    ----------
    chosen, shares : ndarray of shape (n, n_topics)

    Returns
    -------
    ndarray of shape (n,), dtype int64
    """
    best = np.where(chosen, shares, -np.inf).argmax(axis=1) if chosen.size else np.zeros(len(chosen), dtype=np.int64)
    return np.where(chosen.any(axis=1), best, -1)
