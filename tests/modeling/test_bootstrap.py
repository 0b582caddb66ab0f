"""Intervals by resampling reports."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.modeling.bootstrap import DRAWS, resampling
from topics.modeling.metrics import ratio


def test_sums_of_the_sample_come_first() -> None:
    draws = resampling(["a", "a", "b", "c", "d", "e"])
    sums = draws.sums(np.arange(12.0).reshape(6, 2))
    assert sums.shape == (1 + DRAWS + 5, 2)
    assert sums[0].tolist() == [30.0, 36.0]
    assert sums[-1].tolist() == [20.0, 25.0]  # without the last group
    assert draws.weights.sum(axis=1).tolist() == [5.0] * (DRAWS + 1) + [4.0] * 5


def test_few_reports_are_resampled_by_paragraph_and_it_says_so() -> None:
    assert resampling(["a"] * 10 + ["b"] * 10).unit == "paragraph"
    assert resampling([str(i) for i in range(20)]).unit == "paragraph"
    assert resampling([str(i // 4) for i in range(20)]).unit == "report"


def test_few_reports_are_called_rough() -> None:
    assert resampling([str(i // 2) for i in range(38)]).rough
    assert not resampling([str(i // 2) for i in range(40)]).rough


def test_very_many_groups_stay_small_and_give_the_same_width() -> None:
    values = np.random.default_rng(0).random(20000)
    draws = resampling([str(i) for i in range(20000)])
    low, high = draws.interval(draws.sums(values) / draws.sums(np.ones(20000)))
    assert draws.n_groups == 1000
    assert low is not None
    assert high is not None
    assert high - low == pytest.approx(2 * 1.96 * values.std() / np.sqrt(20000), rel=0.15)


@given(st.integers(1, 60))
def test_all_right_is_not_certain(n: int) -> None:
    draws = resampling([str(i) for i in range(n)])
    trials = np.ones(n, dtype=bool)
    low, high = draws.share_interval(ratio(draws.sums(trials), draws.sums(trials)), trials)
    assert high == 1.0
    assert low == pytest.approx(0.025 ** (1 / n))  # Clopper and Pearson


def test_what_is_not_defined_has_no_interval() -> None:
    draws = resampling(["a", "b", "c"])
    assert draws.interval(np.full(1 + DRAWS + 3, np.nan)) == [None, None]


def test_an_interval_is_about_as_wide_as_theory_says() -> None:
    values = np.random.default_rng(3).normal(size=400)
    draws = resampling([str(i) for i in range(400)])
    low, high = draws.interval(draws.sums(values) / 400)
    assert low is not None
    assert high is not None
    assert low < values.mean() < high
    assert high - low == pytest.approx(2 * 1.966 * values.std(ddof=1) / 20, rel=0.08)
