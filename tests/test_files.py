"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from topics import files
from topics.errors import OutputError
from topics.files import atomic_write, make_folder


def left(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_text_and_bytes(tmp_path: Path) -> None:
    with atomic_write(tmp_path / "t") as handle:
        handle.write("平安\r\n甲\ud800")
    with atomic_write(tmp_path / "b", "wb") as handle:
        handle.write(b"\x00\xff")
    assert (tmp_path / "t").read_bytes() == "平安\r\n甲\\ud800".encode()
    assert (tmp_path / "b").read_bytes() == b"\x00\xff"
    assert left(tmp_path) == ["b", "t"]


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_text("old", encoding="utf-8")
    with suppress(KeyError), atomic_write(path) as handle:
        handle.write("half")
        handle.flush()
        assert path.read_text(encoding="utf-8") == "old"
        raise KeyError
    assert path.read_text(encoding="utf-8") == "old"
    assert left(tmp_path) == ["t"]


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with (
        pytest.raises(OutputError, match="t: cannot be written: No space left"),
        atomic_write(tmp_path / "t") as handle,
    ):
        handle.write("half")
    assert left(tmp_path) == []


def test_the_mode_is_that_of_any_new_file(tmp_path: Path) -> None:
    with atomic_write(tmp_path / "t") as handle:
        handle.write("x")
    (tmp_path / "u").touch()
    assert stat.S_IMODE((tmp_path / "t").stat().st_mode) == stat.S_IMODE((tmp_path / "u").stat().st_mode)


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "none" / "t", tmp_path, tmp_path / "pipe", tmp_path / ("a" * 400), Path("/dev/null")):
        with pytest.raises(OutputError, match="cannot be"), atomic_write(path):
            pass
    assert left(tmp_path) == ["pipe"]
    assert Path("/dev/null").is_char_device()


def test_an_interrupt_at_any_line_before_the_writing_leaves_nothing(tmp_path: Path) -> None:
    for line in range(1, 30):
        left_lines = iter(range(line - 1, -1, -1))

        def interrupted(frame: FrameType, event: str, _: Any, lines: Iterator[int] = left_lines) -> Any:
            if frame.f_code.co_filename == files.__file__ and event == "line" and next(lines) == 0:
                raise KeyboardInterrupt
            return interrupted

        before = sys.gettrace()
        sys.settrace(interrupted)
        try:
            with atomic_write(tmp_path / "t"):
                sys.settrace(before)
                return
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(before)
        assert left(tmp_path) == []
    pytest.fail("the writing never began")


def test_a_new_folder_survives_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(files, "sync_folder", synced.append)
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    assert set(synced) == {tmp_path, tmp_path / "a"}
