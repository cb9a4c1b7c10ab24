"""One writer at a time, so that what is read, changed and written again loses nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

# A writer holds a lock for as long as it takes to read and write one file.
_PATIENCE = 60


class LockedOut(Exception):
    """Why a lock was not to be had, in one sentence."""


@contextmanager
def one_writer(lock: Path, seconds: float = _PATIENCE) -> Iterator[None]:
    """Hold the lock at `lock`, a file that stands beside nothing committed.

    Raises LockedOut where others hold it for longer than `seconds`, or no file can be there.
    """
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(lock, timeout=seconds)
        held.acquire()
    except Timeout:
        message = f"{lock}: held by another run for {seconds:g} seconds, expected to be free"
        raise LockedOut(message) from None
    except OSError as error:
        raise LockedOut(f"{lock}: cannot be locked: {error.strerror or error}") from None
    try:
        yield
    finally:
        held.release()
