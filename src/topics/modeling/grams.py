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
    are no terms. A node holds the sums over all terms that begin its n-gram, so that the longest n-gram at a place
    gives all that start there at once.

    Parameters
    ----------
    block : Block
        The terms, with weights and squares.
    n_symbols : int
        Symbols are less than this.
    damped : bool
        Whether a term that a clause repeats counts less each time; see `damping`. Then a node holds its own term only.
    """

    def __init__(self, block: Block, n_symbols: int, *, damped: bool = False) -> None:
        order = np.argsort(block.squares, kind="stable")
        symbols = block.terms.take(order, axis=0).T.astype(np.int64, order="C")
        lengths = np.count_nonzero(symbols, axis=0)
        terms, single = np.arange(1, len(order) + 1), lengths == 1
        self._damped = damped
        self._single = np.zeros(n_symbols, dtype=np.int64)
        self._single[symbols[0, single]] = terms[single]
        self._levels: list[LookupTable] = []
        above: list[tuple[Ints, Ints]] = []
        nodes, parents, n_nodes = symbols[0], self._single[symbols[0]], len(terms) + 1
        for n in range(1, int(lengths.max(initial=0))):
            longer = lengths > n
            symbols, lengths, terms = symbols[:, longer], lengths[longer], terms[longer]
            keys, which = _distinct(nodes[longer] << _SYMBOL_BITS | symbols[n], sort=bool(lengths.max() > n + 1))
            values = np.arange(n_nodes, n_nodes + len(keys))
            values[which[lengths == n + 1]] = terms[lengths == n + 1]
            self._levels.append(LookupTable(keys, values))
            above.append((values[which], parents[longer]))
            nodes = parents = values[which]
            n_nodes += len(keys)
        self._height = len(block.weights) + 1
        self._columns = _paired(np.vstack((block.weights, block.squares)).take(order, axis=1), n_nodes)
        for children, parents in () if damped else above:
            self._columns[:, children] += self._columns[:, parents]

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
        starts = np.append(0, ends[:-1])
        total = np.zeros((len(self._columns), len(ends)), dtype=np.complex128)
        for nodes in self._layers(symbols):
            counted = self._counted(nodes, starts) if self._damped else None
            for row, column in zip(total, self._columns, strict=True):
                values = column.take(nodes) if counted is None else column.take(nodes) * counted
                row += np.add.reduceat(values, starts, dtype=np.complex128)
        return total.view(np.float64).reshape(len(total), -1, 2).swapaxes(1, 2).reshape(-1, len(ends))[: self._height]

    def _counted(self, nodes: Ints, starts: Ints) -> Array:
        """What each n-gram found counts where a clause's repeated terms are damped."""
        clauses = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(nodes)))
        return damping(clauses * self._columns.shape[1] + nodes)

    def _layers(self, symbols: Ints) -> Iterator[Ints]:
        """Give the nodes of the n-grams that start at each symbol, 0 for none: the longest, or each n where damped."""
        longest, nodes = self._single.take(symbols), symbols
        for n, table in enumerate(self._levels, 1):
            nodes = table.get(nodes[:-1] << _SYMBOL_BITS | symbols[n:])
            if self._damped:
                yield longest
                longest = np.zeros_like(longest)
            np.copyto(longest[: len(nodes)], nodes, where=nodes != 0)
        yield longest


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
