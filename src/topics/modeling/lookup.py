"""A hash table from 64-bit keys to numbers that NumPy can ask for a million keys at once."""

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
        Distinct positive keys.
    values : ndarray of shape (n,), dtype int64
        What each key stands for.

    Examples
    --------
    >>> table = LookupTable(np.array([7, 9]), np.array([70, 90]))
    >>> places, values = table.find(np.array([9, 8, 7, 0]))
    >>> places.tolist(), values.tolist()
    ([0, 2], [90, 70])
    """

    def __init__(self, keys: Ints, values: Ints) -> None:
        bits = max(4, int(len(keys) * _SLOTS_PER_KEY).bit_length())
        self._shift = np.uint64(64 - bits - _MARKS_PER_SLOT_BITS)
        self._mask = (2 << bits) - 1
        pairs = np.zeros((1 << bits, 2), dtype=np.int64)  # side by side, so that a value is in the cache with its key
        self._pairs, self._keys, self._values = pairs.ravel(), pairs[:, 0], pairs[:, 1]
        self._marks = np.zeros(1 << (bits + _MARKS_PER_SLOT_BITS), dtype=np.bool_)
        self._insert(keys, values)

    def _insert(self, keys: Ints, values: Ints) -> None:
        """Put all keys in, one round for each step of probing."""
        homes = self._homes(keys)
        self._marks[homes] = True
        slots = homes >> _MARKS_PER_SLOT_BITS
        while len(keys):
            free = np.flatnonzero(self._keys[slots] == 0)
            self._keys[slots[free]] = keys[free]  # of several keys for a slot the last one stays
            put = self._keys[slots] == keys
            self._values[slots[put]] = values[put]
            keys, values, slots = keys[~put], values[~put], (slots[~put] + 1) & (self._mask >> 1)

    def find(self, keys: Ints) -> tuple[Ints, Ints]:
        """Find the keys that are in the table.

        Parameters
        ----------
        keys : ndarray of shape (m,), dtype int64

        Returns
        -------
        places : ndarray of shape (n_found,), dtype int64
            Where in `keys` they stand, ascending.
        values : ndarray of shape (n_found,), dtype int64
            What they stand for.
        """
        homes = self._homes(keys)
        places = np.flatnonzero(self._marks.take(homes))
        slots = homes.take(places) >> _MARKS_PER_SLOT_BITS << 1
        wanted = keys.take(places)
        found = self._pairs.take(slots)
        other = found != wanted
        pending = np.flatnonzero(other & (found != 0))
        while len(pending):
            slots[pending] = (slots[pending] + 2) & self._mask
            again = self._pairs[slots[pending]]
            other[pending] = again != wanted[pending]
            pending = pending[other[pending] & (again != 0)]
        hits = np.flatnonzero(~other & (wanted > 0))
        return places.take(hits), self._pairs.take(slots.take(hits) + 1)

    def _homes(self, keys: Ints) -> Ints:
        """Give the marks where keys belong; a slot has several of them."""
        return np.asarray(((keys.view(np.uint64) * _MULTIPLIER) >> self._shift).view(np.int64))
