"""Labels in a Parquet dataset with the partitions of its source.

TARGET/paragraph_topics/<partition>         labels, in order of ids
TARGET/topic_changes/<run>/<partition>      the ledger
TARGET/topic_runs/<run>.parquet             the runs
TARGET/manifest.jsonl                       which partitions are done, in the order in which they were committed
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from topics.errors import InputError, MissingExtraError, OutputError
from topics.files import atomic_write, make_folder
from topics.storage.lock import file_lock
from topics.storage.manifest import Manifest
from topics.storage.schema import (
    CHANGE_COLUMNS,
    CHANGES,
    EVERYTHING,
    LABEL_COLUMNS,
    LABELS,
    RUN_COLUMNS,
    RUNS,
    Change,
    Run,
    Span,
    Stored,
    Write,
    folded,
)
from topics.storage.targets import Target

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".parquet"
_BATCH = 4096


class ParquetTarget(Target):
    """Labels in a folder of Parquet files; a partition is committed whole.

    Parameters
    ----------
    root : Path
        The folder.
    """

    by_part = True

    def __init__(self, root: Path) -> None:
        require_pyarrow()
        self.name = str(root)
        self._root = root
        self._manifest = Manifest(root)

    @override
    @contextmanager
    def lock(self) -> Iterator[None]:
        made = not self._root.exists()
        self._make(self._root)
        try:
            with file_lock(self._root / ".lock", self.name):
                yield
        finally:
            if made:  # a refused run leaves nothing, not even an empty folder
                with suppress(OSError):
                    self._root.rmdir()

    @override
    def recover(self) -> None:
        self._manifest.recover()

    @override
    def prepare(self) -> None:
        for name in (LABELS, CHANGES, RUNS):
            self._make(self._root / name)

    @override
    def snapshot(self) -> AbstractContextManager[None]:
        return nullcontext()

    def close(self) -> None:
        """Nothing is held open."""

    @override
    def parts(self) -> list[str]:
        return parquet_parts(self._root / LABELS)

    @override
    def stored(self, part: str, codebook: str, span: Span = EVERYTHING) -> Iterator[Stored]:
        file = self._root / LABELS / part
        if not file.is_file():
            return
        columns = ["id", "text_hash", "topics", "primary_topic", "scores", "model", "codebook", "retired", "run"]
        with parquet_errors(file):
            import pyarrow.parquet as pq

            with pq.ParquetFile(file) as opened:
                for batch in opened.iter_batches(batch_size=_BATCH, columns=columns):
                    yield from map(Stored, *(batch.column(name).to_pylist() for name in columns))

    @override
    def runs(self) -> list[Run]:
        files = sorted((self._root / RUNS).glob(f"*{SUFFIX}"))
        rows = [row for file in files for row in self._read(file).to_pylist()]
        return [Run(**row | {"counts": json.loads(row["counts"])}) for row in rows]

    @override
    def changes(self, *, run: int | None = None, paragraph: str | None = None) -> Iterator[tuple[int, Change]]:
        root = self._root / CHANGES
        for folder in sorted(root.glob("*" if run is None else _run_name(run))):
            for part in parquet_parts(folder):
                filters = None if paragraph is None else [("id", "==", paragraph)]
                for row in self._read(folder / part, filters).to_pylist():
                    yield row.pop("run"), Change(**row)

    @override
    def put_run(self, run: Run) -> None:
        row = run._asdict() | {"counts": json.dumps(run.counts, ensure_ascii=False)}
        self._write(self._root / RUNS / f"{_run_name(run.run)}{SUFFIX}", self._table([row], RUN_COLUMNS))

    @override
    def write(self, run: int, part: str, batches: Iterable[list[Write]]) -> None:
        writes = {write.id: write for batch in batches for write in batch}
        if not writes:
            return
        ledger = Path(CHANGES, _run_name(run), part)
        lines = self._ledger(run, self._root / ledger, [w.change for w in writes.values() if w.change])
        try:
            folder = self._manifest.stage()
        except OSError as error:
            raise OutputError(f"{self.name}: cannot be written: {error.strerror or error}") from error
        self._write(folder / LABELS / part, self._merged(self._root / LABELS / part, writes))
        self._write(folder / ledger, lines)
        self._manifest.commit(folder, {"run": run, "partition": part, "written": len(writes)})

    def _merged(self, file: Path, writes: dict[str, Write]) -> pa.Table:
        """Put what is written into what is stored of a partition."""
        import pyarrow as pa
        import pyarrow.compute as pc

        rows = [write.values for write in writes.values() if write.whole]
        tables = []
        if file.is_file():
            old = self._read(file)
            hit = pc.is_in(old["id"], value_set=pa.array(writes, pa.string()))
            tables.append(old.filter(pc.invert(hit)))
            patched = (row for row in old.filter(hit).to_pylist() if not writes[row["id"]].whole)
            rows += [row | writes[row["id"]].values for row in patched]
        return pa.concat_tables([*tables, self._table(rows, LABEL_COLUMNS)]).sort_by("id")

    def _ledger(self, run: int, file: Path, changes: list[Change]) -> pa.Table:
        """The ledger of a partition: what a killed part of this run had written, and what is written now."""
        import pyarrow as pa

        lines = {change.id: change for change in changes}
        if file.is_file():
            before = {row["id"]: row for row in self._read(file).to_pylist()}
            for row in before.values():
                row.pop("run")
                first = Change(**row)
                lines[first.id] = folded(first, lines[first.id]) if first.id in lines else first
        rows = [{"run": run} | lines[name]._asdict() for name in sorted(lines)]
        return pa.concat_tables([self._table(rows, CHANGE_COLUMNS)])

    def _read(self, file: Path, filters: list[tuple[str, str, str]] | None = None) -> pa.Table:
        """Read a file of the target."""
        with parquet_errors(file):
            import pyarrow.parquet as pq

            if filters:
                return pq.read_table(file, filters=filters, partitioning=None)
            with pq.ParquetFile(file) as opened:  # without the dataset machinery, whose import takes a quarter second
                return opened.read()

    def _write(self, file: Path, table: pa.Table) -> None:
        """Write a file of the target, whole or not at all."""
        import pyarrow.parquet as pq

        self._make(file.parent)
        with atomic_write(file, "wb") as handle:
            pq.write_table(table, handle, compression="zstd")

    def _make(self, folder: Path) -> None:
        """Make a folder of the target."""
        try:
            make_folder(folder)
        except OSError as error:
            raise OutputError(f"{folder}: cannot be made: {error.strerror or error}") from error

    def _table(self, rows: list[dict[str, Any]], columns: dict[str, str]) -> pa.Table:
        """Make a table of rows."""
        import pyarrow as pa

        types: dict[str, Callable[[], Any]] = {
            "text": pa.string, "json": pa.string, "int": pa.int64, "bool": pa.bool_,
        }  # fmt: skip
        return pa.Table.from_pylist(rows, pa.schema([(name, types[kind]()) for name, kind in columns.items()]))


def require_pyarrow() -> None:
    """Refuse to go on without pyarrow."""
    try:
        import pyarrow.parquet  # noqa: F401 - only whether it is there
    except ImportError:
        raise MissingExtraError("pyarrow", "parquet") from None


@contextmanager
def parquet_errors(file: Path) -> Iterator[None]:
    """Translate what reading a Parquet file raises."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError, ValueError) as error:
        message = " ".join(str(error).split())
        raise InputError(f"{file}: damaged or not Parquet ({message}); restore the file") from error


