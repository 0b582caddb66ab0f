"""Where paragraphs come from: a folder of reports, a table of a database, a Parquet dataset; part by part, by id."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from typing_extensions import override

from topics.corpus.archives import is_archive
from topics.corpus.folders import report_files
from topics.corpus.paragraphs import report_of
from topics.corpus.reading import read_document
from topics.errors import InputError
from topics.files import readable_name
from topics.records import Paragraph
from topics.storage.database import Database
from topics.storage.partitions import read_partition, repeated_ids
from topics.storage.schema import EVERYTHING, Span
from topics.storage.targets_parquet import parquet_parts
from topics.workflows.relabel.blocks import Block, blocks
from topics.workflows.relabel.filestate import file_digest, unchanged
from topics.workflows.relabel.items import BadRow, SourceRow, make_row


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table or dataset that hold paragraphs."""

    id: str
    text: str
    heading: str | None = None

    def names(self) -> list[str]:
        """The columns that must be there."""
        return [name for name in (self.id, self.text, self.heading) if name]


@dataclass(frozen=True, slots=True)
class Part:
    """What is read and compared at once: a report, a partition, or rows of a table that follow each other.

    Attributes
    ----------
    name : str
        The report's or partition's; empty for a table, whose parts differ by their span of ids.
    block : Block or None
        The rows of a table.
    """

    name: str
    block: Block | None = None

    @property
    def span(self) -> Span:
        """The ids that may be in it."""
        return self.block.span if self.block else EVERYTHING

    @property
    def key(self) -> str:
        """What its digest is kept under."""
        return self.name or self.span.upto or ""


class Source(ABC):
    """A store of paragraphs.

    Attributes
    ----------
    name : str
        What the target records of it; a target belongs to one source.
    """

    name: str

    @abstractmethod
    def parts(self) -> Iterable[Part]:
        """Give its parts in order."""

    @abstractmethod
    def rows(self, part: Part) -> Iterator[SourceRow | BadRow]:
        """Give a part's rows, in order of ids; those without stand anywhere.

        Raises
        ------
        InputError
            If the part cannot be read.
        """

    def hides(self, name: str) -> bool:
        """Tell whether a part that is not given may be there all the same, where nobody can look."""
        del name
        return False

    def digest(self, part: Part) -> str | None:
        """Hash all that a part is read from; None where only its rows can be compared.

        Raises
        ------
        InputError
            If the part cannot be read.
        """
        del part
        return None

    def steady(self, part: Part) -> AbstractContextManager[None]:
        """Refuse what is read of a part inside, if it changes meanwhile; an `InputError` at the end says so."""
        del part
        return nullcontext()

    def snapshot(self) -> AbstractContextManager[None]:
        """Everything read inside is of one moment, where the source can do that."""
        return nullcontext()

    @property
    def whole(self) -> bool:
        """Whether a part that cannot be read is the whole source."""
        return False


