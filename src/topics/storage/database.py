"""Connections to the databases that hold paragraphs and labels.

SQLite goes by the standard library, PostgreSQL by SQLAlchemy. Both take the same SQL with ``:name`` parameters. A
database has one writing connection, and reads in a snapshot.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from typing_extensions import override

from topics.errors import InputError, LockedError, MissingExtraError, OutputError, TopicsError, UsageError
from topics.storage.lock import file_lock, holder_name

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SQLITE = ("sqlite:///", "sqlite+pysqlite:///")
_FETCH = 2000
_WAIT = 30.0

Parameters = Mapping[str, Any]
Mode = Literal["read", "look", "change", "write"]


class Database(ABC):
    """A database, by whichever driver.

    Attributes
    ----------
    name : str
        Its file or address, without a password, for messages.
    collation : str
        The collation that orders texts by their code points, as Python does.
    """

    name: str
    collation: str

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

    @abstractmethod
    def close(self) -> None:
        """Close the connections."""


def quoted(name: str) -> str:
    """Write a name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def is_url(place: str) -> bool:
    """Tell whether a place is a database's address rather than a path."""
    return "://" in place


def open_database(place: str, mode: Mode) -> Database:
    """Open a database given by address, or a SQLite file given by path.

    Parameters
    ----------
    place : str
        ``sqlite:///file``, ``postgresql://…``, or the path of a SQLite file.
    mode : {"read", "look", "change", "write"}
        What for. A SQLite file that is not there is refused (to read, to change), taken for an empty one (to look) or
        made (to write).

    Raises
    ------
    InputError
        If there is no such database, or it does not answer.
    UsageError
        If the address is of another kind of database.
    MissingExtraError
        If the address needs SQLAlchemy or psycopg and they are not installed.
    """
    if not is_url(place):
        return SqliteDatabase(Path(place), mode)
    for prefix in _SQLITE:
        if place.startswith(prefix):
            return SqliteDatabase(Path(place.removeprefix(prefix)), mode)
    if not place.startswith(("postgresql://", "postgresql+psycopg://")):
        raise UsageError(f"{place.split(':')[0]}: not a known kind of database; known are sqlite:/// and postgresql://")
    return PostgresDatabase(place)


class SqliteDatabase(Database):
    """A SQLite file."""

    collation = "BINARY"

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
        while rows := cursor.fetchmany(_FETCH):
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
        return file_lock(self._path.with_name(self._path.name + ".lock"), self.name)

    @override
    def quote(self, table: str) -> str:
        return quoted(table)

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
            raise _failure(self.name, str(error), sqlite3_code(error)) from error


def sqlite3_code(error: sqlite3.Error) -> str:
    """Name the kind of a SQLite error."""
    return str(getattr(error, "sqlite_errorname", ""))


_REMEDIES = {
    "SQLITE_FULL": "free some space and run again",
    "SQLITE_READONLY": "it cannot be written; mend its permissions or choose another target with --into",
    "SQLITE_CANTOPEN": "it cannot be opened; check the folder and its permissions",
    "SQLITE_BUSY": "another program keeps it locked; run again when that has ended",
    "SQLITE_NOTADB": "it is no SQLite database; choose another target with --into",
    "SQLITE_CORRUPT": "it is damaged; restore it from a copy",
}


def _failure(name: str, message: str, code: str) -> TopicsError:
    """The error that says what happened to a database and what to do."""
    remedy = next((text for key, text in _REMEDIES.items() if code.startswith(key)), "check it and run again")
    return OutputError(f"{name}: {message}; {remedy}")


