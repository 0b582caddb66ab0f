"""A run that dies at each of its steps in turn: the next run ends in the state that an uninterrupted one leaves."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from benchmarks.rows import changed, make_rows
from benchmarks.stores import ParquetStore, Store

import topics
from topics.storage.postgres import PostgresDatabase
from topics.storage.sqlite import SqliteDatabase
from topics.workflows.relabel import engines

ROWS = make_rows(24, clauses=2)
CHANGES_FILES = {"os.mkdir", "os.remove", "os.rename", "os.rmdir"}
Relabel = Callable[..., dict[str, Any]]


class DiedError(BaseException):
    """Death: nothing in the product catches it, and what would clean up after it dies as well."""


class Death:
    """Counts the steps of a run, and lets it take only some of them."""

    def __init__(self) -> None:
        self.root: Path | None = None
        self.steps = 0
        self.most: float = 0

    def step(self) -> None:
        """Take a step, or die."""
        if self.root is None:
            return
        self.steps += 1
        if self.steps > self.most:
            raise DiedError

    def watch_files(self, event: str, args: tuple[Any, ...]) -> None:
        """Take whatever changes the files of the store for a step, but for the lock, which the system lets go."""
        if self.root is None or event not in CHANGES_FILES | {"open"}:
            return
        path = Path(os.fsdecode(args[0])) if isinstance(args[0], str | bytes | os.PathLike) else Path()
        reads = event == "open" and not int(args[2]) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        inside = path.is_relative_to(self.root) or (not path.is_absolute() and event != "open")
        if inside and not reads and path.suffix != ".lock" and path.name != ".lock":
            self.step()

    def of(self, store: Store, run: Callable[[], object], most: float = float("inf")) -> int:
        """Run until death; give the number of steps taken."""
        self.root, self.steps, self.most = store.root, 0, most
        try:
            run()
        except DiedError:
            pass
        finally:
            self.root = None
        return self.steps


DEATH = Death()
sys.addaudithook(DEATH.watch_files)  # there is no way to take it back; it does nothing while no store is watched


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have several batches and partitions of a few paragraphs, and take statements for steps."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)  # a process that dies leaves the system's buffers alone
    monkeypatch.setattr(engines, "SIZE", 9)
    monkeypatch.setattr(ParquetStore, "partition", 12)
    for kind in (SqliteDatabase, PostgresDatabase):
        monkeypatch.setattr(kind, "run", _with_step(kind.run))


def _with_step(run: Callable[..., None]) -> Callable[..., None]:
    """Make a statement a step."""

    def stepping(*args: Any) -> None:
        DEATH.step()
        run(*args)

    return stepping


def test_dying_at_every_step(any_store: Store, again: Relabel, other_model: Path) -> None:
    any_store.put(ROWS)
    again(any_store)
    any_store.put(changed(ROWS, 0.3))
    any_store.save()
    model = topics.load(other_model)
    steps = DEATH.of(any_store, lambda: again(any_store, model))
    expected = any_store.dump()
    assert steps >= (50 if isinstance(any_store, ParquetStore) else 10)
    for most in range(steps):
        any_store.restore()
        assert DEATH.of(any_store, lambda: again(any_store, model), most) > most
        if any_store.dump()["topic_runs"] != expected["topic_runs"]:
            again(any_store, model)
        assert any_store.dump() == expected, f"after {most} of {steps} steps"
