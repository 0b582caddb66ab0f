"""Re-labelling under kills, and its speed: ``python -m benchmarks.relabel kills|speed [--store NAME] …``."""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.processes import Ran, spawn
from benchmarks.rows import changed, make_rows
from benchmarks.stores import Dump, FolderStore, ParquetStore, PostgresStore, SqliteStore, Store, postgres
from topics.storage.models import load_model, save_model

STORES = ("folder", "sqlite", "postgres", "parquet")
LOCKED = 3


def main() -> None:
    """Measure what is asked for, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["kills", "speed"])
    parser.add_argument("--store", choices=STORES, action="append", help="default: all")
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--paragraphs", type=int)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.store or STORES:
            with make_store(name, Path(folder) / f"store{name}") as store:
                if arguments.what == "kills":
                    print(name, json.dumps(kills(store, arguments.paragraphs or 6000, arguments.kills)), flush=True)
                else:
                    print(name, json.dumps(speed(store, arguments.paragraphs or 200_000)), flush=True)


@contextmanager
def make_store(name: str, root: Path) -> Iterator[Store]:
    """Make an empty store of a kind."""
    if name == "postgres":
        with postgres() as server:
            yield PostgresStore(root, server)
    elif name == "folder":
        yield FolderStore(root)
    elif name == "sqlite":
        yield SqliteStore(root)
    else:
        yield ParquetStore(root)


def other_model(store: Path, seed: int = 1) -> Path:
    """Make a model that gives other labels than the current one, by moving its thresholds."""
    stored = load_model()
    arrays = dict(stored.arrays)
    shift = np.random.default_rng(seed).uniform(-0.2, 0.2, len(arrays["thresholds"]))
    arrays["thresholds"] = (arrays["thresholds"] + shift).astype(np.float32)
    card = {key: value for key, value in stored.card.items() if key not in ("id", "sha256")}
    return store / save_model(store, arrays, stored.meta, card)


def command(store: Store, *options: str) -> list[str]:
    """The command that brings a store up to date."""
    return [sys.executable, "-m", "topics", "relabel", *store.arguments, *options]


def run(store: Store, *options: str) -> Ran:
    """Bring a store up to date; a server may hold a killed run's lock for a moment."""
    for _ in range(50):
        ran = spawn(command(store, *options))
        if ran.code != LOCKED:
            break
        time.sleep(0.1)
    if ran.code:
        raise SystemExit(ran.errors)
    return ran


def kills(store: Store, paragraphs: int, trials: int) -> dict[str, object]:
    """Kill runs at random moments; compare what the next run leaves with what an uninterrupted run leaves."""
    rows = make_rows(paragraphs, clauses=5)
    ParquetStore.partition = 500  # many, so that a kill can fall between any two of them
    model = str(other_model(store.root.parent / "models"))
    store.put(rows)
    run(store)
    store.put(changed(rows, 0.1))
    store.save()
    seconds = run(store, "--model", model).seconds
    expected = store.dump()
    random_ = random.Random(7)
    phases: Counter[str] = Counter()
    equal = after_its_end = 0
    while phases.total() < trials:
        store.restore()
        seconds = min(seconds, _kill(command(store, "--model", model), random_.uniform(0.5, 1.0) * seconds))
        phase = _phase(store, expected)
        if phase:
            phases[phase] += 1
            run(store, "--model", model)
            equal += store.dump() == expected
        else:
            after_its_end += 1
            if store.dump() != expected:
                raise SystemExit("a run that had ended left another state")
    return {
        "paragraphs": paragraphs, "seconds": round(seconds, 2), "kills": trials, "equal": equal,
        "phases": dict(phases), "ended_before_the_kill": after_its_end,
    }  # fmt: skip


def _kill(arguments: list[str], seconds: float) -> float:
    """Start a process and kill it after some time; give the time it took, if it ended before."""
    began = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return float("inf")
    return time.perf_counter() - began


def _phase(store: Store, expected: Dump) -> str:
    """Say in which phase a run was killed; empty if it had ended."""
    torn = store.torn()  # before the dump, for opening a database rolls back what was not committed
    dump = store.dump()
    run = [row for row in dump["topic_runs"] if row[0] == 2]
    written = sum(row[0] == 2 for row in dump["topic_changes"])
    whole = sum(row[0] == 2 for row in expected["topic_changes"])
    if any(row[2] == "complete" for row in run):
        return ""
    if torn:
        return torn
    if not run:
        return "planning, first scoring"
    return "begun" if not written else "closing" if written == whole else "between commits"


def speed(store: Store, paragraphs: int) -> dict[str, object]:
    """Time a first run, one over the unchanged store, and two after 1 % changed; by the clock and by processor.

    Changed are paragraphs that follow each other, as when reports are added, and then paragraphs here and there.
    """
    rows = make_rows(paragraphs, clauses=21)  # as long as those of seeds/: 245 characters
    store.put(rows)
    first, unchanged = run(store), run(store)
    rows = changed(rows, 0.01, together=True)
    store.put(rows)
    together = run(store)
    store.put(changed(rows, 0.01))
    times = {"first": first, "unchanged": unchanged, "1 % together": together, "1 % scattered": run(store)}
    return {
        "paragraphs": paragraphs,
        "megabytes": round(first.megabytes),
        "characters": round(sum(len(text) for _, text, _ in rows) / len(rows)),
        "seconds": {name: [round(t.seconds, 2), round(t.cpu, 2)] for name, t in times.items()},
        "ratios": {
            name: [round(t.seconds / first.seconds, 3), round(t.cpu / first.cpu, 3)] for name, t in times.items()
        },
    }


if __name__ == "__main__":
    main()
