"""Lines added since a revision: git's diff read to its last line, and git's own in a repository."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.storage.revision import NoRevision, added_lines, added_since

HEAD = "diff --git a/a.md b/a.md\nindex 1..2 100644\n--- a/a.md\n+++ b/a.md\n"
CASES = {
    "one line": (f"{HEAD}@@ -1 +1 @@\n-a\n+b\n", {"a.md": {1}}),
    "several": (f"{HEAD}@@ -0,0 +3,2 @@ head\n+a\n+b\n@@ -9 +11,1 @@\n-a\n+b\n",
                {"a.md": {3, 4, 11}}),
    "removed only": (f"{HEAD}@@ -2,2 +1,0 @@\n-a\n-b\n", {"a.md": set()}),
    "no line end": (
        f"{HEAD}@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
        "diff --git a/b.md b/b.md\n--- a/b.md\n+++ b/b.md\n@@ -1 +1 @@\n-a\n+b\n",
        {"a.md": {1}, "b.md": {1}}),
    "text like a head": (
        f"{HEAD}@@ -1,2 +1,2 @@\n--- a/x.md\n-@@ -1 +9 @@\n+++ b/x.md\n+@@ -1 +9 @@\n@@ -7 +7 @@\n"
        "-a\n+b\n", {"a.md": {1, 2, 7}}),
    "gone": ("--- a/a.md\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n", {}),
    "new": ("--- /dev/null\n+++ b/a.md\n@@ -0,0 +1,2 @@\n+a\n+b\n", {"a.md": {1, 2}}),
    "space": ("--- a/a b.md\t\n+++ b/a b.md\t\n@@ -1 +1 @@\n-a\n+b\n", {"a b.md": {1}}),
    "quoted": ('--- "a/x"\n+++ "b/a\\"\\\\\\t\\001长.md"\n@@ -1 +1 @@\n-a\n+b\n',
               {'a"\\\t\x01长.md': {1}}),
    "only the mode": ("diff --git a/a b/a\nold mode 100644\nnew mode 100755\n", {}),
    "cut off": (f"{HEAD}@@ -1 +1,9 @@\n-a\n", {"a.md": set(range(1, 10))}),
    "nothing": ("", {}),
}  # fmt: skip


@pytest.mark.parametrize(("diff", "expected"), CASES.values(), ids=CASES)
def test_a_diff_adds(diff: str, expected: dict[str, set[int]]) -> None:
    assert added_lines(diff) == expected


@given(st.text(alphabet="+-@ \\ab,123/\n", max_size=80))
def test_any_text_can_be_read(diff: str) -> None:
    added_lines(diff)


def git(root: Path, *arguments: str) -> None:
    author = ("-c", "user.name=A", "-c", "user.email=a@x.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(root), *author, *arguments], check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose project is a folder of it, on a branch that left main a commit ago."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    root = tmp_path / "repository" / "project"
    root.mkdir(parents=True)
    (root / "a.md").write_text("one\ntwo\nthree\n")
    (root / "old name.md").write_text("same\n" * 20)
    (root.parent / "outside.md").write_text("one\n")
    git(root.parent, "init", "-b", "main")
    git(root.parent, "add", ".")
    git(root, "commit", "-m", "first")
    git(root, "checkout", "-b", "branch")
    return root


def test_what_a_branch_adds_is_told_and_what_main_got_meanwhile_is_not(project: Path) -> None:
    git(project, "checkout", "main")
    (project / "a.md").write_text("main\none\ntwo\nthree\nmain\n")
    git(project, "commit", "-am", "second")
    git(project, "checkout", "branch")
    (project / "a.md").write_text("one\n2\nthree\n")
    (project / '长 ".md').write_text("new\n")
    git(project, "mv", "old name.md", "new name.md")
    git(project, "add", ".")
    git(project, "commit", "-m", "third")
    (project / "a.md").write_text("one\n2\nthree\nfour\n")
    (project / "not added.md").write_text("x\n")
    (project.parent / "outside.md").write_text("x\n")
    (project.parent / "not added.md").write_text("x\n")
    assert added_since(project, "main") == {
        "a.md": {2, 4}, '长 ".md': {1}, "not added.md": None,
    }  # fmt: skip


def test_settings_of_the_user_change_nothing(project: Path) -> None:
    for setting in ("diff.noprefix", "diff.mnemonicPrefix", "core.quotePath"):
        git(project, "config", setting, "true")
    git(project, "config", "diff.renames", "false")
    git(project, "config", "diff.interHunkContext", "50")
    git(project, "config", "color.ui", "always")
    git(project, "config", "diff.external", "false")
    (project / "a.md").write_text("1\ntwo\n3\n")
    git(project, "mv", "old name.md", "new name.md")
    assert added_since(project, "HEAD") == {"a.md": {1, 3}}


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [
        ("nowhere", "found no revision 'nowhere', expected one that git knows here; "
                    "a shallow clone has to fetch it first"),
        ("--output=x", "found '--output=x', expected a revision of git"),
        ("", "found no revision '', expected one that git knows here; "
             "a shallow clone has to fetch it first"),
    ],
)  # fmt: skip
def test_a_revision_that_is_none_is_told(project: Path, revision: str, sentence: str) -> None:
    with pytest.raises(NoRevision) as caught:
        added_since(project, revision)
    assert str(caught.value) == sentence
    assert not (project / "x").exists()


def test_two_histories_cannot_be_compared(project: Path) -> None:
    git(project, "checkout", "--orphan", "other")
    git(project, "commit", "-m", "alone")
    with pytest.raises(NoRevision, match=r"^git cannot compare: fatal: no merge base"):
        added_since(project, "main")


def test_a_folder_without_a_repository_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(NoRevision, match=r"^(git cannot compare: fatal: not a git|found no revis)"):
        added_since(tmp_path, "main")


def test_a_machine_without_git_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoRevision, match=r"^found no git, expected it to be installed$"):
        added_since(tmp_path, "main")
