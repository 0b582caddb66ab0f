"""Work that is shared out among all cores."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from joblib import Parallel

_WORTH = 20_000  # clauses or passages; fewer are done with sooner than processes start

Tell = Callable[[int, int], None]
"""Takes how many of how many calls have been carried out."""


def spread(calls: Sequence[Any], work: int, tell: Tell | None = None) -> list[Any]:
    """Carry out calls made with `joblib.delayed`, in several processes if that is worth it, and give what they return.

    Parameters
    ----------
    calls : sequence of delayed calls
    work : int
        Clauses or passages that they deal with.
    tell : callable, optional
        Told after each call.
    """
    results = []
    jobs = -1 if work >= _WORTH else 1
    for result in Parallel(n_jobs=jobs, return_as="generator", initializer=_end_with_parent)(calls):
        results.append(result)
        if tell is not None:
            tell(len(results), len(calls))
    return results


def _end_with_parent() -> None:
    """Have this process end when the one that started it does, were it killed: nobody else would tell it."""
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _watch(parent: int) -> None:
    """Wait until the process has another parent."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
