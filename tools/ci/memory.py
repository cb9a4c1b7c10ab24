"""What link checks remember, committed and pushed; a folder that did not change is left alone."""

from tools.ci.programs import ProgramFailed, output_of

STATE = "catalog/state"
_SUBJECT = "state: Remember what the links answered"
# The name and address that GitHub's own runs commit under.
_BOT = ("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com")
_TRIES = 3


def keep_memory() -> bool:
    """Commit and push the memory; false where nothing changed. Raises `ProgramFailed`."""
    if not output_of("git", "status", "--porcelain", "--", STATE):
        return False
    output_of("git", "add", "--all", "--", STATE)
    _as_bot("commit", "--quiet", "--message", _SUBJECT, "--", STATE)
    _push()
    return True


def _push() -> None:
    """Push on top of whatever others pushed while the links were checked."""
    for tries_left in reversed(range(_TRIES)):
        _as_bot("pull", "--quiet", "--rebase", "--autostash")
        try:
            output_of("git", "push", "--quiet")
        except ProgramFailed:
            if not tries_left:
                raise
        else:
            return


def _as_bot(*arguments: str) -> None:
    name, address = _BOT
    output_of("git", "-c", f"user.name={name}", "-c", f"user.email={address}", *arguments)
