"""Sums over the n-grams of clauses, with arrays: the inner loop of a prediction."""

from __future__ import annotations

from collections.abc import Iterator

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
    their frequency, so that what is looked at most lies close together; behind them are the nodes of beginnings that
    are no terms.

    Parameters
    ----------
    block : Block
        The terms, with weights and squares.
    n_symbols : int
        Symbols are less than this.
    """

    def __init__(self, block: Block, n_symbols: int) -> None:
        order = np.argsort(block.squares, kind="stable")
        terms = block.terms[order].astype(np.int64)
        lengths = (terms > 0).sum(axis=1)
        numbers = np.arange(1, len(terms) + 1)
        single = lengths == 1
        self._single = np.zeros(n_symbols if single.any() else 0, dtype=np.int64)
        self._single[terms[single, 0]] = numbers[single]
        self._levels: list[LookupTable] = []
        nodes, n_nodes = terms[:, 0].copy(), len(terms) + 1
        for n in range(1, terms.shape[1]):
            longer = lengths > n
            keys, begins = np.unique(nodes[longer] << _SYMBOL_BITS | terms[longer, n], return_inverse=True)
            values = np.arange(n_nodes, n_nodes + len(keys))
            values[begins[lengths[longer] == n + 1]] = numbers[lengths == n + 1]
            nodes[longer] = values[begins]
            n_nodes += len(keys)
            self._levels.append(LookupTable(keys, values))
        columns = np.vstack((block.weights, block.squares))[:, order]
        self._height, self._columns = len(columns), _paired(columns, n_nodes)

    def sums(self, symbols: Ints, ends: Ints) -> Array:
        """Sum weights and squares over the terms of every clause.

        Parameters
        ----------
        symbols : ndarray of shape (n,), dtype int64
            Symbols in order; 0 for one that is in no term.
        ends : ndarray of shape (n_clauses,), dtype int64
            The places behind the clauses, ascending; the last symbol of a clause is in no term.

        Returns
        -------
        ndarray of shape (n_topics + 1, n_clauses), dtype float64
            The last row is that of the squares.
        """
        starts = np.append(0, ends)
        total = np.zeros((len(self._columns), len(ends)), dtype=np.complex128)
        for places, nodes in self._found(symbols):
            bounds = np.searchsorted(places, starts)
            filled = np.flatnonzero(np.diff(bounds))
            if len(filled):
                for row, column in zip(total, self._columns, strict=True):
                    row[filled] += np.add.reduceat(column.take(nodes), bounds[filled])
        return total.view(np.float64).reshape(len(total), -1, 2).swapaxes(1, 2).reshape(-1, len(ends))[: self._height]

    def _found(self, symbols: Ints) -> Iterator[tuple[Ints, Ints]]:
        """Find the n-grams of a text, for each n: their places, ascending, and their nodes."""
        if len(self._single):
            nodes = self._single.take(symbols)
            places = np.flatnonzero(nodes)
            yield places, nodes.take(places)
        if self._levels:
            places, nodes = self._levels[0].find(symbols[:-1] << _SYMBOL_BITS | symbols[1:])
            yield places, nodes
        for n, table in enumerate(self._levels[1:], 2):
            hits, nodes = table.find(nodes << _SYMBOL_BITS | symbols.take(places + n, mode="clip"))
            places = places.take(hits)
            yield places, nodes


def _paired(columns: NDArray[np.float32], n: int) -> list[NDArray[np.complex128]]:
    """Put two columns into one of `n` complex numbers, which are gathered and added in half the time.

    What is no term has zeros.
    """
    padded = np.zeros((len(columns) + len(columns) % 2, n))
    padded[: len(columns), 1 : columns.shape[1] + 1] = columns
    return [padded[i] + 1j * padded[i + 1] for i in range(0, len(padded), 2)]
