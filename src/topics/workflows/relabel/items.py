"""The small records that flow through a re-labelling: rows of the source, what is to be done, and labels."""

from __future__ import annotations

from enum import StrEnum
from hashlib import blake2b
from typing import Any, NamedTuple

from topics.storage.schema import Stored


class SourceRow(NamedTuple):
    """A paragraph as the source holds it.

    Attributes
    ----------
    text, heading : str
        As the model reads them.
    place : tuple
        In a report (number, start, end, headings as JSON, the paragraph as it stands there), else empty.
    """

    id: str
    text_hash: str
    text: str
    heading: str
    place: tuple[Any, ...] = ()


class BadRow(NamedTuple):
    """A row that cannot be labelled, with its id (empty if it has none); what is stored of it stays as it is."""

    id: str
    message: str


class Action(StrEnum):
    """What is to be done about a paragraph."""

    SCORE = "score"
    MOVE = "move"  # same text and label, another place in its report
    RETIRE = "retire"
    CARRY = "carry"  # a retired paragraph's label into a new codebook


class Item(NamedTuple):
    """A paragraph about which something is to be done, and why."""

    action: Action
    reason: str
    part: str
    row: SourceRow | None
    old: Stored | None


class Label(NamedTuple):
    """What the model gave, as it is stored: topics joined by ``|``, scores as JSON."""

    topics: str
    primary: str
    scores: str


class Batch(NamedTuple):
    """Items that are scored and written together; of one part, where the target is written by parts."""

    part: str
    items: list[Item]


class Done(NamedTuple):
    """A batch with its labels (None where an item needs none)."""

    part: str
    pairs: list[tuple[Item, Label | None]]


def make_row(identity: Any, text: Any, heading: Any, where: str, place: tuple[Any, ...] = ()) -> SourceRow | BadRow:
    """Make a row of what a source holds, or say what is wrong with it.

    Examples
    --------
    >>> make_row(7, None, None, "table t")
    BadRow(id='7', message='table t, id 7: no text; give it one or remove the row')
    """
    name = identity if type(identity) is str else "" if identity is None else str(identity)
    head = heading if type(heading) is str else "" if heading is None else str(heading)
    if name and type(text) is str and "\x00" not in name:
        try:
            return SourceRow(name, digest(text, head), text, head, place)
        except UnicodeEncodeError:
            return BadRow(name, f"{where}, id {name}: the text is not valid UTF-8; mend it")
    if not name:
        return BadRow("", f"{where}: a row without id; give it one")
    if text is None:
        return BadRow(name, f"{where}, id {name}: no text; give it one or remove the row")
    if type(text) is not str:
        return BadRow(name, f"{where}, id {name}: holds {type(text).__name__}, not text; choose another column")
    return BadRow(name, f"{where}, id {name!r}: the id holds a NUL character; give it another")


def digest(text: str, heading: str) -> str:
    """Hash what the model reads of a paragraph, every character of it.

    Examples
    --------
    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    return blake2b(f"{len(text)}:{text}{heading}".encode(), digest_size=16).hexdigest()
