"""The hand-written pages: one tree, one set of anchors and blocks, in both languages."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools.figures import FIGURES
from tools.model.words import SiteLanguage
from tools.pages.blocks import asked_for
from tools.pages.build import prose_problems
from tools.storage.catalog import load_catalog
from tools.storage.prose import read_prose
from tools.storage.yaml import read_yaml

ENGLISH, CHINESE = (read_prose(ROOT / "docs" / language, language)[0] for language in ("en", "zh"))
TOPICS = [
    topic["id"] for topic in read_yaml((ROOT / "catalog/topics.yml").read_text(encoding="utf-8"))
]
_ANCHOR = re.compile(r"\{[^}\n]*#([\w-]+)[^}\n]*\}|\sid=\"([\w-]+)\"")
_MARKER = re.compile(
    r"<!-- block: ([a-z-]+(?: [\w/.-]+)?) -->|^[ \t]*--8<-- \"(.+)\"", re.MULTILINE
)
_IDEA = re.compile(r"<ol class=\"u-five\".*?</ol>", re.DOTALL)
_FORMULA = re.compile(r"(?<!\\)\$\$(.+?)\$\$", re.DOTALL)


def test_there_is_prose_without_problems() -> None:
    assert ENGLISH
    prose: dict[SiteLanguage, dict[str, str]] = {"en": ENGLISH, "zh": CHINESE}
    asked = asked_for(load_catalog(ROOT / "catalog").catalog, FIGURES)
    assert [str(one) for one in prose_problems(prose, TOPICS, "docs", asked)] == []


@pytest.mark.parametrize("path", sorted(ENGLISH))
@pytest.mark.parametrize("what", [_ANCHOR, _MARKER], ids=["anchors", "markers"])
def test_both_languages_have_the_same_places(path: str, what: re.Pattern[str]) -> None:
    assert what.findall(ENGLISH[path]) == what.findall(CHINESE[path])


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("pages", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_every_topic_has_its_page_with_five_ideas(topic: str, pages: dict[str, str]) -> None:
    text = pages[f"learn/{topic}.md"]
    (idea,) = _IDEA.findall(text)
    assert idea.count("<li") == idea.count("</li>") == 5
    for anchor in ("idea", "see", "check", "read"):
        assert f"{{#{anchor}}}" in text, anchor
    for block in ("strip", "facts", "snippets", "reading", "neighbours"):
        assert text.count(f"<!-- block: {block} -->") == 1, block


@pytest.mark.parametrize("topic", TOPICS)
def test_both_languages_show_the_same_displayed_formulas(topic: str) -> None:
    path = f"learn/{topic}.md"
    assert _FORMULA.findall(ENGLISH[path]) == _FORMULA.findall(CHINESE[path])


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("pages", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_no_formula_begins_a_tag(topic: str, pages: dict[str, str]) -> None:
    formulas = re.findall(r"\$([^$\n]+)\$", pages[f"learn/{topic}.md"])
    formulas += _FORMULA.findall(pages[f"learn/{topic}.md"])
    # Markdown takes `y_{<t}` for the tag t; a space behind the sign keeps it a formula.
    assert [one for one in formulas if re.search(r"<[a-zA-Z/]", one) and ">" not in one] == []


def test_no_page_of_learn_is_left_without_a_topic() -> None:
    pages = {Path(path).stem for path in ENGLISH if path.startswith("learn/")}
    assert pages == {*TOPICS, "index"}
