"""A stream kept on disk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.storage.spool import Spool


@given(st.lists(st.tuples(st.text(), st.none() | st.integers())))
def test_it_can_be_run_through_again(entries: list[tuple[str, int | None]]) -> None:
    with Spool(iter(entries)) as spool:
        assert spool.count == len(entries)
        assert list(spool) == list(spool) == entries


def test_an_error_of_the_stream_passes() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        Spool(broken())
