"""The JSON Schemas: what validate accepts they accept, and an unknown key they refuse too."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.builders import catalog_files, resource_data, write_catalog
from tools.storage.schema import SCHEMAS, schema_files, schema_text, write_schemas

OF_FILE = {
    "resources/sourdough.yml": "resource",
    "notes/shelf.yml": "note",
    "site.yml": "site",
    "topics.yml": "topics",
    "questions.yml": "questions",
    "snippets.yml": "snippets",
}


def validator(name: str) -> Draft202012Validator:
    schema = json.loads(schema_text(name))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize(("file", "name"), OF_FILE.items())
def test_a_sound_file_fits_and_an_unknown_key_does_not(file: str, name: str) -> None:
    data = catalog_files()[file]
    assert [*validator(name).iter_errors(data)] == []
    wrong: Any = [data[0] | {"x": 1}] if isinstance(data, list) else data | {"x": 1}
    assert not validator(name).is_valid(wrong)


@pytest.mark.parametrize(
    "fields",
    [{"level": "low"}, {"minutes": "9"}, {"id": "x"}, {"summary": {"en": "x"}},
     {"summary": {"en": "", "zh": ""}}, {"topics": "x"}, {"mentions": [{"rating": 5}]}],
    ids=str,
)  # fmt: skip
def test_a_wrong_resource_does_not_fit(fields: dict[str, Any]) -> None:
    assert not validator("resource").is_valid(resource_data() | fields)


def test_every_kind_of_file_has_its_schema(tmp_path: Path) -> None:
    assert set(OF_FILE.values()) == set(SCHEMAS)
    names = [path.name for path, _ in schema_files(tmp_path)]
    assert names == [f"{name}.schema.json" for name in SCHEMAS]


def test_only_schemas_that_changed_are_written(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path)
    assert len(write_schemas(folder)) == len(SCHEMAS)
    assert write_schemas(folder) == []
    changed = folder / "schema/note.schema.json"
    changed.write_text("{}")
    assert write_schemas(folder) == [changed]
    assert changed.read_text(encoding="utf-8") == schema_text("note")
