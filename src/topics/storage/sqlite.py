"""A SQLite file as a database, by the standard library."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, Literal

from typing_extensions import override

from topics.errors import InputError, OutputError
from topics.storage.database import FETCH, Database, Parameters, quoted
from topics.storage.lock import file_lock

_WAIT = 30.0

Mode = Literal["read", "look", "change", "write"]


class SqliteDatabase(Database):
    """A SQLite file."""

    collation, json_type = "BINARY", "TEXT"

    def __init__(self, path: Path, mode: Mode) -> None:
        self.name = str(path)
        self._path = path
        self._made = not path.exists()
        if not path.is_file() and (mode in ("read", "change") or not self._made):
            raise InputError(f"{path}: no such database")
        if mode == "look" and self._made:
            address = "file::memory:"
        else:
            address = f"{path.absolute().as_uri()}?mode={'rwc' if mode in ('change', 'write') else 'ro'}"
        with self._errors():
            self._connection = sqlite3.connect(
                address, uri=True, isolation_level=None, timeout=_WAIT, check_same_thread=False
            )

    @override
    @contextmanager
    def snapshot(self) -> Iterator[None]:
        with self._errors():
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.rollback()

    @override
    def stream(self, sql: str, parameters: Parameters | None = None) -> Iterator[Sequence[Any]]:
        given = 0
        with self._errors():
            try:
                for rows in self._fetched(sql, parameters):
                    yield from rows
                    given += len(rows)
            except sqlite3.OperationalError as error:
                if "decode to UTF-8" not in str(error):
                    raise
                # Broken UTF-8 must reach the check of its row, not end the query: go on with the slower decoder.
                self._connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
                yield from islice(chain.from_iterable(self._fetched(sql, parameters)), given, None)

    def _fetched(self, sql: str, parameters: Parameters | None) -> Iterator[list[Sequence[Any]]]:
        """Give the rows of a query, some at a time."""
        cursor = self._connection.execute(sql, parameters or {})
        while rows := cursor.fetchmany(FETCH):
            yield rows

    @override
    def columns(self, table: str) -> list[str] | None:
        rows = list(self.stream(f"PRAGMA table_info({self.quote(table)})"))
        return [str(row[1]) for row in rows] or None

    @override
    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._errors():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise

    @override
    def run(self, sql: str, rows: Iterable[Parameters] | None = None) -> None:
        if rows is None:
            self._connection.execute(sql)
        else:
            self._connection.executemany(sql, rows)

    @override
    def lock(self) -> AbstractContextManager[None]:
        path = self._path.resolve()  # a link to the file must not lead to another lock
        return file_lock(path.with_name(path.name + ".lock"), self.name)

    @override
    def quote(self, table: str) -> str:
        return quoted(table)

    @override
    def text_order(self, table: str, column: str) -> str:
        # An index serves only the bare column. That is in the same order where all its values are text: a column of
        # this type turns numbers into text, and bytes would come last.
        if self._holds_text(table, column):
            return f"{quoted(column)} COLLATE {self.collation}"
        return super().text_order(table, column)

    def _holds_text(self, table: str, column: str) -> bool:
        """Tell whether all values of a column are text, or nothing."""
        types = {row[1]: str(row[2]).upper() for row in self.stream(f"PRAGMA table_info({quoted(table)})")}
        declared = types.get(column, "")
        if "INT" in declared or not any(kind in declared for kind in ("CHAR", "CLOB", "TEXT")):
            return False
        greatest = f"SELECT typeof(max({quoted(column)} COLLATE BINARY)) FROM {quoted(table)}"  # noqa: S608 - quoted
        return [tuple(row) for row in self.stream(greatest)] != [("blob",)]

    @override
    def close(self) -> None:
        self._connection.close()
        if self._made:  # a refused run leaves nothing, not even an empty file
            with suppress(OSError):
                if not self._path.stat().st_size:
                    self._path.unlink()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Translate the driver's errors."""
        try:
            yield
        except sqlite3.Error as error:
            code = str(getattr(error, "sqlite_errorname", ""))
            remedy = next((text for key, text in _REMEDIES.items() if code.startswith(key)), "check it and run again")
            raise OutputError(f"{self.name}: {error}; {remedy}") from error


_REMEDIES = {
    "SQLITE_FULL": "free some space and run again",
    "SQLITE_READONLY": "it cannot be written; mend its permissions or choose another target with --into",
    "SQLITE_CANTOPEN": "it cannot be opened; check the folder and its permissions",
    "SQLITE_BUSY": "another program keeps it locked; run again when that has ended",
    "SQLITE_NOTADB": "it is no SQLite database; choose another target with --into",
    "SQLITE_CORRUPT": "it is damaged; restore it from a copy",
}
