"""Every engine gives the same, batch for batch."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from benchmarks.rows import make_rows

import topics
from topics.errors import OutputError
from topics.workflows.relabel import cluster, engines
from topics.workflows.relabel.engines import batches, processes
from topics.workflows.relabel.items import Action, Batch, Item, SourceRow, digest

ROWS = make_rows(1200, clauses=3)


def items() -> Iterator[Item]:
    for number, (name, text, heading) in enumerate(ROWS):
        action = Action.RETIRE if number % 50 == 0 else Action.SCORE
        yield Item(action, "new", f"part {number // 230}", SourceRow(name, digest(text, heading), text, heading), None)


def stream() -> Iterator[Batch]:
    return batches(items(), by_part=True)


def test_batches_keep_order_and_parts() -> None:
    made = list(stream())
    assert [item for batch in made for item in batch.items] == list(items())
    assert all(item.part == batch.part for batch in made for item in batch.items)
    assert max(len(batch.items) for batch in made) == engines.SIZE
    assert len(list(batches(items(), by_part=False))) == 12


def test_processes_give_the_same(model: topics.Model) -> None:
    expected = list(processes(1)(model, stream()))
    assert list(processes(2)(model, stream())) == expected
    for done in expected:
        for item, label in done.pairs:
            assert (label is None) == (item.action is Action.RETIRE)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_dask_worker_costs_no_label(model: topics.Model, workers: int) -> None:
    distributed: Any = pytest.importorskip("distributed")
    expected = list(processes(1)(model, stream()))
    with (
        distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
        ) as running,
        distributed.Client(running) as client,
    ):
        victim = next(iter(client.run(os.getpid).values()))
        found = []
        for done in cluster.dask(running.scheduler_address, 1)(model, stream()):
            if len(found) == 1:
                os.kill(victim, signal.SIGKILL)
            found.append(done)
    assert found == expected


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_workers_that_would_label_otherwise_are_refused(model: topics.Model, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed: Any = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
    ) as running:
        monkeypatch.setattr(cluster, "_versions", lambda: {"topics": "0.0.1", "rjieba": "0.2.2"})
        with pytest.raises(OutputError, match=r"a Dask worker has topics .*, this machine has topics 0\.0\.1"):
            list(cluster.dask(running.scheduler_address, 1)(model, stream()))


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_cluster_without_workers(model: topics.Model, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed: Any = pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "_TIMEOUT", "1s")
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=None, silence_logs=logging.CRITICAL) as running,
        pytest.raises(OutputError, match="the Dask cluster does not answer: No valid workers found"),
    ):
        list(cluster.dask(running.scheduler_address, 1)(model, stream()))


def test_no_scheduler(model: topics.Model, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "_TIMEOUT", "1s")
    with pytest.raises(OutputError, match=r"tcp://127.0.0.1:1: no Dask scheduler answers"):
        list(cluster.dask("tcp://127.0.0.1:1", 1)(model, stream()))
