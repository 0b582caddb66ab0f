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

    An n-gram is looked up only where its first n - 1 symbols begin a term. Terms have nodes from 1 in the order of
    their frequency, so that what is looked at most lies close together; behind them is the node of a clause's end, and
    then those of beginnings that are no terms.

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
        order = np.argsort(block.squares, kind="stable")
        terms = block.terms[order].astype(np.int64)
        self._end, self._end_node = end, len(terms) + 1
        lengths = (terms > 0).sum(axis=1)
        numbers = np.arange(1, len(terms) + 1)
        self._single = np.zeros(n_symbols, dtype=np.int64)
        self._single[terms[lengths == 1, 0]] = numbers[lengths == 1]
        self._levels: list[LookupTable] = []
        nodes, spare = terms[:, 0], len(terms) + 2
        for n in range(1, terms.shape[1]):
            longer = lengths > n
            keys, begins = np.unique(nodes[longer] << _SYMBOL_BITS | terms[longer, n], return_inverse=True)
            values = np.arange(spare, spare + len(keys))
            whole = lengths[longer] == n + 1
            values[begins[whole]] = numbers[longer][whole]
            nodes = nodes.copy()
            nodes[longer] = values[begins]
            spare += len(keys)
            self._levels.append(LookupTable(keys, values))
        columns = np.vstack((block.weights, block.squares))[:, order]
        self._height, self._columns = len(columns), _paired(columns, spare)

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
        nodes = self._nodes(symbols)
        ends = np.flatnonzero(nodes == self._end_node)
        starts = np.append(0, ends[:-1] + 1)
        sums = [np.add.reduceat(column.take(nodes), starts) for column in self._columns]
        return np.array([part for pair in sums for part in (pair.real, pair.imag)][: self._height])

    def _nodes(self, symbols: Ints) -> Ints:
        """Find the nodes of a text's n-grams, and those of the ends of clauses, in order."""
        found = np.zeros((len(symbols), len(self._levels) + 1), dtype=np.int64)
        found[:, 0] = self._single.take(symbols)
        found[np.flatnonzero(symbols == self._end), 0] = self._end_node
        padded = np.append(symbols, np.zeros(len(self._levels), dtype=np.int64))
        places, nodes = np.arange(len(symbols)), symbols
        for n, table in enumerate(self._levels, 1):
            hits, nodes = table.find(nodes << _SYMBOL_BITS | padded.take(places + n))
            places = places.take(hits)
            found[places, n] = nodes
        flat = found.ravel()
        return flat.take(np.flatnonzero(flat))


def _paired(columns: NDArray[np.float32], n: int) -> list[NDArray[np.complex128]]:
    """Put two columns into one of `n` complex numbers, which are gathered and added in half the time.

    What is no term has zeros.
    """
    padded = np.zeros((len(columns) + len(columns) % 2, n))
    padded[: len(columns), 1 : columns.shape[1] + 1] = columns
    return [padded[i] + 1j * padded[i + 1] for i in range(0, len(padded), 2)]
