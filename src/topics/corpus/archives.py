"""ZIP archives: opened with limits, so that a small file cannot fill the memory."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from topics.corpus.reading import ARCHIVE_SUFFIX, MAX_BYTES, SUFFIXES, read_bytes
from topics.errors import InputError
from topics.files import readable_name

MAX_MEMBERS = 10_000
MAX_UNPACKED = 4 * MAX_BYTES
MAX_RATIO = 200
_SMALL = 1 << 20
_ENCRYPTED, _UTF8 = 0x1, 0x800
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError)


@contextmanager
def open_archive(data: bytes, place: str) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP archive that is safe to unpack.

    Raises
    ------
    InputError
        If it is damaged, password-protected, or would unpack to more than a report can be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive.infolist(), place)
            yield archive
    except _DAMAGED as error:
        raise InputError(f"{place}: damaged or truncated ({error}); save it again") from None


def _check(members: list[zipfile.ZipInfo], place: str) -> None:
    """Refuse an archive by what it says of its members."""
    if len(members) > MAX_MEMBERS:
        raise InputError(f"{place}: {len(members):,} files in it (limit {MAX_MEMBERS:,}); unpack it first")
    if any(m.flag_bits & _ENCRYPTED for m in members):
        raise InputError(f"{place}: password-protected; unpack or save it without a password")
    if sum(m.file_size for m in members) > MAX_UNPACKED or any(
        m.file_size > _SMALL and m.file_size > MAX_RATIO * max(m.compress_size, 1) for m in members
    ):
        raise InputError(f"{place}: unpacks to far more than it holds (a zip bomb?); unpack it first")


def is_archive(path: Path) -> bool:
    """Tell by the ending whether a path is an archive of reports."""
    return path.suffix.lower() == ARCHIVE_SUFFIX


def archived_reports(path: Path) -> Iterator[tuple[str, bytes | InputError]]:
    """Read the reports of a ZIP archive one at a time.

    Yields
    ------
    name : str
        Archive and path in it.
    data : bytes or InputError
        The report, or why it cannot be read.
    """
    place = readable_name(str(path))
    with open_archive(read_bytes(path), place) as archive:
        members = [(m, _name(m)) for m in archive.infolist() if not m.is_dir()]
        wanted = sorted(((n, m) for m, n in members if _wanted(n)), key=lambda pair: pair[0])
        if not wanted:
            raise InputError(f"{place}: no reports in it; reports end in {', '.join(SUFFIXES)}")
        for name, member in wanted:
            yield f"{place}/{name}", _unpack(archive, member, f"{place}/{name}")


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: str) -> bytes | InputError:
    """Unpack a member, no further than a report can be long."""
    if is_archive(Path(place)):
        return InputError(f"{place}: an archive in an archive; unpack it first")
    try:
        with archive.open(member) as handle:
            return handle.read(MAX_BYTES + 1)
    except _DAMAGED as error:
        return InputError(f"{place}: damaged or truncated ({error}); pack it again")


def _wanted(name: str) -> bool:
    """Tell whether a member is a report."""
    parts = name.split("/")
    return name.lower().endswith(SUFFIXES) and not any(p.startswith((".", "__MACOSX")) for p in parts)


def _name(member: zipfile.ZipInfo) -> str:
    """Give a member's name; packers on Chinese Windows write it in GBK."""
    if member.flag_bits & _UTF8:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename
