"""Why a paragraph has a topic: the terms and passages behind a logit, with weights that add up to it.

This is also the readable definition of a score, term by term, that the fast path is held against.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topics.modeling.features import Term, char_terms, word_terms
from topics.modeling.grams import damping
from topics.modeling.linear import Block, LinearModel
from topics.modeling.text import units_of
from topics.records import Evidence, TermWeight

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one occurrence of a term adds to every topic's logit.

    Attributes
    ----------
    start, end : int
        Offsets into the paragraph's text; both -1 for a term of the heading.
    term : str
        The term as the model knows it.
    weights : ndarray of shape (n_topics,), dtype float64
    """

    start: int
    end: int
    term: str
    weights: Array


@dataclass(frozen=True, slots=True)
class Explanation:
    """A paragraph's logits taken apart.

    Attributes
    ----------
    contributions : list of Contribution
        Their weights and `constant` add up to the logits.
    constant : ndarray of shape (n_topics,)
        What the topics have without any term.
    units : list of (int, int)
        The clauses.
    """

    contributions: list[Contribution]
    constant: Array
    units: list[tuple[int, int]]

    def logits(self) -> Array:
        """Add everything up; shape (n_topics,)."""
        return np.asarray(self.constant + sum((c.weights for c in self.contributions), np.zeros_like(self.constant)))

    def heading(self) -> Array:
        """What the heading's terms add to the logits; shape (n_topics,)."""
        found = [c.weights for c in self.contributions if c.start < 0]
        return np.asarray(sum(found, np.zeros_like(self.constant)))

    def evidence(self, topics: Iterable[tuple[int, str]], n_terms: int = 8) -> Iterator[Evidence]:
        """What every clause adds to each of some topics, heaviest first.

        With `constant` and `heading` the weights of a topic's clauses add up to its logit.

        Parameters
        ----------
        topics : iterable of (int, str)
            Column and name of each topic.
        n_terms : int
            How many of a clause's terms to give, strongest first.

        Yields
        ------
        Evidence
        """
        owned = [[c for c in self.contributions if a <= c.start < b] for a, b in self.units]
        for k, name in topics:
            found = [_passage(name, k, span, inside, n_terms) for span, inside in zip(self.units, owned, strict=True)]
            yield from sorted(found, key=lambda evidence: -evidence.weight)


def _passage(name: str, k: int, span: tuple[int, int], inside: list[Contribution], n_terms: int) -> Evidence:
    """What a clause adds to one topic."""
    strongest = sorted((c for c in inside if c.weights[k]), key=lambda c: -abs(c.weights[k]))[:n_terms]
    terms = tuple(TermWeight(c.term, c.start, c.end, float(c.weights[k])) for c in strongest)
    return Evidence(name, *span, sum((float(c.weights[k]) for c in inside), 0.0), terms)


