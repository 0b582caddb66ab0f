"""Numbers of words, a text at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from topics.modeling.lookup import LookupTable
from topics.modeling.text import Points, points_of

Ints = NDArray[np.int64]

_SHORT = 4  # so many code points of 16 bits fit a key
_MASKS = np.array([0, 0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF_FFFF, -1, 0])


class Vocabulary:
    """Words with their numbers.

    Nearly all words are short. They are found by their code points, because a string that the segmenter has just made
    must be hashed before a dictionary can be asked for it, which takes longer than all the rest.

    Parameters
    ----------
    words : sequence of str
        Word ``i`` has number ``i + 1``.

    Examples
    --------
    >>> text = "调解纠纷社会治安"
    >>> Vocabulary(["调解", "社会治安"]).numbers(text, points_of(text), np.array([2, 2, 4])).tolist()
    [1, 0, 2]
    """

    def __init__(self, words: Sequence[str]) -> None:
        lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        keys = _keys(points_of("".join(words)), np.cumsum(lengths) - lengths, lengths)
        short = np.flatnonzero(keys)
        self._short = LookupTable(keys[short], short + 1)
        self._long = {word: number for number, word in enumerate(words, 1) if len(word) > _SHORT}

    def numbers(self, text: str, points: Points, lengths: Ints) -> Ints:
        """Give the numbers of words.

        Parameters
        ----------
        text : str
            A text, normalised.
        points : ndarray of shape (len(text),), dtype uint32
            The same.
        lengths : ndarray of shape (n,), dtype int64
            The lengths of its words, one behind the other.

        Returns
        -------
        ndarray of shape (n,), dtype int64
            0 for a word that has no number.
        """
        ends = np.cumsum(lengths)
        numbers = self._short.get(_keys(points, ends - lengths, lengths))
        long = np.flatnonzero(lengths > _SHORT)
        spans = zip((ends - lengths)[long].tolist(), ends[long].tolist(), strict=True)
        numbers[long] = [self._long.get(text[start:end], 0) for start, end in spans]
        return numbers


def _keys(points: Points, starts: Ints, lengths: Ints) -> Ints:
    """Pack the code points of short words into keys; 0 for long ones."""
    padded = np.zeros(len(points) + _SHORT, dtype="<u2")
    padded[: len(points)] = points
    packed = np.ndarray(len(points) + 1, dtype="<i8", buffer=padded, strides=(2,)).copy()  # four from every place on
    return np.asarray(packed.take(starts) & _MASKS.take(lengths, mode="clip"))
