"""The Dask engine: the same batches, scored by the workers of a cluster."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Any

from topics.errors import MissingExtraError, OutputError
from topics.workflows.relabel.engines import Engine, Scored, Scoring, Texts, in_order
from topics.workflows.relabel.items import Batch, Done

_TIMEOUT = "30s"
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
        import distributed  # noqa: F401 - only whether it is there
    except ImportError:
        raise MissingExtraError("dask[distributed]", "dask") from None

    def engine(scoring: Scoring, stream: Iterable[Batch]) -> Iterator[Done]:
        with ExitStack() as stack:
            client = _client(stack, scheduler, jobs)
            scorer = _Scorer(client, scoring)
            window = 2 * max(1, sum(client.nthreads().values()))
            yield from in_order(stream, scorer.submit, scorer.result, window)

    return engine


class _Scorer:
    """Submits texts to a cluster that holds the model once a worker."""

    def __init__(self, client: Any, scoring: Scoring) -> None:
        self._client = client
        self._scoring = scoring
        self._scatter()

    def _scatter(self) -> None:
        """Send the model to every worker."""
        self._model = self._client.scatter(self._scoring, broadcast=True, hash=False)

    def submit(self, texts: Texts) -> tuple[Texts, Any]:
        """Start scoring; the texts are kept until the result is there."""
        return texts, self._client.submit(_call, self._model, texts, pure=False)

    def result(self, submitted: tuple[Texts, Any]) -> Scored:
        """Wait for a result. If the last worker that held the model has died, the model is sent again."""
        from distributed import CancelledError, KilledWorker

        texts, future = submitted
        for _ in range(_TRIES):
            try:
                scored: Scored = future.result()
            except (CancelledError, KilledWorker):
                self._scatter()
                _, future = self.submit(texts)
            except OSError as error:
                raise OutputError(f"the Dask cluster does not answer: {error}; check it and run again") from error
            else:
                return scored
        raise OutputError(f"Dask workers died {_TRIES} times over the same paragraphs; give them more memory")


def _call(scoring: Scoring, texts: Texts) -> Scored:
    """Score on a worker."""
    return scoring(texts)


def _client(stack: ExitStack, scheduler: str | None, jobs: int) -> Any:  # distributed has no types
    """Connect to a cluster, or start one."""
    from distributed import Client, LocalCluster

    make_cluster: Any = LocalCluster
    connect: Any = Client
    address: Any = scheduler
    if scheduler is None:
        address = stack.enter_context(
            make_cluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL)
        )
    try:
        return stack.enter_context(connect(address, timeout=_TIMEOUT))
    except (OSError, ValueError) as error:
        raise OutputError(f"{scheduler}: no Dask scheduler answers: {error}; check the address") from error
