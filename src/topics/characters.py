"""Characters that are read as others: traditional ones, variant punctuation, odd spaces.

One character stands for one, so every offset into the text that is read is one into the text as it stands. Only what
rules and features look at is mapped; what is put out never is.
"""

from __future__ import annotations

import string
from functools import cache
from pathlib import Path

SPACES = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""White space within a line that is not the ASCII space."""

_ASCII = string.digits + string.ascii_letters


def plain(text: str) -> str:
    """Give a text in simplified characters, with ASCII digits, letters and spaces; its length stays the same.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        As long as `text`.

    Examples
    --------
    >>> plain("主辦單位︰　１號")
    '主办单位： 1号'
    """
    return text if text.isascii() else text.translate(_table())


@cache
def variants() -> tuple[str, str]:
    """Give the characters that are read as others, and in the same order what they are read as.

    `tools/variants.py` writes the table; its first line names the sources.
    """
    _, characters, readings, _ = (Path(__file__).parent / "variants.txt").read_text(encoding="utf-8").split("\n")
    return characters, readings


@cache
def _table() -> dict[int, int]:
    """The table for `str.translate`."""
    wide = "".join(chr(ord(c) + 0xFEE0) for c in _ASCII)
    characters, readings = variants()
    return str.maketrans(characters + wide + SPACES, readings + _ASCII + " " * len(SPACES))
