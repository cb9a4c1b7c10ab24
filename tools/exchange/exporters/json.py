"""The catalog as a JSON list with one record a resource."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tools.model.catalog import Catalog
from tools.model.progress import statuses
from tools.model.resource import Resource

Record = dict[str, Any]


def to_json(catalog: Catalog) -> str:
    """All resources by id as `{id, url, alternates, title, …}`; see docs on data for the fields."""
    return json.dumps(list(records(catalog)), ensure_ascii=False, indent=1) + "\n"


def records(catalog: Catalog) -> Iterator[Record]:
    """What a program is told of each resource, by id."""
    done = statuses(catalog.progress, catalog.renamed)
    for id in sorted(catalog.resources):
        yield _record(catalog.resources[id], done)


def _record(resource: Resource, done: Mapping[str, str]) -> Record:
    return {
        "id": resource.id,
        "url": resource.url,
        "alternates": list(resource.aliases),
        "title": resource.title,
        "kind": resource.kind,
        "language": resource.language,
        "topics": list(resource.topics),
        "rating": resource.stars,
        "highlight": resource.highlighted,
        "progress": "done" if done.get(f"resource/{resource.id}") == "done" else None,
        "authors": list(resource.authors),
        "published": resource.published or None,
        "minutes": resource.minutes,
        "level": resource.level,
        "summary": {"en": resource.summary.en, "zh": resource.summary.zh},
    }
