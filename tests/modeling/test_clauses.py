"""Clauses of many texts at once against those of one text."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from topics.modeling.clauses import clauses_of, whole
from topics.modeling.text import MAX_UNIT, decode_points, normalize, units_of

MARKS = st.text(st.sampled_from("甲乙，。！;:\n\r”） \u3000\x85、"), max_size=60)
LONG = st.builds(str.__add__, st.integers(MAX_UNIT - 8, 2 * MAX_UNIT + 8).map("甲".__mul__), MARKS)
TEXTS = st.lists(st.one_of(MARKS, st.text(st.characters(), max_size=40), LONG, st.just("")), max_size=6)


@given(TEXTS)
def test_many_texts_are_cut_as_one_is(texts: list[str]) -> None:
    clauses = clauses_of(texts)
    expected = [[b - a for a, b in units_of(text)] for text in texts]
    assert clauses.lengths.tolist() == [length for lengths in expected for length in lengths]
    assert np.diff(clauses.first).tolist() == [len(lengths) for lengths in expected]


@given(TEXTS)
def test_line_breaks_stand_at_the_ends_of_clauses_and_the_rest_is_normal(texts: list[str]) -> None:
    clauses = clauses_of(texts)
    written = decode_points(clauses.points).split("\n")
    assert written.pop() == ""
    assert np.cumsum([len(part) + 1 for part in written]).tolist() == clauses.ends.tolist()
    parts = [normalize(text[a:b]) for text in texts for a, b in units_of(text)]
    for part, found in zip(parts, written, strict=True):
        plain = part.replace("\n", " ").replace("\r", " ")
        assert found in (plain, plain[:-1])


@given(TEXTS)
def test_whole_texts_are_not_cut(texts: list[str]) -> None:
    clauses = whole(texts)
    assert clauses.lengths.tolist() == [len(text) for text in texts]
    assert decode_points(clauses.points).count("\n") == len(texts)
