"""The promise of precision: fitted, persisted, kept."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from topics.errors import ModelError, UsageError
from topics.modeling.metrics import Outcomes
from topics.modeling.promise import Gate, Ladder, Promise, Signals, check_precision
from topics.modeling.promise_checking import check_promise, coverage_curve
from topics.modeling.promise_fitting import error_bound, fit_promise

TOPICS = ("a", "b", "c")


def world(seed: int, reports: int = 200) -> tuple[Signals, Outcomes]:
    """Paragraphs whose labels follow their probabilities, in reports that differ."""
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(reports), 10)
    n = len(owner)
    logits = rng.normal(-4, 8, (n, 3)) + rng.normal(0, 0.3, reports)[owner][:, None]
    p = 1 / (1 + np.exp(-logits))
    gold = rng.random((n, 3)) < p
    shares = p * rng.uniform(0.2, 1, (n, 3)) * 100
    chosen = p > 0.5
    primary, truth = (np.where(f.any(axis=1), np.where(f, shares, -1.0).argmax(axis=1), -1) for f in (chosen, gold))
    found = Outcomes(TOPICS, gold, chosen, truth, primary, p, [str(i) for i in owner])
    return Signals(p, shares, chosen, primary, np.full(n, 100)), found


def fitted(seed: int) -> Promise:
    signals, found = world(seed)
    return fit_promise(signals, found.primary_correct, found.gold, found.groups, TOPICS)


def test_a_promise_is_kept_on_new_reports() -> None:
    signals, found = world(100, reports=1000)
    for seed in range(5):
        promise = fitted(seed)
        for precision in (0.9, 0.95):
            gate = Gate(promise, precision)
            checked = check_promise([(gate, np.arange(len(found.gold)))], promise.confidence(signals), found)
            assert checked["primary"]["verdict"] == "kept"
            assert checked["primary"]["share"] > 0.25
            assert all(entry["verdict"] in ("kept", "nothing automatic") for entry in checked["topics"].values())


def test_confidence_is_calibrated() -> None:
    signals, found = world(7, reports=1000)
    confidence = fitted(1).confidence(signals)
    for low, high in ((0.5, 0.7), (0.7, 0.9), (0.9, 1.0)):
        inside = (confidence >= low) & (confidence < high)
        assert found.primary_correct[inside].mean() == pytest.approx(confidence[inside].mean(), abs=0.06)


def test_the_bound_is_clopper_and_pearson_s_for_paragraphs_of_their_own() -> None:
    wrong = np.arange(200) < 10
    assert error_bound(wrong, np.arange(200), 0.95) == pytest.approx(beta.ppf(0.95, 11, 190), rel=0.01)


def test_errors_that_come_together_make_the_bound_wider() -> None:
    wrong = np.arange(200) < 10
    assert error_bound(wrong, np.arange(200) // 10) > error_bound(wrong, np.arange(200)) + 0.02


def test_the_ladder_ends_at_its_first_failure() -> None:
    ladder = Ladder((0.9, 0.8, 0.7), (0.96, 0.90, 0.97), (0.3, 0.5, 0.9))
    assert ladder.threshold(0.95) == 0.9
    assert ladder.reach(0.95) == (0.9, 0.3)
    assert ladder.threshold(0.99) == math.inf
    assert ladder.reach(0.99) == (None, 0.0)


@given(st.floats(0.51, 0.98), st.floats(0.51, 0.98))
def test_more_precision_never_means_more_automatic(one: float, two: float) -> None:
    ladder = PROMISE.primary
    assert ladder.threshold(min(one, two)) <= ladder.threshold(max(one, two))


PROMISE = fitted(0)


def test_a_promise_comes_back_as_it_was_stored() -> None:
    assert Promise.from_record(PROMISE.record(), TOPICS) == PROMISE
    assert Promise.from_record(None, TOPICS) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda r: r.pop("weights"),
        lambda r: r.update(weights=[1.0]),
        lambda r: r.update(weights="x" * 9),
        lambda r: r["weights"].__setitem__(0, math.nan),
        lambda r: r["primary"].update(precision=[0.5]),
        lambda r: r["primary"]["share"].__setitem__(0, math.inf),
        lambda r: r.update(topics={}),
        lambda r: r.update(topics=[]),
    ],
)
def test_a_damaged_promise_is_refused(damage: Any) -> None:
    record = PROMISE.record()
    damage(record)
    with pytest.raises(ModelError, match="promise of precision is damaged"):
        Promise.from_record(record, TOPICS)


@pytest.mark.parametrize("precision", [0.0, 0.5, 1.0, -1.0, 95.0, math.nan, math.inf])
def test_precisions_that_nobody_can_mean(precision: float) -> None:
    with pytest.raises(UsageError, match=r"above 0\.5 and below 1"):
        check_precision(precision)


def test_too_few_examples_promise_nothing() -> None:
    signals, found = world(0, reports=2)
    promise = fit_promise(signals, found.primary_correct, found.gold, found.groups, TOPICS)
    assert promise.primary.threshold(0.9) == math.inf
    assert set(Gate(promise, 0.9).promise.topics) == set(TOPICS)


def test_all_right_and_all_wrong_can_be_fitted() -> None:
    signals, found = world(0, reports=20)
    for right in (np.ones(200, dtype=bool), np.zeros(200, dtype=bool)):
        promise = fit_promise(signals, right, found.gold, found.groups, TOPICS)
        assert np.isfinite(promise.confidence(signals)).all()
    assert promise.primary.threshold(0.9) == math.inf


def test_the_coverage_curve_ends_at_the_accuracy() -> None:
    signals, found = world(3)
    curve = coverage_curve(PROMISE.confidence(signals), found)
    assert curve[-1]["share"] == 1.0
    assert curve[-1]["precision"] == pytest.approx(found.primary_correct.mean())
    assert curve[10]["precision"] > curve[-1]["precision"]
    assert [p["confidence"] for p in curve] == sorted((p["confidence"] for p in curve), reverse=True)
