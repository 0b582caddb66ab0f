"""A PostgreSQL database, by SQLAlchemy and psycopg."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from topics.errors import LockedError, MissingExtraError, OutputError, UsageError
from topics.storage.database import FETCH, Database, Parameters, quoted
from topics.storage.lock import holder_name

if TYPE_CHECKING:
    from sqlalchemy import Connection


# A computer that lost its power says no goodbye: without these, its session would hold the lock for two hours.
_KEEP_ALIVE = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3}


class PostgresDatabase(Database):
    """A PostgreSQL database: one connection that writes and holds the lock, one that reads."""

    collation, json_type = '"C"', "JSON"

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
            for setting, value in _KEEP_ALIVE.items():
                self._writer.execute(sqlalchemy.text(f"SET {setting} = {value}"))
            self._writer.commit()
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
                while rows := cursor.fetchmany(FETCH):
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
        return ".".join(map(self.quote_column, table.split(".")))

    @override
    def quote_column(self, column: str) -> str:
        return quoted(column).replace(":", "\\:")  # a colon in a name would be taken for a parameter

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
