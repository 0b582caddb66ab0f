"""A bar on a terminal, with rate and time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Tell = Callable[[int, int | None], None]
"""Takes how much is done, and how much there is, where that is known."""


@contextmanager
def progress(unit: str, shown: bool = True) -> Iterator[Tell]:
    """Show on stderr how far something is, if that is a terminal; elsewhere be quiet.

    Parameters
    ----------
    unit : str
        What is counted, in the plural.
    shown : bool
        False to be quiet on a terminal too.
    """
    if not (shown and sys.stderr.isatty()):
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    start = time.monotonic()
    speed = TextColumn("{task.fields[rate]} {task.description}/s")
    columns = (MofNCompleteColumn(), TextColumn("{task.description}"), BarColumn(), speed, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(unit, total=None, rate="0")

        def tell(done: int, total: int | None) -> None:
            rate = done / max(1e-9, time.monotonic() - start)
            bar.update(task, completed=done, total=total, rate=f"{rate:,.0f}" if rate >= 1 else f"{rate:.2f}")

        yield tell
