"""A hash table from 64-bit keys to numbers that NumPy can ask for a million keys at once."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

_MOST_FULL = 0.8
_KEYS_PER_BUCKET = 3
_FEWEST_BITS = 6

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]


class LookupTable:
    """A perfect hash table: every key has a slot of its own, so that one look tells whether it is there.

    A key's bucket has a multiplier that takes all keys of the bucket to slots that are free, the fullest buckets first
    ("hash and displace"). The table stays so small that it comes back into the cache fast, and nothing is probed.

    Parameters
    ----------
    keys : ndarray of shape (n,), dtype int64
        Distinct keys, none of them 0, which stands for an empty slot.
    values : ndarray of shape (n,), dtype int64
        What each key stands for, less than 2**31.

    Examples
    --------
    >>> LookupTable(np.array([7, 9]), np.array([70, 90])).get(np.array([9, 8, 7, 0])).tolist()
    [90, 0, 70, 0]
    """

    def __init__(self, keys: Ints, values: Ints) -> None:
        bits = max(_FEWEST_BITS, int(len(keys) / _MOST_FULL).bit_length())
        bucket_bits = max(1, (len(keys) // _KEYS_PER_BUCKET).bit_length())
        self._shift, self._bucket_shift = np.uint64(64 - bits), np.uint64(64 - bucket_bits)
        self._first = _multiplier()
        self._multipliers = np.zeros(1 << bucket_bits, dtype=np.uint64)
        self._keys = np.zeros(1 << bits, dtype=np.uint64)
        self._values = np.zeros(1 << bits, dtype=np.int32)
        self._insert(keys.view(np.uint64))
        self._values[self._slots(keys.view(np.uint64))] = values

    def _insert(self, keys: Words) -> None:
        """Give all keys their slots, the buckets of one size together."""
        buckets = self._buckets(keys)
        narrow = np.uint16 if len(self._multipliers) <= 1 << 16 else np.uint32
        keys = keys.take(np.argsort(buckets.astype(narrow), kind="stable"))  # short numbers are sorted much faster
        sizes = np.bincount(buckets, minlength=len(self._multipliers))
        starts = np.cumsum(sizes) - sizes
        for size in range(int(sizes.max()), 0, -1):
            alike = np.flatnonzero(sizes == size)
            self._place(keys.take(starts.take(alike) + np.arange(size)[:, None]), alike)

    def _place(self, keys: Words, buckets: Ints) -> None:
        """Try multipliers on buckets, the columns of `keys`, until all have their slots."""
        while len(buckets):
            multiplier = _multiplier()
            slots = _high(keys * multiplier, self._shift)
            free = np.flatnonzero(~self._keys.take(slots).any(axis=0))
            slots, tried = slots.take(free, axis=1), keys.take(free, axis=1)
            self._keys[slots] = tried  # of several keys for a slot the last one stays
            put = self._keys.take(slots) == tried
            whole = put.all(axis=0)
            self._keys[slots[put & ~whole]] = 0
            self._multipliers[buckets[free[whole]]] = multiplier
            left = np.ones(len(buckets), dtype=np.bool_)
            left[free[whole]] = False
            keys, buckets = keys.compress(left, axis=1), buckets[left]

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
        words = keys.view(np.uint64)
        slots = self._slots(words)
        return np.asarray(self._values.take(slots) * (self._keys.take(slots) == words), dtype=np.int64)

    def _buckets(self, keys: Words) -> Ints:
        """Give the buckets of keys."""
        return _high(keys * self._first, self._bucket_shift)

    def _slots(self, keys: Words) -> Ints:
        """Give the slots where keys are if they are in the table."""
        return _high(keys * self._multipliers.take(self._buckets(keys)), self._shift)


def _high(products: Words, shift: np.uint64) -> Ints:
    """Take the highest bits, on which all bits of a factor tell."""
    return np.asarray((products >> shift).view(np.int64))


def _multiplier() -> np.uint64:
    """Draw an odd number; nobody can make a file whose keys all share a bucket or a slot."""
    return np.uint64(int.from_bytes(os.urandom(8), "little") | 1)
