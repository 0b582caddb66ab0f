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
        symbols = block.terms.take(order, axis=0).T.astype(np.int64, order="C")
        lengths = np.count_nonzero(symbols, axis=0)
        terms, single = np.arange(1, len(order) + 1), lengths == 1
        self._single = np.zeros(n_symbols if single.any() else 0, dtype=np.int64)
        self._single[symbols[0, single]] = terms[single]
        self._levels: list[LookupTable] = []
        nodes, n_nodes = symbols[0], len(terms) + 1
        for n in range(1, len(symbols)):
            longer = lengths > n
            symbols, lengths, terms = symbols[:, longer], lengths[longer], terms[longer]
            keys, which = _distinct(nodes[longer] << _SYMBOL_BITS | symbols[n], sort=n + 1 < len(symbols))
            values = np.arange(n_nodes, n_nodes + len(keys))
            values[which[lengths == n + 1]] = terms[lengths == n + 1]
            self._levels.append(LookupTable(keys, values))
            nodes, n_nodes = values[which], n_nodes + len(keys)
        self._height = len(block.weights) + 1
        self._columns = _paired(np.vstack((block.weights, block.squares)).take(order, axis=1), n_nodes)

    def sums(self, symbols: Ints, ends: Ints, *, damped: bool = False) -> Array:
        """Sum weights and squares over the terms of every clause.

        Parameters
        ----------
        symbols : ndarray of shape (n,), dtype int64
            Symbols in order; 0 for one that is in no term.
        ends : ndarray of shape (n_clauses,), dtype int64
            The places behind the clauses, ascending; the last symbol of a clause is in no term.
        damped : bool
            Whether a term that a clause repeats counts less each time; see `damping`.

        Returns
        -------
        ndarray of shape (n_topics + 1, n_clauses), dtype float64
            The last row is that of the squares.
        """
        starts = np.append(0, ends)
        total = np.zeros((len(self._columns), len(ends)), dtype=np.complex128)
        for places, nodes in self._found(symbols):
            bounds = starts if places is None else np.searchsorted(places, starts)
            filled = np.flatnonzero(np.diff(bounds))
            if len(filled):
                counted = self._counted(nodes, bounds) if damped else None
                for row, column in zip(total, self._columns, strict=True):
                    values = column.take(nodes) if counted is None else column.take(nodes) * counted
                    row[filled] += np.add.reduceat(values, bounds[filled], dtype=np.complex128)
        return total.view(np.float64).reshape(len(total), -1, 2).swapaxes(1, 2).reshape(-1, len(ends))[: self._height]

    def _counted(self, nodes: Ints, bounds: Ints) -> Array:
        """What each n-gram found counts where a clause's repeated terms are damped."""
        clauses = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        return damping(clauses * self._columns.shape[1] + nodes)

    def _found(self, symbols: Ints) -> Iterator[tuple[Ints | None, Ints]]:
        """Find the n-grams of a text, for each n: their places, ascending, and their nodes.

        Of single symbols nearly all are found: they are given without places, one for each symbol, and node 0, which
        weighs nothing, for those that are not.
        """
        if len(self._single):
            yield None, self._single.take(symbols)
        if self._levels:
            places, nodes = self._levels[0].find(symbols[:-1] << _SYMBOL_BITS | symbols[1:])
            yield places, nodes
        for n, table in enumerate(self._levels[1:], 2):
            hits, nodes = table.find(nodes << _SYMBOL_BITS | symbols.take(places + n, mode="clip"))
            places = places.take(hits)
            yield places, nodes


def damping(occurrences: Ints) -> Array:
    """Give what each occurrence of a term counts: (1 + ln n) / n where there are n alike, so that they add to 1 + ln n.

    Examples
    --------
    >>> damping(np.array([7, 3, 7])).round(3).tolist()
    [0.847, 1.0, 0.847]
    """
    _, alike, counts = np.unique(occurrences, return_inverse=True, return_counts=True)
    return np.asarray(((1 + np.log(counts)) / counts)[alike])


def _distinct(keys: Ints, sort: bool) -> tuple[Ints, Ints]:
    """Give each key once, and where each of `keys` then is; without sorting where they are distinct already."""
    return np.unique(keys, return_inverse=True) if sort else (keys, np.arange(len(keys)))


def _paired(columns: NDArray[np.float32], n: int) -> NDArray[np.complex64]:
    """Put two columns into one of `n` complex numbers, which are gathered and added in half the time.

    What is no term has zeros.
    """
    half, width = (len(columns) + 1) // 2, columns.shape[1] + 1
    pairs = np.zeros((half, n), dtype=np.complex64)
    pairs.real[:, 1:width] = columns[::2]
    pairs.imag[: len(columns) // 2, 1:width] = columns[1::2]
    return pairs
