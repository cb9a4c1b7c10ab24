"""The kind notice about somebody's reading in a pull request."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.ci.conftest import git_in, written
from tools.ci.__main__ import ci
from tools.ci.progress import PROGRESS, changed_since, progress_notice


def told(revision: str) -> Result:
    return CliRunner().invoke(ci, ["progress", revision])


def committed(clone: Path, name: str, text: str) -> None:
    git = git_in(clone)
    written(clone, name, text)
    git("add", "--all")
    git("commit", "--quiet", "--message", f"catalog: Change {name}")


@pytest.mark.parametrize(
    "changed",
    [(), ("catalog/topics.yml",), ("docs/catalog/progress.yml",), ("catalog/progress.yml.bak",)],
)
def test_no_progress_no_word(changed: tuple[str, ...]) -> None:
    assert progress_notice(changed) == ""


def test_the_notice_is_one_line_that_the_runner_understands_in_both_languages() -> None:
    notice = progress_notice(("catalog/topics.yml", PROGRESS))
    command, _, message = notice.partition("::")[2].partition("::")
    kind, _, properties = command.partition(" ")
    assert kind == "notice"
    named = dict(part.split("=") for part in properties.split(","))
    assert named.keys() == {"file", "line", "title"}
    assert named["file"] == PROGRESS
    assert len(notice.splitlines()) == 1
    english, chinese = message.split("%0A")
    assert english.startswith("Thank you!")
    assert chinese.startswith("谢谢")
    assert "%" not in english + chinese


def test_a_branch_with_progress_is_told_and_one_without_is_not(clone: Path) -> None:
    committed(clone, "catalog/topics.yml", "[]\n")
    assert told("origin/main").output == ""
    committed(clone, PROGRESS, "events: [1]\n")
    done = told("origin/main")
    assert (done.exit_code, done.output) == (0, f"{progress_notice([PROGRESS])}\n")


def test_a_file_taken_away_or_moved_counts_and_strange_names_stay_whole(clone: Path) -> None:
    git = git_in(clone)
    git("mv", PROGRESS, "catalog/进度 “1”.yml")
    git("commit", "--quiet", "--message", "catalog: Move")
    assert changed_since("origin/main") == {PROGRESS, "catalog/进度 “1”.yml"}


def test_what_others_changed_meanwhile_is_not_the_branch(clone: Path) -> None:
    git = git_in(clone)
    git("checkout", "--quiet", "-b", "mine")
    committed(clone, "catalog/topics.yml", "[]\n")
    git("checkout", "--quiet", "main")
    committed(clone, PROGRESS, "events: [1]\n")
    git("checkout", "--quiet", "mine")
    assert changed_since("main") == {"catalog/topics.yml"}


def test_a_revision_nobody_knows_ends_with_2(clone: Path) -> None:
    done = told("origin/gone")
    assert done.exit_code == 2
    assert "origin/gone" in done.stderr
