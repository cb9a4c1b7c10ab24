"""The Path page: the whole road as it stands without scripts, and what scripts plan by."""

import json
from collections import Counter
from typing import Any

from tools.model.catalog import Catalog
from tools.model.listed import Listed, ListedTopic, listed_topics
from tools.model.path import Wish
from tools.model.planning import plan
from tools.model.resource import KINDS
from tools.model.words import SiteLanguage
from tools.pages.page import File, Html
from tools.pages.path_words import PathWords
from tools.pages.render import interface_words, render
from tools.pages.rows import Shelf

# The phrases that scripts say, by their name there.
_SCRIPT_WORDS = (
    "topic", "topics", "at-least", "hours", "minutes", "hours-minutes", "weeks", "weeks-one",
    "weeks-least", "unmeasured", "in-week", "aside", "none-fits", "none-listed", "left-out",
    "say", "say-failed", "copied", "selected",
)  # fmt: skip


def path_block(catalog: Catalog, language: SiteLanguage, root: str) -> Html:
    """The page below its header: the wishes to choose, and the path of a reader without any."""
    topics = listed_topics(catalog)
    languages = _languages(topics, language)
    shelf = Shelf(catalog, language, root)
    return render(
        "path.html",
        language,
        root=root,
        catalog=catalog,
        path=plan(topics, {}, Wish(languages=languages)),
        listed={topic.id: topic for topic in topics},
        rows={id: shelf.row(resource) for id, resource in catalog.resources.items()},
        snippets={snippet.id: snippet for snippet in catalog.snippets},
        why=_whys(catalog, language),
        words=PathWords(catalog, language),
        languages=languages,
        kinds=[kind for kind in KINDS if kind in {one.kind for t in topics for one in t.reading}],
        places=sorted({place for t in topics for one in t.reading for place in one.reach}),
        said=_script_words(language),
    )


def path_file(catalog: Catalog) -> File:
    """The facts of every reading list, as scripts read them; the same for both languages."""
    written = [compact(topic) for topic in listed_topics(catalog)]
    content = json.dumps(written, ensure_ascii=False, separators=(",", ":"))
    return File("path/path.json", content.encode())


def gists_file(catalog: Catalog, language: SiteLanguage) -> File:
    """Why each resource stands in its list: fetched for those that a wish brings into the path."""
    content = json.dumps(_whys(catalog, language), ensure_ascii=False, separators=(",", ":"))
    return File("path/gists.json", content.encode())


def _whys(catalog: Catalog, language: SiteLanguage) -> dict[str, dict[str, str]]:
    return {
        topic.id: {one.resource: one.why.to(language) for one in topic.reading}
        for topic in catalog.topics
    }


def compact(topic: ListedTopic) -> dict[str, Any]:
    """A topic with its reading list; what is empty is left out."""
    written = {
        "id": topic.id,
        "requires": topic.requires,
        "snippets": topic.snippets,
        "reading": [_compact_listed(one) for one in topic.reading],
    }
    return {key: value for key, value in written.items() if value}


def _compact_listed(one: Listed) -> dict[str, Any]:
    written = {
        "id": one.resource,
        "lang": one.language,
        "kind": one.kind,
        "minutes": one.minutes,
        "part": one.part,
        "reach": one.reach,
        "link": one.link,
    }
    return {key: value for key, value in written.items() if value}


def _languages(topics: tuple[ListedTopic, ...], own: SiteLanguage) -> tuple[str, ...]:
    """The languages of the reading lists: the page's own first, then those with most resources.

    None where there is nothing to choose.
    """
    counted = Counter(one.language for topic in topics for one in topic.reading)
    if len(counted) < 2:
        return ()
    return tuple(sorted(counted, key=lambda tag: (tag != own, -counted[tag], tag)))


def _script_words(language: SiteLanguage) -> dict[str, str]:
    words = interface_words()
    whys = [key.removeprefix("path-") for key in words if key.startswith("path-why-")]
    said = {key: words[f"path-{key}"].to(language) for key in (*_SCRIPT_WORDS, *whys)}
    return said | {"comma": words["row-list-comma"].to(language)}
