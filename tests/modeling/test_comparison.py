"""Better, worse, cannot tell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from topics.modeling.comparison import compare, differing, verdict
from topics.modeling.metrics import Outcomes

RNG = np.random.default_rng(0)
GOLD = RNG.random((300, 3)) < 0.4
GROUPS = [str(i // 10) for i in range(300)]


def outcomes(errors: float, seed: int) -> Outcomes:
    """Predictions that are wrong in a share of the cells."""
    predicted = GOLD ^ (np.random.default_rng(seed).random(GOLD.shape) < errors)
    return Outcomes(("a", "b", "c"), GOLD, predicted, first(GOLD), first(predicted), predicted.astype(float), GROUPS)


def first(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.where(flags.any(axis=1), flags.argmax(axis=1), -1)


def test_verdicts() -> None:
    good, bad = outcomes(0.02, 1), outcomes(0.3, 2)
    assert compare(bad, good)["verdict"] == "better"
    assert compare(good, bad)["verdict"] == "worse"
    assert compare(good, bad)["per_topic"]["b"]["verdict"] == "worse"
    assert compare(good, good)["verdict"] == "cannot tell"
    assert compare(good, good)["totals"]["macro_f1"]["interval"] == [0.0, 0.0]


def test_chance_is_seldom_called_a_difference() -> None:
    called = [compare(outcomes(0.1, 2 * i), outcomes(0.1, 2 * i + 1))["verdict"] != "cannot tell" for i in range(30)]
    assert sum(called) <= 5  # 1.5 are expected


def test_pairing_makes_small_differences_visible() -> None:
    a = outcomes(0.2, 1)
    fixed = a.predicted.copy()
    fixed[:40] = GOLD[:40]
    b = Outcomes(a.topics, GOLD, fixed, a.primary_gold, first(fixed), fixed.astype(float), GROUPS)
    assert compare(a, b)["verdict"] == "better"


def test_a_topic_without_support_gets_no_verdict() -> None:
    a = outcomes(0.1, 1)
    gold = GOLD & np.array([True, True, False])
    one = Outcomes(a.topics, gold, a.predicted, a.primary_gold, a.primary_predicted, a.probabilities, GROUPS)
    assert compare(one, one)["per_topic"]["c"]["verdict"] == "no support"
    assert verdict([None, None]) == "no support"


def test_paragraphs_that_one_has_right_come_first() -> None:
    a, b = outcomes(0.1, 1), outcomes(0.1, 2)
    found = differing(a, b)
    same = set(range(300)) - set(found)
    assert all((a.predicted[i] == b.predicted[i]).all() for i in same)
    gaps = [abs(int((a.predicted[i] != GOLD[i]).sum()) - int((b.predicted[i] != GOLD[i]).sum())) for i in found]
    assert max(gaps[:5]) == max(gaps)
