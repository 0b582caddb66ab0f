"""The codebook: which topics there are and what they hold. Nothing else in the package knows a topic by name."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from topics.errors import InputError
from topics.records import OTHER

_ID = re.compile(r"[^\s|,;]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """A category of the codebook.

    Attributes
    ----------
    id : str
        The name that labels and predictions carry.
    name_zh, name_en, definition : str
        For people.
    seed_terms : tuple of str
        Words that nearly always mean the topic; the seed-term baseline counts them.
    """

    id: str
    name_zh: str = ""
    name_en: str = ""
    definition: str = ""
    seed_terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Codebook:
    """An ordered set of topics.

    Attributes
    ----------
    topics : tuple of Topic
        The topics in order.
    mapping : dict of str to tuple of str
        What became of topics of earlier codebooks: one topic (renamed, merged), several (split) or none (dropped).
    """

    topics: tuple[Topic, ...]
    mapping: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the topics in order."""
        return tuple(topic.id for topic in self.topics)

    def digest(self) -> str:
        """Hash what the codebook says, as models record it."""
        content = [[t.id, t.name_zh, t.name_en, t.definition, list(t.seed_terms)] for t in self.topics]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:16]


def codebook_of(ids: list[str]) -> Codebook:
    """Make a codebook of bare topic ids, as found in a table of labels.

    Examples
    --------
    >>> codebook_of(["体育", "财经"]).ids
    ('体育', '财经')
    """
    return Codebook(tuple(Topic(i) for i in ids))


def read_codebook(path: Path) -> Codebook:
    """Read a codebook from a TOML file with one ``[[topic]]`` table a topic, and ``[[mapping]]`` tables for old topics.

    Raises
    ------
    InputError
        If the file is missing, is no TOML, or a topic lacks an id, repeats one, or has a field of the wrong kind,
        or a mapping leads to no topic.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(f"{path}: no such codebook") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{path}: not a readable codebook: {error}") from error
    entries = data.get("topic")
    if not isinstance(entries, list) or not entries:
        raise InputError(f"{path}: no [[topic]] tables; give each topic one with an id")
    topics = tuple(_topic(path, number, entry) for number, entry in enumerate(entries, 1))
    _check_ids(path, topics)
    return Codebook(topics, _mapping(path, data.get("mapping", []), topics))


def _topic(path: Path, number: int, entry: Any) -> Topic:
    """Make one topic of its TOML table."""
    place = f"{path}: topic {number}"
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str) or not _ID.fullmatch(entry["id"]):
        raise InputError(f"{place}: needs an id without spaces, commas, semicolons or |")
    terms = entry.get("seed_terms", [])
    if not isinstance(terms, list) or not all(isinstance(t, str) and t for t in terms):
        raise InputError(f"{place} ({entry['id']}): seed_terms must be a list of words")
    texts = {key: entry.get(key, "") for key in ("name_zh", "name_en", "definition")}
    for key, value in texts.items():
        if not isinstance(value, str):
            raise InputError(f"{place} ({entry['id']}): {key} must be text")
    return Topic(id=entry["id"], seed_terms=tuple(terms), **texts)


def _check_ids(path: Path, topics: tuple[Topic, ...]) -> None:
    """Refuse ids that repeat or that mean something else."""
    seen: set[str] = set()
    for topic in topics:
        if topic.id == OTHER:
            raise InputError(f"{path}: the id {OTHER!r} stands for paragraphs without a topic; rename the topic")
        if topic.id in seen:
            raise InputError(f"{path}: the id {topic.id!r} is given twice")
        seen.add(topic.id)


def _mapping(path: Path, entries: Any, topics: tuple[Topic, ...]) -> dict[str, tuple[str, ...]]:
    """Read what became of topics of earlier codebooks."""
    if not isinstance(entries, list):
        raise InputError(f"{path}: mapping must be [[mapping]] tables")
    mapping: dict[str, tuple[str, ...]] = {}
    for number, entry in enumerate(entries, 1):
        old, new = (entry.get("from"), entry.get("to")) if isinstance(entry, dict) else (None, None)
        if not isinstance(old, str) or not isinstance(new, list) or not all(isinstance(t, str) for t in new):
            raise InputError(f'{path}: mapping {number}: write from = "old id" and to = ["new id"]')
        if old in mapping:
            raise InputError(f"{path}: mapping {number}: {old!r} is mapped twice; name all its new topics in one `to`")
        mapping[old] = tuple(new)
    known = {topic.id for topic in topics} | set(mapping)
    for old, targets in mapping.items():
        lost = next((t for t in targets if t not in known), None)
        if lost is not None:
            raise InputError(f"{path}: the mapping of {old!r} leads to {lost!r}, which is no topic")
    return mapping
