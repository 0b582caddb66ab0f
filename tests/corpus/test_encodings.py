"""Bytes → text: exactly, or refused."""

from __future__ import annotations

import codecs
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.corpus.encodings import decode, known_encoding
from topics.errors import InputError, UsageError

SIMPLE = "全县排查矛盾纠纷一千八百件，调解成功一千七百件。"
TRADITIONAL = "全縣排查矛盾糾紛一千八百件，調解成功一千七百件。"
TEXT = st.text(
    st.characters(exclude_characters="\x00\ufffd\ufeff", exclude_categories=("Cs", "Cc")), min_size=1, max_size=80
).filter(str.strip)
REPORT = st.text(st.sampled_from(SIMPLE + "\n 0123456789%AB"), min_size=12, max_size=200).filter(
    lambda text: sum(c > "\x7f" for c in text) > 10
)


@given(TEXT, st.booleans())
def test_utf8_comes_back_as_it_was(text: str, mark: bool) -> None:
    data = (codecs.BOM_UTF8 if mark else b"") + text.encode()
    assert decode(data, "r.txt") == (text, "utf-8")


@given(REPORT, st.sampled_from(["utf-8", "gb18030", "utf-16-le", "utf-16-be"]))
def test_chinese_text_comes_back_from_every_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "r.txt") == (text, encoding)


@given(st.text(st.sampled_from(TRADITIONAL + "\n 0123456789%AB"), min_size=30, max_size=200))
def test_traditional_text_comes_back_from_big5(text: str) -> None:
    if sum(c > "\x7f" for c in text) > 20:
        assert decode(text.encode("big5"), "r.txt") == (text, "cp950")


@given(TEXT)
def test_a_named_encoding_is_used_for_any_text(text: str) -> None:
    assert decode(text.encode("gb18030"), "r.txt", "gbk") == (text, "gb18030")


@given(st.binary(min_size=1, max_size=200))
def test_arbitrary_bytes_are_decoded_exactly_or_refused(data: bytes) -> None:
    try:
        text, encoding = decode(data, "r.txt")
    except InputError:
        return
    bom = next((b for b in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) if data.startswith(b)), b"")
    assert data[len(bom) :].decode(encoding, "strict") == text
    assert "\ufffd" not in text
    assert "\x00" not in text


@given(REPORT, st.integers(0, 400), st.sampled_from(["utf-8", "gb18030"]))
def test_a_damaged_byte_is_never_replaced(text: str, at: int, encoding: str) -> None:
    data = bytearray(text.encode(encoding))
    data[at % len(data)] = 0xFF
    with suppress(InputError):
        found, used = decode(bytes(data), "r.txt")
        assert bytes(data).decode(used) == found


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_byte_order_mark_decides(mark: bytes) -> None:
    encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    assert decode(mark + "平安".encode(encoding), "r.txt") == ("平安", encoding)


def test_a_declared_encoding_counts_unless_the_bytes_speak_against_it() -> None:
    assert decode("糾紛".encode("big5"), "p.html", declared="big5") == ("糾紛", "cp950")
    assert decode(SIMPLE.encode(), "p.html", declared="gb2312") == (SIMPLE, "utf-8")
    assert decode(SIMPLE.encode("gbk"), "p.html", declared="iso-8859-1") == (SIMPLE, "gb18030")
    assert decode(SIMPLE.encode("gbk"), "p.html", declared="no-such") == (SIMPLE, "gb18030")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t ", "the file is empty"),
        (b"\xef\xbb\xbfab\x00", "byte 5 is NUL"),
        ("平安".encode() + b"\xff\xff", "utf-8 fails at byte 6"),
        (b"\xef\xbb\xbf\xff", "utf-8 fails at byte 3"),
        ("平\ufffd安".encode(), "utf-8: byte 3 holds a replacement character"),
        (codecs.BOM_UTF16_LE + "平安".encode("utf-16-le")[:-1], "utf-16-le fails at byte 4"),
        (bytes(range(1, 32)) * 8, "utf-8 gives control characters, as in a binary file"),
        ("дело о краже имущества рассмотрено судом города".encode("cp1251"), "gb18030 fails at byte 5"),
        (b"\xff\xe1\xea\xf1\xe2\xd1", "utf-16-le gives no Chinese"),
    ],
)
def test_refusals_name_the_place(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        decode(data, "r.txt")
    assert str(caught.value).startswith("r.txt: ")


def test_a_named_encoding_that_does_not_fit_is_refused() -> None:
    with pytest.raises(InputError, match=r"utf-8 fails at byte \d"):
        decode(SIMPLE.encode("gbk"), "r.txt", "utf-8")


@pytest.mark.parametrize("name", ["nonsense", "base64", "rot13", "a\x00b", ""])
def test_unknown_encodings_are_a_matter_of_usage(name: str) -> None:
    if name:
        with pytest.raises(UsageError, match="no such encoding"):
            known_encoding(name)
