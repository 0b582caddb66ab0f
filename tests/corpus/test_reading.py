"""Bytes → text: exactly, or refused."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.corpus import reading
from topics.corpus.reading import decode, read_text
from topics.errors import InputError

TEXT = st.text(
    st.characters(exclude_characters="\x00\ufffd\ufeff", exclude_categories=("Cs",)), min_size=1, max_size=80
).filter(lambda text: text.strip(" \t\n\r\v\f"))


@given(TEXT, st.booleans())
def test_utf8_comes_back_as_it_was(text: str, mark: bool) -> None:
    data = (codecs.BOM_UTF8 if mark else b"") + text.encode()
    assert decode(data, "r.txt") == (text, "utf-8")


@given(TEXT)
def test_gb18030_comes_back_or_is_utf8_by_accident(text: str) -> None:
    data = text.encode("gb18030")
    if b"\x00" in data:
        return
    decoded, encoding = decode(data, "r.txt")
    assert decoded.encode(encoding) == data
    if encoding == "gb18030":
        assert decoded == text


@given(st.binary(min_size=1, max_size=60))
def test_arbitrary_bytes_are_decoded_exactly_or_refused(data: bytes) -> None:
    try:
        text, encoding = decode(data, "r.txt")
    except InputError:
        return
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    assert mark + text.encode(encoding) == data


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t ", "the file is empty"),
        (b"PK\x03\x04\x00\x00binary", "byte 4 is NUL: a binary file"),
        (b"\xef\xbb\xbfab\x00", "byte 5 is NUL"),
        ("平安".encode() + b"\xff\xff", "utf-8 fails at byte 6"),
        (b"\xef\xbb\xbf\xff", "utf-8 fails at byte 3"),
        ("平\ufffd安".encode(), "replacement character at character 1"),
    ],
)
def test_refusals_name_the_place(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        decode(data, "r.txt")


def test_missing_and_too_large_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_text(tmp_path / "none.txt")
    with pytest.raises(InputError, match="cannot be read"):
        read_text(tmp_path)
    report = tmp_path / "big.txt"
    report.write_text("平安" * 100, encoding="utf-8")
    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    with pytest.raises(InputError, match="600 bytes is too large"):
        read_text(report)
