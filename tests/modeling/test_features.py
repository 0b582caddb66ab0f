"""Terms: what they are, and that their places are right."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from topics.modeling.features import char_keys, char_terms, word_keys, word_terms
from topics.modeling.text import normalize


@given(st.text(max_size=80))
def test_every_term_stands_where_it_says(text: str) -> None:
    normal = normalize(text)
    for term in (*word_terms(text), *char_terms(text, 1, 3)):
        assert "".join(term.key) == normal[term.start : term.end]


def test_terms_do_not_reach_over_punctuation() -> None:
    assert {len(t.key) for t in word_terms("修路。修桥，修渠")} == {1, 2}
    assert not any(("。" in "".join(t.key)) for t in word_terms("修路。修桥"))
    assert [t.key for t in char_terms("路，桥", 2, 3)] == []


@given(st.text(st.sampled_from("修路桥，。 a1\n？社会治安"), max_size=40), st.integers(1, 3), st.booleans())
def test_keys_are_those_of_the_terms(text: str, longest: int, marks: bool) -> None:
    assert Counter(word_keys(normalize(text), longest)) == Counter(term.key for term in word_terms(text, longest))
    for shortest in range(1, longest + 1):
        terms = char_terms(text, shortest, longest, marks=marks)
        assert Counter(char_keys(normalize(text), shortest, longest, marks=marks)) == Counter(
            term.key for term in terms
        )
