"""``topics history``: the runs over a target, its last changes, or one paragraph's story."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from topics.errors import InputError
from topics.storage.schema import Change, Run
from topics.storage.targets import Target


def history(target: Target, limit: int) -> dict[str, Any]:
    """Give all runs of a target and its last changes.

    Parameters
    ----------
    target : Target
        The target.
    limit : int
        How many changes at most.

    Returns
    -------
    dict
        ``runs`` (with seconds and paragraphs per second) and ``changes``, both oldest first.

    Raises
    ------
    InputError
        If there were no runs.
    """
    runs = _runs(target)
    changes: list[dict[str, Any]] = []
    for run in reversed(runs):
        if len(changes) >= limit:
            break
        changes = [_line(run, change) for _, change in target.changes(run=run.run)] + changes
    return {"runs": [_run(run) for run in runs], "changes": changes[-limit:] if limit else []}


def story(target: Target, paragraph: str) -> dict[str, Any]:
    """Give all changes of one paragraph.

    Raises
    ------
    InputError
        If the ledger does not know it.
    """
    runs = {run.run: run for run in _runs(target)}
    changes = [_line(runs[number], change) for number, change in target.changes(paragraph=paragraph)]
    if not changes:
        raise InputError(f"{target.name}: no paragraph {paragraph!r} in the ledger; ids are as in paragraph_topics")
    return {"paragraph": paragraph, "changes": changes}


def _runs(target: Target) -> list[Run]:
    """Read the runs, of which there must be one."""
    runs = target.runs()
    if not runs:
        raise InputError(f"{target.name}: holds no labels; give what topics relabel wrote")
    return runs


def _run(run: Run) -> dict[str, Any]:
    """A run with its rate."""
    seconds = rate = None
    if run.finished:
        seconds = (datetime.fromisoformat(run.finished) - datetime.fromisoformat(run.started)).total_seconds()
        rate = round(run.counts.get("paragraphs", 0) / seconds, 1) if seconds else None
    counts = {name: value for name, value in run.counts.items() if name != "parts"}
    return run._asdict() | {"counts": counts, "seconds": seconds, "paragraphs_per_second": rate}


def _line(run: Run, change: Change) -> dict[str, Any]:
    """A change with its run and when that began."""
    return {"run": run.run, "started": run.started, **change._asdict()}
