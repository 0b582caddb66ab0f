"""What every target of a re-labelling can do, whichever way it stores."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from topics.storage.schema import EVERYTHING, Change, Run, Span, Stored, Write


class Target(ABC):
    """The place that holds labels, the ledger of changes and the runs.

    Attributes
    ----------
    name : str
        Its path or address, for messages.
    by_part : bool
        Whether what is written is committed a part at a time (else a batch at a time).
    """

    name: str
    by_part: bool

    @abstractmethod
    def lock(self) -> AbstractContextManager[None]:
        """Hold the only right to write it."""

    @abstractmethod
    def recover(self) -> None:
        """Put right what a killed run left half done; under the lock, before anything is read."""

    @abstractmethod
    def prepare(self) -> None:
        """Make what is not there yet; under the lock, before anything is written."""

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[None]:
        """Everything read inside is of one moment."""

    @abstractmethod
    def parts(self) -> list[str]:
        """Name the parts that hold paragraphs."""

    @abstractmethod
    def stored(self, part: str, codebook: str, span: Span = EVERYTHING) -> Iterator[Stored]:
        """Give what is stored of a part, in order of ids; scores only where the codebook is another one.

        A span is for targets whose source is a table, which is one part.
        """

    @abstractmethod
    def runs(self) -> list[Run]:
        """Give all runs in order."""

    @abstractmethod
    def changes(self, *, run: int | None = None, paragraph: str | None = None) -> Iterator[tuple[int, Change]]:
        """Give the ledger's lines with their runs, in order of runs and ids."""

    @abstractmethod
    def put_run(self, run: Run) -> None:
        """Add a run, or put it in the place of the one with its number."""

    @abstractmethod
    def write(self, run: int, part: str, batches: Iterable[list[Write]]) -> None:
        """Write a part's labels and the ledger's lines about them: the whole part, or whole batches of it."""

    @abstractmethod
    def close(self) -> None:
        """Let go of everything."""


def now() -> str:
    """The time, as runs record it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
