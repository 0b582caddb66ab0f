"""The passages of labelled paragraphs, and their topics: the instances that training learns from.

Where writers marked the clauses that carry a topic, a passage has the topics of the marks it overlaps; where they did
not, it has its paragraph's topics, which are then not certain.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from topics.modeling.text import Bounds
from topics.records import Example

Ints = NDArray[np.int64]

_OVERLAP = 5  # characters of a marked clause that a passage must hold to have its topic


def passages_of(first: Ints, windows: Sequence[int]) -> Ints:
    """List the passages of every example, each once.

    Parameters
    ----------
    first : ndarray of shape (n_examples + 1,)
        The first clause of each example, and the number of clauses.
    windows : sequence of int
        Lengths in clauses; 0 stands for the whole example. An example with fewer clauses has one passage of that
        length, the whole of it.

    Returns
    -------
    ndarray of shape (n_passages, 3), dtype int64
        Example, first clause, clause after the last.
    """
    found = []
    for example, (start, end) in enumerate(zip(first[:-1].tolist(), first[1:].tolist(), strict=True)):
        spans = set()
        for window in windows:
            size = min(window or end - start, end - start)
            spans |= {(i, i + size) for i in range(start, end - size + 1)}
        found += [(example, a, b) for a, b in sorted(spans)]
    return np.array(found, dtype=np.int64)


def label_passages(
    examples: Sequence[Example], bounds: Sequence[Bounds], first: Ints, passages: Ints, topics: Sequence[str]
) -> tuple[Ints, NDArray[np.bool_]]:
    """Label passages by the marked clauses they overlap, or else by their paragraph.

    Returns
    -------
    labels : ndarray of shape (n_passages, n_topics), dtype int64
    certain : ndarray of shape (n_passages,), dtype bool
        False for a part of a paragraph in which nobody marked clauses.
    """
    labels = np.zeros((len(passages), len(topics)), dtype=np.int64)
    certain = np.ones(len(passages), dtype=bool)
    column = {topic: k for k, topic in enumerate(topics)}
    offset = first.tolist()
    for row, (i, a, b) in enumerate(passages.tolist()):
        example, whole = examples[i], b - a == offset[i + 1] - offset[i]
        if whole or example.spans is None:
            labels[row, [column[topic] for topic in example.topics]] = 1
            certain[row] = whole
            continue
        start, end = bounds[i][a - offset[i]][0], bounds[i][b - 1 - offset[i]][1]
        for span in example.spans:
            if min(end, span.end) - max(start, span.start) >= min(_OVERLAP, span.end - span.start):
                labels[row, column[span.topic]] = 1
    return labels, certain
