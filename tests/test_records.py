"""Value types."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.records import Paragraph, text_hash


@given(st.text(st.characters(), max_size=30), st.text(" \t\n\u3000", max_size=5))
def test_white_space_is_no_part_of_the_hash(text: str, space: str) -> None:
    assert text_hash(space + text + space) == text_hash(text)
    assert text_hash(text + "甲") != text_hash(text)


def test_a_paragraph_knows_its_heading_and_does_not_change() -> None:
    paragraph = Paragraph("r", 1, "r:0", ("一", "（二）"), "甲", 0, 1)
    assert paragraph.heading == "（二）"
    assert Paragraph("r", 1, "r:0", (), "甲", 0, 1).heading == ""
    with pytest.raises(FrozenInstanceError):
        paragraph.number = 2  # type: ignore[misc]
