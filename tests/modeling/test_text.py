"""Normalised characters and sentences."""

from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.modeling.text import CLOSERS, MAX_UNIT, decode_points, normalize, points_of, units_of

ANY = st.text(st.characters(), max_size=200)
PUNCTUATED = st.text(st.sampled_from("甲乙。！？；;!?\n”）】 \u3000丙"), max_size=200)


@given(st.one_of(ANY, PUNCTUATED, st.integers(0, 5000).map("甲".__mul__)))
def test_units_tile_the_text(text: str) -> None:
    units = units_of(text)
    assert units[0][0] == 0
    assert units[-1][1] == len(text)
    assert all(a[1] == b[0] for a, b in pairwise(units))
    assert all(0 < b - a <= MAX_UNIT + 5 for a, b in units) or not text


@given(ANY)
def test_normalising_keeps_every_character_s_place(text: str) -> None:
    normal = normalize(text)
    assert len(normal) == len(text)
    assert normalize(normal) == normal
    normal.encode()  # no surrogate is left


@given(st.text(max_size=50))
def test_points_and_text_are_two_forms_of_one(text: str) -> None:
    points = np.array([ord(c) for c in text], dtype=np.uint32)
    assert points_of(text).tolist() == points.tolist()
    assert decode_points(points) == text


def test_all_white_space_closes_a_clause() -> None:
    assert {c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace()} - {"\n"} <= set(CLOSERS)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("ＡｂＣ", "abc"),
        ("１2３", "000"),
        ("甲\u3000乙\xa0丙", "甲 乙 丙"),
        ("（）", "()"),
        ("甲\ud800乙", "甲 乙"),
        ("甲\U00020000\uffff", "甲\ufffd\ufffd"),
        ("。", "。"),
    ],
)
def test_variants_become_one(text: str, normal: str) -> None:
    assert normalize(text) == normal


def test_closing_marks_and_scraps_stay_with_their_clause() -> None:
    text = "会上强调：“全镇修好了路。”全镇都已通车。好！再修两座新桥；"
    assert [text[a:b] for a, b in units_of(text)] == [
        "会上强调：",
        "“全镇修好了路。”",
        "全镇都已通车。好！",
        "再修两座新桥；",
    ]
