"""From a database's address or file to the open database."""

from __future__ import annotations

from pathlib import Path

from topics.errors import UsageError
from topics.storage.database import Database
from topics.storage.postgres import PostgresDatabase
from topics.storage.sqlite import Mode, SqliteDatabase

_SQLITE = ("sqlite:///", "sqlite+pysqlite:///")


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
