"""A table's rows in blocks, so that where nothing changed, one hash tells it for many of them.

A block ends after an id that the id alone chooses, so that a row that comes or goes changes its own block and at most
the next one. Blocks lie close together: the ids between two blocks belong to the second.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from zlib import crc32

from topics.storage.schema import Span

MEAN = 128
"""Rows a block, on average: few enough that a changed one makes few be compared."""

_LONGEST = 64 * MEAN

Cells = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of a table (id, text, heading) in order of ids, and the span of ids that they fill."""

    span: Span
    rows: Sequence[Cells]

    def digest(self) -> str | None:
        """Hash all that stands in it, and where it begins; None if a text is not valid UTF-8."""
        try:
            content = json.dumps([self.span.after, *map(tuple, self.rows)], ensure_ascii=False, default=str).encode()
        except UnicodeEncodeError:
            return None
        return blake2b(content, digest_size=16).hexdigest()


def blocks(rows: Iterable[Cells]) -> Iterator[Block]:
    """Part rows in order of ids into blocks; the last one has no end, and may have no rows.

    Examples
    --------
    >>> [(block.span, len(block.rows)) for block in blocks([("a", "x", None), ("b", "y", None)])]
    [(Span(after=None, upto=None), 2)]
    """
    after: str | None = None
    some: list[Cells] = []
    end = None  # set when the next other id begins a new block, so that rows of one id stay together
    for row in rows:
        name = row[0]
        if end is not None and name != end:
            yield Block(Span(after, end), some)
            after, some, end = end, [], None
        some.append(row)
        if end is None and type(name) is str and _ends(name, len(some)):
            end = name
    yield Block(Span(after, None), some)


def _ends(name: str, length: int) -> bool:
    """Tell whether a block ends after an id; never after one that no database could be asked for."""
    try:
        return not crc32(name.encode()) % MEAN or length >= _LONGEST
    except UnicodeEncodeError:
        return False
