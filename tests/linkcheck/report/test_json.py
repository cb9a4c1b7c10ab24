"""JSON and JSON Lines: the record that programs rely on, letter by letter."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linkcheck.report.runs import FINISHED, HOSTILE, STARTED, checked, run, whole_run
from tools.linkcheck.report.json import record, to_json
from tools.linkcheck.report.jsonl import record_line, to_jsonl


def test_a_record_has_just_these_keys() -> None:
    link = checked("moved", "https://x.example/a", ("chain", "301 a → b"), suggest="https://b",
                   where=(("a.md", 1), ("b.md", 0)))  # fmt: skip
    assert record(link) == {
        "url": "https://x.example/a",
        "verdict": "moved",
        "outcome": "alive",
        "confirmed": False,
        "suggest": "https://b",
        "final": "https://x.example/a",
        "evidence": [{"kind": "chain", "value": "301 a → b"}],
        "where": [{"path": "a.md", "line": 1}, {"path": "b.md", "line": 0}],
        "seconds": 0.25,
        "requests": 2,
        "bytes": 1024,
    }


def test_a_report_is_one_object_with_every_link_in_order() -> None:
    whole = json.loads(to_json(replace(whole_run(), complete=False)))
    assert list(whole) == ["complete", "started", "finished", "links"]
    assert (whole["complete"], whole["started"], whole["finished"]) == (False, STARTED, FINISHED)
    assert whole["links"] == [record(link) for link in whole_run().links]


def lines(text: str) -> list[Any]:
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def test_lines_hold_the_same_records() -> None:
    text = to_jsonl(whole_run())
    assert lines(text) == [record(link) for link in whole_run().links]
    assert text == "".join(map(record_line, whole_run().links))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_addresses_and_places_come_back_letter_by_letter(text: str) -> None:
    link = checked("dead", f"https://x.example/{text}", ("title", text), where=((text, 1),))
    ((back,), (same,)) = json.loads(to_json(run(link)))["links"], lines(record_line(link))
    whole = text.replace("\ud800", "\ufffd").replace("\udc00", "\ufffd")
    assert back == same
    assert (back["url"], back["where"][0]["path"]) == (f"https://x.example/{whole}", whole)
    assert len(back["evidence"][0]["value"]) <= 1_000


@given(st.text())
def test_any_text_is_one_line_of_json(text: str) -> None:
    assert len(lines(record_line(checked("ok", text, ("title", text), suggest=text)))) == 1