class FolderSource(Source):
    """A folder of reports, a report a part; reports of subfolders are called by their path."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise InputError(f"{readable_name(str(folder))}: no such folder of reports")
        self.name = f"folder {readable_name(folder.resolve().name)}"
        self._files: dict[str, list[Path]] = {}
        self._unlisted: list[str] = []
        for file in report_files(folder):
            inside = file.relative_to(folder)
            name = readable_name(str(inside if file.is_dir() else inside.with_suffix("")))
            self._files.setdefault(name, []).append(file)
            if file.is_dir():
                self._unlisted.append(f"{name}/")

    @override
    def parts(self) -> Iterable[Part]:
        return map(Part, sorted(self._files))

    @override
    def hides(self, name: str) -> bool:
        return name.startswith(tuple(self._unlisted))

    @override
    def steady(self, part: Part) -> AbstractContextManager[None]:
        return unchanged(self._files[part.name][0])

    @override
    def digest(self, part: Part) -> str | None:
        file, *others = self._files[part.name]
        return None if others else file_digest(file)

    @override
    def rows(self, part: Part) -> Iterator[SourceRow | BadRow]:
        file, *others = self._files[part.name]
        place = readable_name(str(file))
        if others:
            raise InputError(f"{place} and {readable_name(others[0].name)}: two reports of one name; rename one")
        if is_archive(file):
            raise InputError(f"{place}: an archive; unpack it into the folder to have its reports labelled")
        report = report_of(part.name, read_document(file), place)
        yield from sorted((_report_row(p, place) for p in report.paragraphs), key=attrgetter("id"))


def _report_row(paragraph: Paragraph, where: str) -> SourceRow | BadRow:
    """A paragraph of a report as a row."""
    headings = json.dumps(paragraph.headings, ensure_ascii=False)
    place = (paragraph.number, paragraph.start, paragraph.end, headings, paragraph.text)
    return make_row(paragraph.id, paragraph.reading, paragraph.heading, where, place)


class TableSource(Source):
    """A table of a database; its rows are read once, in blocks."""

    def __init__(self, database: Database, table: str, columns: Columns, *, shared: bool) -> None:
        self.name = f"table {table}"
        self._database = database
        self._table = table
        self._columns = columns
        self._shared = shared
        found = database.columns(table)
        if found is None:
            raise InputError(f"{database.name}: no table {table!r}")
        for column in columns.names():
            if column not in found:
                raise InputError(f"{database.name}: table {table} has no column {column!r}; it has {', '.join(found)}")

    @override
    @property
    def whole(self) -> bool:
        return True

    @override
    def parts(self) -> Iterable[Part]:
        database, columns, quote = self._database, self._columns, self._database.quote_column
        heading = quote(columns.heading) if columns.heading else "NULL"
        sql = (
            f"SELECT CAST({quote(columns.id)} AS TEXT), {quote(columns.text)}, {heading} "  # noqa: S608 - names are quoted
            f"FROM {database.quote(self._table)} ORDER BY {database.text_order(self._table, columns.id)}"
        )
        return (Part("", block) for block in blocks(self._database.stream(sql)))

    @override
    def digest(self, part: Part) -> str | None:
        return part.block.digest() if part.block else None

    @override
    def rows(self, part: Part) -> Iterator[SourceRow | BadRow]:
        where = f"{self._database.name}, {self.name}"
        for identity, text, heading in part.block.rows if part.block else ():
            yield make_row(identity, text, heading, where)

    @override
    def snapshot(self) -> AbstractContextManager[None]:
        return nullcontext() if self._shared else self._database.snapshot()


class ParquetSource(Source):
    """A Parquet file or a folder of them, a file a part."""

    def __init__(self, place: Path, columns: Columns) -> None:
        self.name = f"dataset {place.resolve().name}"
        self._place = place
        self._columns = columns
        self._parts = parquet_parts(place)
        if not self._parts:
            raise InputError(f"{place}: no Parquet files in it")
        self._repeated: frozenset[str] | None = None

    @override
    def parts(self) -> Iterable[Part]:
        return map(Part, self._parts)

    @override
    def steady(self, part: Part) -> AbstractContextManager[None]:
        return unchanged(self._file(part.name))

    @override
    def digest(self, part: Part) -> str | None:
        return file_digest(self._file(part.name))

    @override
    def rows(self, part: Part) -> Iterator[SourceRow | BadRow]:
        if self._repeated is None:
            self._repeated = repeated_ids([self._file(p) for p in self._parts], self._columns.id)
        file = self._file(part.name)
        for identity, text, heading in read_partition(file, self._columns.names()):
            if identity in self._repeated:
                yield BadRow(identity, f"{file}, id {identity}: given more than once; none of them is labelled")
            else:
                yield make_row(identity, text, heading, str(file))

    def _file(self, name: str) -> Path:
        """The file of a part."""
        return self._place if self._place.is_file() else self._place / name
