"""Work that is shared out among all cores."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from joblib import Parallel

_WORTH = 20_000  # clauses or passages; fewer are done with sooner than processes start


def spread(calls: Iterable[Any], work: int) -> list[Any]:
    """Carry out calls made with `joblib.delayed`, in several processes if that is worth it, and give what they return.

    Parameters
    ----------
    calls : iterable of delayed calls
    work : int
        Clauses or passages that they deal with.
    """
    return list(Parallel(n_jobs=-1 if work >= _WORTH else 1)(calls))
