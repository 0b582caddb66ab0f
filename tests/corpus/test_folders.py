"""Folders of reports."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from topics.corpus.folders import report_files
from topics.errors import InputError


def test_reports_are_found_in_order_and_hidden_files_left_out(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.TXT", "a/b.txt", ".hidden.txt", ".git/x.txt", "notes.ini", "README.md", "c.doc"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("甲", encoding="utf-8")
    found = [str(p.relative_to(tmp_path)) for p in report_files(tmp_path)]
    assert found == ["a/b.txt", "a/z.TXT", "b.txt", "c.doc"]


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


def test_patterns_choose_files_by_name_or_path(tmp_path: Path) -> None:
    for name in ("2012/a.txt", "2013/b.txt", "2013/b.docx", "2013/draft-b.txt", "2013/notes.ini", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("甲", encoding="utf-8")

    def chosen(include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> list[str]:
        return [p.relative_to(tmp_path).as_posix() for p in report_files(tmp_path, include, exclude)]

    assert chosen(include=("2013/*",), exclude=("draft*", "*.ini")) == ["2013/b.docx", "2013/b.txt"]
    assert chosen(include=("*.ini", "README.md")) == ["2013/notes.ini", "README.md"]
    assert chosen(exclude=("2013/*",)) == ["2012/a.txt"]
    with pytest.raises(InputError, match=r"no reports that match \*\.wps"):
        chosen(include=("*.wps",))


def test_linked_folders_are_followed_once_and_loops_end(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").write_text("甲", encoding="utf-8")
    (tmp_path / "in" / "out").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "again").symlink_to(tmp_path / "in")
    (tmp_path / "out" / "back").symlink_to(tmp_path / "in")
    assert [p.name for p in report_files(tmp_path / "in")] == ["a.txt"]


def test_a_folder_that_cannot_be_listed_is_among_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.txt").write_text("甲", encoding="utf-8")
    scan = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [p.name for p in report_files(tmp_path)] == ["a.txt", "closed"]
