"""The reports that a command's inputs name: files, folders, archives and standard input, one at a time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from topics.corpus.archives import archived_reports, is_archive
from topics.corpus.encodings import known_encoding
from topics.corpus.folders import report_files
from topics.corpus.paragraphs import read_report, report_of
from topics.corpus.reading import MAX_BYTES, parse
from topics.errors import InputError, MissingExtraError
from topics.records import Report

STDIN = "-"
_NAMED_FAILURES = 20


@dataclass(slots=True)
class Failures:
    """What could not be done while the rest went on.

    Parameters
    ----------
    report : callable
        Is told each failure, in one line.
    """

    report: Callable[[str], None]
    count: int = field(default=0, init=False)

    def add(self, message: str) -> None:
        """Note a failure; after many, only the count goes on."""
        self.count += 1
        if self.count <= _NAMED_FAILURES:
            self.report(message)
        elif self.count == _NAMED_FAILURES + 1:
            self.report("more inputs or rows failed; they are counted, not named")


@dataclass(frozen=True, slots=True)
class Selection:
    """How inputs are read: the encoding of texts, and which files of a folder are taken.

    Raises
    ------
    UsageError
        If there is no such encoding.
    """

    encoding: str | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.encoding is not None:
            known_encoding(self.encoding)


EVERYTHING = Selection()
"""Every report of a folder, in whatever encoding it is."""


def read_reports(inputs: Sequence[str], selection: Selection, failures: Failures) -> Iterator[Report]:
    """Read the reports of all inputs.

    Parameters
    ----------
    inputs : sequence of str
        Report files, folders, ZIP archives, or ``-`` for standard input.
    selection : Selection
        How to read them.
    failures : Failures
        Told of every report that cannot be read; the others go on.
    """
    for name in inputs:
        for read in _readers(name, selection, failures):
            try:
                yield read()
            except (InputError, MissingExtraError) as error:
                failures.add(str(error))


def _readers(name: str, selection: Selection, failures: Failures) -> Iterator[Callable[[], Report]]:
    """Give for each report of an input what reads it."""
    if name == STDIN:
        yield lambda: _stdin_report(selection.encoding)
        return
    try:
        files = files_of(name, selection)
    except InputError as error:
        failures.add(str(error))
        return
    for file in files:
        if is_archive(file):
            yield from _archive_readers(file, selection.encoding, failures)
        else:
            yield lambda file=file: read_report(file, selection.encoding)  # type: ignore[misc]


def files_of(name: str, selection: Selection) -> list[Path]:
    """List the reports and archives of an input that is not standard input.

    Raises
    ------
    InputError
        If there is none.
    """
    return report_files(Path(name), selection.include, selection.exclude)


def _archive_readers(file: Path, encoding: str | None, failures: Failures) -> Iterator[Callable[[], Report]]:
    """Give for each report of an archive what reads it."""
    try:
        for place, data in archived_reports(file):
            yield lambda place=place, data=data: _archived_report(place, data, encoding)  # type: ignore[misc]
    except InputError as error:
        failures.add(str(error))


def _archived_report(place: str, data: bytes | InputError, encoding: str | None) -> Report:
    """Read a report of an archive."""
    if isinstance(data, InputError):
        raise data
    return report_of(Path(place).stem, parse(data, place, encoding), place)


def _stdin_report(encoding: str | None) -> Report:
    """Read a report from standard input."""
    place = "standard input"
    return report_of("stdin", parse(sys.stdin.buffer.read(MAX_BYTES + 1), place, encoding), place)
