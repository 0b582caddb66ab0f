"""Carrying stored labels from an older codebook into the present one, by the mapping that the codebook gives."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from topics.codebook import read_codebook
from topics.errors import UsageError
from topics.records import OTHER
from topics.storage.schema import Stored
from topics.workflows.examples import default_codebook
from topics.workflows.relabel.items import Label


class Carrier:
    """Carries labels into the model's topics.

    Parameters
    ----------
    topics : sequence of str
        The topics of the present model.
    mapping : mapping of str to tuple of str
        What became of older topics; a topic in neither is refused.
    codebook : str
        Name of the file with the mapping, for messages.
    """

    def __init__(self, topics: Sequence[str], mapping: Mapping[str, tuple[str, ...]], codebook: str) -> None:
        self._topics = frozenset(topics)
        self._mapping = mapping
        self._codebook = codebook
        self._known: dict[str, tuple[str, ...] | None] = {}

    def topic(self, old: str) -> str | None:
        """Give the topic that an old one became; None if it was split or dropped.

        Raises
        ------
        UsageError
            If neither the model nor the mapping knows it.
        """
        name, passed = old, {old}
        while name in self._mapping:
            became = self._mapping[name]
            if len(became) != 1:
                return None
            name = became[0]
            if name in self._topics or name in passed:
                break
            passed.add(name)
        if name not in self._topics:
            raise UsageError(
                f"{self._codebook}: the target holds labels of the topic {old!r}, which the model does not know: "
                f'tell what became of it with [[mapping]] from = "{old}" and to = ["…"]'
            )
        return name

    def topics(self, joined: str) -> tuple[str, ...] | None:
        """Carry topics joined by ``|``; None if one of them cannot be carried."""
        if joined not in self._known:
            carried = [self.topic(old) for old in joined.split("|") if old]
            self._known[joined] = None if None in carried else tuple(dict.fromkeys(t for t in carried if t))
        return self._known[joined]

    def primary(self, old: str) -> str:
        """Carry a primary topic; one that cannot be carried stays as it is."""
        return OTHER if old == OTHER else self.topic(old) or old

    def label(self, old: Stored) -> Label | None:
        """Carry a stored label; None if it cannot be. Where topics were merged the highest of their scores stands."""
        topics = self.topics(old.topics)
        if topics is None:
            return None
        scores: dict[str, Any] = {}
        for name, score in json.loads(old.scores or "{}").items():
            became = self.topic(name)
            if became:
                scores[became] = max(score, scores.get(became, 0.0))
        return Label("|".join(topics), self.primary(old.primary), json.dumps(scores, ensure_ascii=False))


def find_carrier(topics: Sequence[str], codebook: Path | None) -> Carrier:
    """Make the carrier into a model's topics with the mapping of a codebook, or of the default one.

    Raises
    ------
    InputError
        If the codebook cannot be read.
    """
    place = codebook or default_codebook()
    return Carrier(topics, read_codebook(place).mapping, str(place))
