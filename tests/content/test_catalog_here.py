"""What this very catalog promises beyond the format; it leaves with the subject."""

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from tests.conftest import ROOT
from tools.cli import main
from tools.model.address import address_key
from tools.model.catalog import Catalog
from tools.storage.catalog import load_catalog
from tools.storage.schema import schema_files, schema_text
from tools.storage.yaml import read_yaml

FOLDER = ROOT / "catalog"
LOADED = load_catalog(FOLDER)
LISTS = ("site", "topics", "questions", "snippets")


@pytest.fixture
def catalog() -> Catalog:
    return LOADED.catalog


def test_it_has_no_problem() -> None:
    assert [str(problem) for problem in LOADED.problems] == []


def test_every_resource_file_is_in_order() -> None:
    result = CliRunner().invoke(main, ["--catalog", str(FOLDER), "fmt", "--check"])
    assert (result.exit_code, result.stderr) == (0, ""), result.output


@pytest.mark.parametrize("path", [path for path, _ in schema_files(FOLDER)], ids=lambda p: p.name)
def test_the_schemas_beside_it_are_those_of_the_model(path: Path) -> None:
    name = path.name.removesuffix(".schema.json")
    assert path.read_text(encoding="utf-8") == schema_text(name), "run `catalog schema --write`"


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("resource", "resources/*.yml"), ("note", "notes/*.yml"), *((n, f"{n}.yml") for n in LISTS)],
)
def test_the_schemas_accept_every_file(name: str, pattern: str) -> None:
    validator = Draft202012Validator(json.loads(schema_text(name)))
    paths = sorted(FOLDER.glob(pattern))
    assert paths
    for path in paths:
        data = read_yaml(path.read_text(encoding="utf-8"))
        assert [error.message for error in validator.iter_errors(data)] == [], path.name


def test_every_address_of_the_five_notes_became_a_resource(catalog: Catalog) -> None:
    ledger = [line for note in catalog.notes.values() for line in note.addresses]
    assert len(ledger) == 113
    assert len({line.url for line in ledger}) == 108
    assert {line.resource for line in ledger} == set(catalog.resources)
    assert len(catalog.resources) == 105
    assert catalog.drafts == ()


def test_every_address_of_the_notes_is_a_mention_too(catalog: Catalog) -> None:
    """A draft that was finished by hand could have lost what its note says."""
    mentioned = Counter(
        (mention.note, mention.line, resource.id)
        for resource in catalog.resources.values()
        for mention in resource.mentions
    )
    ledger = Counter(
        (note.id, line.line, line.resource)
        for note in catalog.notes.values()
        for line in note.addresses
    )
    assert mentioned == ledger


def test_the_only_tick_of_the_notes_is_the_owners_progress(catalog: Catalog) -> None:
    ticked = [r.id for r in catalog.resources.values() if any(m.read for m in r.mentions)]
    assert ticked == ["transformer-attention-jarodyv"]
    assert [event.fields.get("subject") for event in catalog.progress] == [
        "resource/transformer-attention-jarodyv"
    ]


def test_every_address_has_one_owner(catalog: Catalog) -> None:
    owners = Counter(
        key
        for resource in catalog.resources.values()
        for key in {address_key(address, catalog.address_rules) for address in resource.addresses}
    )
    assert [key for key, count in owners.items() if count > 1] == []


def test_every_address_of_a_note_leads_to_its_resource(catalog: Catalog) -> None:
    rules = catalog.address_rules
    for note in catalog.notes.values():
        assert note.addresses, note.id
        for line in note.addresses:
            resource = catalog.resources[line.resource]
            keys = {address_key(address, rules) for address in resource.addresses}
            assert address_key(line.url, rules) in keys, f"{note.id}:{line.line}"


def test_every_topic_has_something_to_read_and_every_resource_a_place(catalog: Catalog) -> None:
    for topic in catalog.topics:
        assert 3 <= len(topic.reading) <= 8, topic.id
        for reading in topic.reading:
            assert topic.id in catalog.resources[reading.resource].topics, reading.resource


def test_a_reading_list_speaks_every_language_its_topic_has(catalog: Catalog) -> None:
    for topic in catalog.topics:
        listed = {catalog.resources[reading.resource].language for reading in topic.reading}
        there = {r.language for r in catalog.resources.values() if topic.id in r.topics}
        assert listed == there, topic.id


def test_the_questions_that_the_notes_leave_open_are_answered(catalog: Catalog) -> None:
    left_open = {q.id: (q.note, q.line) for q in catalog.questions if q.note}
    for id in ("input-embedding", "masked-attention", "positional-encoding"):
        assert left_open[id] == ("transformer-table", 8)
    for question in catalog.questions:
        assert len(question.resources) >= 2, question.id
        for id in question.resources:
            assert question.id in catalog.resources[id].answers, (question.id, id)


def test_topics_stand_after_those_they_require(catalog: Catalog) -> None:
    seen: set[str] = set()
    for topic in catalog.topics:
        assert set(topic.requires) <= seen, topic.id
        seen.add(topic.id)
