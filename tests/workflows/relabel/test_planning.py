"""Bringing source and target together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.errors import InputError
from topics.storage.schema import Stored
from topics.workflows.relabel.items import BadRow, SourceRow, digest, make_row
from topics.workflows.relabel.planning import merged

IDS = st.lists(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=3), max_size=12)


def row(name: str) -> SourceRow:
    made = make_row(name, "文", "", "here")
    assert isinstance(made, SourceRow)
    return made


def old(name: str) -> Stored:
    return Stored(name, "", "", "", None, "", "", False, 1)


@given(IDS, IDS)
def test_every_id_comes_once_with_all_there_is_of_it(here: list[str], there: list[str]) -> None:
    pairs = list(merged(map(row, sorted(here)), map(old, sorted(set(there)))))
    names = [group[0].id if group else stored.id for group, stored in pairs if group or stored]
    assert names == sorted({*here, *there})
    for (group, stored), name in zip(pairs, names, strict=True):
        assert len(group) == here.count(name)
        assert (stored is not None) == (name in there)


@given(IDS)
def test_the_order_is_that_of_utf8(names: list[str]) -> None:
    """Databases compare bytes; Python compares code points; both must agree."""
    assert sorted(names) == [b.decode() for b in sorted(n.encode() for n in names)]


def test_another_order_is_refused() -> None:
    with pytest.raises(InputError, match="not in the order"):
        list(merged([row("b"), row("a")], []))


@given(st.text(), st.text(), st.text(), st.text())
def test_digests_differ_where_anything_differs(a: str, b: str, c: str, d: str) -> None:
    try:
        same = digest(a, b) == digest(c, d)
    except UnicodeEncodeError:
        return
    assert same == ((a, b) == (c, d))


@pytest.mark.parametrize(
    ("identity", "text", "says"),
    [
        (None, "文", "without id"),
        ("", "文", "without id"),
        ("a", None, "no text"),
        ("a", b"x", "bytes"),
        ("a", "\udc80", "UTF-8"),
        ("a\x00", "文", "NUL"),
    ],
)
def test_rows_that_cannot_be_labelled_are_named(identity: str | None, text: object, says: str) -> None:
    made = make_row(identity, text, None, "table t")
    assert isinstance(made, BadRow)
    assert says in made.message
    assert made.message.startswith("table t")
