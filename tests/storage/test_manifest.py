"""Files that change together, whatever moment a process dies in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from topics.errors import InputError
from topics.storage.manifest import MANIFEST, Manifest


def stage(manifest: Manifest, content: str) -> Path:
    folder = manifest.stage()
    for name in ("a/x", "b/x"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def contents(root: Path) -> list[str]:
    return [(root / name).read_text(encoding="utf-8") for name in ("a/x", "b/x")]


def opened(root: Path) -> Manifest:
    manifest = Manifest(root)
    manifest.recover()
    return manifest


def test_staged_but_not_committed_is_dropped(tmp_path: Path) -> None:
    manifest = opened(tmp_path)
    manifest.commit(stage(manifest, "1"), {"run": 1})
    stage(manifest, "2")
    manifest = opened(tmp_path)
    assert contents(tmp_path) == ["1", "1"]
    assert list((tmp_path / ".staged").iterdir()) == []
    manifest.commit(stage(manifest, "3"), {"run": 2})
    assert contents(tmp_path) == ["3", "3"]


@pytest.mark.parametrize("renamed", [[], ["a/x"], ["a/x", "b/x"]])
def test_committed_but_not_in_place_is_renamed(tmp_path: Path, renamed: list[str]) -> None:
    manifest = opened(tmp_path)
    manifest.commit(stage(manifest, "1"), {"run": 1})
    folder = stage(manifest, "2")
    aside = tmp_path / ".aside"
    shutil.copytree(folder, aside)
    manifest.commit(folder, {"run": 1})
    # Put things back as a process leaves them that dies between the commit and the last rename.
    shutil.copytree(aside, folder)
    for name in ("a/x", "b/x"):
        if name in renamed:
            (folder / name).unlink()
        else:
            (tmp_path / name).write_text("1", encoding="utf-8")
    opened(tmp_path)
    assert contents(tmp_path) == ["2", "2"]


def test_a_torn_line_is_no_commit(tmp_path: Path) -> None:
    manifest = opened(tmp_path)
    manifest.commit(stage(manifest, "1"), {"run": 1})
    stage(manifest, "2")
    with (tmp_path / MANIFEST).open("a", encoding="utf-8") as handle:
        handle.write('{"commit": 2, "ru')
    manifest = opened(tmp_path)
    assert contents(tmp_path) == ["1", "1"]
    manifest.commit(stage(manifest, "3"), {"run": 2})
    assert len((tmp_path / MANIFEST).read_text(encoding="utf-8").splitlines()) == 2
    opened(tmp_path)
    assert contents(tmp_path) == ["3", "3"]


def test_a_damaged_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest.jsonl: damaged"):
        opened(tmp_path)