class Explainer:
    """Takes a model's logits apart, term by term.

    Parameters
    ----------
    model : LinearModel
        A trained model.
    """

    def __init__(self, model: LinearModel) -> None:
        self.model = model
        self._word = self._word_rows(model.word)
        self._heading = self._word_rows(model.heading)
        self._char = {tuple(chr(i) for i in row if i): n for n, row in enumerate(model.char.terms.tolist())}

    def _word_rows(self, block: Block) -> dict[tuple[str, ...], int]:
        """Map the terms of a block of word n-grams to their rows."""
        words = self.model.words
        return {tuple(words[i - 1] for i in row if i): n for n, row in enumerate(block.terms.tolist())}

    def explain(self, text: str, heading: str = "") -> Explanation:
        """Take a paragraph's logits apart.

        Parameters
        ----------
        text, heading : str
            The paragraph and the heading it stands under.
        """
        units = units_of(text)
        found = [self._known(text, a, b) for a, b in ([(0, len(text))] if self.model.whole else units)]
        pool = self.model.pool_coef.astype(np.float64)
        constant = self.model.pool_intercept + pool.sum(axis=1) * self.model.intercept
        contributions: dict[tuple[int, int, str], Array] = {}
        for w, window in enumerate(self.model.windows):
            for k, (a, b) in enumerate(self._best_passages(found, window)):
                for start, end, name, weight in self._weighed(found[a:b], k):
                    slot = contributions.setdefault((start, end, name), np.zeros(len(constant)))
                    slot[k] += pool[k, w] * weight
        for term, weights in self._heading_weights(heading):
            slot = contributions.setdefault((-1, -1, term), np.zeros(len(constant)))
            slot += weights * pool.sum(axis=1)
        return Explanation([Contribution(*key, value) for key, value in contributions.items()], constant, units)

    def _known(self, text: str, a: int, b: int) -> list[list[tuple[Term, int]]]:
        """The terms of a clause that the model knows, with their rows; words, then characters."""
        words = [(_moved(t, a), self._word[t.key]) for t in word_terms(text[a:b]) if t.key in self._word]
        chars = char_terms(text[a:b], *self.model.char_range, marks=True)
        return [words, [(_moved(t, a), self._char[t.key]) for t in chars if t.key in self._char]]

    def _best_passages(self, found: list[list[list[tuple[Term, int]]]], window: int) -> list[tuple[int, int]]:
        """The best passage of a length for each topic, as first clause and clause after the last."""
        n = len(found)
        size = min(window or n, n)
        passages = [(i, i + size) for i in range(n - size + 1)]
        scores = np.array([self._score(found[a:b]) for a, b in passages])
        return [passages[i] for i in scores.argmax(axis=0)]

    def _score(self, clauses: list[list[list[tuple[Term, int]]]]) -> Array:
        """Score a passage without heading and intercept."""
        total = np.zeros(len(self.model.topics))
        for which, block in enumerate((self.model.word, self.model.char)):
            rows = [row for clause in clauses for _, row in clause[which]]
            if rows:
                counted = self._counted(rows)
                total += block.weights[:, rows].astype(np.float64) @ counted / _norm(block, rows, counted)
        return total

    def _weighed(self, clauses: list[list[list[tuple[Term, int]]]], k: int) -> Iterable[tuple[int, int, str, float]]:
        """What each occurrence adds to a passage's score for one topic."""
        for which, (block, joint) in enumerate(((self.model.word, " "), (self.model.char, ""))):
            pairs = [pair for clause in clauses for pair in clause[which]]
            rows = [row for _, row in pairs]
            counted = self._counted(rows)
            norm = _norm(block, rows, counted) if pairs else 1.0
            for (term, row), share in zip(pairs, counted.tolist(), strict=True):
                yield term.start, term.end, joint.join(term.key), share * float(block.weights[k, row]) / norm

    def _counted(self, rows: list[int]) -> Array:
        """What each occurrence of a passage's terms counts."""
        return damping(np.array(rows, dtype=np.int64)) if self.model.whole else np.ones(len(rows))

    def _heading_weights(self, heading: str) -> list[tuple[str, Array]]:
        """What the heading's terms add to every passage's score."""
        block = self.model.heading
        rows = Counter(self._heading[t.key] for t in word_terms(heading) if t.key in self._heading)
        norm = _norm(block, list(rows.elements()), np.ones(rows.total())) if rows else 1.0
        names = {row: " ".join(key) for key, row in self._heading.items() if row in rows}
        return [(names[row], n * block.weights[:, row].astype(np.float64) / norm) for row, n in rows.items()]


def _norm(block: Block, rows: list[int], counted: Array) -> float:
    """The norm of a passage's terms."""
    return float(np.sqrt(block.squares[rows].astype(np.float64) @ counted))


def _moved(term: Term, by: int) -> Term:
    """The term at its place in the paragraph."""
    return Term(term.key, term.start + by, term.end + by)
