"""Only what a change brings: links on added lines, told at those lines."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tools.linkcheck import changed
from tools.linkcheck.changed import changed_links
from tools.model.link import Link, LinkPlace
from tools.storage.revision import Lines


def chosen(monkeypatch: pytest.MonkeyPatch, added: Mapping[str, Lines], *links: Link) -> list[str]:
    monkeypatch.setattr(changed, "added_since", lambda root, revision: added)
    found = changed_links(Path(), "main", links)
    return [f"{link.url} {' '.join(map(str, link.where))}" for link in found]


def link(url: str, *where: tuple[str, int]) -> Link:
    return Link(url=url, where=tuple(LinkPlace(path, line) for path, line in where))


def test_links_on_added_lines_are_chosen_and_told_there_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    added = {"a.md": {2}, "b.md": None, "c.md": set[int]()}
    links = (
        link("one", ("a.md", 1)),
        link("two", ("a.md", 1), ("c.md", 9), ("a.md", 2)),
        link("three", ("b.md", 7)),
        link("four", ("c.md", 1)),
        link("five", ("d.md", 2)),
        link("six"),
    )
    assert chosen(monkeypatch, added, *links) == ["two a.md:2 a.md:1 c.md:9", "three b.md:7"]
