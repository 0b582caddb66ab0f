"""Re-labelling in this process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from benchmarks.stores import FolderStore, ParquetStore, Store

import topics
from topics.workflows.relabel import blocks, engines
from topics.workflows.relabel.engines import processes
from topics.workflows.relabel.opening import open_both
from topics.workflows.relabel.running import Options, Work, relabel
from topics.workflows.relabel.sources import Columns
from topics.workflows.relabel.taxonomy import Carrier
from topics.workflows.reports import Failures

LOCAL = processes(1)
Relabel = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have several batches and partitions without having thousands of paragraphs."""
    monkeypatch.setattr(engines, "SIZE", 100)
    monkeypatch.setattr(blocks, "MEAN", 8)
    monkeypatch.setattr(ParquetStore, "partition", 100)


@pytest.fixture
def again(model: topics.Model) -> Relabel:
    """Bring a store up to date."""

    def run(store: Store, by: Any = model, *, engine: Any = LOCAL, mapping: Any = None, **options: Any) -> Any:
        loaded = by if isinstance(by, topics.Model) else topics.load(Path(by))
        problems: list[str] = []
        columns = None if isinstance(store, FolderStore) else Columns("id", "body", "head")
        table = "paragraphs" if "--table" in store.arguments else None
        with ExitStack() as stack:
            write = not options.get("dry_run", False)
            source, target = open_both(stack, store.arguments[0], None, table, columns, write=write)
            carrier = Carrier(loaded.topics, mapping or {}, "codebook.toml")
            failures = Failures(problems.append)
            return relabel(Work(source, target, loaded, carrier, engine, Options(**options), failures, problems))

    return run
