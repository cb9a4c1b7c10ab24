"""The plain report: a line a link that editors can follow, and what was seen below it."""

from dataclasses import replace

import pytest

from tests.linkcheck.report.runs import HOSTILE, checked, hostile_run, run, whole_run
from tools.linkcheck.report.order import to_tell
from tools.linkcheck.report.text import link_lines, to_text


def test_a_link_begins_with_its_place_and_has_its_evidence_below() -> None:
    link = checked("tls", "https://x.example/", ("failure", "tls"), suggest="https://y.example/",
                   where=(("a.yml", 2), ("b.md", 0)))  # fmt: skip
    assert list(link_lines(link, "en")) == [
        "a.yml:2: tls (bad certificate, not confirmed yet): https://x.example/",
        "    its certificate is not to be trusted",
        "    new address: https://y.example/",
        "    also at b.md",
    ]


def test_a_link_without_a_place_begins_with_its_verdict() -> None:
    assert list(link_lines(checked("dead", confirmed=True, where=()), "en")) == [
        "dead: https://x.example/a"
    ]


def test_the_end_says_how_the_run_went() -> None:
    report = replace(whole_run(), complete=False, offline=True)
    assert to_text(report, "en").splitlines()[-3:] == [
        "The run ended early: links that it did not reach are missing here.",
        "No host answered in the whole run. There seems to be no network here, so nothing is said "
        "of these links.",
        "20 links: 3 alive (1 moved), 5 to look at, 12 to fix (4 confirmed)",
    ]
    assert to_text(run(), "zh") == (
        "共0个链接：正常0个（已搬家0个），待查看0个，待修复0个（已确认0个）\n"
    )


@pytest.mark.parametrize(
    "text", [text for text in HOSTILE if text], ids=lambda text: ascii(text[:20])
)
def test_no_text_makes_lines_of_its_own(text: str) -> None:
    report = hostile_run(text)
    lines = to_text(report, "en").splitlines()
    assert len(lines) == len(to_text(hostile_run("x"), "en").splitlines())
    assert sum(not line.startswith("    ") for line in lines) == len(to_tell(report)) + 3
