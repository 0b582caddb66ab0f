"""A hash table from 64-bit keys to row numbers that NumPy can ask for a million keys at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing: 2**64 over the golden ratio
_SLOTS_PER_KEY = 4
_MARKS_PER_SLOT_BITS = 2

Ints = NDArray[np.int64]


class LookupTable:
    """Open addressing with linear probing; key 0 stands for an empty slot and is never found.

    Most keys that are asked for are not there. A byte for every hash a little longer than a slot's number tells that
    of nearly all of them, in a table that fits the cache.

    Parameters
    ----------
    keys : ndarray of shape (n,), dtype int64
        Distinct positive keys; key ``i`` gets row ``i``.

    Examples
    --------
    >>> table = LookupTable(np.array([7, 9]))
    >>> places, rows = table.find(np.array([9, 8, 7, 0]))
    >>> places.tolist(), rows.tolist()
    ([0, 2], [1, 0])
    """

    def __init__(self, keys: Ints) -> None:
        bits = max(4, int(len(keys) * _SLOTS_PER_KEY).bit_length())
        self._shift = np.uint64(64 - bits - _MARKS_PER_SLOT_BITS)
        self._mask = (1 << bits) - 1
        self._keys = np.zeros(1 << bits, dtype=np.int64)
        self._rows = np.full(1 << bits, -1, dtype=np.int64)
        self._marks = np.zeros(1 << (bits + _MARKS_PER_SLOT_BITS), dtype=np.bool_)
        self._insert(np.asarray(keys, dtype=np.int64))

    def _insert(self, keys: Ints) -> None:
        """Put all keys in, one round for each step of probing."""
        rows = np.arange(len(keys), dtype=np.int64)
        homes = self._homes(keys)
        self._marks[homes] = True
        slots = homes >> _MARKS_PER_SLOT_BITS
        while len(keys):
            free = np.flatnonzero(self._keys[slots] == 0)
            self._rows[slots[free]] = rows[free]  # of several keys for a slot the last one wins
            winners = free[self._rows[slots[free]] == rows[free]]
            self._keys[slots[winners]] = keys[winners]
            waiting = np.ones(len(keys), dtype=bool)
            waiting[winners] = False
            keys, rows, slots = keys[waiting], rows[waiting], (slots[waiting] + 1) & self._mask

    def find(self, keys: Ints) -> tuple[Ints, Ints]:
        """Find the keys that are in the table.

        Parameters
        ----------
        keys : ndarray of shape (m,), dtype int64

        Returns
        -------
        places : ndarray of shape (n_found,), dtype int64
            Where in `keys` they stand, ascending.
        rows : ndarray of shape (n_found,), dtype int64
            Their rows.
        """
        homes = self._homes(keys)
        places = np.flatnonzero(self._marks.take(homes))
        slots = homes.take(places) >> _MARKS_PER_SLOT_BITS
        wanted = keys.take(places)
        found = self._keys.take(slots)
        pending = np.flatnonzero((found != wanted) & (found != 0))
        while len(pending):
            slots[pending] = (slots[pending] + 1) & self._mask
            found[pending] = self._keys[slots[pending]]
            pending = pending[(found[pending] != wanted[pending]) & (found[pending] != 0)]
        hits = np.flatnonzero((found == wanted) & (wanted != 0))
        return places.take(hits), self._rows.take(slots.take(hits))

    def _homes(self, keys: Ints) -> Ints:
        """Give the marks where keys belong; a slot has several of them."""
        return np.asarray(((keys.view(np.uint64) * _MULTIPLIER) >> self._shift).view(np.int64))
