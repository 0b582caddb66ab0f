"""The plain arrays that inference needs: what a trained model is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topics.errors import ModelError
from topics.modeling.text import N_POINTS

Floats = NDArray[np.float32]

WORD_GRAM, CHAR_GRAM = 2, 3
MAX_WINDOW, MAX_WINDOWS = 100, 16


@dataclass(frozen=True, slots=True)
class Block:
    """The terms of one field and kind, with their weights.

    Attributes
    ----------
    terms : ndarray of shape (n_terms, gram)
        A term a row, filled up with 0: numbers of words (from 1), or code points.
    weights : ndarray of shape (n_topics, n_terms), dtype float32
        Coefficient times inverse document frequency.
    squares : ndarray of shape (n_terms,), dtype float32
        Inverse document frequency squared; their sum over a passage's terms is the square of its norm.
    """

    terms: NDArray[Any]
    weights: Floats
    squares: Floats


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A trained model.

    A passage's score for a topic is the sum over its terms of weight over norm, block by block, plus the intercept. A
    paragraph's logit is, over the kinds of passages, the sum of `pool_coef` times the best score, plus
    `pool_intercept`; its probability is the logistic function of it (the softmax, where topics exclude each other).

    Attributes
    ----------
    topics : tuple of str
        Topic ids.
    exclusive : bool
        Whether every paragraph has exactly one topic.
    words : tuple of str
        The words that word terms are made of; word ``i`` has number ``i + 1``.
    word, char, heading : Block
        Word n-grams and character n-grams of the text, word n-grams of the heading.
    char_range : tuple of int
        Shortest and longest character n-gram.
    intercept : ndarray of shape (n_topics,), dtype float32
    windows : tuple of int
        Lengths in clauses of the passages that are scored; 0 stands for the whole paragraph.
    pool_coef : ndarray of shape (n_topics, n_windows), dtype float32
    pool_intercept, thresholds : ndarray of shape (n_topics,), dtype float32
    unit_coef, unit_intercept : ndarray of shape (n_topics,), dtype float32
        A clause speaks for a topic with the logistic function of its score times `unit_coef`, plus `unit_intercept`.
    segmenter : dict
        What `topics.modeling.segmentation.segmenter_record` gave when it was trained.
    whole : bool
        Whether a text is one clause: then its marks count as characters, and a term that stands n times in it counts
        1 + ln n times.
    """

    topics: tuple[str, ...]
    exclusive: bool
    words: tuple[str, ...]
    word: Block
    char: Block
    heading: Block
    char_range: tuple[int, int]
    intercept: Floats
    windows: tuple[int, ...]
    pool_coef: Floats
    pool_intercept: Floats
    thresholds: Floats
    unit_coef: Floats
    unit_intercept: Floats
    segmenter: dict[str, Any]
    whole: bool = False

    def to_arrays(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Give the arrays and the plain values that persist the model."""
        arrays: dict[str, NDArray[Any]] = {
            "words": np.frombuffer("\n".join(self.words).encode(), dtype=np.uint8),
            **{name: getattr(self, name) for name in _VECTORS},
            "pool_coef": self.pool_coef,
        }
        for name in _BLOCKS:
            block: Block = getattr(self, name)
            arrays |= {f"{name}.terms": block.terms, f"{name}.weights": block.weights, f"{name}.squares": block.squares}
        meta = {
            "topics": list(self.topics),
            "exclusive": self.exclusive,
            "char_range": list(self.char_range),
            "windows": list(self.windows),
            "segmenter": dict(self.segmenter),
        } | ({"whole": True} if self.whole else {})
        return arrays, meta

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> LinearModel:
        """Rebuild a model and check that all its parts fit together.

        Raises
        ------
        ModelError
            If a part is missing, has another shape or type, or holds a number that is not finite.
        """
        try:
            words = arrays["words"].tobytes().decode()
            model = cls(
                topics=_texts(meta["topics"]),
                exclusive=bool(meta["exclusive"]),
                words=tuple(words.split("\n")) if words else (),
                word=_stored_block(arrays, "word"),
                char=_stored_block(arrays, "char"),
                heading=_stored_block(arrays, "heading"),
                char_range=(int(meta["char_range"][0]), int(meta["char_range"][1])),
                intercept=arrays["intercept"],
                windows=tuple(int(w) for w in meta["windows"]),
                pool_coef=arrays["pool_coef"],
                pool_intercept=arrays["pool_intercept"],
                thresholds=arrays["thresholds"],
                unit_coef=arrays["unit_coef"],
                unit_intercept=arrays["unit_intercept"],
                segmenter=_scalars(meta["segmenter"]),
                whole=bool(meta.get("whole", False)),
            )
        except (AttributeError, KeyError, ValueError, TypeError, IndexError) as error:
            raise ModelError(f"a part is missing or damaged ({error}); restore the file") from None
        model._check()
        return model

    def _check(self) -> None:
        """Refuse parts that do not fit."""
        k = len(self.topics)
        _need(k > 0 and len(set(self.topics)) == k, "topics")
        _need(0 < len(self.windows) <= MAX_WINDOWS and all(0 <= w <= MAX_WINDOW for w in self.windows), "windows")
        _need(self.windows == (0,) or not self.whole, "whole")
        _need(1 <= self.char_range[0] <= self.char_range[1] <= CHAR_GRAM, "char_range")
        for name in _VECTORS:
            _check_floats(getattr(self, name), (k,), name)
        _check_floats(self.pool_coef, (k, len(self.windows)), "pool_coef")
        for name, gram, top in (
            ("word", WORD_GRAM, len(self.words)),
            ("char", CHAR_GRAM, N_POINTS - 1),
            ("heading", WORD_GRAM, len(self.words)),
        ):
            _check_block(getattr(self, name), k, gram, top, name)


_BLOCKS = ("word", "char", "heading")
_VECTORS = ("intercept", "pool_intercept", "thresholds", "unit_coef", "unit_intercept")


def _texts(values: list[Any]) -> tuple[str, ...]:
    """Take texts; anything else could be nested so deeply that naming it fills the memory."""
    if not all(isinstance(v, str) for v in values):
        raise TypeError("topics are not texts")
    return tuple(values)


def _scalars(record: dict[str, Any]) -> dict[str, Any]:
    """Take a flat record."""
    if not all(isinstance(v, str | int) for pair in record.items() for v in pair):
        raise TypeError("the segmenter is not a flat record")
    return dict(record)


def _stored_block(arrays: Mapping[str, NDArray[Any]], name: str) -> Block:
    """Take a block out of stored arrays."""
    return Block(arrays[f"{name}.terms"], arrays[f"{name}.weights"], arrays[f"{name}.squares"])


def _check_block(block: Block, k: int, gram: int, top: int, name: str) -> None:
    """Refuse a block whose arrays do not fit."""
    terms = block.terms
    _need(terms.ndim == 2 and terms.shape[1] == gram and terms.dtype == np.int32, f"{name}.terms")
    _need(not len(terms) or (int(terms.min()) >= 0 and int(terms.max()) <= top), f"{name}.terms")
    _need(not len(terms) or int(terms[:, 0].min()) > 0, f"{name}.terms")
    _check_floats(block.weights, (k, len(terms)), f"{name}.weights")
    _check_floats(block.squares, (len(terms),), f"{name}.squares")
    _need(not len(terms) or float(block.squares.min()) > 0, f"{name}.squares")


def _check_floats(array: NDArray[Any], shape: tuple[int, ...], name: str) -> None:
    """Refuse an array of another shape or type, or with a number that is not finite."""
    _need(array.shape == shape and array.dtype == np.float32 and bool(np.isfinite(array).all()), name)


def _need(condition: bool, name: str) -> None:
    """Raise unless the condition holds."""
    if not condition:
        raise ModelError(f"{name} does not fit the rest of the model; restore the file")