class PostgresDatabase(Database):
    """A PostgreSQL database: one connection that writes and holds the lock, one that reads."""

    collation = '"C"'

    def __init__(self, url: str) -> None:
        try:
            import psycopg
            import sqlalchemy
        except ImportError as error:
            raise MissingExtraError("psycopg" if error.name == "psycopg" else "SQLAlchemy", "database") from None
        # What the driver logs would stand beside our one line on stderr.
        logging.getLogger("psycopg").addHandler(logging.NullHandler())
        self._sql = sqlalchemy
        self._driver_error = psycopg.Error
        self._numbers = count()
        try:
            address = sqlalchemy.make_url(url).set(drivername="postgresql+psycopg")
        except (sqlalchemy.exc.ArgumentError, ValueError):
            raise UsageError(
                f"{url.split('@')[-1]}: not a database address; write postgresql://user@host/name"
            ) from None
        self.name = address.render_as_string(hide_password=True).replace("+psycopg", "")
        settings = {"application_name": f"topics relabel, {holder_name()}"[:63]}
        self._engine = sqlalchemy.create_engine(address, poolclass=sqlalchemy.NullPool, connect_args=settings)
        with self._errors():
            self._writer = self._engine.connect()
            self._writer.rollback()
        self._reader: Connection | None = None

    @override
    @contextmanager
    def snapshot(self) -> Iterator[None]:
        with self._errors():
            self._reader = self._engine.connect().execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        try:
            yield
        finally:
            self._reader.close()
            self._reader = None

    @override
    def stream(self, sql: str, parameters: Parameters | None = None) -> Iterator[Sequence[Any]]:
        with self._errors():
            connection: Any = (self._reader or self._writer).connection
            # The driver's own cursor: SQLAlchemy's rows would cost as much again as hashing does.
            statement = str(self._sql.text(sql).compile(dialect=self._engine.dialect))
            with connection.cursor(f"topics_{next(self._numbers)}") as cursor:
                cursor.execute(statement, dict(parameters or {}))
                while rows := cursor.fetchmany(_FETCH):
                    yield from rows
            if self._reader is None:
                connection.rollback()

    @override
    def columns(self, table: str) -> list[str] | None:
        schema, _, name = table.rpartition(".")
        with self._errors():
            inspector = self._sql.inspect(self._engine)
            try:
                return [str(c["name"]) for c in inspector.get_columns(name, schema=schema or None)]
            except self._sql.exc.NoSuchTableError:
                return None

    @override
    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._errors(), self._writer.begin():
            yield

    @override
    def run(self, sql: str, rows: Iterable[Parameters] | None = None) -> None:
        parameters = None if rows is None else list(rows)
        if parameters != []:
            self._writer.execute(self._sql.text(sql), parameters)

    @override
    @contextmanager
    def lock(self) -> Iterator[None]:
        # A lock of the session that writes: when that connection ends, so does the lock, and so does the writing.
        [(schema,)] = self.stream("SELECT current_schema()")
        digest = hashlib.blake2b(f"topics relabel {schema}".encode(), digest_size=8).digest()
        key = int.from_bytes(digest, "big", signed=True)
        [(held,)] = self.stream("SELECT pg_try_advisory_lock(:key)", {"key": key})
        if not held:
            raise LockedError(f"{self.name}: {self._held_by(key)}; wait for it to end")
        yield

    def _held_by(self, key: int) -> str:
        """Ask who holds the lock."""
        rows = list(
            self.stream(
                "SELECT a.application_name, a.usename, a.backend_start FROM pg_locks l JOIN pg_stat_activity a "
                "ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
                "AND l.classid = CAST(:high AS oid) AND l.objid = CAST(:low AS oid)",
                {"high": (key >> 32) & 0xFFFFFFFF, "low": key & 0xFFFFFFFF},
            )
        )
        if not rows:
            return "another process is re-labelling it"
        application, user, since = rows[0]
        return f"{application} (user {user}) has been connected since {since:%Y-%m-%dT%H:%M:%S%z}"

    @override
    def quote(self, table: str) -> str:
        # A colon in a name would be taken for a parameter.
        return ".".join(quoted(part) for part in table.split(".")).replace(":", "\\:")

    @override
    def close(self) -> None:
        with self._errors():
            self._writer.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Translate the driver's errors."""
        try:
            yield
        except (self._sql.exc.DBAPIError, self._driver_error) as error:
            message = str(getattr(error, "orig", error)).strip().split("\n")[0]
            lost = getattr(error, "connection_invalidated", False) or "connect" in message
            remedy = "check that it runs, then run again" if lost else "check it and run again"
            raise OutputError(f"{self.name}: {message}; {remedy}") from error
