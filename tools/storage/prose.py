"""The hand-written pages of a language, as texts by path."""

from pathlib import Path

from tools.storage.files import read_text


def read_prose(folder: Path) -> dict[str, str]:
    """Every Markdown page below `folder` by its path there; raises UnreadableFile."""
    return {
        path.relative_to(folder).as_posix(): read_text(path, folder)
        for path in sorted(folder.rglob("*.md"))
    }
