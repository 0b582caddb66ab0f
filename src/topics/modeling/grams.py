"""Sums over the n-grams of clauses, with arrays: the inner loop of a prediction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from topics.modeling.linear import Block
from topics.modeling.lookup import LookupTable

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_SYMBOL_BITS = 24


class Grams:
    """The terms of a block as a tree of symbols: words by number, or characters.

    An n-gram is looked up only where its first n - 1 symbols begin a term.

    Parameters
    ----------
    block : Block
        The terms, with weights and squares.
    n_symbols : int
        Symbols are less than this.
    end : int
        The symbol that ends a clause.
    """

    def __init__(self, block: Block, n_symbols: int, end: int) -> None:
        terms = block.terms.astype(np.int64)
        self._end, self._height = end, len(block.weights) + 1
        self._last_row = len(terms) + 1
        lengths = (terms > 0).sum(axis=1)
        rows = np.arange(1, len(terms) + 1)
        nodes = terms[:, 0].copy()
        self._single = _rows_at(nodes, rows, lengths == 1, n_symbols)
        self._levels: list[tuple[LookupTable, Ints]] = []
        for n in range(1, terms.shape[1]):
            longer = lengths > n
            keys, node = np.unique(nodes[longer] << _SYMBOL_BITS | terms[longer, n], return_inverse=True)
            nodes[longer] = node
            self._levels.append((LookupTable(keys), _rows_at(nodes, rows, lengths == n + 1, len(keys))))
        self._columns = _paired(np.vstack((block.weights, block.squares)))

    def sums(self, symbols: Ints) -> Array:
        """Sum weights and squares over the terms of every clause.

        Parameters
        ----------
        symbols : ndarray of shape (n,), dtype int64
            Symbols in order; 0 for one that is in no term; the last one ends a clause.

        Returns
        -------
        ndarray of shape (n_topics + 1, n_clauses), dtype float64
            The last row is that of the squares.
        """
        rows = self._rows(symbols)
        ends = np.flatnonzero(rows == self._last_row)
        starts = np.append(0, ends[:-1] + 1)
        sums = [np.add.reduceat(column.take(rows), starts) for column in self._columns]
        return np.array([part for pair in sums for part in (pair.real, pair.imag)][: self._height])

    def _rows(self, symbols: Ints) -> Ints:
        """Find the terms of a text in order; the row behind the last term stands for the end of a clause."""
        found = np.zeros((len(symbols), len(self._levels) + 1), dtype=np.int64)
        found[:, 0] = self._single.take(symbols)
        found[symbols == self._end, 0] = self._last_row
        padded = np.append(symbols, np.zeros(len(self._levels), dtype=np.int64))
        places, nodes = np.arange(len(symbols)), symbols
        for n, (table, rows) in enumerate(self._levels, 1):
            following = padded[n : n + len(symbols)]
            hits, nodes = table.find(nodes << _SYMBOL_BITS | following.take(places))
            places = places.take(hits)
            found[places, n] = rows.take(nodes)
        flat = found.ravel()
        return flat.take(np.flatnonzero(flat))


def _rows_at(nodes: Ints, rows: Ints, chosen: NDArray[np.bool_], n: int) -> Ints:
    """The row of the term that each node is, 0 where it only begins others."""
    at = np.zeros(n, dtype=np.int64)
    at[nodes[chosen]] = rows[chosen]
    return at


def _paired(columns: NDArray[np.float32]) -> list[NDArray[np.complex128]]:
    """Put two columns into one of complex numbers, which are gathered and added in half the time.

    Each has a 0 in front and one behind, for no term and for the end of a clause.
    """
    padded = np.zeros((len(columns) + len(columns) % 2, columns.shape[1] + 2))
    padded[: len(columns), 1:-1] = columns
    return [padded[i] + 1j * padded[i + 1] for i in range(0, len(padded), 2)]
