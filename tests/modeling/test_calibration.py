"""Calibration and thresholds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.modeling.calibration import Pooling, best_threshold, fit_pooling

NO_CLAUSES = np.zeros((0, 1))
NO_MARKS = np.zeros((0, 1), dtype=np.int64)


def logits(pooling: Pooling, best: Any) -> Any:
    """Combine the best scores as a model does."""
    return np.einsum("nkw,kw->nk", best, pooling.coef) + pooling.intercept


def test_probabilities_are_true_to_frequencies() -> None:
    rng = np.random.default_rng(0)
    truth = rng.uniform(-3, 3, size=4000)
    targets = (rng.uniform(size=4000) < 1 / (1 + np.exp(-truth))).astype(np.int64)[:, None]
    pooled = (truth * 5 + 2)[:, None, None]  # scores on a scale of their own
    found = logits(fit_pooling(pooled, targets, NO_CLAUSES, NO_MARKS, exclusive=False), pooled)[:, 0]
    assert np.abs(found - truth).mean() < 0.15


def test_one_temperature_where_topics_exclude_each_other() -> None:
    rng = np.random.default_rng(1)
    truth = rng.normal(scale=2, size=(4000, 3))
    chances = np.exp(truth) / np.exp(truth).sum(axis=1, keepdims=True)
    gold = [rng.choice(3, p=p) for p in chances]
    pooled = (truth / 4)[:, :, None]
    pooling = fit_pooling(pooled, np.eye(3, dtype=np.int64)[gold], NO_CLAUSES, NO_MARKS, exclusive=True)
    assert pooling.coef[:, 0] == pytest.approx([4, 4, 4], rel=0.15)
    assert pooling.thresholds.tolist() == [0, 0, 0]


def test_a_topic_with_few_examples_keeps_its_scores() -> None:
    pooled = np.linspace(-1, 1, 20).reshape(20, 1, 1)
    targets = np.zeros((20, 1), dtype=np.int64)
    targets[-4:] = 1
    pooling = fit_pooling(pooled, targets, NO_CLAUSES, NO_MARKS, exclusive=False)
    assert logits(pooling, pooled) == pytest.approx(pooled[:, :, 0])
    assert pooling.thresholds.tolist() == [0.4]


def test_marked_clauses_have_a_calibration_of_their_own() -> None:
    rng = np.random.default_rng(2)
    truth = rng.uniform(-3, 3, size=(4000, 1))
    marked = (rng.uniform(size=(4000, 1)) < 1 / (1 + np.exp(-truth))).astype(np.int64)
    best = np.linspace(-1, 1, 20).reshape(20, 1, 1)
    pooling = fit_pooling(best, (best[:, :, 0] > 0).astype(np.int64), truth * 2 - 1, marked, exclusive=False)
    assert pooling.unit_coef == pytest.approx([0.5], abs=0.05)
    assert pooling.unit_intercept == pytest.approx([0.5], abs=0.1)


LEVELS = (0.125, 0.25, 0.375, 0.5, 0.75, 1.0)


@given(st.lists(st.tuples(st.sampled_from(LEVELS), st.booleans()), min_size=12, max_size=60))
def test_the_threshold_is_half_the_best_f1(pairs: list[tuple[float, bool]]) -> None:
    p, y = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs], dtype=np.int64)
    threshold = best_threshold(p, y)
    if y.sum() < 5:
        assert threshold == 0.4
    else:
        assert threshold == pytest.approx(max(f1(y, p > level) for level in (0, *LEVELS)) / 2)


def f1(gold: Any, predicted: Any) -> float:
    return float(2 * (gold & predicted).sum() / (gold.sum() + predicted.sum()))
