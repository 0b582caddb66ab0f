"""Work in several processes: its order, and that nobody is left behind."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from joblib import delayed

from topics.modeling.spreading import spread

LEAVES_ONE = """
import os, sys, time
from joblib import delayed
from topics.modeling.spreading import spread

def stay(path):
    with open(path, "w") as handle:
        handle.write(str(os.getpid()))
    time.sleep(60)

if __name__ == "__main__":
    spread([delayed(stay)(sys.argv[1])], 10**9)
"""


def test_results_come_in_order_and_are_told() -> None:
    told: list[tuple[int, int]] = []
    assert spread([delayed(abs)(-n) for n in range(3)], 1, lambda *done: told.append(done)) == [0, 1, 2]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_process_ends_with_the_one_that_started_it(tmp_path: Path) -> None:
    script, told = tmp_path / "leaves_one.py", tmp_path / "pid"
    script.write_text(LEAVES_ONE, encoding="utf-8")
    with subprocess.Popen([sys.executable, str(script), str(told)]) as process:
        assert within(30, lambda: told.exists() and told.read_text(encoding="utf-8") != "")
        process.kill()
    worker = Path("/proc") / told.read_text(encoding="utf-8")
    assert within(30, lambda: not worker.exists())


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold in time."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.1)
    return holds()
