"""A clone with a remote of its own to push to, and a `gh` that only notes what it was asked."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Git = Callable[..., str]

_GH = """\
#!/bin/sh
for word in "$@"; do printf '%s\\037' "$word"; done >> "$GH_CALLS"
echo >> "$GH_CALLS"
case "$1 $2" in
  "issue list") printf '%s' "$GH_ISSUES";;
  "issue create") [ "$GH_REFUSES" = "" ] || { echo "$GH_REFUSES" >&2; exit 1; }; echo an-address;;
esac
"""


def git_in(folder: Path) -> Git:
    """Run git there, as somebody, and say what it said."""

    def git(*arguments: str) -> str:
        somebody = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        command = ["git", *somebody, *arguments]
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=True
        ).stdout.strip()

    return git


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of a project with one commit on `main`; every command runs there."""
    for variable in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(variable, "/dev/null")
    remote, first = tmp_path / "remote.git", tmp_path / "clone"
    git_in(tmp_path)("init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    git_in(tmp_path)("clone", "--quiet", str(remote), str(first))
    git = git_in(first)
    git("checkout", "--quiet", "-B", "main")
    written(first, "catalog/progress.yml", "format: unrolled-progress/1\n")
    git("add", "--all")
    git("commit", "--quiet", "--message", "catalog: Begin")
    git("push", "--quiet", "--set-upstream", "origin", "main")
    monkeypatch.chdir(first)
    return first


@pytest.fixture
def gh_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[list[str]]]:
    """What the stand-in for `gh` was asked so far; $GH_ISSUES is its list of issues."""
    folder, calls = tmp_path / "bin", tmp_path / "calls"
    folder.mkdir()
    (folder / "gh").write_text(_GH, encoding="utf-8")
    (folder / "gh").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    monkeypatch.setenv("GH_CALLS", str(calls))
    monkeypatch.setenv("GH_ISSUES", "[]")
    monkeypatch.setenv("GH_REFUSES", "")

    def asked() -> list[list[str]]:
        lines = calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []
        return [line.split("\037")[:-1] for line in lines]

    return asked


def written(folder: Path, name: str, text: str) -> Path:
    """A file below a folder, with what leads to it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
