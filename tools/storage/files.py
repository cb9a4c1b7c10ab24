"""Reading with bounds and writing whole: the only places where catalog files are opened."""

import os
import tempfile
from pathlib import Path

from tools.storage.yaml import LARGEST


class UnreadableFile(Exception):
    """Why a file's text cannot be had, in one sentence."""


def read_text(path: Path, root: Path, largest: int = LARGEST) -> str:
    """The UTF-8 text of a file below `root`, without a byte order mark.

    Raises UnreadableFile for a link that leaves the folder, a file over `largest` bytes, one that
    is no file, may not be read or is not UTF-8.
    """
    try:
        if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
            raise UnreadableFile("found a link out of the folder, expected a file in it")
        if not path.is_file():
            raise UnreadableFile("found no file here, expected one")
        size = path.stat().st_size
        if size > largest:
            raise UnreadableFile(f"found {size:,} bytes, expected at most {largest:,}")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFile(f"cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = f"found the byte 0x{error.object[error.start]:02x} on line {line}, expected UTF-8"
        raise UnreadableFile(message) from None


def write_whole(path: Path, text: str | bytes) -> None:
    """Replace a file in one step: a reader, or a crash, meets the old file or the new one."""
    content = text.encode("utf-8") if isinstance(text, str) else text
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
