"""Whether a file is as it was: between two runs, and while it is read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from topics.errors import InputError


def file_digest(file: Path) -> str:
    """Hash the bytes of a file.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        with file.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()[:32]
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from error


@contextmanager
def unchanged(file: Path) -> Iterator[None]:
    """Refuse what was read from a file that changed meanwhile.

    Raises
    ------
    InputError
        If it did; the next run reads it anew.
    """
    before = _state(file)
    yield
    if _state(file) != before:
        raise InputError(f"{file}: changed while it was read; it is left for the next run")


def _state(file: Path) -> tuple[int, int, int]:
    """What changes when a file is written or replaced."""
    try:
        status = file.stat()
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from error
    return status.st_ino, status.st_size, status.st_mtime_ns
