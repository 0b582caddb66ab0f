"""Population stability and unknown words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.modeling.drift import population_stability, unknown_share, words_of

COUNTS = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 10**6), min_size=1)


@given(COUNTS)
def test_equal_shares_have_no_drift(counts: dict[str, int]) -> None:
    total = sum(counts.values())
    shares = {name: n / total for name, n in counts.items()} if total else {}
    assert population_stability(shares, counts) == pytest.approx(0, abs=1e-9)


@given(COUNTS, COUNTS)
def test_it_is_a_finite_distance(expected: dict[str, int], counts: dict[str, int]) -> None:
    total = max(sum(expected.values()), 1)
    index = population_stability({name: n / total for name, n in expected.items()}, counts)
    assert math.isfinite(index)
    assert index >= -1e-9


def test_the_formula() -> None:
    n = 10**9
    shares = {"a": 0.7, "b": 0.3}
    expected = sum((x - shares[k]) * math.log(x / shares[k]) for k, x in (("a", 0.4), ("b", 0.6)))
    assert population_stability(shares, {"a": 4 * n, "b": 6 * n}) == pytest.approx(expected, rel=1e-6)


def test_unknown_words() -> None:
    known = frozenset(["调解", "纠纷"])
    assert unknown_share({"a": ["调解"], "b": ["调解"]}, known) == 0
    assert unknown_share({"a": ["调解"], "b": ["破案"]}, known) == 1
    assert unknown_share({}, known) == 0
    assert list(words_of(["。，"])) == []
