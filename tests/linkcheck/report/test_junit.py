"""JUnit XML: valid for its readers, with numbers that agree with the test cases."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.linkcheck.report.runs import HOSTILE, checked, hostile_run, run, whole_run
from tools.linkcheck.report.junit import to_junit
from tools.model.link import CheckReport

SCHEMA = xmlschema.XMLSchema(Path(__file__).parent / "junit.xsd")


def suite(report: CheckReport) -> ElementTree.Element:
    """The one suite of a report that is valid."""
    text = to_junit(report, "en")
    SCHEMA.validate(text)
    (found,) = ElementTree.fromstring(text)
    return found


REPORTS = [run(), whole_run(), *map(hostile_run, HOSTILE)]


@pytest.mark.parametrize("report", REPORTS, ids=range(len(REPORTS)))
def test_numbers_are_those_of_the_cases(report: CheckReport) -> None:
    found = suite(report)
    cases = found.findall("testcase")
    assert len(cases) == len(report.links)
    for attribute, tag in (("failures", "failure"), ("skipped", "skipped"), ("errors", "error")):
        assert int(found.attrib[attribute]) == len(found.findall(f"testcase/{tag}"))
    assert int(found.attrib["tests"]) == len(cases)


@pytest.mark.parametrize(
    ("verdict", "confirmed", "tag"),
    [
        ("ok", False, None), ("moved", False, None), ("dead", True, "failure"),
        ("dead", False, "skipped"), ("blocked", True, "skipped"), ("unknown", False, "skipped"),
    ],
)  # fmt: skip
def test_a_link_fails_passes_or_is_open(verdict: str, confirmed: bool, tag: str | None) -> None:
    (case,) = suite(run(checked(verdict, confirmed=confirmed))).findall("testcase")
    assert [child.tag for child in case] == ([tag] if tag else [])


def test_a_failure_names_place_address_and_what_was_seen() -> None:
    link = checked("dead", "https://x.example/<&>", ("title", "]]> <b>"), confirmed=True)
    (case,) = suite(run(link)).findall("testcase")
    assert case.attrib == {
        "classname": "catalog/resources/a.yml:2", "name": "https://x.example/<&>", "time": "0.250",
    }  # fmt: skip
    (failure,) = case
    assert failure.attrib == {"type": "dead", "message": "dead"}
    assert failure.text == (
        "catalog/resources/a.yml:2: https://x.example/<&>\nthe page is called “]]> <b>”"
    )


def test_the_moment_has_no_zone_and_a_partial_run_says_so() -> None:
    found = suite(replace(whole_run(), complete=False, started="2026-11-20T03:00:00.5Z"))
    assert found.attrib["timestamp"] == "2026-11-20T03:00:00"
    (complete,) = found.findall("properties/property")
    assert complete.attrib == {"name": "complete", "value": "false"}
    assert (found.findtext("system-out") or "").startswith("The run ended early")


@given(st.text(max_size=20))
@settings(max_examples=15)
def test_any_text_gives_valid_xml(text: str) -> None:
    suite(hostile_run(text))


def test_the_schema_refuses_what_readers_refuse() -> None:
    valid = to_junit(run(checked("dead", confirmed=True)), "en")
    for right, wrong in (
        (' type="dead"', ""), (' hostname="localhost"', ""), ('03:00:00"', '03:00:00Z"'),
        ("<system-err />", ""), (' name="https://x.example/a"', ' name=""'),
        ("<testcase ", '<testcase file="a" '),
    ):  # fmt: skip
        assert right in valid
        assert not SCHEMA.is_valid(valid.replace(right, wrong))
