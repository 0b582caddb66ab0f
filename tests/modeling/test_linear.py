"""A model's parts: stored and rebuilt alike, refused where they do not fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from topics.errors import ModelError
from topics.modeling.linear import LinearModel
from topics.modeling.scoring import Scorer

Parts = tuple[dict[str, Any], dict[str, Any]]


def test_parts_come_back(linear: LinearModel) -> None:
    arrays, meta = linear.to_arrays()
    again = LinearModel.from_arrays(arrays, meta)
    texts = ["修路九公里，造林三亩。", "", "招聘乡村教师。"]
    assert np.array_equal(Scorer(again).score(texts).logits, Scorer(linear).score(texts).logits)
    assert (again.topics, again.words, again.segmenter) == (linear.topics, linear.words, linear.segmenter)


def test_taking_wholes_comes_back(whole: LinearModel) -> None:
    arrays, meta = whole.to_arrays()
    assert LinearModel.from_arrays(arrays, meta).whole
    del meta["whole"]  # as in models from before there were any
    assert not LinearModel.from_arrays(arrays, meta).whole


def array(name: str, change: Callable[[Any], Any]) -> Callable[[Parts], None]:
    def apply(parts: Parts) -> None:
        parts[0][name] = change(np.array(parts[0][name]))

    return apply


def meta(name: str, value: Any) -> Callable[[Parts], None]:
    return lambda parts: parts[1].update({name: value})


def first(value: float) -> Callable[[Any], Any]:
    def change(values: Any) -> Any:
        values.flat[0] = value
        return values

    return change


NESTED: list[Any] = []
for _ in range(60):
    NESTED = [NESTED, NESTED]  # spelled out it would fill any memory

DAMAGE = {
    "no words": lambda parts: parts[0].pop("words"),
    "words no text": array("words", lambda a: a * 0 + 0xFF),
    "fewer words": array("words", lambda a: a[:4]),
    "shape": array("word.weights", lambda a: a[:, 1:]),
    "dtype": array("char.squares", lambda a: a.astype(np.float64)),
    "nan": array("intercept", first(np.nan)),
    "infinite": array("pool_coef", first(np.inf)),
    "no square": array("word.squares", first(0)),
    "negative term": array("word.terms", first(-1)),
    "term 0": array("char.terms", first(0)),
    "no code point": array("char.terms", first(0x110000)),
    "unknown word": array("heading.terms", first(10**6)),
    "no topics": meta("topics", []),
    "topics twice": meta("topics", ["roads", "roads", "forests"]),
    "topic no text": meta("topics", ["roads", "schools", NESTED]),
    "topics no list": meta("topics", 3),
    "windows": meta("windows", []),
    "window": meta("windows", [1, 2, 1000]),
    "range": meta("char_range", [3, 2]),
    "range short": meta("char_range", [2]),
    "whole passages": meta("whole", True),
    "segmenter": meta("segmenter", {"name": NESTED}),
    "segmenter no record": meta("segmenter", "rjieba"),
    "no thresholds": lambda parts: parts[0].pop("thresholds"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_parts_that_do_not_fit_are_refused(linear: LinearModel, damage: Callable[[Parts], None]) -> None:
    arrays, plain = linear.to_arrays()
    parts = (dict(arrays), dict(plain))
    damage(parts)
    with pytest.raises(ModelError):
        LinearModel.from_arrays(*parts)
