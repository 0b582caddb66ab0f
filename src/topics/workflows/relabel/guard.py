"""What a run would change, and whether it may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from topics.errors import GuardError, UsageError
from topics.modeling.drift import population_stability, words_of
from topics.storage.schema import CODEBOOK, MODEL, Stored
from topics.workflows.relabel.items import Done, Item, Label
from topics.workflows.relabel.taxonomy import Carrier

FEWEST = 100
"""Fewer scored paragraphs than this say nothing of drift."""

_EXAMPLES, _EXAMPLE_LENGTH = 10, 60


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a run may change: the share of unchanged paragraphs, and the drift of the text; None is no limit."""

    churn: float | None = None
    drift: float | None = None

    @property
    def any(self) -> bool:
        """Whether there is a limit at all."""
        return self.churn is not None or self.drift is not None

    def record(self) -> dict[str, float | None]:
        """The limits as a run records them."""
        return {"max_churn": self.churn, "max_drift": self.drift}


@dataclass(slots=True)
class Measures:
    """What passes through `watch` is counted.

    Attributes
    ----------
    carrier : Carrier
        Carries old labels, so that a topic with a new name is no change.
    reference : mapping or None
        The model's record of the text it was trained on.
    known : frozenset of str or None
        The model's words, to count the others; None if they need not be counted.
    compared, changed, not_comparable : int
        Unchanged paragraphs under a new model or codebook; those of them whose set of topics changed; those whose old
        topics cannot be carried.
    matrix : Counter
        Old against new primary topic of compared paragraphs.
    """

    carrier: Carrier
    reference: Mapping[str, Any] | None
    known: frozenset[str] | None = None
    compared: int = 0
    changed: int = 0
    not_comparable: int = 0
    matrix: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    primary: Counter[str] = field(default_factory=Counter)
    words: int = 0
    unknown: int = 0

    def watch(self, stream: Iterable[Done]) -> Iterator[Done]:
        """Count batches as they pass."""
        for done in stream:
            if self.known is not None:
                self._count_words([item.row.text for item, label in done.pairs if label and item.row], self.known)
            for item, label in done.pairs:
                if item.reason:
                    self.reasons[item.reason] += 1
                if label:
                    self._count(item, label)
            yield done

    def _count_words(self, texts: list[str], known: frozenset[str]) -> None:
        """Count words, and those that the model does not know."""
        words = list(words_of(texts))
        self.words += len(words)
        self.unknown += sum(word not in known for word in words)

    def _count(self, item: Item, label: Label) -> None:
        """Count a scored paragraph."""
        self.primary[label.primary] += 1
        if item.old and item.reason in (MODEL, CODEBOOK):
            self._compare(item, item.old, label)

    def _compare(self, item: Item, old: Stored, label: Label) -> None:
        """Hold a new label against the old one."""
        before = self.carrier.topics(old.topics)
        if before is None:
            self.not_comparable += 1
            return
        self.matrix[self.carrier.primary(old.primary), label.primary] += 1
        self.compared += 1
        if set(before) == {topic for topic in label.topics.split("|") if topic}:
            return
        self.changed += 1
        if len(self.examples) < _EXAMPLES and item.row:
            self.examples.append(
                {
                    "id": old.id, "old_topics": "|".join(before), "new_topics": label.topics,
                    "text": item.row.text[:_EXAMPLE_LENGTH],
                }
            )  # fmt: skip

    def churn(self) -> float:
        """The share of compared paragraphs whose topics changed."""
        return self.changed / self.compared if self.compared else 0.0

    def drift(self) -> float | None:
        """The greater of the stability indexes of primary topics and of unknown words; None where it cannot be told."""
        scored = sum(self.primary.values())
        if self.reference is None or scored < FEWEST or not self.words:
            return None
        unknown = self.reference["unknown_words"]
        words = {"known": self.words - self.unknown, "unknown": self.unknown}
        return max(
            population_stability(self.reference["primary"], self.primary),
            population_stability({"known": 1 - unknown, "unknown": unknown}, words),
        )

    def record(self) -> dict[str, Any]:
        """The measures as the summary gives them."""
        drift = self.drift()
        return {
            "churn": {
                "compared": self.compared, "changed": self.changed, "share": round(self.churn(), 6),
                "not_comparable": self.not_comparable,
            },
            "drift": {
                "index": None if drift is None else round(drift, 6),
                "unknown_words": round(self.unknown / self.words, 6) if self.words else None,
                "unknown_words_in_training": self.reference["unknown_words"] if self.reference else None,
            },
            "matrix": [{"old": old, "new": new, "paragraphs": n} for (old, new), n in sorted(self.matrix.items())],
            "examples": self.examples,
        }  # fmt: skip


def reference_of(card: Mapping[str, Any], limits: Limits) -> Mapping[str, Any] | None:
    """Give a model's record of its training text.

    Raises
    ------
    UsageError
        If drift is to be limited and there is none.
    """
    reference = card.get("reference")
    if isinstance(reference, Mapping):
        return reference
    if limits.drift is not None:
        raise UsageError(
            f"model {card.get('id')} has no record of its training text to measure drift by; train it again"
        )
    return None


def check(measures: Measures, limits: Limits) -> None:
    """Refuse a run that goes over a limit.

    Raises
    ------
    GuardError
        If it does; the text says by how much.
    """
    churn, drift = measures.churn(), measures.drift()
    if limits.churn is not None and churn > limits.churn:
        raise GuardError(
            f"refused: {measures.changed} of {measures.compared} unchanged paragraphs ({churn:.1%}) would get other "
            f"topics, more than --max-churn {limits.churn:g}; nothing was written; look at them with --dry-run"
        )
    if limits.drift is not None and drift is not None and drift > limits.drift:
        raise GuardError(
            f"refused: the text has moved away from what the model was trained on (drift {drift:.3f}, more than "
            f"--max-drift {limits.drift:g}); nothing was written; train on newer text, or raise the limit"
        )
