"""A paragraph's text as the model reads it: normalised characters, and units, the clauses that passages are made of.

Normalisation maps one character to one character, so every offset into the normalised text is one into the original.
"""

from __future__ import annotations

import re
import sys
from functools import cache

import numpy as np
from numpy.typing import NDArray

from topics.characters import SPACES, variants

MAX_UNIT = 1000
"""A clause longer than this many characters is cut, so that memory stays bounded on hostile text."""

MIN_UNIT = 6
"""A clause of fewer characters is a scrap and belongs to the one before it."""

ENDERS = "，,。！？!?；;：:"
"""The marks that end a clause, beside the line break."""

CLOSERS = "”’」』）)】》" + SPACES + " \v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
"""What stays with the clause that ended before it: closing marks and white space, line breaks too."""

_UNIT = re.compile(rf"[^{ENDERS}\n]*[{ENDERS}\n]+[{CLOSERS}\n]*|[^{ENDERS}\n]+")

# Taiwan writes 著 for 着 too. It stays where it is simplified text's own: in 显著, 卓著, 著名, 著作 and the like.
_ZHU, _ZHE = ord("著"), ord("着")
_BEFORE_ZHU = [ord(c) for c in "显卓昭名专编原论土巨译遗合拙"]
_BEHIND_ZHU = [ord(c) for c in "名作述称书者录有"]

Bounds = list[tuple[int, int]]
Points = NDArray[np.uint32]

N_POINTS = 1 << 16
"""Normalised code points are less than this."""


def units_of(text: str) -> Bounds:
    """Cut a text into units: clauses, ended by a comma, colon, semicolon or the end of a sentence, without gaps.

    Government prose strings many subjects on commas, so a sentence is too coarse to tell where a topic stands.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of (int, int)
        Start and end of each unit; the first starts at 0 and the last ends at ``len(text)``. A scrap of fewer than six
        characters belongs to the unit before it.

    Examples
    --------
    >>> units_of("全年调解纠纷三百件，调解成功率九成。抓获逃犯两名。")
    [(0, 10), (10, 18), (18, 25)]
    """
    bounds: Bounds = []
    for match in _UNIT.finditer(text):
        start, end = match.span()
        if bounds and end - start < MIN_UNIT and end - bounds[-1][0] <= MAX_UNIT:
            bounds[-1] = (bounds[-1][0], end)
        else:
            bounds.extend((i, min(i + MAX_UNIT, end)) for i in range(start, end, MAX_UNIT))
    return bounds or [(0, len(text))]


def normalize(text: str) -> str:
    """Map the variants of a character to one: traditional characters, full-width forms, digits, spaces, rare signs.

    Examples
    --------
    >>> normalize("２０１３年破案５６起")
    '0000年破案00起'
    >>> normalize("調解糾紛")
    '调解纠纷'
    """
    return decode_points(normal_points(points_of(text)))


def normal_points(points: Points) -> Points:
    """Normalise a text given by its code points.

    Parameters
    ----------
    points : ndarray of shape (n,), dtype uint32

    Returns
    -------
    ndarray of shape (n,), dtype uint32
    """
    points = _normal_table().take(points)
    found = np.flatnonzero(points == _ZHU)
    if len(found):
        padded = np.concatenate(([0], points, [0]))
        written = np.isin(padded[found], _BEFORE_ZHU) | np.isin(padded[found + 2], _BEHIND_ZHU)
        points[found[~written]] = _ZHE
    return points


def decode_points(points: Points) -> str:
    """Make a string of code points."""
    return points.astype("<u4", copy=False).tobytes().decode("utf-32-le")


def points_of(text: str) -> Points:
    """Give the code points of a text; shape (len(text),)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@cache
def _normal_table() -> Points:
    """The normalised code point of every code point."""
    table = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    table[0xFF01:0xFF5F] = np.arange(0x21, 0x7F)  # full-width ASCII
    for space in SPACES:
        table[ord(space)] = ord(" ")
    table[0] = ord(" ")  # terms are filled up with 0, so no character may be it
    table[0xD800:0xE000] = ord(" ")  # lone surrogates, which no segmenter takes
    table[N_POINTS - 1 :] = 0xFFFD  # too rare to be learned from
    for zero in (ord("0"), 0xFF10):  # a model learns that there is a figure, not which
        table[zero : zero + 10] = ord("0")
    table[ord("A") : ord("Z") + 1] = np.arange(ord("a"), ord("z") + 1)
    table[0xFF21:0xFF3B] = np.arange(ord("a"), ord("z") + 1)
    characters, readings = variants()
    table[points_of(characters)] = table[points_of(readings)]
    return table
