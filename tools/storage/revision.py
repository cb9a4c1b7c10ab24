"""What was added to a project since a revision of git: the lines of every file, by path."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_QUOTED = re.compile(r"\\([0-7]{3}|.)")
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
# The settings of whoever runs it must not change the form of the answer.
_DIFF = (
    "-c", "core.quotePath=false", "diff", "--merge-base", "--relative", "-U0", "-M",
    "--inter-hunk-context=0", "--no-color", "--no-ext-diff", "--no-textconv",
    "--dst-prefix=b/",
)  # fmt: skip

Lines = set[int] | None


class NoRevision(Exception):
    """Why nothing can be compared with a revision, in one sentence."""


def added_since(root: Path, revision: str) -> dict[str, Lines]:
    """The numbers of the lines added below `root`, by the path of their file from there.

    Compared is the working tree with where it left the revision's history, so what the other
    branch got meanwhile does not count. A file that git does not know yet is new as a whole, which
    is None. Raises NoRevision where there is no git, no repository or no such revision.
    """
    if revision.startswith("-"):
        raise NoRevision(f"found {revision!r}, expected a revision of git")
    if not _git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", quiet=True):
        raise NoRevision(
            f"found no revision {revision!r}, expected one that git knows here; "
            "a shallow clone has to fetch it first"
        )
    added: dict[str, Lines] = dict(added_lines(_git(root, *_DIFF, revision, "--")))
    unknown = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    return added | dict.fromkeys(filter(None, unknown.split("\0")))


def added_lines(diff: str) -> Mapping[str, set[int]]:
    """The numbers of the added lines of every file in a diff without context (`git diff -U0`)."""
    added: dict[str, set[int]] = {}
    lines = iter(diff.split("\n"))
    path = ""
    for line in lines:
        if line.startswith("+++ "):
            path = _path(line[4:])
        elif (hunk := _HUNK.match(line)) and path:
            removed, start, count = (int(n) if n else 1 for n in hunk.groups())
            added.setdefault(path, set()).update(range(start, start + count))
            _skip(lines, removed + count)
    return added


def _skip(lines: Iterator[str], count: int) -> None:
    """Pass over the lines of a hunk, whose text may look like the head of another one."""
    while count > 0:
        if not next(lines, "").startswith("\\"):
            count -= 1


def _path(written: str) -> str:
    """`b/docs/a.md` as a path; nothing for a file that is gone."""
    written = written.removesuffix("\t")
    if written.startswith('"'):
        written = _QUOTED.sub(_unquoted, written[1:-1])
    return written.removeprefix("b/") if written != "/dev/null" else ""


def _unquoted(match: re.Match[str]) -> str:
    said = match[1]
    return chr(int(said, 8)) if len(said) == 3 else _LETTERS.get(said, said)


def _git(root: Path, *arguments: str, quiet: bool = False) -> str:
    command = ["git", "-C", str(root), *arguments]
    try:
        run = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        raise NoRevision("found no git, expected it to be installed") from None
    said = run.stderr.decode("utf-8", "replace").strip()
    if run.returncode and (said or not quiet):
        raise NoRevision(f"git cannot compare: {' '.join(said.split())}")
    return run.stdout.decode("utf-8", "surrogateescape")
