"""Several files that change together: staged beside, committed by one line of a manifest, then renamed into place.

A killed run leaves staged files. Those that the manifest names were committed, and are renamed by the next run; the
others were not, and are removed.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from topics.errors import InputError, OutputError
from topics.files import atomic_write, make_folder, sync_folder

MANIFEST, STAGED = "manifest.jsonl", ".staged"


class Manifest:
    """The commits of a folder of files.

    Parameters
    ----------
    root : Path
        The folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = root / MANIFEST
        self._last = 0

    def recover(self) -> None:
        """Finish what was committed, drop what was not, and go on after the last commit."""
        committed = self._committed()
        self._last = max(committed, default=0)
        staged = self._root / STAGED
        for folder in sorted(staged.glob("*")):
            if folder.name.isdecimal() and int(folder.name) in committed:
                self._into_place(folder)
            shutil.rmtree(folder, ignore_errors=True)

    def stage(self) -> Path:
        """Make an empty folder for the files of the next commit, laid out as they will be under the root."""
        folder = self._root / STAGED / f"{self._last + 1:09d}"
        shutil.rmtree(folder, ignore_errors=True)
        make_folder(folder)
        return folder

    def commit(self, folder: Path, entry: dict[str, Any]) -> None:
        """Commit the staged files of a folder with one line, then rename them into place."""
        line = json.dumps({"commit": self._last + 1, **entry}, ensure_ascii=False) + "\n"
        try:
            with self._path.open("ab") as handle:
                handle.write(line.encode())
                handle.flush()
                os.fsync(handle.fileno())
            sync_folder(self._root)
        except OSError as error:
            raise OutputError(f"{self._path}: cannot be written: {error.strerror or error}") from error
        self._last += 1
        self._into_place(folder)
        shutil.rmtree(folder, ignore_errors=True)

    def _into_place(self, folder: Path) -> None:
        """Rename the staged files of a commit; those that are gone were renamed before."""
        try:
            for file in sorted(p for p in folder.rglob("*") if p.is_file()):
                home = self._root / file.relative_to(folder)
                make_folder(home.parent)
                file.replace(home)
                sync_folder(home.parent)
        except OSError as error:
            raise OutputError(f"{folder}: cannot be moved into place: {error.strerror or error}") from error

    def _committed(self) -> set[int]:
        """Read the numbers of all commits; cut off a last line that a power cut left unfinished."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return set()
        except OSError as error:
            raise InputError(f"{self._path}: cannot be read: {error.strerror or error}") from error
        whole = data[: data.rfind(b"\n") + 1]
        if whole != data:
            with atomic_write(self._path, "wb") as handle:
                handle.write(whole)
        try:
            return {int(json.loads(line)["commit"]) for line in whole.splitlines()}
        except (ValueError, KeyError, TypeError):
            raise InputError(f"{self._path}: damaged; restore it from a copy") from None
