"""Measures, held against scikit-learn's, and intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import f1_score, precision_score, recall_score

from topics.modeling.metrics import Outcomes, calibration_error, evaluate

FLAGS = hnp.arrays(bool, st.tuples(st.integers(2, 40), st.just(3)))


def outcomes(gold: Any, predicted: Any, groups: list[str] | None = None, right: Any = None) -> Outcomes:
    names = groups or [str(i) for i in range(len(gold))]
    return Outcomes(("a", "b", "c"), gold, predicted, right, predicted.astype(float), names)


@given(FLAGS, st.randoms(use_true_random=False))
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
        if predicted[:, k].any():
            assert entry["precision"] == pytest.approx(precision_score(gold[:, k], predicted[:, k], zero_division=0))


def test_what_is_not_defined_is_none() -> None:
    nothing = np.zeros((3, 3), dtype=bool)
    result = evaluate(outcomes(nothing, nothing))
    assert result["macro_f1"] is None
    assert result["primary_accuracy"] is None
    assert result["per_topic"]["a"] == {"precision": None, "recall": None, "f1": None, "support": 0}


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


def test_calibration_error_of_the_sure_and_wrong() -> None:
    gold = np.array([[True], [False]])
    assert calibration_error(np.array([[1.0], [0.0]]), gold) == 0
    assert calibration_error(np.array([[0.0], [1.0]]), gold) == 1
