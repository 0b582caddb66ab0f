"""Scores → topics."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from topics.modeling.linear import LinearModel
from topics.modeling.predicting import assign, primary_topics, to_predictions
from topics.modeling.scoring import Scores


@pytest.fixture
def halves(linear: LinearModel) -> LinearModel:
    """The tiny model with plain thresholds."""
    return replace(linear, thresholds=np.array([0.5, 0.25, 0.875], dtype=np.float32))


def test_topics_above_their_thresholds_most_probable_first(halves: LinearModel) -> None:
    probabilities = np.array([[0.6, 0.8, 0.85], [0.5, 0.25, 0.875], [0.1, 0.41, 0.95]])
    shares = np.array([[9.0, 3.0, 99.0], [1.0, 1.0, 1.0], [0.0, 5.0, 4.0]])
    found = to_predictions(Scores(probabilities, probabilities, shares), halves)
    assert [p.topics for p in found] == [("schools", "roads"), (), ("forests", "schools")]
    assert [p.primary for p in found] == ["roads", "other", "schools"]
    assert found[0].scores == {"roads": 0.6, "schools": 0.8, "forests": 0.85}


def test_where_topics_exclude_each_other_there_is_always_one(halves: LinearModel) -> None:
    probabilities = np.array([[0.2, 0.5, 0.3], [0.0, 0.0, 0.0]])
    assert assign(probabilities, replace(halves, exclusive=True)).sum(axis=1).tolist() == [1, 1]


def test_no_paragraphs() -> None:
    assert primary_topics(np.zeros((0, 3), dtype=bool), np.zeros((0, 3))).shape == (0,)
