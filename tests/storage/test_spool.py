"""A stream kept on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.errors import OutputError
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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no disk that is always full")
@pytest.mark.parametrize("size", [1, 1_000_000])
def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Also where it shows only when the last buffer is written."""
    full = Path("/dev/full")
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", lambda max_size: full.open("w+b"))
    with pytest.raises(OutputError, match="No space left on device; set TMPDIR to a larger place"):
        Spool(iter(["x" * size]))
