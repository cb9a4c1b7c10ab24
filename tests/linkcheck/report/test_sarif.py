"""SARIF: valid for code scanning, each result at the line and the same one after it moved."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.linkcheck.report.runs import HOSTILE, checked, hostile_run, run, whole_run
from tools.linkcheck.report.order import to_tell
from tools.linkcheck.report.sarif import to_sarif
from tools.model.link import VERDICTS, CheckReport
from tools.model.words import SITE_LANGUAGES

SCHEMA = json.loads((Path(__file__).parent / "sarif.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
VALIDATOR.check_schema(SCHEMA)


def read(report: CheckReport) -> dict[str, Any]:
    """The one run of a report that is valid in both languages."""
    for language in SITE_LANGUAGES:
        VALIDATOR.validate(json.loads(to_sarif(report, language)))
    (found,) = json.loads(to_sarif(report, "en"))["runs"]
    return dict(found)


REPORTS = [run(), whole_run(), *map(hostile_run, HOSTILE)]


@pytest.mark.parametrize("report", REPORTS, ids=range(len(REPORTS)))
def test_every_result_names_a_rule_that_is_there(report: CheckReport) -> None:
    found = read(report)
    rules = found["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [verdict for verdict in VERDICTS if verdict != "ok"]
    assert len(found["results"]) == len(to_tell(report))
    for result in found["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


@pytest.mark.parametrize(
    ("verdict", "confirmed", "level"),
    [
        ("dead", True, "error"), ("dead", False, "warning"), ("blocked", True, "note"),
        ("unknown", False, "note"), ("moved", False, "note"),
    ],
)  # fmt: skip
def test_the_level_says_how_sure_it_is(verdict: str, confirmed: bool, level: str) -> None:
    (result,) = read(run(checked(verdict, confirmed=confirmed)))["results"]
    assert result["level"] == level


def test_a_result_stands_at_its_line_and_knows_its_other_places() -> None:
    where = (("docs/zh/长 a.md", 7), ("README.md", 0))
    link = checked("dead", "https://x.example/a", ("status", "404"), where=where)
    (result,) = read(run(link))["results"]
    places = [at["physicalLocation"] for at in result["locations"] + result["relatedLocations"]]
    assert [(at["artifactLocation"]["uri"], at["region"]["startLine"]) for at in places] == [
        ("docs/zh/%E9%95%BF%20a.md", 7), ("README.md", 1),
    ]  # fmt: skip
    assert result["message"]["text"] == "https://x.example/a: it answers with status 404"


def test_a_result_stays_the_same_where_only_its_line_moves() -> None:
    def print_of(url: str, line: int) -> object:
        (result,) = read(run(checked("dead", url, where=(("a.md", line),))))["results"]
        return result["partialFingerprints"]

    assert print_of("https://x.example/a", 1) == print_of("https://x.example/a", 9)
    assert print_of("https://x.example/a", 1) != print_of("https://x.example/b", 1)


def test_a_partial_run_was_no_success() -> None:
    partial = read(run(complete=False))["invocations"]
    assert (partial, read(run())["invocations"]) == (
        [{"executionSuccessful": False}], [{"executionSuccessful": True}],
    )  # fmt: skip


def test_a_title_makes_no_link_of_its_own() -> None:
    (result,) = read(run(checked("dead", "https://x", ("title", "[a](javascript:b)"))))["results"]
    assert "](" not in result["message"]["text"]


@given(st.text(max_size=20))
@settings(max_examples=15)
def test_any_text_gives_a_valid_report(text: str) -> None:
    read(hostile_run(text))


def test_the_schema_refuses_what_code_scanning_refuses() -> None:
    for path, value in (
        (("locations",), []), (("message",), {}), (("level",), "fatal"), (("extra",), 1),
        (("partialFingerprints",), {}), (("locations", 0, "physicalLocation", "region"), {}),
        (("locations", 0, "physicalLocation", "artifactLocation", "uri"), "a b.md"),
    ):  # fmt: skip
        report = json.loads(to_sarif(run(checked("dead")), "en"))
        at = report["runs"][0]["results"][0]
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value
        assert not VALIDATOR.is_valid(report)
