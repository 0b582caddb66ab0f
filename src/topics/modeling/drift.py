"""How far texts have moved away from those a model was trained on."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from topics.modeling.segmentation import cut
from topics.modeling.text import normalize

_WORD = re.compile(r"\w")


def words_of(texts: Iterable[str]) -> Iterator[str]:
    """Give the words of texts, punctuation aside.

    Examples
    --------
    >>> list(words_of(["调解纠纷，破案。"]))
    ['调解纠纷', '破案']
    """
    for token in cut(normalize("\n".join(texts))):
        if _WORD.search(token):
            yield token


def population_stability(expected: Mapping[str, float], counts: Mapping[str, int]) -> float:
    """Give the population stability index of counts against expected shares.

    The index is the sum over classes of ``(a - e) * ln(a / e)``, with half a case added to every class so that an empty
    one has a logarithm [1]_. As a rule of thumb, below 0.1 is stable and above 0.25 has moved.

    Parameters
    ----------
    expected : mapping of str to float
        Share of each class where the model was trained.
    counts : mapping of str to int
        Cases of each class now.

    Returns
    -------
    float

    References
    ----------
    .. [1] N. Siddiqi, *Credit Risk Scorecards*, Wiley, 2006.

    Examples
    --------
    >>> population_stability({"a": 0.5, "b": 0.5}, {"a": 500, "b": 500})
    0.0
    >>> round(population_stability({"a": 0.5, "b": 0.5}, {"a": 900, "b": 100}), 2)
    0.88
    """
    classes = sorted({*expected, *counts})
    total = sum(counts.values()) + 0.5 * len(classes)
    index = 0.0
    for name in classes:
        actual = (counts.get(name, 0) + 0.5) / total
        # The same half case, so that equal shares give 0 whatever the number of cases.
        share = (expected.get(name, 0.0) * sum(counts.values()) + 0.5) / total
        index += (actual - share) * math.log(actual / share)
    return index


def unknown_share(groups: Mapping[str, Iterable[str]], known: frozenset[str]) -> float:
    """Estimate the share of words that a model does not know in texts like those it was trained on.

    A word counts as unknown if the model lacks it, or if only one group of texts has it: a model trained without that
    group would lack it.

    Parameters
    ----------
    groups : mapping of str to iterable of str
        The training texts by group.
    known : frozenset of str
        The model's words.

    Examples
    --------
    >>> unknown_share({"a": ["调解，纠纷"], "b": ["调解，案件"]}, frozenset(["调解", "纠纷", "案件"]))
    0.5
    """
    counts: Counter[str] = Counter()
    spread: Counter[str] = Counter()
    for texts in groups.values():
        words = Counter(words_of(texts))
        counts.update(words)
        spread.update(words.keys())
    unknown = sum(n for word, n in counts.items() if word not in known or spread[word] == 1)
    return unknown / max(sum(counts.values()), 1)
