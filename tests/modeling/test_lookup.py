"""The hash table against a dict."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from topics.modeling.lookup import LookupTable

KEYS = st.integers(1, 2**63 - 1)


@given(st.lists(KEYS, unique=True, max_size=300), st.lists(st.integers(0, 2**63 - 1), max_size=100))
def test_it_finds_what_a_dict_finds(keys: list[int], others: list[int]) -> None:
    expected = {key: row for row, key in enumerate(keys)}
    asked = np.array(keys + others, dtype=np.int64)
    places, rows = LookupTable(np.array(keys, dtype=np.int64), np.arange(len(keys))).find(asked)
    told = [(place, expected[key]) for place, key in enumerate(asked.tolist()) if key in expected]
    assert list(zip(places.tolist(), rows.tolist(), strict=True)) == told


@given(st.integers(1, 2**40), st.integers(1, 400), st.sampled_from([1, 2, 16, 2**24, 2**42]))
def test_keys_in_a_row_do_not_lose_each_other(first: int, n: int, step: int) -> None:
    keys = np.array([first + i * step for i in range(n) if first + i * step < 2**63], dtype=np.int64)
    table = LookupTable(keys, np.arange(len(keys)))
    assert table.find(keys)[1].tolist() == list(range(len(keys)))
    absent = keys + 1 if step > 1 else np.array([first + n], dtype=np.int64)
    assert len(table.find(absent)[0]) == 0


def test_the_empty_table_finds_nothing() -> None:
    none = np.array([], dtype=np.int64)
    assert [len(found) for found in LookupTable(none, none).find(np.array([0, 5]))] == [0, 0]
