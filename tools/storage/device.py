"""Who makes events on this machine: an id in the user's own folder, never in a progress file."""

import base64
import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.model.progress import Progress
from tools.storage.files import write_whole
from tools.storage.locks import LockedOut, one_writer
from tools.storage.progress import ReadProgress, UnwritableProgress, lock_of, read_progress
from tools.storage.shapes import ShapeError, reader_of


@dataclass(frozen=True, slots=True)
class Device:
    """The device that writes to one progress file; `n` is the largest counter it has given."""

    device: str
    n: int = 0


def open_device(path: Path, state: Path, shown: str = "") -> tuple[Device, ReadProgress]:
    """The device for the file at `path`, and what stands in that file now.

    Another is made where the file lacks what the last one wrote to it, such as on another branch:
    counters start again there, and the keys of what comes back later must not be taken. Raises
    UnwritableProgress where the user's folder `state` cannot be used.
    """
    try:
        with one_writer(lock_of(path, state)):
            read = read_progress(path, shown)
            device = _kept(path, state)
            if device is None or device.n > _last(device, read.progress):
                device = Device(_new_id())
                remember_device(path, state, device)
            return device, read
    except LockedOut as error:
        raise UnwritableProgress(str(error)) from None
    except OSError as error:
        raise UnwritableProgress(f"{state}: cannot be written: {error.strerror}") from None


def remember_device(path: Path, state: Path, device: Device) -> None:
    """Keep the device of a file, and how far it has counted."""
    write_whole(_file(path, state), json.dumps(asdict(device)) + "\n")


def _kept(path: Path, state: Path) -> Device | None:
    try:
        device: Device = reader_of(Device).read(json.loads(_file(path, state).read_bytes()))
    except (OSError, ValueError, RecursionError, ShapeError):
        return None
    return device if device.device else None


def _last(device: Device, progress: Progress) -> int:
    return max((event.n for event in progress.events if event.device == device.device), default=0)


def _new_id() -> str:
    """64 random bits in base32."""
    return base64.b32encode(secrets.token_bytes(8)).decode().rstrip("=").lower()


def _file(path: Path, state: Path) -> Path:
    return lock_of(path, state).with_suffix(".json")
