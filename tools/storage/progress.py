"""Progress files: read as far as they go, and written whole, one writer at a time."""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.model.problem import Problem, field_name
from tools.model.progress import (
    LARGEST_COUNT,
    Progress,
    ProgressEvent,
    event_faults,
    merge,
    next_count,
)
from tools.storage.files import UnreadableFile, read_text, write_whole
from tools.storage.locks import LockedOut, one_writer
from tools.storage.progress_text import FileFault, parse_progress, progress_text

_LARGEST = 64_000_000


class UnwritableProgress(Exception):
    """Why nothing was written, in one sentence."""


@dataclass(frozen=True, slots=True)
class ReadProgress:
    """A progress file as far as it could be read, and everything to mend.

    `strange` tells of values that are kept in `progress` as they are; `broken` of what is not in
    it, so that the file may not be written again.
    """

    progress: Progress
    strange: tuple[Problem, ...] = ()
    broken: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of both, in the order of the file."""
        return tuple(sorted(self.broken + self.strange))


def read_progress(path: Path, shown: str = "") -> ReadProgress:
    """What stands in a file, `shown` in problems under that name; nothing where there is no file.

    Never raises for what stands in it. A broken event is kept as it is, and told with its line.
    """
    shown = shown or str(path)
    if not path.exists() and not path.is_symlink():
        return ReadProgress(Progress())
    try:
        read = parse_progress(read_text(path, path.parent, _LARGEST))
    except UnreadableFile as error:
        return ReadProgress(Progress(), broken=(Problem(shown, 0, "", str(error)),))
    return ReadProgress(read.progress, _told(shown, read.strange), _told(shown, read.broken))


def renew_progress(
    path: Path, locks: Path, change: Callable[[Progress], Progress], shown: str = ""
) -> Progress:
    """The progress as `change` makes it of what stands in the file at this very moment, written.

    Two at once lose nothing: the one that comes later changes what the other has written. `locks`
    is a folder of the user's, one for all files. Raises UnwritableProgress, and leaves all as it
    was, where the file holds what would be lost.
    """
    shown = shown or str(path)
    try:
        with one_writer(lock_of(path, locks)):
            read = read_progress(path, shown)
            if read.broken:
                raise UnwritableProgress(f"{read.broken[0]}; mend it, then try again")
            renewed = merge(change(read.progress))
            _write(path, renewed)
            return renewed
    except LockedOut as error:
        raise UnwritableProgress(str(error)) from None
    except OSError as error:
        message = f"{shown}: cannot be written: {error.strerror or error}"
        raise UnwritableProgress(message) from None


def append_event(
    path: Path, locks: Path, device: str, said: Mapping[str, Any], shown: str = ""
) -> ProgressEvent:
    """The event that says this, with the next counter, once it is in the file.

    Raises UnwritableProgress as `renew_progress` does, and where no counter is left.
    """
    made: list[ProgressEvent] = []

    def appended(progress: Progress) -> Progress:
        n = next_count(progress.events)
        if n is None:
            message = f"found the counter {LARGEST_COUNT}, expected one that can still grow"
            raise UnwritableProgress(f"{shown or path}: {message}")
        fields = {"device": device, "n": n, **said}
        for where, fault in event_faults(fields):
            raise UnwritableProgress(f"{field_name(where)}: {fault}")
        made.append(ProgressEvent(fields))
        return merge(progress, Progress(tuple(made)))

    renew_progress(path, locks, appended, shown)
    return made[0]


def lock_of(path: Path, locks: Path) -> Path:
    """The lock of a file wherever it is called from, and nothing that stands beside it."""
    real = os.fsencode(os.path.realpath(path))
    return locks / f"progress-{hashlib.sha256(real).hexdigest()[:16]}.lock"


def _told(shown: str, faults: tuple[FileFault, ...]) -> tuple[Problem, ...]:
    return tuple(Problem(shown, line, field_name(where), text) for line, where, text in faults)


def _write(path: Path, progress: Progress) -> None:
    """Only what changed; no file says as much as one without events."""
    before = path.read_bytes() if path.exists() else progress_text(Progress()).encode()
    after = progress_text(progress).encode()
    if before != after:
        write_whole(path, after)
