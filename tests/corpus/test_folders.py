"""Folders of reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from topics.corpus.folders import report_files
from topics.errors import InputError


def test_reports_are_found_in_order_and_hidden_files_left_out(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.TXT", "a/b.txt", ".hidden.txt", ".git/x.txt", "notes.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("甲", encoding="utf-8")
    found = [str(p.relative_to(tmp_path)) for p in report_files(tmp_path)]
    assert found == ["a/b.txt", "a/z.TXT", "b.txt"]


def test_a_file_is_itself_whatever_its_ending(tmp_path: Path) -> None:
    file = tmp_path / "report"
    file.write_text("甲", encoding="utf-8")
    assert report_files(file) == [file]


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no reports in it"):
        report_files(tmp_path)
    with pytest.raises(InputError, match="no such file or folder"):
        report_files(tmp_path / "none")
    with pytest.raises(InputError, match=r"no such file or folder|too long"):
        report_files(tmp_path / ("a" * 5000))
