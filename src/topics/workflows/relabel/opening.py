"""From what the command line names to an open source and target."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from topics.errors import InputError, UsageError
from topics.storage.connections import is_url, open_database
from topics.storage.database import Database
from topics.storage.schema import RUNS
from topics.storage.sqlite import Mode
from topics.storage.targets import Target
from topics.storage.targets_parquet import SUFFIX, ParquetTarget, require_pyarrow
from topics.storage.targets_sql import SqlTarget
from topics.workflows.relabel.sources import Columns, FolderSource, ParquetSource, Source, TableSource

DEFAULT_DATABASE = "topics.db"
DEFAULT_DATASET = ".topics"


def open_both(
    stack: ExitStack, source: str, into: str | None, table: str | None, columns: Columns | None, *, write: bool
) -> tuple[Source, Target]:
    """Open a source and its target.

    Parameters
    ----------
    stack : ExitStack
        Closes them at its end.
    source : str
        A folder of reports; with `table`, a database; else with `columns`, a Parquet file or folder.
    into : str or None
        The target; None for the one that belongs to the source.
    table : str or None
        Table of a database.
    columns : Columns or None
        Columns of a table or dataset.
    write : bool
        Whether the target will be written.

    Raises
    ------
    UsageError
        If these do not go together.
    InputError
        If something is not there.
    """
    if table or is_url(source):
        return _database(stack, source, into, table, columns, write=write)
    if columns or Path(source).suffix == SUFFIX:
        return _dataset(Path(source), into, columns)
    folder = FolderSource(Path(source))
    place = into or str(Path(source).resolve().parent / DEFAULT_DATABASE)
    return folder, SqlTarget(_open(stack, place, "write" if write else "look"), places=True)


def open_target(stack: ExitStack, place: str) -> Target:
    """Open a target to read its history.

    Raises
    ------
    InputError
        If it holds no labels.
    """
    if not is_url(place) and Path(place).is_dir():
        if not (Path(place) / RUNS).is_dir():
            raise InputError(f"{place}: holds no labels; give what topics relabel wrote")
        return ParquetTarget(Path(place))
    return SqlTarget(_open(stack, place, "read"), places=False)


def _database(
    stack: ExitStack, source: str, into: str | None, table: str | None, columns: Columns | None, *, write: bool
) -> tuple[Source, Target]:
    """Open a table, and the tables of labels: in the same database unless told otherwise."""
    if not table or not columns:
        raise UsageError("a database needs --table NAME, --id COLUMN and --text COLUMN")
    if into is None or into == source:
        database = _open(stack, source, "change" if write else "read")
        return TableSource(database, table, columns, shared=True), SqlTarget(database, places=False)
    there = _open(stack, source, "read")
    target = SqlTarget(_open(stack, into, "write" if write else "look"), places=False)
    return TableSource(there, table, columns, shared=False), target


def _dataset(place: Path, into: str | None, columns: Columns | None) -> tuple[Source, Target]:
    """Open a Parquet dataset, and the dataset of labels: beside it unless told otherwise."""
    require_pyarrow()
    if columns is None:
        raise UsageError(f"{place}: a Parquet dataset needs --id COLUMN and --text COLUMN")
    if not place.exists():
        raise InputError(f"{place}: no such file or folder")
    whole = place.resolve()
    target = Path(into) if into else whole.with_name(whole.name + DEFAULT_DATASET)
    if into and (is_url(into) or target.is_file()):
        raise UsageError(f"{into}: labels of a Parquet dataset go to a folder")
    if target.resolve().is_relative_to(whole):
        raise UsageError(f"{target}: lies inside the dataset {place}; choose another target with --into")
    return ParquetSource(place, columns), ParquetTarget(target)


def _open(stack: ExitStack, place: str, mode: Mode) -> Database:
    """Open a database, to be closed with the rest."""
    database = open_database(place, mode)
    stack.callback(database.close)
    return database
