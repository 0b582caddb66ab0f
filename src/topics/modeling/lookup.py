"""A hash table from 64-bit keys to row numbers that NumPy can ask for a million keys at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing: 2**64 over the golden ratio
_SLOTS_PER_KEY = 4

Keys = NDArray[np.int64]
Rows = NDArray[np.int32]


class LookupTable:
    """Open addressing with linear probing; key 0 stands for an empty slot and is never found.

    Parameters
    ----------
    keys : ndarray of shape (n,), dtype int64
        Distinct positive keys; key ``i`` gets row ``i``.

    Examples
    --------
    >>> table = LookupTable(np.array([7, 9]))
    >>> table.find(np.array([9, 8, 7, 0]))
    array([ 1, -1,  0, -1], dtype=int32)
    """

    def __init__(self, keys: Keys) -> None:
        bits = max(4, int(len(keys) * _SLOTS_PER_KEY).bit_length())
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        self._keys = np.zeros(1 << bits, dtype=np.int64)
        self._rows = np.full(1 << bits, -1, dtype=np.int32)
        self._insert(np.asarray(keys, dtype=np.int64))

    def _insert(self, keys: Keys) -> None:
        """Put all keys in, one round for each step of probing."""
        rows = np.arange(len(keys), dtype=np.int32)
        slots = self._home(keys)
        while len(keys):
            free = np.flatnonzero(self._keys[slots] == 0)
            _, first = np.unique(slots[free], return_index=True)
            winners = free[first]
            self._keys[slots[winners]] = keys[winners]
            self._rows[slots[winners]] = rows[winners]
            waiting = np.ones(len(keys), dtype=bool)
            waiting[winners] = False
            keys, rows, slots = keys[waiting], rows[waiting], (slots[waiting] + 1) & self._mask

    def find(self, keys: Keys) -> Rows:
        """Give the rows of keys, -1 where a key is not in the table.

        Parameters
        ----------
        keys : ndarray of shape (m,), dtype int64

        Returns
        -------
        ndarray of shape (m,), dtype int32
        """
        slots = self._home(keys)
        found = self._keys[slots]
        rows = np.where(found == keys, self._rows[slots], np.int32(-1))
        pending = np.flatnonzero((found != keys) & (found != 0))
        slots = slots[pending]
        while len(pending):
            slots = (slots + 1) & self._mask
            found = self._keys[slots]
            hit = found == keys[pending]
            rows[pending[hit]] = self._rows[slots[hit]]
            going_on = ~hit & (found != 0)
            pending, slots = pending[going_on], slots[going_on]
        rows[keys == 0] = -1
        return rows

    def _home(self, keys: Keys) -> NDArray[np.int64]:
        """Give the slots where keys belong."""
        return ((keys.astype(np.uint64) * _MULTIPLIER) >> self._shift).astype(np.int64)
