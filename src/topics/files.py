"""Writing files whole or not at all, and their names as text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from topics.errors import OutputError


@contextmanager
def atomic_write(path: Path, mode: str = "w") -> Iterator[IO[Any]]:
    """Open a temporary file beside `path`; on success it is synced and takes the name, on an error it is removed.

    Parameters
    ----------
    path : Path
        The file to write or replace.
    mode : str
        ``"w"`` for UTF-8 text, ``"wb"`` for bytes.

    Raises
    ------
    OutputError
        If the folder is missing or cannot be written, `path` is a device or pipe, or the disk is full.
    """
    # Named before it is there, so that an interrupt at any moment finds it and removes it.
    temporary = path.parent / f".{path.name}.{os.urandom(8).hex()}.tmp"
    try:
        if path.exists() and not path.is_file():
            raise OutputError(f"{path}: no regular file, so it cannot be replaced; name another")
        with temporary.open(mode.replace("w", "x"), **_text_options(mode)) as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def readable_name(name: str) -> str:
    r"""Give a file's name as text that any output can hold: bytes that are no UTF-8 are written out.

    Examples
    --------
    >>> readable_name("a\udcff.txt")
    'a\\xff.txt'
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, so that they survive a power cut."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in missing:
        sync_folder(made.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _text_options(mode: str) -> dict[str, Any]:
    """Text is UTF-8 and its line ends are left alone; a lone surrogate, which UTF-8 has no form for, is escaped."""
    return {} if "b" in mode else {"encoding": "utf-8", "errors": "backslashreplace", "newline": ""}
