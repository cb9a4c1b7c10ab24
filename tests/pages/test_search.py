"""What the site's search finds beside the prose."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import read_catalog, resource_data, write_catalog
from tools.model.words import SiteLanguage
from tools.pages.search import (
    MOST_RESOURCES,
    SearchEntry,
    in_plain_letters,
    search_entries,
)


@pytest.mark.parametrize(
    ("language", "snippet", "question"),
    [("en", "mixing/fold in English · mixing/fold，中文",
      ("why-knead in English", "so in English")),
     ("zh", "mixing/fold，中文 · mixing/fold in English",
      ("why-knead，中文", "so，中文"))],
)  # fmt: skip
def test_resources_and_snippets_are_found_by_either_title_and_questions_by_their_words(
    language: SiteLanguage, snippet: str, question: tuple[str, str], tmp_path: Path
) -> None:
    resources = {
        "a": resource_data("a", titles={"zh": "面"}, authors=["Ann", "王一"]),
        "b": resource_data("b", titles={"zh": "All about b"}),
    }
    catalog = read_catalog(write_catalog(tmp_path, resources))
    first, *entries = search_entries(catalog, language)
    assert (first.page, first.anchor, first.text) == ("catalog/", "", "")
    assert entries == [
        SearchEntry("catalog/", "a", "All about a · 面", "Ann, 王一"),
        SearchEntry("catalog/", "b", "All about b", ""),
        SearchEntry("questions/", "why-knead", *question),
        SearchEntry("snippets/mixing/fold/", "", snippet, "mixing/fold"),
    ]


def test_a_large_catalog_is_left_to_its_own_search(tmp_path: Path) -> None:
    catalog = read_catalog(write_catalog(tmp_path))
    (one,) = catalog.resources.values()
    full = {f"r{n}": replace(one, id=f"r{n}") for n in range(MOST_RESOURCES)}
    found = [entry.anchor for entry in search_entries(replace(catalog, resources=full), "en")]
    assert found == ["", *full, "why-knead", ""]
    more = full | {"one-more": one}
    found = [entry.anchor for entry in search_entries(replace(catalog, resources=more), "en")]
    assert found == ["", "why-knead", ""]


def test_the_index_is_written_in_its_own_letters() -> None:
    assert (
        in_plain_letters('{"docs": [{"title": "\\u9762\\u200b"}]}')
        == '{"docs":[{"title":"面\u200b"}]}'
    )
