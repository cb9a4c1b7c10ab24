"""The Path page: the whole road without scripts, what scripts plan by, and reasons in words."""

import json
import re
from dataclasses import replace
from typing import get_args

import pytest
from shelves import catalog, resource, topic

from tests.conftest import ROOT
from tools.model.catalog import Catalog
from tools.model.link import LinkHealth, LinkMemory
from tools.model.path import Reason, ReasonCode
from tools.model.snippet import Snippet
from tools.model.words import SITE_LANGUAGES, SiteLanguage, Words
from tools.pages.path_page import path_block, path_file
from tools.pages.path_words import PathWords
from tools.pages.render import interface_words
from tools.pages.rows import Said

FOLD = Snippet(
    id="mixing/fold",
    title=Words("Fold", "折叠"),
    summary=Words("Fold it.", "把它折起来。"),
    look=Words("", ""),
    topics=(),
)


def bakery() -> Catalog:
    """Bread before cake, three resources in two languages, one of them gone."""
    made = catalog(
        resource("b<b>", title="All <b>bread</b>", minutes=90, authors=("Ann",)),
        resource("brot", language="zh", title="面包", reach=("mainland-china",), kind="video"),
        resource("lost", url="https://lost.example/", archive="https://archive.example/lost"),
        topics=(
            replace(topic("bread", "b<b>", "brot"), snippets=("mixing/fold",)),
            replace(topic("cake", "lost"), requires=("bread",)),
        ),
    )
    gone = LinkHealth(url="https://lost.example", verdict="dead", since="2026-11-01")
    return replace(made, snippets=(FOLD,), links=LinkMemory({"lost.example": gone}))


def order(html: str, part: str) -> list[str]:
    """The subjects in every list of that part, from top to bottom."""
    lists = re.findall(r'<ul class="u-reads" data-part="(\w+)">|<li data-subject="([^"]+)">', html)
    subjects, inside = [], ""
    for name, subject in lists:
        inside = name or inside
        subjects += [subject] if subject and inside == part else []
    return subjects


@pytest.mark.parametrize(
    ("language", "first"), [("en", "resource/b&lt;b&gt;"), ("zh", "resource/brot")]
)
def test_the_whole_road_stands_in_the_page_with_its_own_language_first(
    language: SiteLanguage, first: str
) -> None:
    html = path_block(bakery(), language, "../")
    assert re.findall(r'class="u-leg" id="(\w+)"', html) == ["bread", "cake"]
    assert order(html, "reading") == [first, "resource/lost"]
    assert len(order(html, "left")) == 1
    assert order(html, "code") == ["snippet/mixing/fold"]
    assert f'<option value="{language} ' in html


def test_totals_and_reasons_are_said() -> None:
    html = path_block(bakery(), "en", "../")
    text = re.sub(r"<[^>]+>", "", html)
    assert "at least 1 h 30 min" in text
    assert "of unknown length: 1" in text
    for said in ("needed for cake in English", "an end of the road", "first in the reading list",
                 "fits too, but one is enough", "code to run", "archived copy"):  # fmt: skip
        assert said in text
    assert 'href="https://archive.example/lost"' in html


def test_titles_are_text() -> None:
    html = path_block(bakery(), "en", "../")
    assert "All &lt;b&gt;bread&lt;/b&gt;" in html
    assert "<b>bread" not in html


def test_every_list_of_the_form_offers_what_the_reading_lists_have() -> None:
    html = path_block(bakery(), "en", "../")
    assert re.findall(r'name="kind" value="([\w-]+)"', html) == ["article", "video"]
    assert re.findall(r'name="reach" value="([\w-]+)"', html) == ["mainland-china"]
    goals = html.split('name="goal"')[1].split("</select>")[0]
    assert re.findall(r'value="(\w*)"', goals) == ["", "bread", "cake"]
    assert "English first" in html and "Chinese only" in html


def test_where_there_is_nothing_to_choose_nothing_is_offered() -> None:
    html = path_block(catalog(resource("a"), topics=(topic("bread", "a"),)), "en", "../")
    for name in ("lang", "kind", "reach"):
        assert f'name="{name}"' not in html
    assert 'name="goal"' in html


def test_without_topics_the_page_says_so() -> None:
    html = path_block(replace(catalog(), topics=()), "en", "../")
    assert "There are no topics here yet" in html
    assert "<form" not in html


def test_scripts_are_given_the_facts_and_nothing_empty() -> None:
    made = path_file(bakery())
    assert made.path == "path/path.json"
    assert json.loads(made.content) == [
        {
            "id": "bread",
            "snippets": ["mixing/fold"],
            "reading": [
                {"id": "b<b>", "lang": "en", "kind": "article", "minutes": 90},
                {"id": "brot", "lang": "zh", "kind": "video", "reach": ["mainland-china"]},
            ],
        },
        {
            "id": "cake",
            "requires": ["bread"],
            "reading": [{"id": "lost", "lang": "en", "kind": "article", "link": "archived"}],
        },
    ]


def test_the_scripts_ask_for_no_phrase_the_page_does_not_give() -> None:
    folder = ROOT / "docs/assets/javascripts/path"
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.js"))
    given = json.loads(re.findall(r"data-words='(.*?)'", path_block(bakery(), "en", "../"))[0])
    plain = {name for name in given if not name.startswith("why-")}
    assert {name for name in plain if not re.search(rf'"{name}"|\.{name}\b', code)} == set()
    asked = re.findall(r'(?:phrase|tell)\((?:copied \? )?"([\w-]+)"', code)
    assert set(asked) <= plain
    assert given.keys() - plain == {f"why-{code}" for code in get_args(ReasonCode)}


@pytest.mark.parametrize("language", SITE_LANGUAGES)
@pytest.mark.parametrize("code", get_args(ReasonCode))
def test_every_reason_has_words(code: ReasonCode, language: SiteLanguage) -> None:
    words = PathWords(bakery(), language)
    said = words.reason(Reason(code, ("topic/bread", "topic/cake")))
    assert said and "{" not in said
    if "{what}" in words.phrase(Reason(code)):
        assert interface_words()["row-list-comma"].to(language) in said


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("topic/bread", Said("bread in English")),
        ("topic/gone", Said("gone")),
        ("snippet/mixing/fold", Said("Fold")),
        ("resource/brot", Said("面包", "zh-Hans")),
        ("resource/lost", Said("Title of lost")),
        ("resource/gone", Said("gone")),
        ("language/zh", Said("Chinese")),
        ("language/tlh", Said("tlh")),
        ("kind/video", Said("video")),
        ("reach/mainland-china", Said("mainland China")),
        ("minutes/15", Said("15")),
    ],
)
def test_what_a_reason_speaks_of_has_a_name(subject: str, name: Said) -> None:
    assert PathWords(bakery(), "en").name(subject) == name


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 min"), (45, "45 min"), (60, "1 h"), (61, "1 h 1 min"), (1500, "25 h")],
)
def test_times_are_said_in_hours_and_minutes(minutes: int, said: str) -> None:
    assert PathWords(bakery(), "en").time(minutes) == said
