"""A report file → document: find out its form by its first bytes, and let the reader of that form read it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from topics.corpus.documents import Document, plain_document
from topics.corpus.encodings import decode
from topics.errors import InputError, MissingExtraError
from topics.files import readable_name

MAX_BYTES = 64 * 1024 * 1024
"""Reports larger than this are refused: they are not reports."""

MAX_LINE = 1_000_000
"""Characters in one line; a longer one is no paragraph."""

TEXT_SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".mhtml", ".mht")
REFUSED_SUFFIXES = (".doc", ".wps", ".rtf")
ARCHIVE_SUFFIX = ".zip"
SUFFIXES = (*TEXT_SUFFIXES, ".docx", ".pdf", *REFUSED_SUFFIXES, ARCHIVE_SUFFIX)
EXTRA = "documents"

_OLE, _ZIP, _PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"%PDF-"
_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OFFICE = "convert it with LibreOffice: soffice --headless --convert-to docx FILE"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"AT&TFORM")
_PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html|<head|<body)", re.I | re.S)
_ARCHIVED_PAGE = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:", re.I)

Reader = Callable[[bytes, str, str | None], Document]


def read_document(path: Path, encoding: str | None = None) -> Document:
    """Read a report file.

    Parameters
    ----------
    path : Path
        A report as text, Markdown, saved web page, Word file or PDF file.
    encoding : str, optional
        The encoding of a text; found out if not given.

    Raises
    ------
    InputError
        If the file is missing, too large, empty, binary, damaged or of a form that is not read.
    MissingExtraError
        If its form needs a library that is not installed.
    """
    return parse(read_bytes(path), readable_name(str(path)), encoding)


def read_bytes(path: Path) -> bytes:
    """Read a file, or raise an `InputError` that says why it cannot be read."""
    place = readable_name(str(path))
    try:
        before = path.stat()
        _check_kind(before, place)
        with path.open("rb") as handle:
            data = handle.read(MAX_BYTES + 1)
            after = os.fstat(handle.fileno())
    except FileNotFoundError:
        raise InputError(f"{place}: no such file or folder") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{place}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise InputError(f"{place}: changed while it was read; try again when it is written")
    return data


def _check_kind(status: os.stat_result, place: str) -> None:
    """Refuse what is not a file, and files too large to be reports."""
    if stat.S_ISDIR(status.st_mode):
        raise InputError(f"{place}: a folder that cannot be listed; check its permissions")
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{place}: not a regular file; use - for standard input")
    check_size(status.st_size, place)


def check_size(size: int, place: str) -> None:
    """Refuse what is too large to be a report."""
    if size > MAX_BYTES:
        raise InputError(f"{place}: {size:,} bytes is too large for a report (limit {MAX_BYTES:,}); split it")


def parse(data: bytes, place: str, encoding: str | None = None) -> Document:
    """Read the bytes of a report in whatever form they are.

    Parameters
    ----------
    data : bytes
        The file's content.
    place : str
        What to call it in an error; its ending decides between forms that the bytes do not tell apart.
    encoding : str, optional
        The encoding of a text; found out if not given.
    """
    check_size(len(data), place)
    document = _reader(data, place)(data, place, encoding)
    longest = max((len(line.text) for line in document.lines), default=0)
    if longest > MAX_LINE:
        raise InputError(f"{place}: a line of {longest:,} characters is no paragraph (limit {MAX_LINE:,}); break it")
    return document


def _reader(data: bytes, place: str) -> Reader:
    """Choose the reader by the first bytes, else by the ending."""
    suffix = Path(place).suffix.lower()
    _refuse_foreign(data, place, suffix)
    if data.startswith(_ZIP):
        return _read_word
    if data[:1024].find(_PDF) >= 0:
        return _read_pdf
    if suffix in (".mhtml", ".mht") or _ARCHIVED_PAGE.match(data[:4096]):
        return _read_archived_page
    if suffix in (".html", ".htm", ".xhtml") or _PAGE.match(data[:4096]):
        return _read_page
    if suffix in (".docx", ".pdf") and data.strip():
        raise InputError(f"{place}: damaged, or no {suffix[1:]} file; save it again")
    return _read_markdown if suffix in (".md", ".markdown") else _read_text


def _refuse_foreign(data: bytes, place: str, suffix: str) -> None:
    """Refuse the forms that are not read, each with its remedy."""
    if data.startswith(_OLE):
        if _PACKAGE in data:
            raise InputError(f"{place}: password-protected; save it without a password")
        raise InputError(f"{place}: a file of Word 97 to 2003, WPS or the like; {_OFFICE}")
    if data.startswith(b"{\\rtf"):
        raise InputError(f"{place}: Rich Text Format; {_OFFICE}")
    if data.startswith(_PICTURES):
        raise InputError(f"{place}: a picture; recognise its text first (OCR, e.g. ocrmypdf -l chi_sim)")
    if suffix in REFUSED_SUFFIXES and b"\x00" in data[:4096]:
        raise InputError(f"{place}: a word processor's file that is not read; {_OFFICE}")


@contextmanager
def _extra() -> Iterator[None]:
    """Tell which part to install where a reader's library is absent."""
    try:
        yield
    except ImportError as error:
        raise MissingExtraError(error.name or "a library for documents", EXTRA) from None


def _read_text(data: bytes, place: str, encoding: str | None) -> Document:
    """Read plain text."""
    return plain_document(*decode(data, place, encoding))


def _read_markdown(data: bytes, place: str, encoding: str | None) -> Document:
    """Read Markdown."""
    from topics.corpus.markdown import markdown_document

    return markdown_document(*decode(data, place, encoding))


def _read_page(data: bytes, place: str, encoding: str | None) -> Document:
    """Read a web page."""
    with _extra():
        from topics.corpus.web import read_page
    return read_page(data, place, encoding)


def _read_archived_page(data: bytes, place: str, encoding: str | None) -> Document:
    """Read a web page saved as one file (MHTML)."""
    with _extra():
        from topics.corpus.web import read_archived_page
    return read_archived_page(data, place, encoding)


def _read_word(data: bytes, place: str, _: str | None) -> Document:
    """Read a Word file."""
    with _extra():
        from topics.corpus.word import read_word
    return read_word(data, place)


def _read_pdf(data: bytes, place: str, _: str | None) -> Document:
    """Read a PDF file."""
    with _extra():
        from topics.corpus.pdf import read_pdf
    return read_pdf(data, place)
