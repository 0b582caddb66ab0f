"""Printed pieces of a page → its lines in the order in which they are read, column by column.

A file may set a page of several columns row by row or column by column. Columns are told by a gutter: a strip that few
pieces cross and that has prose on both sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

_LEAST_LINES = 5
_CROSSING = 0.25
_PROSE = 8
_LEFT, _RIGHT, _ACROSS = range(3)


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed line, or a piece of one between wide white space.

    Attributes
    ----------
    text : str
        The line; a piece with the white space behind it.
    left, right, bottom : float
        Its box in points from the lower left corner of the page.
    size : float
        Size of its font, in points.
    page : int
        Number of its page, from 1.
    line : int
        Which line of the page it is (of), in the order of the file.
    """

    text: str
    left: float
    right: float
    bottom: float
    size: float
    page: int
    line: int


def blocks(pieces: Sequence[Printed]) -> list[list[Printed]]:
    """Give the lines of a page in the order in which they are read.

    Parameters
    ----------
    pieces : sequence of Printed
        The pieces of a page, in the order of the file.

    Returns
    -------
    list of list of Printed
        Columns, and the lines above, between and below them that go across; one block where there are no columns.
    """
    gutter = _gutter(pieces)
    if gutter is None:
        return [_lines(pieces)] if pieces else []
    heights = [p.bottom for p in pieces if _side(p, gutter) == _ACROSS]
    placed = [(sum(height > p.bottom for height in heights), _side(p, gutter), p) for p in pieces]
    ordered = sorted(placed, key=lambda item: item[:2])
    grouped = [(side, [p for _, _, p in group]) for side, group in groupby(ordered, key=lambda item: item[1])]
    return [block for side, some in grouped for block in ([_lines(some)] if side == _ACROSS else blocks(some))]


def _lines(pieces: Sequence[Printed]) -> list[Printed]:
    """Join the pieces of each line."""
    lines = []
    for _, group in groupby(pieces, key=lambda p: p.line):
        first, *more = group
        whole = "".join(p.text for p in (first, *more)).rstrip()
        lines.append(replace(first, text=whole, right=more[-1].right if more else first.right))
    return lines


def _side(piece: Printed, gutter: float) -> int:
    """Tell on which side of the gutter a piece stands."""
    return _LEFT if piece.right <= gutter else _RIGHT if piece.left >= gutter else _ACROSS


def _gutter(pieces: Sequence[Printed]) -> float | None:
    """Find the strip between two columns; None where there is none."""
    best, fewest = None, _CROSSING * len(pieces)
    begun = Counter(round(p.left) - 1.0 for p in pieces)
    for edge in sorted(edge for edge, count in begun.items() if count >= _LEAST_LINES):
        left, right = ([p for p in pieces if _side(p, edge) == side] for side in (_LEFT, _RIGHT))
        crossing = len(pieces) - len(left) - len(right)
        if crossing < fewest and _is_beside(left, right) and _is_beside(right, left):
            best, fewest = edge, crossing
    return best


def _is_beside(column: Sequence[Printed], other: Sequence[Printed]) -> bool:
    """Tell whether a column holds lines of prose at the height of the other."""
    if len(other) < _LEAST_LINES:
        return False
    low, high = min(p.bottom for p in other), max(p.bottom for p in other)
    lengths = [len(p.text) for p in column if low <= p.bottom <= high]
    return len(lengths) >= _LEAST_LINES and sum(lengths) >= _PROSE * len(lengths)
