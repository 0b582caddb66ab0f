"""What all commands share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import topics


def test_version_help_and_no_arguments(run: Callable[..., Any]) -> None:
    assert run("--version").out == f"topics {topics.__version__}\n"
    assert "predict" in run("--help").out
    assert run("models", "-h").code == 0
    nothing = run()
    assert "Usage" in nothing.out + nothing.err
    assert run("nonsense").code == 2


def test_the_console_script_is_the_same_command() -> None:
    script = Path(sys.executable).with_name("topics")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == f"topics {topics.__version__}\n"
