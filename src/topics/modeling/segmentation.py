"""Word segmentation: the only module that knows a segmenter.

The dictionary and algorithm are jieba's with its hidden Markov model off, so that a word is always a word of the
dictionary; the engine is rjieba, the same in Rust.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topics.errors import ModelError

_NAME = "rjieba"
_PIECE = 32 * 1024  # characters; so few words are still in the cache when they have been measured and are given up


def segmenter_record() -> dict[str, Any]:
    """Name the segmenter in use, as models record it."""
    return {"name": _NAME, "version": version(_NAME), "hmm": False}


def check_segmenter(record: object) -> None:
    """Refuse a model made for another segmenter: its words would be cut otherwise than it learned them.

    Raises
    ------
    ModelError
        If `record` is not `segmenter_record()`.
    """
    ours = segmenter_record()
    if record != ours:
        raise ModelError(
            f"made for the segmenter {record}, here is {ours}; install that version or train the model again"
        )


def cut(text: str) -> list[str]:
    """Segment a text into words and punctuation marks; joined they give the text.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        The tokens in order.

    Examples
    --------
    >>> cut("推进社会治安综合治理")
    ['推进', '社会治安', '综合治理']
    """
    import rjieba

    tokens: list[str] = rjieba.cut(text, False)
    return tokens


def word_lengths(text: str) -> NDArray[np.int64]:
    """Segment a text of many lines, a piece at a time, and give the lengths of its words alone.

    Parameters
    ----------
    text : str
        Any text without carriage returns, for which no word reaches over a line break.

    Returns
    -------
    ndarray of shape (n_tokens,), dtype int64
        Characters of each token that `cut` would give.

    Examples
    --------
    >>> word_lengths("推进社会治安综合治理").tolist()
    [2, 4, 4]
    """
    lengths = [np.zeros(0, dtype=np.int64)]
    start = 0
    while start < len(text):
        end = text.find("\n", start + _PIECE) + 1 or len(text)
        words = cut(text[start:end])
        lengths.append(np.fromiter(map(len, words), dtype=np.int64, count=len(words)))
        start = end
    return np.concatenate(lengths)
