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

_FEW = 40
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
    table = _table()
    present = [character for character in set(text) if character in table]
    if len(present) > _FEW:
        return text.translate({ord(character): reading for character, reading in table.items()})
    for character in present:  # several times as fast as `translate`; no reading is itself read as another
        text = text.replace(character, table[character])
    return text


@cache
def variants() -> tuple[str, str]:
    """Give the characters that are read as others, and in the same order what they are read as.

    `tools/variants.py` writes the table; its first line names the sources.
    """
    _, characters, readings, _ = (Path(__file__).parent / "variants.txt").read_text(encoding="utf-8").split("\n")
    return characters, readings


@cache
def _table() -> dict[str, str]:
    """What each character is read as."""
    wide = "".join(chr(ord(c) + 0xFEE0) for c in _ASCII)
    characters, readings = variants()
    return dict(zip(characters + wide + SPACES, readings + _ASCII + " " * len(SPACES), strict=True))
