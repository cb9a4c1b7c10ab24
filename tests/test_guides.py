"""The hand-written guides: what they show of the format is valid, complete and the same in both."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from tools.cli import main as catalog
from tools.model.note import Note
from tools.model.progress import FORMAT, event_faults
from tools.model.question import Question
from tools.model.resource import Resource
from tools.model.site import Site
from tools.model.snippet import Snippet
from tools.model.topic import Topic
from tools.model.words import SITE_LANGUAGES, SiteLanguage, Words
from tools.pages.blocks import BLOCKS
from tools.storage.catalog import load_catalog
from tools.storage.shapes import reader_of
from tools.storage.yaml import read_yaml

ROOT = Path(__file__).parent.parent
SHAPES = {
    "resources/lstm-step-by-hand.yml": Resource,
    "topics.yml": Topic,
    "questions.yml": Question,
    "notes/rnn-basics.yml": Note,
    "site.yml": Site,
    "snippets.yml": Snippet,
}


def _examples(language: SiteLanguage) -> dict[str, str]:
    """The YAML examples of the format page, by the file that their first line names."""
    page = ROOT / f"docs/{language}/contribute/format.md"
    blocks = re.findall(
        r"^```yaml\n# catalog/(\S+)\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S
    )
    return dict(blocks)


def _key_sets(data: Any) -> Iterator[set[str]]:
    """The keys of every mapping, however deep."""
    if isinstance(data, dict):
        yield set(data)
        for value in data.values():
            yield from _key_sets(value)
    if isinstance(data, list):
        for value in data:
            yield from _key_sets(value)


def _shapes_below(shape: Any) -> Iterator[Any]:
    """A dataclass of the model and all that it is made of, apart from words."""
    if is_dataclass(shape) and shape is not Words:
        yield shape
        for hint in get_type_hints(shape).values():
            yield from _shapes_below(hint)
    for part in get_args(shape):
        yield from _shapes_below(part)


@pytest.mark.parametrize("language", SITE_LANGUAGES)
@pytest.mark.parametrize(("file", "shape"), SHAPES.items())
def test_an_example_of_the_format_is_valid_and_has_every_key(
    language: SiteLanguage, file: str, shape: Any
) -> None:
    data: Any = read_yaml(_examples(language)[file])
    named_by_file = "/" in file
    for thing in data if isinstance(data, list) else [data]:
        reader_of(shape).read(thing | {"id": "x"} if named_by_file else thing)
    shown = list(_key_sets(data))
    for part in _shapes_below(shape):
        keys = {field.name for field in fields(part)}
        keys -= {"id"} if named_by_file and part is shape else set()
        assert keys in shown, f"{part.__name__}: {keys}"


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_the_example_of_a_resource_would_pass_in_this_catalog(
    tmp_path: Path, language: SiteLanguage
) -> None:
    folder = tmp_path / "catalog"
    for path in sorted((ROOT / "catalog").rglob("*.yml")):
        copy = folder / path.relative_to(ROOT / "catalog")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    file = "resources/lstm-step-by-hand.yml"
    (folder / file).write_text(_examples(language)[file], encoding="utf-8")
    assert [problem for problem in load_catalog(folder).problems if file in problem.path] == []


def test_the_examples_of_both_languages_say_the_same() -> None:
    english, chinese = (
        {file: read_yaml(text) for file, text in _examples(language).items()}
        for language in SITE_LANGUAGES
    )
    assert english == chinese


def test_the_example_of_progress_is_progress() -> None:
    data: Any = read_yaml(_examples("en")["progress.yml"])
    assert data["format"] == FORMAT
    assert [fault for event in data["events"] for fault in event_faults(event)] == []


def test_the_contributing_guide_names_every_block() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z-]+)` \|", guide, re.M)) == set(BLOCKS)


def test_the_readme_names_every_command_and_its_resource_is_valid() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `catalog ([a-z]+)", readme, re.M)
    assert sorted(named) == sorted(catalog.commands)
    example = re.search(r"^```yaml\n(.*?)^```$", readme, re.M | re.S)
    assert example is not None
    data: Any = read_yaml(example[1])
    reader_of(Resource).read(data | {"id": "one-lstm-step"})
