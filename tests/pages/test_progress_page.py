"""The frame of the Progress page, the controls in every list, and the names that scripts need."""

import json
import re
from typing import Any

import pytest

from tests.builders import read_catalog
from tests.pages.shelves import catalog, resource, topic
from tests.projects import BREAD
from tools.model.catalog import Catalog
from tools.model.progress import STATUSES
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.pages.build import build
from tools.pages.page import Page
from tools.pages.progress_page import AUTHOR_FILE, progress_block, subjects_file
from tools.pages.render import interface_words, script_words
from tools.source import read_site

SHELF = catalog(
    resource("rye", language="zh", title="黑麦面包", minutes=20),
    resource("oat", topics=("cake", "bread")),
    topics=(topic("bread", "oat"), topic("cake")),
)


def names(shelf: Catalog, language: SiteLanguage) -> Any:
    file = subjects_file(shelf, language)
    assert file.path == "progress/subjects.json"
    return json.loads(file.content)


def test_a_topic_has_its_reading_list_first_and_says_how_long_it_is() -> None:
    bread, cake = names(SHELF, "en")["topics"]
    assert bread["title"] == "bread in English"
    assert (bread["resources"], bread["reading"]) == (["oat", "rye"], 1)
    assert (cake["resources"], cake["reading"]) == (["oat"], 0)


def test_a_title_says_its_language_where_the_page_has_another() -> None:
    assert names(SHELF, "en")["resources"]["rye"] == {
        "title": "黑麦面包", "lang": "zh-Hans", "minutes": 20,
    }  # fmt: skip
    assert names(SHELF, "zh")["resources"]["rye"] == {"title": "黑麦面包", "minutes": 20}
    assert names(SHELF, "zh")["resources"]["oat"]["lang"] == "en"


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_every_phrase_that_the_scripts_ask_for_comes_with_the_page(language: SiteLanguage) -> None:
    page = progress_block(SHELF, language, "../")
    words = re.search(r"data-words='([^']*)'", page)
    assert words
    said = json.loads(words[1])
    assert said.keys() >= {
        "kept",
        "kept-one",
        "adds",
        "adds-one",
        *(f"status-{s}" for s in STATUSES),
    }
    assert said == script_words("dash-say-", language) | {
        key: phrase.to(language)
        for key, phrase in interface_words().items()
        if key[:7] == "status-"
    }


def test_the_authors_progress_is_offered_where_there_is_any() -> None:
    assert "data-author" not in progress_block(SHELF, "en", "../")
    bread = read_catalog(BREAD / "catalog")
    assert f'data-author="../{AUTHOR_FILE}"' in progress_block(bread, "en", "../")


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_the_authors_progress_is_published_as_it_is_read(language: SiteLanguage) -> None:
    files = {part.path: part for part in read_site(BREAD, language).parts}
    published = files[AUTHOR_FILE]
    assert not isinstance(published, Page)
    assert published.content == (BREAD / "catalog" / "progress.yml").read_bytes()


def test_whatever_can_be_marked_has_its_controls_in_every_list() -> None:
    bread = read_catalog(BREAD / "catalog")
    asked = {
        "catalog/index.md": "<!-- block: catalog -->",
        "learn/index.md": "<!-- block: topics -->",
    }
    html = {
        part.path: "".join(part.blocks.values())
        for part in build(bread, asked, "en")
        if isinstance(part, Page)
    }
    subjects = {
        path: set(re.findall(r'<u-progress subject="([^"]+)"', page)) for path, page in html.items()
    }
    assert subjects["catalog/index.md"] == {f"resource/{id}" for id in bread.resources}
    assert subjects["learn/index.md"] == {f"topic/{one.id}" for one in bread.topics}
    assert subjects["learn/kneading.md"] == {
        "topic/kneading", "snippet/dough/window_pane", "resource/on-gluten", "resource/rye-film",
    }  # fmt: skip
    assert subjects["snippets/dough/window_pane.md"] == {"snippet/dough/window_pane"}


def test_a_title_cannot_end_the_label_of_its_controls() -> None:
    evil = catalog(resource("evil", title='"><script>'))
    parts = build(evil, {"index.md": "<!-- block: catalog -->"}, "en")
    page = next(part for part in parts if isinstance(part, Page) and part.path == "index.md")
    assert 'label="&#34;&gt;&lt;script&gt;"' in page.blocks["catalog"]
