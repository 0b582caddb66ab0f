"""Tables of paragraphs, read row by row: CSV, JSON lines and Parquet."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from topics.errors import InputError, MissingExtraError

SUFFIXES = (".csv", ".jsonl", ".parquet")
_CHUNK = 1 << 20
_PARQUET_ROWS = 4096

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read, with the line that says so."""

    message: str


def is_table(path: Path) -> bool:
    """Tell by the ending whether a path is a table."""
    return path.suffix.lower() in SUFFIXES


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, Row | BadRow]]:
    """Read a table row by row.

    Parameters
    ----------
    path : Path
        A ``.csv`` (UTF-8 or GB18030), ``.jsonl`` or ``.parquet`` file.
    columns : tuple of str
        Columns that must be there.

    Yields
    ------
    place : str
        File and line (or row), for messages.
    row : dict or BadRow
        The row's cells in their order, or what is wrong with it.

    Raises
    ------
    InputError
        If the file cannot be read at all, or lacks one of the columns.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{path}: not a table; known endings are {', '.join(SUFFIXES)}")
    if not path.is_file():
        raise InputError(f"{path}: no such table")
    try:
        yield from reader(path, columns)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error


def count_rows(path: Path) -> int:
    """Count a table's rows: exactly for Parquet, else its lines, of which a row of CSV may have several.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        if path.suffix.lower() == ".parquet":
            import pyarrow.parquet

            return int(pyarrow.parquet.read_metadata(path).num_rows)
        with path.open("rb") as handle:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: handle.read(_CHUNK), b""))
    except (OSError, ImportError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error


def _read_csv(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, Row | BadRow]]:
    """Read a CSV file whose first line names the columns."""
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding=_encoding(path), newline="") as handle:
        reader = csv.reader(handle)
        try:
            header = next(reader, [])
            _require(path, header, columns)
            for cells in reader:
                place = f"{path}:{reader.line_num}"
                if not cells:
                    continue
                if len(cells) != len(header):
                    yield (
                        place,
                        BadRow(f"{place}: {len(cells)} cells where the first line names {len(header)}; mend it"),
                    )
                else:
                    yield place, dict(zip(header, cells, strict=True))
        except csv.Error as error:
            raise InputError(f"{path}:{reader.line_num}: not CSV: {error}") from error


def _read_jsonl(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, Row | BadRow]]:
    """Read a file with one JSON object a line."""
    seen = False
    with path.open(encoding=_encoding(path)) as handle:
        for number, line in enumerate(handle, 1):
            if not line.strip():
                continue
            place = f"{path}:{number}"
            row = _json_row(place, line)
            if isinstance(row, dict) and not seen:
                _require(path, list(row), columns)
                seen = True
            yield place, row


def _json_row(place: str, line: str) -> Row | BadRow:
    """Read one line of JSON."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return BadRow(f"{place}: not JSON ({error}); mend the line")
    return row if isinstance(row, dict) else BadRow(f"{place}: not a JSON object; mend the line")


def _read_parquet(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, Row | BadRow]]:
    """Read a Parquet file in batches."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingExtraError("pyarrow", "parquet") from None
    number = 0
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            _require(path, file.schema_arrow.names, columns)
            for batch in file.iter_batches(batch_size=_PARQUET_ROWS):
                for row in batch.to_pylist():
                    number += 1
                    yield f"{path}: row {number}", row
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(f"{path}: row {number + 1}: damaged or not Parquet: {error}") from error


_READERS: dict[str, Callable[[Path, tuple[str, ...]], Iterator[tuple[str, Row | BadRow]]]] = {
    ".csv": _read_csv,
    ".jsonl": _read_jsonl,
    ".parquet": _read_parquet,
}


def _require(path: Path, header: list[str], columns: tuple[str, ...]) -> None:
    """Refuse a table that lacks a column, or that names one twice, because a row could not keep both."""
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"{path}: two columns are called {twice!r}; rename one")
    for column in columns:
        if column not in header:
            raise InputError(f"{path}: no column {column!r}; the table has {', '.join(header) or 'none'}")


def _encoding(path: Path) -> str:
    """Find the encoding in which every byte of a text table decodes: UTF-8, else GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as handle:
                while chunk := handle.read(_CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise InputError(f"{path}: neither UTF-8 nor GB18030; save it as UTF-8")
