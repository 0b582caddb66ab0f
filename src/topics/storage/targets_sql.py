"""Labels in three tables of a SQLite or PostgreSQL database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby

from typing_extensions import override

from topics.errors import InputError
from topics.storage.database import Database
from topics.storage.schema import (
    CHANGE_COLUMNS,
    CHANGES,
    EVERYTHING,
    LABEL_COLUMNS,
    LABELS,
    PLACE_COLUMNS,
    RETIRED,
    RUN_COLUMNS,
    RUNS,
    Change,
    Run,
    Span,
    Stored,
    Write,
)
from topics.storage.targets import Target

_TYPES = {"text": "TEXT", "int": "BIGINT", "bool": "BOOLEAN"}
_STORED = (
    "id, text_hash, topics, primary_topic, CASE WHEN codebook <> :codebook THEN CAST(scores AS TEXT) END, "
    "model, codebook, retired, run"
)
_PLACE = "paragraph, start_offset, end_offset, CAST(headings AS TEXT), text"


class SqlTarget(Target):
    """Labels in a database.

    Parameters
    ----------
    database : Database
        Where the tables are, or are made.
    places : bool
        Whether the paragraphs come from a folder of reports, and have a report, a number, offsets and headings.
    """

    by_part = False

    def __init__(self, database: Database, *, places: bool) -> None:
        self.name = database.name
        self._database = database
        self._places = places
        self._columns = LABEL_COLUMNS | (PLACE_COLUMNS if places else {})
        self._found: bool | None = None

    @override
    def lock(self) -> AbstractContextManager[None]:
        return self._database.lock()

    @override
    def snapshot(self) -> AbstractContextManager[None]:
        return self._database.snapshot()

    @override
    def close(self) -> None:
        self._database.close()

    def recover(self) -> None:
        """Nothing to do: the database rolls back what was not committed."""

    @override
    def prepare(self) -> None:
        if self._exists():  # whoever may write the tables need not have the right to make some
            return
        with self._database.transaction():
            for statement in self._definitions():
                self._database.run(statement)
        self._found = True

    @override
    def parts(self) -> list[str]:
        if not self._exists():
            return []
        if not self._places:
            return [""]
        rows = self._database.stream(f"SELECT DISTINCT report FROM {LABELS}")  # noqa: S608
        return sorted(str(report) for (report,) in rows)

    @override
    def stored(self, part: str, codebook: str, span: Span = EVERYTHING) -> Iterator[Stored]:
        if not self._exists():
            return
        columns = f"{_STORED}, {_PLACE}" if self._places else _STORED
        limits = {"report = :part": part if self._places else None, "id > :after": span.after, "id <= :upto": span.upto}
        where = " AND ".join(limit for limit, value in limits.items() if value is not None) or "TRUE"
        sql = f"SELECT {columns} FROM {LABELS} WHERE {where} ORDER BY id COLLATE {self._database.collation}"  # noqa: S608
        given = {"part": part, "codebook": codebook, **span._asdict()}
        for row in self._database.stream(sql, given):
            yield Stored(*row[:9], tuple(row[9:])) if self._places else Stored(*row)  # type: ignore[call-arg]

    @override
    def runs(self) -> list[Run]:
        if not self._exists():
            return []
        names = ", ".join(c for c in RUN_COLUMNS if c != "counts")
        sql = f"SELECT {names}, CAST(counts AS TEXT) FROM {RUNS} ORDER BY run"  # noqa: S608 - our own names
        return [Run._make((*row[:5], json.loads(row[5]))) for row in self._database.stream(sql)]

    @override
    def changes(self, *, run: int | None = None, paragraph: str | None = None) -> Iterator[tuple[int, Change]]:
        wanted = {name: value for name, value in (("run", run), ("id", paragraph)) if value is not None}
        where = " AND ".join(f"{name} = :{name}" for name in wanted) or "TRUE"
        sql = f"SELECT {', '.join(CHANGE_COLUMNS)} FROM {CHANGES} WHERE {where} ORDER BY run, id"  # noqa: S608
        for number, *rest in self._database.stream(sql, wanted) if self._exists() else ():
            yield number, Change(*rest)

    @override
    def put_run(self, run: Run) -> None:
        row = run._asdict() | {"counts": json.dumps(run.counts, ensure_ascii=False)}
        with self._database.transaction():
            self._database.run(_upsert(RUNS, list(RUN_COLUMNS), ["run"]), [row])

    @override
    def write(self, run: int, part: str, batches: Iterable[list[Write]]) -> None:
        for batch in batches:
            with self._database.transaction():
                self._write_labels(batch)
                lines = [{"run": run} | write.change._asdict() for write in batch if write.change]
                self._database.run(_LEDGER, lines)

    def _write_labels(self, batch: list[Write]) -> None:
        """Insert or replace whole paragraphs, and set columns of stored ones."""
        whole = [write.values for write in batch if write.whole]
        self._database.run(_upsert(LABELS, list(self._columns), ["id"]), whole)
        for names, some in groupby((w for w in batch if not w.whole), key=lambda write: tuple(write.values)):
            settings = ", ".join(f"{name} = :{name}" for name in names)
            rows = [{**write.values, "key": write.id} for write in some]
            self._database.run(f"UPDATE {LABELS} SET {settings} WHERE id = :key", rows)  # noqa: S608

    def _exists(self) -> bool:
        """Tell whether the tables are there; refuse foreign ones of the same names."""
        if self._found is not None:
            return self._found
        found = {table: self._database.columns(table) for table in (LABELS, CHANGES, RUNS)}
        for table, needed in ((LABELS, self._columns), (CHANGES, CHANGE_COLUMNS), (RUNS, RUN_COLUMNS)):
            missing = [c for c in needed if c not in (found[table] or needed)]
            if missing:
                raise InputError(
                    f"{self.name}: the table {table} has no column {missing[0]!r}: it is of something else; "
                    "choose another target with --into"
                )
        self._found = all(found.values())
        return self._found

    def _definitions(self) -> Iterator[str]:
        """The statements that make the tables."""
        types = _TYPES | {"json": self._database.json_type}
        collate = f" COLLATE {self._database.collation}"
        for table, columns, key in (
            (LABELS, self._columns, ["id"]),
            (CHANGES, CHANGE_COLUMNS, ["run", "id"]),
            (RUNS, RUN_COLUMNS, ["run"]),
        ):
            parts = [f"{name} {types[kind]}{collate if name == 'id' else ''}" for name, kind in columns.items()]
            yield f"CREATE TABLE IF NOT EXISTS {table} ({', '.join(parts)}, PRIMARY KEY ({', '.join(key)}))"
        yield f"CREATE INDEX IF NOT EXISTS {CHANGES}_by_id ON {CHANGES} (id, run)"
        if self._places:
            yield f"CREATE INDEX IF NOT EXISTS {LABELS}_by_report ON {LABELS} (report, id)"


def _upsert(table: str, columns: Sequence[str], key: Sequence[str]) -> str:
    """Write the statement that inserts a row or replaces the one with its key."""
    values = ", ".join(f":{name}" for name in columns)
    settings = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values}) "  # noqa: S608 - our own names
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {settings}"
    )


# A run that was cut off and is gone on with may find a paragraph changed again: one line tells both (see `folded`).
_LEDGER = (
    f"INSERT INTO {CHANGES} ({', '.join(CHANGE_COLUMNS)}) VALUES ({', '.join(f':{c}' for c in CHANGE_COLUMNS)}) "  # noqa: S608
    "ON CONFLICT (run, id) DO UPDATE SET new_topics = excluded.new_topics, new_model = excluded.new_model, "
    f"reason = CASE WHEN {CHANGES}.reason = 'new' AND excluded.reason <> '{RETIRED}' THEN 'new' "
    "ELSE excluded.reason END"
)
