"""The Markdown note as markdown-it reads it, with extensions that could take text for markup."""

from collections.abc import Iterator
from functools import cache

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from tests.exchange.conftest import one_line
from tools.exchange.exporters.markdown import escaped, to_markdown
from tools.model.catalog import Catalog
from tools.model.words import SITE_LANGUAGES, SiteLanguage

PLAIN = {"heading", "paragraph", "ordered_list", "bullet_list", "list_item", "inline"}
INLINE = {"text", "text_special", "link_open", "link_close"}


@cache
def engine(preset: str) -> MarkdownIt:
    markdown = MarkdownIt(preset)
    if preset == "gfm-like":
        for plugin in (attrs_plugin, attrs_block_plugin, deflist_plugin, dollarmath_plugin,
                       footnote_plugin, tasklists_plugin):  # fmt: skip
            markdown.use(plugin)
    return markdown


def tokens(catalog: Catalog, language: SiteLanguage, preset: str) -> list[Token]:
    return engine(preset).parse(to_markdown(catalog, language))


def texts(read: list[Token]) -> Iterator[str]:
    """Every heading, paragraph and line of a list, as its reader sees it."""
    for token in read:
        if token.type == "inline":
            yield "".join(part.content for part in token.children or [])


def links(read: list[Token]) -> Iterator[tuple[str, str]]:
    for token in read:
        parts = token.children or []
        for n, part in enumerate(parts):
            if part.type == "link_open":
                end = next(m for m in range(n, len(parts)) if parts[m].type == "link_close")
                shown = "".join(part.content for part in parts[n + 1 : end])
                yield str(part.attrs["href"]), shown


@pytest.mark.parametrize("preset", ["commonmark", "gfm-like"])
@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_nothing_in_the_catalog_is_markup(
    preset: str, language: SiteLanguage, hostile: Catalog
) -> None:
    read = tokens(hostile, language, preset)
    blocks = {token.type.removesuffix("_open").removesuffix("_close") for token in read}
    assert blocks <= PLAIN
    assert {part.type for token in read for part in token.children or []} <= INLINE
    assert {key for token in read for key in token.attrs} <= {"start"}


@pytest.mark.parametrize("preset", ["commonmark", "gfm-like"])
def test_every_address_is_a_link_with_its_title(preset: str, hostile: Catalog) -> None:
    as_written = engine(preset).normalizeLink
    assert list(links(tokens(hostile, "en", preset))) == [
        (as_written(resource.url), one_line(resource.title))
        for topic in hostile.topics
        for resource in hostile.resources_by_topic[topic.id]
    ]


@pytest.mark.parametrize("preset", ["commonmark", "gfm-like"])
def test_every_text_comes_out_as_its_own_characters(preset: str, hostile: Catalog) -> None:
    said = list(texts(tokens(hostile, "en", preset)))
    assert said[:2] == [one_line(hostile.site.name.en), one_line(hostile.site.tagline.en)]
    expected = []
    for topic in hostile.topics:
        text, (resource,) = one_line(topic.title.en), hostile.resources_by_topic[topic.id]
        authors = one_line(", ".join(resource.authors))
        expected += [text, text, f"{text} · {authors}", text, text]
    assert said[2:] == expected


def test_the_reading_list_comes_first_in_order_with_its_reasons(bread: Catalog) -> None:
    read = tokens(bread, "en", "commonmark")
    said = list(texts(read))
    gluten = said.index("On Gluten · Ada Baker · 2020-03 · 12′")
    assert said[gluten + 1 : gluten + 3] == [
        "Shows gluten under a lens.",
        "It says why before how.",
    ]
    assert said[gluten + 3] == "黑麦面包"
    lists = [token.type for token in read if token.level == 0 and token.type.endswith("list_open")]
    assert lists == ["ordered_list_open", "bullet_list_open", "ordered_list_open"]


def test_the_note_speaks_the_language_that_was_asked_for(bread: Catalog) -> None:
    note = to_markdown(bread, "zh")
    assert "# 发起来" in note
    assert "先讲为什么，再讲怎么做。" in note
    assert "It says why before how." not in note


def test_common_words_are_left_readable() -> None:
    for text in ("Self-attention, step by step (2.0)!", "循序：RNN“渐进”。", "Why? It's 3.5x"):
        assert escaped(text) == text
