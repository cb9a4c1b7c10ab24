"""The issue form on GitHub asks what `catalog add --from-form` reads, in this catalog's words."""

import re
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tools.exchange.issue_form.questions import QUESTIONS
from tools.exchange.issue_form.read import Vocabulary, read_form
from tools.exchange.issue_form.values import ACCESS
from tools.model.resource import KINDS, LEVELS
from tools.storage.catalog import load_catalog

FOLDER = ROOT / ".github/ISSUE_TEMPLATE"
FORM: dict[str, Any] = yaml.safe_load((FOLDER / "resource.yml").read_text(encoding="utf-8"))
ASKED: dict[str, dict[str, Any]] = {part["id"]: part for part in FORM["body"] if "id" in part}
CATALOG = load_catalog(ROOT / "catalog").catalog

# What GitHub accepts, by its form schema: the attributes of each type, those it needs in capitals.
ATTRIBUTES = {
    "markdown": {"VALUE"},
    "input": {"LABEL", "description", "placeholder", "value"},
    "textarea": {"LABEL", "description", "placeholder", "value", "render"},
    "dropdown": {"LABEL", "description", "multiple", "OPTIONS", "default"},
    "checkboxes": {"LABEL", "description", "OPTIONS"},
}


def options(id: str) -> list[Any]:
    found: list[Any] = ASKED[id]["attributes"]["options"]
    return found


def test_its_questions_are_those_that_are_read() -> None:
    labels = {id: part["attributes"]["label"] for id, part in ASKED.items()}
    assert list(labels.items()) == [(question.id, question.label) for question in QUESTIONS]


def test_only_address_and_reason_are_required() -> None:
    required = [id for id, part in ASKED.items() if part.get("validations") == {"required": True}]
    assert required == ["address", "why"]
    assert [part["id"] for part in FORM["body"] if "validations" in part] == required


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("kind", KINDS),
        ("level", LEVELS),
        ("access", ACCESS),
        ("topics", tuple(CATALOG.topics_by_id)),
        ("frameworks", CATALOG.site.frameworks),
    ],
)
def test_its_options_are_the_words_of_model_and_catalog(id: str, words: tuple[str, ...]) -> None:
    assert tuple(options(id)) == words


@pytest.mark.parametrize("id", [id for id, part in ASKED.items() if part["type"] == "dropdown"])
def test_every_option_can_be_answered(id: str) -> None:
    vocabulary = Vocabulary(tuple(CATALOG.topics_by_id), CATALOG.site.frameworks)
    label = ASKED[id]["attributes"]["label"]
    for option in options(id):
        form = read_form(f"### {label}\n\n{option}\n", vocabulary)
        assert (list(form.values), form.faults) == ([id], ())


def test_it_is_a_form_by_the_schema_of_github() -> None:
    assert set(FORM) <= {"name", "description", "title", "labels", "assignees", "body"}
    assert all(isinstance(FORM[key], str) and FORM[key].strip() for key in ("name", "description"))
    for part in FORM["body"]:
        assert set(part) <= {"type", "id", "attributes", "validations"}
        known = ATTRIBUTES[part["type"]]
        needed = {name.lower() for name in known if name.isupper()}
        assert needed <= set(part["attributes"]) <= {name.lower() for name in known}
        assert re.fullmatch(r"[A-Za-z0-9_-]+", part.get("id", "markdown"))
        for text in part["attributes"].values():
            assert not isinstance(text, str) or text.strip()
    ids = [part["id"] for part in FORM["body"] if "id" in part]
    assert len(set(ids)) == len(ids)
    # GitHub refuses labels that are alike once all but Latin letters and digits are gone.
    labels = [re.sub(r"[^a-z0-9]+", "-", part["attributes"]["label"].lower()) for part in
              ASKED.values()]  # fmt: skip
    assert len(set(labels)) == len(labels)


def test_its_options_are_distinct_text() -> None:
    for part in ASKED.values():
        if part["type"] in ("dropdown", "checkboxes"):
            said = [one["label"] if isinstance(one, dict) else one for one in
                    part["attributes"]["options"]]  # fmt: skip
            assert all(isinstance(one, str) and one.lower() not in ("none", "") for one in said)
            assert len(set(said)) == len(said)


def test_blank_issues_stay_possible() -> None:
    config = yaml.safe_load((FOLDER / "config.yml").read_text(encoding="utf-8"))
    assert config == {"blank_issues_enabled": True}
