"""Many texts → their clauses, all at once: what `topics.modeling.text` says of one text, with arrays.

Only the marks that can end a clause are looked at, a tenth of the characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from topics.modeling.text import CLOSERS, ENDERS, MAX_UNIT, MIN_UNIT, Points, normal_points, points_of, units_of

Ints = NDArray[np.int64]

BREAK = ord("\n")
"""Stands at the end of every clause, and nowhere else."""

_ENDER, _LINE_BREAK, _CLOSER = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of texts.

    Attributes
    ----------
    points : ndarray of shape (n_points,), dtype uint32
        The normalised texts. A line break stands for the mark that a clause ends with, or behind a clause that ends
        with none; no other line break is left. No term reaches over one, for no term has such a mark in it.
    ends : ndarray of shape (n_clauses,), dtype int64
        The places in `points` behind the line breaks.
    first : ndarray of shape (n_texts + 1,), dtype int64
        The first clause of each text, and the number of clauses.
    lengths : ndarray of shape (n_clauses,), dtype int64
        Characters.
    """

    points: Points
    ends: Ints
    first: Ints
    lengths: Ints


def clauses_of(texts: Sequence[str]) -> Clauses:
    """Cut texts into clauses.

    Parameters
    ----------
    texts : sequence of str
        Any texts.

    Returns
    -------
    Clauses
        As `topics.modeling.text.units_of` cuts each of them.

    Examples
    --------
    >>> clauses = clauses_of(["全年调解纠纷三百件，调解成功率九成。抓获逃犯两名。", ""])
    >>> clauses.lengths.tolist(), clauses.first.tolist()
    ([10, 8, 7, 0], [0, 3, 4])
    """
    points = points_of("".join([text + "\n" for text in texts]))
    stops = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1)
    ends = _without_scraps(_unit_ends(points, stops), stops)
    ends, cuts = _cut_long(ends, stops, texts)
    last = np.searchsorted(ends, stops)
    lengths = _lengths(ends, last)
    if len(cuts):
        points = np.insert(points, cuts, BREAK)
        ends = ends + np.searchsorted(cuts, ends, side="right")
    return Clauses(_broken(normal_points(points), ends), ends, np.append(0, last + 1), lengths)


def whole(texts: Sequence[str]) -> Clauses:
    """Take every text as one clause, whatever is in it; see `clauses_of`."""
    points = normal_points(points_of("".join([text + "\n" for text in texts])))
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    ends = np.cumsum(lengths + 1)
    return Clauses(_broken(points, ends), ends, np.arange(len(texts) + 1), lengths)


def _broken(points: Points, ends: Ints) -> Points:
    """Put the line breaks where clauses end."""
    points[(points == BREAK) | (points == ord("\r"))] = ord(" ")  # \r and a line break would be one token
    points[ends - 1] = BREAK
    return points


def _lengths(ends: Ints, last: Ints) -> Ints:
    """The characters of every clause; the line break behind a text is none of them."""
    lengths = np.diff(ends, prepend=0)
    lengths[last] -= 1
    return lengths


def _unit_ends(points: Points, stops: Ints) -> Ints:
    """Where units end: behind a run of marks with an end of a clause in it, and again where another end follows."""
    kinds = _kinds().take(points)
    kinds[stops - 1] = 0
    marks = np.flatnonzero(kinds)
    kind, places = kinds[marks], np.arange(len(marks))
    starts = np.diff(marks, prepend=-2) != 1
    run = _latest(starts, places)
    ended = _latest(kind != _CLOSER, places) >= run
    is_end = np.zeros(len(points) + 1, dtype=np.bool_)
    is_end[marks[np.append(starts[1:], True)[: len(marks)] & ended] + 1] = True
    closed = _latest((kind == _CLOSER) & ended, places)
    behind = closed[:-1] > np.maximum(_latest(kind == _ENDER, places)[:-1], run[1:] - 1)
    is_end[marks[1:][(kind[1:] == _ENDER) & behind]] = True
    is_end[stops - 1] = False
    is_end[stops] = True
    return np.flatnonzero(is_end)


def _latest(holds: NDArray[np.bool_], places: Ints) -> Ints:
    """The latest place up to each at which something holds, -1 where there is none."""
    return np.asarray(np.maximum.accumulate(np.where(holds, places, -1)))


def _without_scraps(ends: Ints, stops: Ints) -> Ints:
    """Give scraps to the unit before them in the same text."""
    last = np.searchsorted(ends, stops)
    scrap = _lengths(ends, last) < MIN_UNIT
    scrap[last[:-1] + 1] = False
    return np.asarray(ends[np.append(~scrap[1:], True)[: len(ends)]])


def _cut_long(ends: Ints, stops: Ints, texts: Sequence[str]) -> tuple[Ints, Ints]:
    """Cut texts with an overlong clause one by one; give all ends, and those at which a break is to be put in."""
    long = np.unique(np.searchsorted(stops, ends[_lengths(ends, np.searchsorted(ends, stops)) > MAX_UNIT]))
    if not len(long):
        return ends, long
    starts = np.append(0, stops)[long].tolist()
    bounds = [units_of(texts[i])[:-1] for i in long]
    cuts = np.array([start + b for start, pairs in zip(starts, bounds, strict=True) for _, b in pairs], dtype=np.int64)
    kept = ends[~np.isin(np.searchsorted(stops, ends), long)]
    return np.unique(np.concatenate((kept, cuts, stops))), cuts


@cache
def _kinds() -> NDArray[np.uint8]:
    """What every code point can do to a clause: nothing, end it, or stay with it behind its end."""
    kinds = np.zeros(0x110000, dtype=np.uint8)
    kinds[points_of(CLOSERS)] = _CLOSER
    kinds[points_of(ENDERS)] = _ENDER
    kinds[BREAK] = _LINE_BREAK
    return kinds
