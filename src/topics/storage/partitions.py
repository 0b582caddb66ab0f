"""Reading the partitions of a Parquet dataset of paragraphs."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError, OutputError
from topics.storage.targets_parquet import parquet_errors

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 4096
_IN_MEMORY = 4_000_000


def read_partition(file: Path, columns: list[str]) -> Iterator[tuple[str | None, Any, Any]]:
    """Give a partition's ids as text, texts and headings (None where there is no such column), in order of ids.

    Raises
    ------
    InputError
        If the file is damaged or lacks a column.
    """
    with parquet_errors(file):
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        with pq.ParquetFile(file) as opened:
            _require(file, opened.schema_arrow.names, columns)
            table = opened.read(columns=columns)
        ids = pc.cast(table[columns[0]], pa.string())
        order = pc.sort_indices(ids)
        for start in range(0, len(order), _BATCH):
            wanted = order[start : start + _BATCH]
            cells = [_cells(column, wanted) for column in (ids, *(table[name] for name in columns[1:]))]
            yield from zip(*cells, *([[None] * len(wanted)] if len(cells) == 2 else []), strict=True)


def repeated_ids(files: list[Path], column: str) -> frozenset[str]:
    """Find the ids that stand more than once in a dataset, whatever its size, with little memory.

    Files that cannot be read are passed over: they are refused when their turn comes.
    """
    try:
        with tempfile.TemporaryFile() as scratch:
            for ids in _all_ids(files, column):
                np.fromiter(map(hash, ids), dtype=np.int64, count=len(ids)).tofile(scratch)
            suspects = _repeated_hashes(scratch)
    except OSError as error:
        raise OutputError(
            f"{tempfile.gettempdir()}: {error.strerror or error}; set TMPDIR to a larger place"
        ) from error
    if not suspects:
        return frozenset()
    counts = Counter(name for ids in _all_ids(files, column) for name in ids if hash(name) in suspects)
    return frozenset(name for name, n in counts.items() if n > 1)


def _repeated_hashes(scratch: IO[bytes]) -> set[int]:
    """Find the numbers that stand more than once in a file of them, a class of remainders at a time."""
    scratch.flush()
    size = scratch.tell() // 8
    if not size:
        return set()
    numbers = np.memmap(scratch, dtype=np.int64, mode="r", shape=(size,))
    classes = -(-size // _IN_MEMORY)
    found: set[int] = set()
    for remainder in range(classes):
        some = np.sort(numbers[numbers % classes == remainder])
        found.update(some[1:][some[1:] == some[:-1]].tolist())
    return found


def _all_ids(files: list[Path], column: str) -> Iterator[list[str]]:
    """Give the ids of all files, as texts, some at a time."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    for file in files:
        with suppress(InputError), parquet_errors(file), pq.ParquetFile(file) as opened:
            _require(file, opened.schema_arrow.names, [column])
            for batch in opened.iter_batches(batch_size=_BATCH, columns=[column]):
                yield pc.cast(batch.column(0), pa.string()).drop_null().to_pylist()


def _cells(column: pa.ChunkedArray, wanted: pa.Array) -> list[Any]:
    """Take some cells of a column."""
    cells: list[Any] = column.take(wanted).to_pylist()
    return cells


def _require(file: Path, found: list[str], columns: list[str]) -> None:
    """Refuse a file that lacks a column, or has two of its name."""
    for column in columns:
        if column not in found:
            raise InputError(f"{file}: no column {column!r}; it has {', '.join(found)}")
        if found.count(column) > 1:
            raise InputError(f"{file}: two columns are called {column!r}; rename one")
