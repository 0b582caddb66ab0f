"""Processes, with what they took."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

# A process has the memory of the one that it was forked from until it begins: this one is small, a benchmark is not.
_SMALL = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
took, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
sys.exit(code)
"""


@dataclass(frozen=True)
class Ran:
    """What a process took: seconds by the clock, seconds of a core, and megabytes at most (of its largest process)."""

    seconds: float
    cpu: float
    megabytes: float
    code: int
    errors: str


def spawn(command: Sequence[str]) -> Ran:
    """Run a process to its end; what it prints is thrown away."""
    done = subprocess.run([sys.executable, "-IS", "-c", _SMALL, *command], capture_output=True, check=False, text=True)
    seconds, cpu, megabytes = json.loads(done.stdout)
    return Ran(seconds, cpu, megabytes, done.returncode, done.stderr)
