"""A hash table from 64-bit keys to numbers that NumPy can ask for a million keys at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing: 2**64 over the golden ratio
_SLOTS_PER_KEY = 8

Ints = NDArray[np.int64]


class LookupTable:
    """Open addressing with linear probing; key 0 stands for an empty slot and is never found.

    Parameters
    ----------
    keys : ndarray of shape (n,), dtype int64
        Distinct keys, none of them 0.
    values : ndarray of shape (n,), dtype int64
        What each key stands for.

    Examples
    --------
    >>> LookupTable(np.array([7, 9]), np.array([70, 90])).get(np.array([9, 8, 7, 0])).tolist()
    [90, 0, 70, 0]
    """

    def __init__(self, keys: Ints, values: Ints) -> None:
        bits = max(4, int(len(keys) * _SLOTS_PER_KEY).bit_length())
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        self._keys, self._values = np.zeros((2, 1 << bits), dtype=np.int64)
        self._insert(keys, values)

    def _insert(self, keys: Ints, values: Ints) -> None:
        """Put all keys in, one round for each step of probing."""
        slots = self._homes(keys)
        while len(keys):
            free = np.flatnonzero(self._keys[slots] == 0)
            self._keys[slots[free]] = keys[free]  # of several keys for a slot the last one stays
            put = self._keys[slots] == keys
            self._values[slots[put]] = values[put]
            keys, values, slots = keys[~put], values[~put], (slots[~put] + 1) & self._mask

    def get(self, keys: Ints) -> Ints:
        """Give what keys stand for.

        Parameters
        ----------
        keys : ndarray of shape (m,), dtype int64

        Returns
        -------
        ndarray of shape (m,), dtype int64
            0 for a key that is not in the table.
        """
        slots = self._homes(keys)
        found = self._keys.take(slots)
        hit = found == keys
        pending = np.flatnonzero(~hit & (found != 0))
        while len(pending):
            slots[pending] = (slots[pending] + 1) & self._mask
            found = self._keys[slots[pending]]
            hit[pending] = found == keys[pending]
            pending = pending[~hit[pending] & (found != 0)]
        return np.asarray(self._values.take(slots) * hit)

    def _homes(self, keys: Ints) -> Ints:
        """Give the slots where keys belong."""
        return np.asarray(((keys.view(np.uint64) * _MULTIPLIER) >> self._shift).view(np.int64))
