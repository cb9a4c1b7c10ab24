"""The hand-written pages of a language, as texts by path."""

from pathlib import Path

from tools.model.problem import Problem
from tools.storage.files import UnreadableFile, read_text


def read_prose(folder: Path, shown: str) -> tuple[dict[str, str], list[Problem]]:
    """Every Markdown page below `folder` by its path there, and each one that cannot be read.

    `shown` is the folder's name in problems.
    """
    texts, problems = {}, []
    for path in sorted(folder.rglob("*.md")):
        name = path.relative_to(folder).as_posix()
        try:
            texts[name] = read_text(path, folder)
        except UnreadableFile as error:
            problems.append(Problem(f"{shown}/{name}", 0, "", str(error)))
    return texts, problems
