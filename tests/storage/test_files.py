"""Files are written whole or not at all."""

import os
from pathlib import Path
from typing import Any

import pytest

from tools.storage.files import UnreadableFile, read_text, write_whole
from tools.storage.prose import read_prose


def test_a_file_is_replaced_with_its_rights_and_nothing_is_left_beside(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "x.yml"
    write_whole(path, "循\n")
    assert path.read_bytes() == "循\n".encode()
    assert path.stat().st_mode & 0o777 == 0o644
    path.chmod(0o600)
    write_whole(path, b"\xff")
    assert path.read_bytes() == b"\xff"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["x.yml"]


@pytest.mark.parametrize("step", ["fsync", "replace", "encode"])
def test_a_failure_while_writing_leaves_the_old_file(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.yml"
    write_whole(path, "old")

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    text = "new"
    if step == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    elif step == "replace":
        monkeypatch.setattr(Path, "replace", fail)
    else:
        text = "\ud800"
    with pytest.raises((OSError, UnicodeError)):
        write_whole(path, text)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["x.yml"]


def test_prose_is_read_by_path_and_never_from_elsewhere(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    (docs / "learn").mkdir(parents=True)
    (docs / "index.md").write_bytes(b"\xef\xbb\xbf# Bread\n")
    (docs / "learn/dough.md").write_text("# 面\n", encoding="utf-8")
    pages = {"index.md": "# Bread\n", "learn/dough.md": "# 面\n"}
    assert read_prose(docs, "docs") == (pages, [])
    (tmp_path / "secret.md").write_text("secret")
    (docs / "secret.md").symlink_to(tmp_path / "secret.md")
    texts, problems = read_prose(docs, "docs")
    assert texts == pages
    assert [str(problem) for problem in problems] == [
        "docs/secret.md: found a link out of the folder, expected a file in it"
    ]


def test_a_larger_bound_may_be_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    assert read_text(path, tmp_path, largest=3) == "abc"
    with pytest.raises(UnreadableFile, match="found 3 bytes, expected at most 2"):
        read_text(path, tmp_path, largest=2)