def parquet_parts(place: Path) -> list[str]:
    """Name the partitions of a dataset: the paths of its files, hidden ones aside; or the one file itself.

    Raises
    ------
    InputError
        If the folder cannot be read.
    """
    if place.is_file():
        return [place.name]
    return sorted(str(file.relative_to(place)) for file in _partitions(place))


def _partitions(place: Path) -> Iterator[Path]:
    """Give the Parquet files below a folder, links that lead nowhere among them: reading those tells why."""
    for folder, folders, names in os.walk(place, onerror=_unlisted):
        folders[:] = [name for name in folders if not name.startswith((".", "_"))]
        for name in names:
            file = Path(folder, name)
            if name.endswith(SUFFIX) and not name.startswith((".", "_")) and not _is_pipe_or_device(file):
                yield file


def _is_pipe_or_device(file: Path) -> bool:
    """Tell whether reading something that is no folder might never end."""
    try:
        return file.exists() and not file.is_file()
    except OSError:  # in a folder that may be listed but not searched
        return False


def _unlisted(error: OSError) -> None:
    """Refuse a folder that cannot be listed: what is in it must not be taken for gone."""
    if not isinstance(error, FileNotFoundError):
        raise InputError(f"{error.filename}: cannot be listed: {error.strerror}") from error


def _run_name(run: int) -> str:
    """A run's number as folders and files carry it, so that their order is the runs'."""
    return f"{run:09d}"
