"""Keeping a stream on disk, so that what is planned can be counted and judged before any of it is written."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Generic, Self, TypeVar

from topics.errors import OutputError

T = TypeVar("T")
_IN_MEMORY = 8 * 1024 * 1024


class Spool(Generic[T]):
    """A stream that was run through once and can be run through again, kept in a nameless temporary file.

    Parameters
    ----------
    stream : iterable
        What to keep; it is run through at once.

    Raises
    ------
    OutputError
        If the temporary folder is full or cannot be written.
    """

    def __init__(self, stream: Iterable[T]) -> None:
        self.count = 0
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by __exit__
        try:
            for entry in stream:
                with _room():
                    pickle.dump(entry, self._file, protocol=5)
                self.count += 1
            with _room():
                self._file.flush()  # what is still in a buffer may find the disk full, too
        except BaseException:
            with suppress(OSError):
                self._file.close()
            raise

    def __iter__(self) -> Iterator[T]:
        self._file.seek(0)
        for _ in range(self.count):
            yield pickle.load(self._file)  # noqa: S301 - our own file, which has no name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


@contextmanager
def _room() -> Iterator[None]:
    """Say where there is no room."""
    try:
        yield
    except OSError as error:
        place = tempfile.gettempdir()
        raise OutputError(f"{place}: {error.strerror or error}; set TMPDIR to a larger place") from error
