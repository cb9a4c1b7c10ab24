"""The Progress page: the frame that scripts fill, and the titles they need for it."""

import json
from typing import Any

from tools.model.catalog import Catalog
from tools.model.resource import Resource
from tools.model.topic import Topic
from tools.model.words import SiteLanguage
from tools.pages.page import File, Html
from tools.pages.render import render, script_words
from tools.pages.rows import lang_tag

# The file of the list's author, who reads along; below the language's root.
AUTHOR_FILE = "data/progress.yml"


def progress_block(catalog: Catalog, language: SiteLanguage, root: str) -> Html:
    """The page below its header, empty of any reader's progress."""
    # "status-done" and its like, as the controls call them.
    statuses = {f"status-{key}": said for key, said in script_words("status-", language).items()}
    return render(
        "progress.html",
        language,
        root=root,
        author=AUTHOR_FILE if catalog.progress else "",
        said=script_words("dash-say-", language) | statuses,
        total=len(catalog.resources),
        topics=len(catalog.topics),
    )


def subjects_file(catalog: Catalog, language: SiteLanguage) -> File:
    """What everything a reader can mark is called, and what belongs to which topic."""
    written = {
        "topics": [_topic(catalog, topic, language) for topic in catalog.topics],
        "resources": {id: _resource(one, language) for id, one in catalog.resources.items()},
        "snippets": {one.id: one.title.to(language) for one in catalog.snippets},
    }
    content = json.dumps(written, ensure_ascii=False, separators=(",", ":"))
    return File("progress/subjects.json", content.encode())


def _topic(catalog: Catalog, topic: Topic, language: SiteLanguage) -> dict[str, Any]:
    """A topic with its resources; the first `reading` of them are its reading list."""
    chosen = {reading.resource for reading in topic.reading}
    resources = [one.id for one in catalog.resources_by_topic[topic.id]]
    return {
        "id": topic.id,
        "title": topic.title.to(language),
        "resources": resources,
        "reading": sum(id in chosen for id in resources),
        "snippets": topic.snippets,
    }


def _resource(resource: Resource, language: SiteLanguage) -> dict[str, Any]:
    own = resource.language == language
    said = {
        "title": resource.title,
        "lang": "" if own else lang_tag(resource.language),
        "minutes": resource.minutes,
    }
    return {key: value for key, value in said.items() if value}
