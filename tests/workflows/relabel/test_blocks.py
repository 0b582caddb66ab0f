"""Blocks of a table: nothing that changes hides in one that is passed over."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from benchmarks.stores import SqliteStore
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.storage.schema import Span
from topics.workflows.relabel.blocks import Block, blocks

NAMES = [f"p{n:02d}" for n in range(60)]
TABLES = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["破案三起。", "修路一条。", "调解两件。"]))


def cut(names: list[str]) -> list[Block]:
    return list(blocks([(name, "x", None) for name in sorted(names)]))


@given(st.lists(st.text(max_size=3)))
def test_blocks_hold_all_rows_and_leave_no_id_between_them(names: list[str]) -> None:
    made = cut(names)
    assert [row[0] for block in made for row in block.rows] == sorted(names)
    assert (made[0].span.after, made[-1].span.upto) == (None, None)
    for one, other in pairwise(made):
        assert one.span.upto == other.span.after
        assert one.rows[-1][0] == one.span.upto < min((row[0] for row in other.rows), default="\U0010ffff" * 4)


def test_most_blocks_stay_when_rows_come_and_go() -> None:
    names = [f"{n:05d}" for n in range(4000)]
    before = {(block.span, block.digest()) for block in cut(names)}
    for others in (["00000x", *names], names[1:], [*names[:2000], *names[2001:]], [*names, "z"]):
        after = {(block.span, block.digest()) for block in cut(others)}
        assert len(before) > 200
        assert len(after - before) <= 2


def test_an_id_that_is_no_utf8_ends_no_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("topics.workflows.relabel.blocks.MEAN", 1)
    made = list(blocks([("a", "x", None), ("\udcff", "x", None)]))
    assert [block.span for block in made] == [Span(None, "a"), Span("a", None)]
    assert made[1].digest() is None


@settings(max_examples=25)
@given(TABLES, TABLES, TABLES)
def test_the_second_run_finds_all_that_changed(
    again: Callable[..., Any], first: dict[str, str], second: dict[str, str], third: dict[str, str]
) -> None:
    first, second = NAMES_KEPT | first, NAMES_KEPT | second | {"p00": "破案三起。"}
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "s")
        for before, now in (({}, first), (first, second), (second, first), (first, first), (first, first | third)):
            store.put([(name, text, "") for name, text in now.items()])
            counts = again(store)["counts"]
            told = [len(now), sum(before.get(name) == text for name, text in now.items())]
            assert [counts["paragraphs"], counts["unchanged"]] == told
            assert counts.get("retired", 0) == len(before.keys() - now.keys())
            labels = store.dump()["paragraph_topics"]
            assert {row[0] for row in labels if not row[8]} == now.keys()


NAMES_KEPT = dict.fromkeys(NAMES[::7], "修路一条。")
