"""Scores → topics: thresholds, the order of topics and the primary topic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from topics.modeling.linear import LinearModel
from topics.modeling.scoring import NOWHERE, Scorer, Scores
from topics.records import OTHER, Prediction

_NEAR_EQUAL = 1.25  # the first topic is primary from four fifths of the greatest share on (codebook, rule 26)


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
    primary = primary_topics(chosen, scores)
    names = model.topics
    return [
        Prediction(
            topics=tuple([names[k] for k in order if row[k]]) if first >= 0 else (),
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


def primary_topics(chosen: NDArray[np.bool_], scores: Scores) -> NDArray[np.int64]:
    """Take the chosen topic with the greatest share of the text; -1 where none is chosen.

    Where shares are near equal, the topic that is told first is taken, as the codebook has it.

    Parameters
    ----------
    chosen : ndarray of shape (n, n_topics)
    scores : Scores
        Of the same paragraphs.

    Returns
    -------
    ndarray of shape (n,), dtype int64
    """
    if not chosen.size:
        return np.full(len(chosen), -1)
    shares = np.where(chosen, scores.shares, -1.0)
    near = chosen & (shares * _NEAR_EQUAL >= shares.max(axis=1, keepdims=True))
    earliest = np.where(near, scores.openings, NOWHERE + 1)
    first = near & (earliest == earliest.min(axis=1, keepdims=True))
    return np.where(chosen.any(axis=1), np.where(first, shares, -2.0).argmax(axis=1), -1)
