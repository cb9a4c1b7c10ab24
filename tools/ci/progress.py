"""A pull request that carries someone's reading along is told so, kindly."""

from collections.abc import Collection

from tools.ci.programs import output_of

PROGRESS = "catalog/progress.yml"

# One annotation for both languages; %0A is a line's end in the runner's words.
_TITLE = "Your reading came along · 个人进度也一起提交了"
_MESSAGE = "%0A".join(
    (
        "Thank you! This file holds what one person has read. In your own list it is right where"
        " it is. If you send this to someone else's list, please take the file out of the pull"
        " request; it stays safe in your fork.",
        "谢谢您！这个文件记的是一个人读过什么。如果这是您自己的列表，这样就好；"
        "如果是提交给别人的列表，请把它从pull request里拿掉，您的进度会好好地留在自己的fork里。",
    )
)


def progress_notice(changed: Collection[str]) -> str:
    """The notice for a pull request that changes these files; nothing where none is needed."""
    if PROGRESS not in changed:
        return ""
    return f"::notice file={PROGRESS},line=1,title={_TITLE}::{_MESSAGE}"


def changed_since(revision: str) -> frozenset[str]:
    """The files changed between the common ground with a revision and HEAD, as git spells them.

    Raises `ProgramFailed` for a revision that git does not know.
    """
    # Names end with NUL, so that none is quoted; a moved file counts under both its names.
    names = output_of("git", "diff", "--name-only", "--no-renames", "-z", f"{revision}...HEAD")
    return frozenset(names.split("\0")) - {""}
