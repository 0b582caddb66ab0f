"""Word segmentation: the only module that knows a segmenter.

The dictionary and algorithm are jieba's with its hidden Markov model off, so that a word is always a word of the
dictionary; the engine is rjieba, the same in Rust.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from topics.errors import ModelError

_NAME = "rjieba"


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
