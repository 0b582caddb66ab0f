"""Folders of reports."""

from __future__ import annotations

from pathlib import Path

from topics.errors import InputError

REPORT_SUFFIXES = (".txt",)


def report_files(place: Path) -> list[Path]:
    """List the reports of a folder and its subfolders in order of their paths, or give the file itself.

    Raises
    ------
    InputError
        If the place is missing, or a folder holds no report.
    """
    try:
        if place.is_file():
            return [place]
        if not place.is_dir():
            raise InputError(f"{place}: no such file or folder")
    except OSError as error:  # a name that is too long, a folder that may not be searched
        raise InputError(f"{place}: cannot be read: {error.strerror or error}") from error
    files = sorted(
        p for p in place.rglob("*") if p.suffix.lower() in REPORT_SUFFIXES and p.is_file() and not _hidden(p, place)
    )
    if not files:
        raise InputError(f"{place}: no reports in it; reports end in {', '.join(REPORT_SUFFIXES)}")
    return files


def _hidden(path: Path, root: Path) -> bool:
    """Tell whether a path below `root` is hidden."""
    return any(part.startswith(".") for part in path.relative_to(root).parts)
