"""Valid things of a small other subject, baking bread, each with whatever a test changes in it.

`catalog_files` and `write_catalog` give a whole catalog folder; `resource_data` one resource file.
A value `ABSENT` takes a key, or a file, away.
"""

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from tools.model.catalog import Catalog
from tools.model.resource import Resource
from tools.storage.catalog import load_catalog
from tools.storage.shapes import reader_of


class _Absent(Enum):
    ABSENT = "absent"


ABSENT = _Absent.ABSENT


def words(text: str) -> dict[str, str]:
    """The same said in English and in Chinese."""
    return {"en": f"{text} in English", "zh": f"{text}，中文"}


def resource_data(id: str = "sourdough", **changed: Any) -> dict[str, Any]:
    """What a resource file holds, its keys in the order of the format."""
    valid = {
        "title": f"All about {id}",
        "url": f"https://example.org/{id}",
        "kind": "article",
        "language": "en",
        "topics": ["dough"],
        "level": "beginner",
        "summary": words(id),
        "added": "2026-01-01",
    }
    return {key: value for key, value in (valid | changed).items() if value is not ABSENT}


def resource(id: str = "sourdough", **changed: Any) -> Resource:
    """The same as a value of the model."""
    read: Resource = reader_of(Resource).read({**resource_data(id, **changed), "id": id})
    return read


def topic_data(id: str = "dough", **changed: Any) -> dict[str, Any]:
    """One member of topics.yml."""
    valid = {"id": id, "era": "first", "title": words(id), "summary": words(f"of {id}")}
    return {key: value for key, value in (valid | changed).items() if value is not ABSENT}


def question_data(id: str = "why-knead", **changed: Any) -> dict[str, Any]:
    """One member of questions.yml."""
    valid = {"id": id, "question": words(id), "answer": words("so"), "topic": "dough"}
    return {key: value for key, value in (valid | changed).items() if value is not ABSENT}


def snippet_data(id: str = "mixing/fold", **changed: Any) -> dict[str, Any]:
    """One member of snippets.yml."""
    valid = {"id": id, "title": words(id), "summary": words("s"), "look": words("l"), "topics": []}
    return {key: value for key, value in (valid | changed).items() if value is not ABSENT}


def note_data(**changed: Any) -> dict[str, Any]:
    """What a note file holds."""
    return {"title": words("shelf"), "language": "zh", "marks": {}, "addresses": []} | changed


def site_data(**changed: Any) -> dict[str, Any]:
    """What site.yml holds."""
    valid = {
        "id": "bread",
        "name": {"en": "Bread", "zh": "面包"},
        "tagline": words("from flour to loaf"),
        "eras": [{"id": "first", "title": words("first")}],
        "frameworks": ["oven"],
        "twin_hosts": [["flour.example", "mehl.example"]],
        "tracking": ["baker"],
    }
    return {key: value for key, value in (valid | changed).items() if value is not ABSENT}


def catalog_files() -> dict[str, Any]:
    """A whole catalog by file name: one resource, two topics, one question, snippet and note."""
    return {
        "site.yml": site_data(),
        "topics.yml": [topic_data("dough"), topic_data("baking", requires=["dough"])],
        "questions.yml": [question_data()],
        "snippets.yml": [snippet_data()],
        "notes/shelf.yml": note_data(),
        "resources/sourdough.yml": resource_data(),
    }


def write_catalog(folder: Path, resources: Mapping[str, Any] | None = None, **files: Any) -> Path:
    """A catalog in `folder`, which is returned; `resources` by id replace the only one.

    `files` are named `topics` for topics.yml and so on, or by their whole name. Each is data to be
    written as YAML, or text or bytes to stand there as they are.
    """
    whole = catalog_files()
    if resources is not None:
        del whole["resources/sourdough.yml"]
        whole |= {f"resources/{id}.yml": data for id, data in resources.items()}
    whole |= {name if "." in name else f"{name}.yml": data for name, data in files.items()}
    for name, data in whole.items():
        if data is not ABSENT:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_content(data))
    return folder


def write_resource(folder: Path, id: str = "sourdough", **changed: Any) -> Path:
    """A catalog whose only resource is changed."""
    return write_catalog(folder, {id: resource_data(id, **changed)})


def read_catalog(folder: Path) -> Catalog:
    """The catalog of a folder that has no problem."""
    loaded = load_catalog(folder)
    assert loaded.problems == ()
    return loaded.catalog


def problems_of(folder: Path) -> list[str]:
    """Every problem of a catalog folder as people see it."""
    return [str(problem) for problem in load_catalog(folder).problems]


def as_yaml(data: Any) -> str:
    """Data as YAML text, one key a line, in the order given."""
    return yaml.dump(data, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100_000)


class _Plain(yaml.SafeDumper):
    """Writes what stands at two places twice, since the catalog knows no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _content(data: Any) -> bytes:
    if isinstance(data, bytes):
        return data
    return (data if isinstance(data, str) else as_yaml(data)).encode()
