"""JSON Schemas of the catalog's files, derived from the model for editors and importers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.model.note import Note
from tools.model.question import Question
from tools.model.resource import Resource
from tools.model.site import Site
from tools.model.snippet import Snippet
from tools.model.topic import Topic
from tools.storage.files import write_whole
from tools.storage.shapes import reader_of

_SHAPES: dict[str, Any] = {
    "resource": Resource,
    "note": Note,
    "site": Site,
    "topics": tuple[Topic, ...],
    "questions": tuple[Question, ...],
    "snippets": tuple[Snippet, ...],
}
SCHEMAS = tuple(_SHAPES)
_NAMED_BY_FILE = ("resource", "note")


def schema_text(name: str) -> str:
    """The JSON Schema of one kind of file, as text; raises KeyError for an unknown name."""
    schema = reader_of(_SHAPES[name]).schema()
    if name in _NAMED_BY_FILE:
        schema["properties"].pop("id")
        schema["required"].remove("id")
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def schema_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every schema with the file it belongs in."""
    for name in SCHEMAS:
        yield folder / "schema" / f"{name}.schema.json", schema_text(name)


def write_schemas(folder: Path) -> list[Path]:
    """Write the schemas that differ from their files; the paths written."""
    written = []
    for path, text in schema_files(folder):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            write_whole(path, text)
            written.append(path)
    return written
