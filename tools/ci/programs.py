"""The two programs that the workflows lean on, git and gh, and how they fail."""

import subprocess


class ProgramFailed(Exception):
    """A program is missing or ended badly; the words say which and why."""


def output_of(*command: str) -> str:
    """What a program printed; raises `ProgramFailed` where it is missing or ends with an error."""
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    except FileNotFoundError:
        raise ProgramFailed(f"{command[0]}: found no such program") from None
    if done.returncode:
        raise ProgramFailed(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")
    return done.stdout
