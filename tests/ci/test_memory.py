"""What the weekly check leaves is committed and pushed, alone and only where it changed."""

from pathlib import Path

from click.testing import CliRunner, Result

from tests.ci.conftest import Git, git_in, written
from tools.ci.__main__ import ci

LINKS = "catalog/state/links.jsonl"


def keep() -> Result:
    return CliRunner().invoke(ci, ["keep"])


def pushed(git: Git) -> list[str]:
    git("fetch", "--quiet")
    return git("log", "--format=%s", "origin/main").splitlines()


def test_nothing_checked_nothing_committed(clone: Path) -> None:
    done = keep()
    assert (done.exit_code, done.output) == (0, "the memory of the links did not change\n")
    assert pushed(git_in(clone)) == ["catalog: Begin"]


def test_a_memory_is_pushed_once_and_alone(clone: Path) -> None:
    git = git_in(clone)
    written(clone, LINKS, "{}\n")
    changed = written(clone, "catalog/progress.yml", "changed\n")
    written(clone, ".build/links.md", "a report\n")
    done = keep()
    assert (done.exit_code, done.output) == (0, "the memory of the links was pushed\n")
    assert pushed(git) == ["state: Remember what the links answered", "catalog: Begin"]
    assert git("show", "--format=%an", "--name-only", "origin/main").split() == [
        "github-actions[bot]",
        LINKS,
    ]
    assert changed.read_text(encoding="utf-8") == "changed\n"
    assert keep().output == "the memory of the links did not change\n"


def test_a_line_that_left_and_a_file_that_left_are_kept_too(clone: Path) -> None:
    git = git_in(clone)
    written(clone, LINKS, "a\nb\n")
    run = written(clone, "catalog/state/run.json", "{}\n")
    keep()
    written(clone, LINKS, "a\n")
    run.unlink()
    keep()
    assert git("show", "origin/main:" + LINKS) == "a"
    assert git("ls-tree", "-r", "--name-only", "origin/main", "catalog/state") == LINKS


def test_what_others_pushed_meanwhile_stays(clone: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git_in(tmp_path)("clone", "--quiet", str(tmp_path / "remote.git"), str(other))
    written(other, "catalog/topics.yml", "[]\n")
    git_in(other)("add", "--all")
    git_in(other)("commit", "--quiet", "--message", "catalog: Add topics")
    git_in(other)("push", "--quiet")
    written(clone, LINKS, "{}\n")
    assert keep().exit_code == 0
    assert pushed(git_in(clone)) == [
        "state: Remember what the links answered",
        "catalog: Add topics",
        "catalog: Begin",
    ]


def test_a_push_that_loses_a_race_is_tried_again(clone: Path, tmp_path: Path) -> None:
    refuse_pushes(tmp_path, 'echo x >> tries; [ "$(wc -l < tries)" -gt 2 ]')
    written(clone, LINKS, "{}\n")
    assert keep().exit_code == 0
    assert pushed(git_in(clone))[0] == "state: Remember what the links answered"


def test_a_push_that_is_always_refused_ends_with_2_and_says_why(
    clone: Path, tmp_path: Path
) -> None:
    refuse_pushes(tmp_path, "echo no entry; exit 1")
    written(clone, LINKS, "{}\n")
    done = keep()
    assert done.exit_code == 2
    assert "no entry" in done.stderr


def refuse_pushes(folder: Path, shell: str) -> None:
    hook = written(folder / "remote.git", "hooks/pre-receive", f"#!/bin/sh\n{shell}\n")
    hook.chmod(0o755)
