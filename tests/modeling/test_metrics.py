"""Measures, held against scikit-learn's, and intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score

from topics.modeling.metrics import NO_TOPIC, UNKNOWN, Outcomes, calibration_error, evaluate

FLAGS = hnp.arrays(bool, st.tuples(st.integers(2, 40), st.just(3)))


def outcomes(
    gold: Any, predicted: Any, groups: list[str] | None = None, right: Any = None, scores: Any = None
) -> Outcomes:
    names = groups or [str(i) for i in range(len(gold))]
    primary = np.full(len(gold), UNKNOWN) if right is None else np.zeros(len(gold), dtype=np.int64)
    given = np.zeros(len(gold), dtype=np.int64) if right is None else np.where(right, 0, NO_TOPIC)
    probabilities = predicted.astype(float) if scores is None else scores
    return Outcomes(("a", "b", "c"), gold, predicted, primary, given, probabilities, names)


@given(FLAGS, st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_figures_are_scikit_learn_s(gold: Any, random: Any) -> None:
    predicted = np.array([[random.random() < 0.5 for _ in row] for row in gold])
    result = evaluate(outcomes(gold, predicted))
    supported = [k for k in range(3) if gold[:, k].any()]
    if supported:
        each = f1_score(gold, predicted, average=None, zero_division=0)
        assert result["macro_f1"] == pytest.approx(np.mean([each[k] for k in supported]))
    if gold.any() or predicted.any():
        assert result["micro_f1"] == pytest.approx(f1_score(gold, predicted, average="micro", zero_division=0))
    for k, name in enumerate("abc"):
        entry = result["per_topic"][name]
        assert entry["support"] == gold[:, k].sum()
        if gold[:, k].any():
            assert entry["recall"] == pytest.approx(recall_score(gold[:, k], predicted[:, k]))
        if gold[:, k].any() and predicted[:, k].any():
            assert entry["precision"] == pytest.approx(precision_score(gold[:, k], predicted[:, k], zero_division=0))


def test_what_is_not_defined_is_none() -> None:
    nothing = np.zeros((3, 3), dtype=bool)
    result = evaluate(outcomes(nothing, nothing))
    assert result["macro_f1"] is None
    assert result["primary_accuracy"] is None
    undefined = {"precision": None, "recall": None, "f1": None, "average_precision": None, "support": 0}
    assert result["per_topic"]["a"] == undefined
    assert result["intervals"]["per_topic"]["a"]["f1"] == [None, None]
    assert result["confusion"] is None


def test_a_topic_without_support_has_no_figure_though_it_was_predicted() -> None:
    gold = np.array([[False, True, True]] * 6)
    result = evaluate(outcomes(gold, ~gold | True))
    assert result["per_topic"]["a"]["precision"] is None
    assert result["macro_f1"] == 1.0


@given(FLAGS, st.integers(0, 2**32 - 1))
def test_average_precision_is_scikit_learn_s(gold: Any, seed: int) -> None:
    scores = np.random.default_rng(seed).integers(0, 8, gold.shape) / 7  # with ties
    result = evaluate(outcomes(gold, scores > 0.5, scores=scores))
    for k, name in enumerate("abc"):
        if gold[:, k].any():
            expected = average_precision_score(gold[:, k], scores[:, k])
            assert result["per_topic"][name]["average_precision"] == pytest.approx(expected)


def test_average_precision_of_very_many_scores_is_close() -> None:
    rng = np.random.default_rng(1)
    gold = rng.random((6000, 3)) < 0.2
    scores = rng.random((6000, 3)) * 0.5 + gold * 0.4
    result = evaluate(outcomes(gold, scores > 0.5, scores=scores))
    expected = average_precision_score(gold[:, 0], scores[:, 0])
    assert result["per_topic"]["a"]["average_precision"] == pytest.approx(expected, abs=2e-3)


def test_confusion_counts_labels_by_row_and_predictions_by_column() -> None:
    flags = np.ones((4, 3), dtype=bool)
    primary, given = np.array([0, 1, NO_TOPIC, UNKNOWN]), np.array([0, 2, 1, 0])
    result = evaluate(Outcomes(("a", "b", "c"), flags, flags, primary, given, flags.astype(float), list("wxyz")))
    assert result["confusion"] == {
        "topics": ["a", "b", "c", "other"],
        "counts": [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [0, 1, 0, 0]],
    }
    assert result["primary_accuracy"] == pytest.approx(1 / 3)


def test_reliability_sets_predicted_beside_observed() -> None:
    gold = np.array([[True, False, False]] * 4 + [[False, False, False]] * 4)
    scores = np.full(gold.shape, 0.05)
    scores[:, 0] = 0.45
    bins = evaluate(outcomes(gold, scores > 0.5, scores=scores))["reliability"]
    assert [(b["low"], b["n"]) for b in bins] == [(0.0, 16), (0.4, 8)]
    assert bins[1]["observed"] == pytest.approx(0.5)
    assert bins[1]["predicted"] == pytest.approx(0.45)


def test_intervals_hold_the_figure_and_widen_with_the_groups() -> None:
    rng = np.random.default_rng(0)
    gold = rng.random((200, 3)) < 0.4
    wrong = np.repeat(rng.random((20, 1)) < 0.3, 10, axis=0)  # whole reports go wrong together
    predicted = gold ^ (wrong & (rng.random((200, 3)) < 0.8))
    right = ~wrong[:, 0]
    by_row = evaluate(outcomes(gold, predicted, right=right))
    by_report = evaluate(outcomes(gold, predicted, [str(i // 10) for i in range(200)], right))
    for name in ("macro_f1", "micro_f1", "primary_accuracy"):
        low, high = by_report["intervals"][name]
        assert low <= by_report[name] <= high
        assert by_report[name] == pytest.approx(by_row[name])
        assert high - low > np.diff(by_row["intervals"][name])[0]
    assert (by_report["groups"], by_row["groups"]) == (20, 200)


def test_no_figure_is_certain_where_all_is_right() -> None:
    gold = np.random.default_rng(0).random((60, 3)) < 0.4
    reports = [str(i // 2) for i in range(60)]
    result = evaluate(outcomes(gold, gold, reports, np.ones(60, dtype=bool), scores=gold.astype(float)))
    for name in ("macro_f1", "micro_f1", "mean_average_precision", "primary_accuracy"):
        low, high = result["intervals"][name]
        assert (result[name], high) == (1.0, 1.0)
        assert low == pytest.approx(0.025 ** (1 / 30), abs=0.03)
    low, high = result["reliability"][-1]["interval"]
    assert (low < 0.95, high) == (True, 1.0)


def test_calibration_error_of_the_sure_and_wrong() -> None:
    gold = np.array([[True], [False]])
    assert calibration_error(np.array([[1.0], [0.0]]), gold) == 0
    assert calibration_error(np.array([[0.0], [1.0]]), gold) == 1
