"""Scores → topics."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from topics.modeling.linear import LinearModel
from topics.modeling.predicting import assign, primary_topics, to_predictions
from topics.modeling.scoring import NOWHERE, Scores


@pytest.fixture
def halves(linear: LinearModel) -> LinearModel:
    """The tiny model with plain thresholds."""
    return replace(linear, thresholds=np.array([0.5, 0.25, 0.875], dtype=np.float32))


def test_topics_above_their_thresholds_most_probable_first(halves: LinearModel) -> None:
    probabilities = np.array([[0.6, 0.8, 0.85], [0.5, 0.25, 0.875], [0.1, 0.41, 0.95]])
    shares = np.array([[9.0, 3.0, 99.0], [1.0, 1.0, 1.0], [0.0, 5.0, 4.0]])
    found = to_predictions(Scores(probabilities, probabilities, shares, np.zeros((3, 3), dtype=np.int64)), halves)
    assert [p.topics for p in found] == [("schools", "roads"), (), ("forests", "schools")]
    assert [p.primary for p in found] == ["roads", "other", "schools"]
    assert found[0].scores == {"roads": 0.6, "schools": 0.8, "forests": 0.85}


def test_where_topics_exclude_each_other_there_is_always_one(halves: LinearModel) -> None:
    probabilities = np.array([[0.2, 0.5, 0.3], [0.0, 0.0, 0.0]])
    assert assign(probabilities, replace(halves, exclusive=True)).sum(axis=1).tolist() == [1, 1]


def test_no_paragraphs() -> None:
    none = np.zeros((0, 3))
    assert primary_topics(none > 0, Scores(none, none, none, none.astype(np.int64))).shape == (0,)


def test_the_topic_told_first_is_primary_where_shares_are_near_equal() -> None:
    chosen = np.ones((3, 2), dtype=bool)
    shares = np.array([[8.0, 10.0], [7.9, 10.0], [10.0, 9.0]])
    openings = np.array([[0, 3], [0, 3], [2, NOWHERE]])
    assert primary_topics(chosen, Scores(shares, shares, shares, openings)).tolist() == [0, 1, 0]
