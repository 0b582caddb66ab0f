"""The terms of a text: word 1- and 2-grams and character n-grams, as evidence shows them and training counts them.

This is the readable definition; `topics.modeling.scoring` computes the same sums with arrays, and a property test holds
the two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from topics.modeling.segmentation import cut
from topics.modeling.text import normalize

_WORD = re.compile(r"\w")
_RUN = re.compile(r"\w+")
_LINE = re.compile(r".+", re.DOTALL)


class Term(NamedTuple):
    """An occurrence of a term: what was found and where, offsets into the text that was searched.

    Attributes
    ----------
    key : tuple of str
        The words of a word n-gram, or the characters of a character n-gram.
    start, end : int
        Offsets.
    """

    key: tuple[str, ...]
    start: int
    end: int


def word_terms(text: str, longest: int = 2) -> Iterator[Term]:
    """Give the word n-grams of a text; they do not reach over punctuation.

    Examples
    --------
    >>> [term.key for term in word_terms("推进社会治安，办理案件")]
    [('推进',), ('推进', '社会治安'), ('社会治安',), ('办理',), ('办理', '案件'), ('案件',)]
    """
    run: list[tuple[str, int, int]] = []
    position = 0
    for token in cut(normalize(text)):
        start, position = position, position + len(token)
        if _has_word(token):
            run.append((token, start, position))
        else:
            yield from _grams(run, 1, longest)
            run = []
    yield from _grams(run, 1, longest)


def char_terms(text: str, shortest: int, longest: int, *, marks: bool = False) -> Iterator[Term]:
    """Give the character n-grams of a text; they do not reach over punctuation, unless marks count as characters.

    Examples
    --------
    >>> ["".join(term.key) for term in char_terms("平安县，好", 1, 2)]
    ['平', '平安', '安', '安县', '县', '好']
    >>> ["".join(term.key) for term in char_terms("好？", 1, 2, marks=True)]
    ['好', '好?', '?']
    """
    for match in (_LINE if marks else _RUN).finditer(normalize(text).replace("\n", " ")):
        characters = [(c, i, i + 1) for i, c in enumerate(match.group(), match.start())]
        yield from _grams(characters, shortest, longest)


def word_keys(normal: str, longest: int = 2) -> Iterator[tuple[str, ...]]:
    """Give the keys of `word_terms` alone, of a normalised text, in another order but much sooner."""
    for is_word, run in groupby(cut(normal), key=_has_word):
        if is_word:
            yield from _keys(list(run), 1, longest)


def char_keys(normal: str, shortest: int, longest: int, *, marks: bool = False) -> Iterator[tuple[str, ...]]:
    """Give the keys of `char_terms` alone, of a normalised text, in another order but much sooner."""
    for run in (_LINE if marks else _RUN).findall(normal.replace("\n", " ")):
        yield from _keys(run, shortest, longest)


@lru_cache(maxsize=1 << 16)
def _has_word(token: str) -> bool:
    """Whether a token is more than punctuation."""
    return _WORD.search(token) is not None


def _keys(run: Sequence[str], shortest: int, longest: int) -> Iterator[tuple[str, ...]]:
    """Give the n-grams of a run, shorter ones first."""
    for n in range(shortest, longest + 1):
        yield from zip(*(run[i:] for i in range(n)), strict=False)


def _grams(run: list[tuple[str, int, int]], shortest: int, longest: int) -> Iterator[Term]:
    """Give the n-grams of a run of tokens."""
    for i, (_, start, _) in enumerate(run):
        for n in range(shortest, min(longest, len(run) - i) + 1):
            yield Term(tuple(token for token, _, _ in run[i : i + n]), start, run[i + n - 1][2])
