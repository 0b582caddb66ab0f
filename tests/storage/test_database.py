"""Databases behave alike by either driver."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from topics.errors import InputError, LockedError, OutputError, UsageError
from topics.storage.connections import open_database
from topics.storage.database import Database


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    server = request.param == "postgres"
    place = request.getfixturevalue("postgres_server") if server else str(tmp_path / "x.db")
    opened = open_database(place, "write")
    with opened.transaction():
        opened.run('DROP TABLE IF EXISTS "t :x%"' if request.param == "sqlite" else 'DROP TABLE IF EXISTS "t \\:x%"')
        opened.run(f"CREATE TABLE {opened.quote('t :x%')} (id TEXT PRIMARY KEY, n INTEGER)")
    yield opened
    opened.close()


def test_names_and_values_pass_unharmed(database: Database) -> None:
    table = database.quote("t :x%")
    rows = [{"id": name, "n": n} for n, name in enumerate(["é", "文", "z", "𠀀", "A", "100%", ":n"])]
    with database.transaction():
        database.run(f"INSERT INTO {table} (id, n) VALUES (:id, :n)", rows)
    assert database.columns("t :x%") == ["id", "n"]
    assert database.columns("nowhere") is None
    found = [row[0] for row in database.stream(f"SELECT id FROM {table} ORDER BY id COLLATE {database.collation}")]
    assert found == sorted(row["id"] for row in rows)
    [(n,)] = database.stream(f"SELECT n FROM {table} WHERE id = :id", {"id": "文"})
    assert n == 1


def test_a_transaction_is_whole_or_nothing(database: Database) -> None:
    table = database.quote("t :x%")
    rows = [{"id": "a", "n": 1}, {"id": "a", "n": 2}]
    with pytest.raises(OutputError, match=r"(?i)unique"), database.transaction():
        database.run(f"INSERT INTO {table} (id, n) VALUES (:id, :n)", rows)
    assert list(database.stream(f"SELECT * FROM {table}")) == []


def test_a_snapshot_is_of_one_moment(postgres_server: str) -> None:
    one, other = open_database(postgres_server, "write"), open_database(postgres_server, "write")
    with other.transaction():
        other.run("CREATE TABLE IF NOT EXISTS moment (n INTEGER)")
    with one.snapshot():
        before = list(one.stream("SELECT * FROM moment"))
        with other.transaction():
            other.run("INSERT INTO moment VALUES (:n)", [{"n": 1}])
        assert list(one.stream("SELECT * FROM moment")) == before
    assert len(list(one.stream("SELECT * FROM moment"))) == len(before) + 1
    one.close()
    other.close()


def test_modes(tmp_path: Path) -> None:
    place = str(tmp_path / "x.db")
    for mode in ("read", "change"):
        with pytest.raises(InputError, match="no such database"):
            open_database(place, mode)  # type: ignore[arg-type]
    looking = open_database(place, "look")
    assert looking.columns("t") is None
    looking.close()
    open_database(place, "write").close()
    assert list(tmp_path.iterdir()) == []


def test_addresses() -> None:
    for place in ("mysql://h/d", "oracle://h/d", "http://h/d"):
        with pytest.raises(UsageError, match="not a known kind"):
            open_database(place, "read")
    with pytest.raises(UsageError, match="not a database address"):
        open_database("postgresql://h:port/d", "read")


def test_a_link_to_a_database_leads_to_the_same_lock(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    path, link = tmp_path / "folder" / "x.db", tmp_path / "y.db"
    one = open_database(str(path), "write")
    link.symlink_to(path)
    with one.transaction():
        one.run("CREATE TABLE t (n INTEGER)")
    other = open_database(str(link), "write")
    with one.lock(), pytest.raises(LockedError), other.lock():
        pass
    one.close()
    other.close()


def test_a_dead_computer_loses_its_session(postgres_server: str) -> None:
    """The server asks by itself whether the other end is there; on a local socket it need not, and says 0."""
    database = open_database(postgres_server, "read")
    local = "host=/" in postgres_server
    for name, seconds in (("idle", 30), ("interval", 10), ("count", 3)):
        [(value,)] = database.stream(f"SELECT current_setting('tcp_keepalives_{name}')")
        assert int(value) == (0 if local else seconds)
    database.close()


@pytest.mark.parametrize(
    ("declared", "values"),
    [
        ("TEXT", ["b", "a", 10, 9, "é", None]),
        ("TEXT COLLATE NOCASE", ["b", "A", "a", "B"]),
        ("TEXT", ["b", b"a", "c"]),
        ("INTEGER", [10, 9, 100]),
        ("", [10, "9", b"100", 1.5]),
        ("CHARINT", [10, 9, "x"]),
    ],
)
def test_ids_come_in_order_of_their_text(tmp_path: Path, declared: str, values: list[object]) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection, connection:
        connection.execute(f"CREATE TABLE t (id {declared})")
        connection.execute("CREATE INDEX i ON t (id COLLATE BINARY)")
        connection.executemany("INSERT INTO t VALUES (?)", [(value,) for value in values])
    database = open_database(str(tmp_path / "x.db"), "read")
    order = database.text_order("t", "id")
    found = [row[0] for row in database.stream(f"SELECT CAST(id AS TEXT) FROM t ORDER BY {order}")]
    assert found == sorted(found, key=lambda name: name or "")
    assert len(found) == len(values)
    database.close()
