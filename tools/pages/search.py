"""What the site's search should find beside the prose: resources, questions and snippets."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from tools.model.catalog import Catalog
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.pages.render import interface_words

# Beyond this many, the index would weigh more than a page may; the catalog has a search of its own.
MOST_RESOURCES = 500


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """One thing to find: `page` and `anchor` are where it stands."""

    page: str
    anchor: str
    title: str
    text: str


def search_entries(catalog: Catalog, language: SiteLanguage) -> Iterator[SearchEntry]:
    """One entry a resource and a snippet, with titles in every language, and one a question.

    Summaries are left to the catalog's own search, code to the pages that show it: the index loads
    with the first page.
    """
    # The page itself comes first: the theme takes the first entry of an address for its page.
    title = interface_words()["tab-catalog"].to(language)
    yield SearchEntry("catalog/", "", title, "")
    if len(catalog.resources) <= MOST_RESOURCES:
        for resource in catalog.resources.values():
            titles = " · ".join(dict.fromkeys(resource.title_languages().values()))
            yield SearchEntry("catalog/", resource.id, titles, ", ".join(resource.authors))
    for question in catalog.questions:
        yield SearchEntry(
            "questions/", question.id, question.question.to(language), question.answer.to(language)
        )
    for snippet in catalog.snippets:
        titles = " · ".join(dict.fromkeys(snippet.title.to(said) for said in _own_first(language)))
        yield SearchEntry(f"snippets/{snippet.id}/", "", titles, snippet.id)


def _own_first(language: SiteLanguage) -> list[SiteLanguage]:
    return sorted(SITE_LANGUAGES, key=lambda one: one != language)


def in_plain_letters(index: str) -> str:
    """The index as JSON without escapes, which make Chinese a tenth heavier even when packed."""
    return json.dumps(json.loads(index), ensure_ascii=False, separators=(",", ":"))
