"""The hash table against a dict."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from topics.modeling.lookup import LookupTable

KEYS = st.integers(-(2**63), 2**63 - 1).filter(bool)


@given(st.lists(KEYS, unique=True, max_size=300), st.lists(KEYS | st.just(0), max_size=100))
def test_it_gives_what_a_dict_gives(keys: list[int], others: list[int]) -> None:
    expected = {key: value for value, key in enumerate(keys, 1)}
    table = LookupTable(np.array(keys, dtype=np.int64), np.arange(1, len(keys) + 1))
    asked = np.array(keys + others, dtype=np.int64)
    assert table.get(asked).tolist() == [expected.get(key, 0) for key in asked.tolist()]


@given(st.integers(1, 2**40), st.integers(1, 400), st.sampled_from([1, 2, 16, 2**24, 2**42]))
def test_keys_in_a_row_do_not_lose_each_other(first: int, n: int, step: int) -> None:
    keys = np.array([first + i * step for i in range(n) if first + i * step < 2**63], dtype=np.int64)
    table = LookupTable(keys, np.arange(1, len(keys) + 1))
    assert table.get(keys).tolist() == list(range(1, len(keys) + 1))
    absent = keys + 1 if step > 1 else np.array([first + n], dtype=np.int64)
    assert not table.get(absent).any()


def test_the_empty_table_finds_nothing() -> None:
    none = np.array([], dtype=np.int64)
    assert LookupTable(none, none).get(np.array([0, 5])).tolist() == [0, 0]
