"""What every database that holds paragraphs and labels can do, whichever driver it goes by.

All take the same SQL with ``:name`` parameters. A database has one writing connection, and reads in a snapshot.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

FETCH = 2000
"""Rows that are fetched at once."""

Parameters = Mapping[str, Any]


class Database(ABC):
    """A database, by whichever driver.

    Attributes
    ----------
    name : str
        Its file or address, without a password, for messages.
    collation : str
        The collation that orders texts by their code points, as Python does.
    json_type : str
        The type of columns that hold JSON.
    """

    name: str
    collation: str
    json_type: str

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[None]:
        """Everything that is streamed inside is of one moment."""

    @abstractmethod
    def stream(self, sql: str, parameters: Parameters | None = None) -> Iterator[Sequence[Any]]:
        """Give the rows of a query, few at a time."""

    @abstractmethod
    def columns(self, table: str) -> list[str] | None:
        """Name a table's columns; None if there is no such table."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """Everything that is run inside is done whole or not at all."""

    @abstractmethod
    def run(self, sql: str, rows: Iterable[Parameters] | None = None) -> None:
        """Run a statement, once or for each row."""

    @abstractmethod
    def lock(self) -> AbstractContextManager[None]:
        """Hold the only right to re-label this database, until the end or the death of this process."""

    @abstractmethod
    def quote(self, table: str) -> str:
        """Write the name of a table as SQL."""

    def quote_column(self, column: str) -> str:
        """Write the name of a column as SQL."""
        return quoted(column)

    def text_order(self, table: str, column: str) -> str:
        """Write the term to order by that brings a column, read as text, in order of its code points."""
        del table
        return f"CAST({self.quote_column(column)} AS TEXT) COLLATE {self.collation}"

    @abstractmethod
    def close(self) -> None:
        """Close the connections."""


def quoted(name: str) -> str:
    """Write a name as SQL."""
    return '"' + name.replace('"', '""') + '"'
