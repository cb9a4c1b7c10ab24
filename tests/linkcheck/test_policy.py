"""Answers to verdicts where no sign has to look at the page, and tries to the verdict of a run."""

from typing import Any

import pytest

from tools.linkcheck.answer import Answer, Failure, Hop
from tools.linkcheck.policy import judge, judge_answer, wants_again
from tools.model.link import Evidence, EvidenceKind, Judgement, Link, Verdict

BREAD = "https://example.org/bread"
PAGE = b"<html><title>Bread</title><body>Flour, water, salt and time.</body></html>"


def answer(status: int | None = 200, body: bytes = PAGE, **said: Any) -> Answer:
    values: dict[str, Any] = {"headers": {"content-type": "text/html"}, "address": BREAD} | said
    return Answer(status=status, body=body, **values)


def verdict(given: Answer) -> Verdict:
    return judge_answer(Link(url=BREAD), given).verdict


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, "ok"), (204, "ok"), (206, "ok"),
        (401, "blocked"), (403, "blocked"), (406, "blocked"), (418, "blocked"), (451, "blocked"),
        (404, "dead"), (410, "dead"),
        (429, "rate-limited"), (503, "rate-limited"),
        (500, "error"), (502, "error"), (504, "error"), (300, "error"),
        (521, "blocked"), (999, "blocked"),
    ],
)  # fmt: skip
def test_a_status_alone(status: int, expected: Verdict) -> None:
    assert verdict(answer(status)) == expected


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        ("address", "dead"), ("name", "dead"), ("connect", "dead"), ("broken", "error"),
        ("deadline", "timeout"), ("tls", "tls"), ("private", "private"), ("hops", "loop"),
        ("proxy", "unknown"),
    ],
)  # fmt: skip
def test_a_failure_alone(failure: Failure, expected: Verdict) -> None:
    given = answer(None, b"", failure=failure, detail="why")
    judgement = judge_answer(Link(url=BREAD), given)
    assert judgement.verdict == expected
    assert judgement.evidence[0] == Evidence(kind="failure", value=f"{failure}: why")


def test_a_page_that_broke_off_is_there_as_browsers_show_it() -> None:
    assert verdict(answer(failure="broken")) == "ok"


def test_a_connection_torn_down_amid_a_page_is_an_error() -> None:
    assert verdict(answer(failure="broken", detail="reset")) == "error"


def test_a_page_that_broke_off_before_its_first_word_is_an_error() -> None:
    assert verdict(answer(body=b"", failure="broken")) == "error"


def test_the_chain_is_evidence_of_a_page_that_is_there() -> None:
    given = answer(hops=(Hop("https://example.org/old", 302),))
    judgement = judge_answer(Link(url="https://example.org/old"), given)
    chain = f"302 https://example.org/old → {BREAD}"
    assert (judgement.verdict, judgement.final) == ("ok", BREAD)
    assert judgement.evidence == (Evidence(kind="chain", value=chain),)


def said(*verdicts: Verdict) -> list[Judgement]:
    return [Judgement(verdict=verdict) for verdict in verdicts]


@pytest.mark.parametrize(
    ("tries", "expected"),
    [
        (("dead",), "dead"),
        (("error", "ok"), "ok"),
        (("blocked", "moved"), "moved"),
        (("error", "error", "error"), "error"),
        (("error", "timeout"), "timeout"),
        (("error", "dead"), "dead"),
        (("error", "blocked"), "unknown"),
        (("blocked", "dead"), "unknown"),
    ],
)
def test_what_a_run_makes_of_its_tries(tries: tuple[Verdict, ...], expected: Verdict) -> None:
    judgement = judge(said(*tries))
    assert judgement.verdict == expected
    if len({*tries}) > 1 and judgement.outcome != "alive":
        assert judgement.evidence[0] == Evidence(kind="tries", value=", ".join(tries))


@pytest.mark.parametrize(
    ("tries", "more"),
    [
        (("ok",), False),
        (("dead",), False),
        (("tls",), False),
        (("private",), False),
        (("soft-404",), False),
        (("blocked",), True),
        (("blocked", "blocked"), False),
        (("timeout",), True),
        (("timeout", "timeout"), False),
        (("error", "error"), True),
        (("error", "error", "error"), False),
        (("error", "ok"), False),
        (("error", "blocked"), True),
    ],
)
def test_how_often_a_link_is_tried(tries: tuple[Verdict, ...], more: bool) -> None:
    assert wants_again(said(*tries), answer()) is more


@pytest.mark.parametrize("kind", ["failure", "phrase", "probe"])
def test_what_may_fail_for_a_moment_is_tried_twice(kind: EvidenceKind) -> None:
    evidence = Evidence(kind=kind, value="…")
    dead = Judgement(verdict="dead", evidence=(evidence,))
    assert wants_again([dead], answer())
    assert not wants_again([dead, dead], answer())
