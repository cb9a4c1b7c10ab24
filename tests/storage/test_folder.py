"""A catalog folder in every bad state: all problems at once, sorted, in sentences, fast."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from tests.builders import (
    ABSENT,
    as_yaml,
    catalog_files,
    problems_of,
    read_catalog,
    resource_data,
    topic_data,
    write_catalog,
)
from tools.storage.catalog import load_catalog

GOOD = resource_data("good")


def with_file(tmp_path: Path, content: Any, name: str = "resources/bad.yml") -> list[str]:
    """The problems of a catalog that is sound but for one file."""
    return problems_of(write_catalog(tmp_path / "catalog", **{name: content}))


BROKEN: list[tuple[str, Any, str]] = [
    ("broken", "title: [a\n", ":2: not YAML: while parsing a flow sequence, did not find expected "
     "',' or ']'"),
    ("twice", "title: a\ntitle: b\n", ":2: found the key 'title' twice, expected it once"),
    ("anchor", "title: &a b\n", ":1: found the anchor &a, expected none"),
    ("tag", "title: !!python/name:os.system x\n",
     ":1: found the tag tag:yaml.org,2002:python/name:os.system, expected none"),
    ("control", "title: \"\\e[2J\"\n",
     ":1: found the control character '\\x1b', expected visible text"),
    ("override", "title: \u202egnp.exe\n",
     ":1: found the control character '\\u202e', expected visible text"),
    ("latin", "# a\ntitle: é\n".encode("latin-1"),
     ": found the byte 0xe9 on line 2, expected UTF-8"),
    ("utf-16", "title: a\n".encode("utf-16"), ": found the byte 0xff on line 1, expected UTF-8"),
    ("nothing", "", ": found None, expected keys with values"),
    ("a comment", "# nothing\n", ": found None, expected keys with values"),
    ("a list", "- a\n- b\n", ":1: found ['a', 'b'], expected keys with values"),
    ("a word", "sourdough\n", ": found 'sourdough', expected keys with values"),
    ("documents", as_yaml(GOOD) + "---\n" + as_yaml(GOOD),
     ":12: found a second document, expected one document a file"),
    ("deep", "title: " + "[" * 5000, ":1: found more than 32 levels of nesting, expected fewer"),
    ("infinite", as_yaml(GOOD) + "minutes: .inf\n",
     ":12: minutes: found inf, expected a whole number"),
    ("no number", as_yaml(GOOD) + "minutes: .nan\n",
     ":12: minutes: found nan, expected a whole number"),
    ("long", as_yaml(GOOD) + f"minutes: {'9' * 5000}\n",
     f":12: minutes: found '{'9' * 78}…, expected a whole number"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "problem"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_a_broken_file_is_one_problem(content: Any, problem: str, tmp_path: Path) -> None:
    assert with_file(tmp_path, content) == [f"catalog/resources/bad.yml{problem}"]


def test_a_byte_order_mark_and_crlf_are_no_problem(tmp_path: Path) -> None:
    text = as_yaml(GOOD).replace("\n", "\r\n")
    assert with_file(tmp_path, b"\xef\xbb\xbf" + text.encode()) == []


def test_an_alias_bomb_is_faults_and_no_memory(tmp_path: Path) -> None:
    bomb = "a0: &a0 lol\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    found = with_file(tmp_path, bomb)
    assert "catalog/resources/bad.yml:1: found the anchor &a0, expected none" in found
    assert all("found the a" in line for line in found)


def test_a_hundred_megabytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "catalog", **{"resources/bad.yml": "title: a\n"})
    os.truncate(folder / "resources/bad.yml", 100_000_000)
    began = time.perf_counter()
    assert problems_of(folder) == [
        "catalog/resources/bad.yml: found 100,000,000 bytes, expected at most 1,000,000"
    ]
    assert time.perf_counter() - began < 2


def test_links_that_leave_the_folder_are_not_followed(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "catalog")
    (tmp_path / "secret.yml").write_text(as_yaml(GOOD))
    (folder / "resources/secret.yml").symlink_to(tmp_path / "secret.yml")
    (folder / "resources/gone.yml").symlink_to(tmp_path / "gone.yml")
    (folder / "resources/loop.yml").symlink_to("loop.yml")
    (folder / "resources/twin.yml").symlink_to("lost.yml")
    out = "found a link out of the folder, expected a file in it"
    assert problems_of(folder) == [
        f"catalog/resources/gone.yml: {out}",
        "catalog/resources/loop.yml: found no file here, expected one",
        f"catalog/resources/secret.yml: {out}",
        "catalog/resources/twin.yml: found no file here, expected one",
    ]


def test_a_folder_that_is_a_link_out_is_not_followed(tmp_path: Path) -> None:
    other = write_catalog(tmp_path / "other")
    folder = write_catalog(tmp_path / "catalog", {})
    (folder / "resources").symlink_to(other / "resources", target_is_directory=True)
    assert problems_of(folder) == [
        "catalog/resources/sourdough.yml: found a link out of the folder, expected a file in it"
    ]


def test_a_catalog_may_itself_stand_behind_a_link(tmp_path: Path) -> None:
    write_catalog(tmp_path / "real")
    (tmp_path / "catalog").symlink_to("real", target_is_directory=True)
    assert problems_of(tmp_path / "catalog") == []


def test_an_empty_catalog_says_what_it_lacks(tmp_path: Path) -> None:
    missing = "found no file here, expected one"
    assert problems_of(tmp_path) == [
        f"{tmp_path.name}/questions.yml: {missing}",
        f"{tmp_path.name}/resources: found no resource, expected at least one .yml file",
        f"{tmp_path.name}/site.yml: {missing}",
        f"{tmp_path.name}/snippets.yml: {missing}",
        f"{tmp_path.name}/topics.yml: {missing}",
    ]


def test_files_that_are_none_and_folders_that_are_files_are_told(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "catalog", notes="", **{"notes/shelf.yml": ABSENT})
    (folder / "notes.yml").rename(folder / "notes")
    (folder / "resources/baguette.yml").mkdir()
    (folder / "resources/brioche").mkdir()
    (folder / "resources/bagel.yaml").write_text(as_yaml(GOOD))
    (folder / "resources/README.md").write_text("[a]: *b")
    (folder / "resources/.hidden.yml").write_text("[")
    assert problems_of(folder) == [
        "catalog/notes: cannot be read: Not a directory",
        "catalog/resources/README.md: found 'README.md', expected a file name that ends in .yml",
        "catalog/resources/bagel.yaml:1: found 'bagel.yaml', "
        "expected a file name that ends in .yml",
        "catalog/resources/baguette.yml: found no file here, expected one",
        "catalog/resources/brioche: found 'brioche', expected a file name that ends in .yml",
    ]


def test_names_that_differ_only_in_case_are_told(tmp_path: Path) -> None:
    folder = write_catalog(
        tmp_path / "catalog", {id: resource_data(id) for id in ("rye", "Rye", "RYE-1", "rye-1")}
    )
    differing = "expected names that differ in more than case"
    form = "expected a-z, 0-9 and -, at most 60 characters"
    assert problems_of(folder) == [
        f"catalog/resources/RYE-1.yml:1: file name: found 'RYE-1', {form}",
        f"catalog/resources/Rye.yml:1: file name: found 'Rye', {form}",
        f"catalog/resources/rye-1.yml:1: found 'rye-1.yml' beside 'RYE-1.yml', {differing}",
        f"catalog/resources/rye.yml:1: found 'rye.yml' beside 'Rye.yml', {differing}",
    ]


# As root, chmod keeps nobody out, so the refusal is made here.
def refuse(monkeypatch: pytest.MonkeyPatch, method: str, name: str) -> None:
    allowed = getattr(Path, method)

    def refusing(self: Path, *arguments: Any) -> Any:
        if self.name == name:
            raise PermissionError(13, "Permission denied", str(self))
        return allowed(self, *arguments)

    monkeypatch.setattr(Path, method, refusing)


def test_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_catalog(tmp_path / "catalog", {"good": GOOD, "shut": GOOD})
    refuse(monkeypatch, "read_bytes", "shut.yml")
    assert problems_of(folder) == ["catalog/resources/shut.yml: cannot be read: Permission denied"]


def test_a_folder_that_may_not_be_read_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = [{"resource": "sourdough", "why": {"en": "a", "zh": "b"}}]
    folder = write_catalog(tmp_path / "catalog", topics=[topic_data(reading=reading)])
    refuse(monkeypatch, "iterdir", "resources")
    assert problems_of(folder) == ["catalog/resources: cannot be read: Permission denied"]


@pytest.mark.parametrize("file", ["topics", "questions", "snippets", "site", "notes/shelf", "x"])
def test_references_to_what_could_not_be_read_are_no_faults(file: str, tmp_path: Path) -> None:
    whole: dict[str, Any] = {
        "topics": [
            topic_data(
                snippets=["mixing/fold"],
                reading=[{"resource": "bad", "why": {"en": "a", "zh": "b"}}],
            ),
            topic_data("baking"),
        ],
        "resources/bad.yml": resource_data("bad", frameworks=["oven"]),
        "resources/good.yml": resource_data(
            "good",
            answers=["why-knead"],
            mentions=[{"note": "shelf"}],
            relations=[{"kind": "code-for", "resource": "bad"}],
        ),
    }
    broken = "resources/bad.yml" if file == "x" else f"{file}.yml"
    whole.pop(file, None)
    assert problems_of(write_catalog(tmp_path / "catalog", **whole | {broken: "["})) == [
        f"catalog/{broken}:2: not YAML: while parsing a flow node, did not find expected node "
        "content"
    ]


def test_one_wrong_member_spares_the_others(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "catalog", topics=[topic_data(), topic_data("x", title=1)])
    loaded = load_catalog(folder)
    assert [topic.id for topic in loaded.catalog.topics] == ["dough"]
    assert len(loaded.problems) == 1


def test_all_problems_of_all_files_come_at_once_in_order(tmp_path: Path) -> None:
    folder = write_catalog(
        tmp_path / "catalog",
        {
            "a": resource_data("a", level="low", kind="blog", titel="x"),
            "b": "title: &x a\nurl: *x\n",
            "c": resource_data("a"),
        },
        topics=[topic_data(era="last"), topic_data("baking", requires=["nothing"])],
        site="id: [",
        **{"notes/shelf.yml": ABSENT},
    )
    assert [line.split(": ")[0] for line in problems_of(folder)] == [
        "catalog/resources/a.yml:3",
        "catalog/resources/a.yml:7",
        "catalog/resources/a.yml:12",
        "catalog/resources/b.yml:1",
        "catalog/resources/b.yml:2",
        "catalog/site.yml:2",
        "catalog/topics.yml:18",
    ]


def test_loading_writes_nothing(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "catalog", **{"resources/bad.yml": "["})
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    load_catalog(folder)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_sound_folder_is_the_catalog_it_says(tmp_path: Path) -> None:
    catalog = read_catalog(write_catalog(tmp_path / "catalog", **{"drafts/half.yml": "["}))
    assert catalog.site.name.to("zh") == "面包"
    assert [topic.id for topic in catalog.topics] == ["dough", "baking"]
    assert catalog.topic("baking").requires == ("dough",)
    assert catalog.resources["sourdough"].title == "All about sourdough"
    assert list(catalog.notes) == ["shelf"]
    assert [question.topic for question in catalog.questions] == ["dough"]
    assert [snippet.id for snippet in catalog.snippets] == ["mixing/fold"]
    assert catalog.drafts == ("half",)
    assert len(catalog_files()) == 6
