"""Bytes of a report file → decoded text. No character is ever replaced: what does not decode exactly is refused."""

from __future__ import annotations

import codecs
from pathlib import Path

from topics.errors import InputError

MAX_BYTES = 512 * 1024 * 1024
"""Reports larger than this are refused: they are not reports."""

_ENCODINGS = ("utf-8", "gb18030")


def read_text(path: Path) -> tuple[str, str]:
    """Read a text report.

    Parameters
    ----------
    path : Path
        A UTF-8 file, with or without byte order mark, or a GB18030 (GBK, GB2312) file.

    Returns
    -------
    tuple of str
        The text and the name of its encoding.

    Raises
    ------
    InputError
        If the file is missing, too large, empty, binary, or decodes in no encoding exactly.
    """
    return decode(read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """Read a file, or raise an `InputError` that says why it cannot be read."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(f"{path}: {size:,} bytes is too large for a report (limit {MAX_BYTES:,}); split it")
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file or folder") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def decode(data: bytes, place: str) -> tuple[str, str]:
    """Decode the bytes of a text report exactly.

    Parameters
    ----------
    data : bytes
        The file's content.
    place : str
        What to call the file in an error.

    Returns
    -------
    tuple of str
        The text, without a byte order mark, and the name of its encoding.

    Examples
    --------
    >>> decode("平安".encode("gb18030"), "a.txt")
    ('平安', 'gb18030')
    """
    if not data.strip():
        raise InputError(f"{place}: the file is empty")
    if data.startswith(codecs.BOM_UTF8):
        return _strict(data[len(codecs.BOM_UTF8) :], ("utf-8",), place, shift=len(codecs.BOM_UTF8))
    return _strict(data, _ENCODINGS, place, shift=0)


def _strict(data: bytes, encodings: tuple[str, ...], place: str, shift: int) -> tuple[str, str]:
    """Decode in the first encoding that fits every byte."""
    nul = data.find(b"\x00")
    if nul >= 0:
        raise InputError(f"{place}: byte {nul + shift} is NUL: a binary file, not text; save the report as text")
    offsets = []
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            offsets.append(f"{encoding} fails at byte {error.start + shift}")
            continue
        if "\ufffd" in text:
            offsets.append(f"{encoding} gives a replacement character at character {text.index(chr(0xFFFD))}")
            continue
        return text, encoding
    raise InputError(f"{place}: not text in a known encoding ({'; '.join(offsets)}); save it as UTF-8")
