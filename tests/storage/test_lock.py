"""A lock that ends with its holder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from topics.errors import LockedError, OutputError
from topics.storage.lock import file_lock


def test_one_holder_and_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    with (
        file_lock(path, "x"),
        pytest.raises(LockedError, match=f"x: process {os.getpid()} on .* re-labelling it since"),
        file_lock(path, "x"),
    ):
        pass
    assert list(tmp_path.iterdir()) == []
    with file_lock(path, "x"):
        assert path.is_file()


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    code = (
        "import sys, time; from pathlib import Path; from topics.storage.lock import file_lock\n"
        "with file_lock(Path(sys.argv[1]), 'x'):\n    print('held', flush=True); time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(LockedError, match=f"process {process.pid} on"), file_lock(path, "x"):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert path.is_file()
    with file_lock(path, "x"):
        pass


def test_a_lock_file_that_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    with file_lock(path, "x"):
        path.write_text("nonsense", encoding="utf-8")
        with pytest.raises(LockedError, match="another process"), file_lock(path, "x"):
            pass


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="the lock cannot be made"), file_lock(tmp_path / "nowhere" / "x.lock", "x"):
        pass
