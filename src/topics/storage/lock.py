"""A lock on a file that ends with the process that holds it."""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from topics.errors import LockedError, OutputError


@contextmanager
def file_lock(path: Path, what: str) -> Iterator[None]:
    """Hold the lock at `path`, or raise at once.

    The lock is the operating system's (``flock``) on the open file, not the file itself: a process that is killed
    leaves the file, but no lock.

    Parameters
    ----------
    path : Path
        The lock file; it is made, and removed at the end.
    what : str
        What is locked, for the message.

    Raises
    ------
    LockedError
        If another process holds the lock; it says which.
    OutputError
        If the lock file cannot be made.
    """
    descriptor = _acquire(path, what)
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(_self()).encode(), 0)
        yield
    finally:
        with suppress(OSError):
            path.unlink()  # while it is held, so that nobody else's lock is removed
        os.close(descriptor)


def holder_name() -> str:
    """Name this process to those who find the lock held."""
    return f"process {os.getpid()} on {socket.gethostname()}"


def _acquire(path: Path, what: str) -> int:
    """Open and lock the file; again, if its holder removed it between the two."""
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise OutputError(f"{path}: the lock cannot be made: {error.strerror or error}") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise LockedError(f"{what}: {_held_by(path)}; wait for it to end") from None
        with suppress(OSError):
            if os.fstat(descriptor).st_ino == path.stat().st_ino:
                return descriptor
        os.close(descriptor)


def _self() -> dict[str, str]:
    """Who holds the lock, as the lock file says it."""
    return {"holder": holder_name(), "user": _user(), "since": datetime.now(UTC).isoformat(timespec="seconds")}


def _user() -> str:
    """The user's name; a container may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _held_by(path: Path) -> str:
    """Read who holds the lock."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return f"{held['holder']} (user {held['user']}) has been re-labelling it since {held['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process is re-labelling it"
