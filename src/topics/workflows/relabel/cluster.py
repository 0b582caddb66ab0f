"""The Dask engine: the same batches, scored by the workers of a cluster."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import topics
from topics.errors import MissingExtraError, OutputError, TopicsError
from topics.modeling.segmentation import segmenter_record
from topics.workflows.labelling import Row, label_texts
from topics.workflows.library import Model
from topics.workflows.relabel.engines import TOPICS_ALONE, Engine, done, texts_of
from topics.workflows.relabel.items import Batch, Done

_TIMEOUT = "30s"
_PATIENCE = "5s"
_TRIES = 3


def dask(scheduler: str | None, jobs: int) -> Engine:
    """Make the engine that scores on a Dask cluster.

    Parameters
    ----------
    scheduler : str or None
        Address of its scheduler; a cluster of processes of this machine is started and ended, if None.
    jobs : int
        Processes of that cluster.

    Raises
    ------
    MissingExtraError
        If Dask is not installed.
    """
    try:
        from dask import config

        # What it logs would stand beside our one line on stderr; it looks at this when it is imported.
        with config.set(logging={"distributed": "critical", "distributed.client": "critical"}):
            import distributed  # noqa: F401 - only whether it is there
    except ImportError:
        raise MissingExtraError("dask[distributed]", "dask") from None

    def engine(model: Model, stream: Iterable[Batch]) -> Iterator[Done]:
        with ExitStack() as stack:
            # A result that a killed worker held is asked for until this is over; then it is computed again.
            stack.enter_context(config.set({"distributed.comm.timeouts.connect": _PATIENCE}))
            client = _client(stack, scheduler, jobs)
            scorer = _Scorer(client, model)
            window = 2 * max(1, sum(client.nthreads().values()))
            waiting: deque[tuple[Batch, Any]] = deque()
            for batch in stream:
                waiting.append((batch, scorer.submit(batch)))
                if len(waiting) >= window:
                    yield scorer.done(*waiting.popleft())
            while waiting:
                yield scorer.done(*waiting.popleft())

    return engine


def score(versions: dict[str, str], model: Model, texts: list[str], headings: list[str]) -> list[Row]:
    """Score a batch on a worker, which must give what this machine would.

    Raises
    ------
    OutputError
        If the worker has other versions.
    """
    here = _versions()
    if here != versions:
        raise OutputError(f"a Dask worker has {_told(here)}, this machine has {_told(versions)}; install the same")
    return label_texts(model, texts, headings, TOPICS_ALONE)


def _versions() -> dict[str, str]:
    """What labels depend on beside the model."""
    segmenter = segmenter_record()
    return {"topics": topics.__version__, segmenter["name"]: segmenter["version"]}


def _told(versions: dict[str, str]) -> str:
    """Versions in words."""
    return ", ".join(f"{name} {version}" for name, version in versions.items())


class _Scorer:
    """Submits batches to a cluster that holds the model once a worker."""

    def __init__(self, client: Any, model: Model) -> None:
        self._client = client
        self._model = model
        self._versions = _versions()
        with _answering():
            self._scatter()

    def _scatter(self) -> None:
        """Send the model to every worker."""
        self._scattered = self._client.scatter(self._model, broadcast=True, hash=False)

    def submit(self, batch: Batch) -> Any:
        """Start scoring a batch."""
        return self._client.submit(score, self._versions, self._scattered, *texts_of(batch), pure=False)

    def done(self, batch: Batch, future: Any) -> Done:
        """Wait for a batch. If the last worker that held the model has died, the model is sent again."""
        from distributed import CancelledError, KilledWorker

        for _ in range(_TRIES):
            with _answering():
                try:
                    return done(batch, future.result())
                except (CancelledError, KilledWorker):
                    self._scatter()
                    future = self.submit(batch)
        raise OutputError(f"Dask workers died {_TRIES} times over the same paragraphs; give them more memory")


@contextmanager
def _answering() -> Iterator[None]:
    """Say that a cluster does not answer, or failed in a way of its own."""
    try:
        yield
    except TopicsError:
        raise
    except OSError as error:
        raise OutputError(f"the Dask cluster does not answer: {error}; check it and run again") from error
    except Exception as error:  # a worker raises whatever its environment makes it raise
        told = " ".join(f"{type(error).__name__}: {error}".split())
        raise OutputError(f"a Dask worker failed ({told}); it needs {_told(_versions())}") from error


def _client(stack: ExitStack, scheduler: str | None, jobs: int) -> Any:  # distributed has no types
    """Connect to a cluster, or start one."""
    from distributed import Client, LocalCluster

    make_cluster: Any = LocalCluster
    connect: Any = Client
    address: Any = scheduler
    if scheduler is None:
        # Port 0: any free one; without an address the default port is taken, and a second cluster warns of the first.
        address = stack.enter_context(
            make_cluster(
                n_workers=jobs, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL
            )
        )
    try:
        return stack.enter_context(connect(address, timeout=_TIMEOUT))
    except (OSError, ValueError) as error:
        raise OutputError(f"{scheduler}: no Dask scheduler answers: {error}; check the address") from error
