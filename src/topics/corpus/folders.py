"""Folders of reports."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from topics.corpus.reading import SUFFIXES
from topics.errors import InputError
from topics.files import readable_name


def report_files(place: Path, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> list[Path]:
    """List the reports of a folder and its subfolders in order of their paths, or give the file itself.

    Parameters
    ----------
    place : Path
        A folder or a file. Linked folders are followed, each once; hidden files and folders are left out.
    include : sequence of str
        Patterns (``*.txt``, ``2013/*``) of the files to take, of a file's name or of its path in the folder; by default
        all files whose ending is that of a report, forms that are refused with a remedy among them, but no README.
    exclude : sequence of str
        Patterns of the files to leave out.

    Returns
    -------
    list of Path
        The files. A subfolder that cannot be listed is among them: reading it tells why.

    Raises
    ------
    InputError
        If the place is missing, or a folder holds no report.
    """
    _check_there(place)
    if not place.is_dir():
        return [place]
    files = sorted(
        file for file in _walk(place) if file.is_dir() or _wanted(file, file.relative_to(place), include, exclude)
    )
    if not files:
        wanted = f"that match {', '.join(include)}" if include else f"in it; reports end in {', '.join(SUFFIXES)}"
        raise InputError(f"{readable_name(str(place))}: no reports {wanted}")
    return files


def _check_there(place: Path) -> None:
    """Refuse a place that is not there or may not be looked at; a link that leads nowhere is told when it is read."""
    try:
        place.lstat()
    except FileNotFoundError:
        raise InputError(f"{readable_name(str(place))}: no such file or folder") from None
    except (OSError, ValueError) as error:  # a name that is too long, a folder that may not be searched
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{readable_name(str(place))}: cannot be read: {why}") from error


def _walk(root: Path) -> Iterator[Path]:
    """Give the files below a folder, and the folders that cannot be listed."""
    unlisted: list[Path] = []
    seen: set[tuple[int, int]] = set()
    walk = os.walk(root, onerror=lambda error: unlisted.append(Path(error.filename)), followlinks=True)
    for folder, folders, names in walk:
        status = Path(folder).stat()
        folders[:] = [] if (status.st_dev, status.st_ino) in seen else [f for f in folders if not f.startswith(".")]
        if (status.st_dev, status.st_ino) not in seen:
            yield from (Path(folder, name) for name in names if not name.startswith("."))
        seen.add((status.st_dev, status.st_ino))
    yield from unlisted


def _wanted(file: Path, inside: Path, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Tell whether a file is to be read."""
    if _matches(inside, exclude):
        return False
    if include:
        return _matches(inside, include)
    return file.suffix.lower() in SUFFIXES and file.stem.upper() != "README"


def _matches(inside: Path, patterns: Sequence[str]) -> bool:
    """Tell whether a pattern fits a file's name or its path in the folder."""
    return any(fnmatch(inside.name, p) or fnmatch(inside.as_posix(), p) for p in patterns)
