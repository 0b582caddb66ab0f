"""Numbers of words against a dictionary."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from topics.modeling.text import points_of
from topics.modeling.vocabulary import Vocabulary

WORD = st.text(st.sampled_from("甲乙\na\u0001\uff5e\ufffd"), min_size=1, max_size=6)


@given(st.lists(WORD, unique=True, max_size=30), st.lists(WORD, min_size=1, max_size=30))
def test_it_numbers_what_a_dictionary_numbers(words: list[str], tokens: list[str]) -> None:
    expected = {word: number for number, word in enumerate(words, 1)}
    tokens = [*tokens, *words]
    text, lengths = "".join(tokens), np.array([len(token) for token in tokens])
    found = Vocabulary([*words, "终"]).numbers(text, points_of(text), lengths)
    assert found.tolist() == [expected.get(token, 0) for token in tokens]
