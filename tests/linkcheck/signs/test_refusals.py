"""Refusals are to be looked at, never broken; a page that only sounds like one is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linkcheck.signs.refused import Case, cases, seen_of, signs_of
from tools.linkcheck.signs.challenges import REFUSING
from tools.linkcheck.signs.refusals import refusal


@pytest.mark.parametrize("case", cases(), ids=str)
def test_recorded_answers(case: Case) -> None:
    said = signs_of(case.seen)
    first = next(iter(said.values()), None)
    assert (first.verdict if first else "ok") == case.verdict, said
    assert (first.evidence[0].kind if first else "") == case.kind
    assert first is None or first.evidence[0].value


@given(status=st.sampled_from(sorted(REFUSING)), body=st.text(max_size=200))
def test_a_status_that_refuses_is_never_broken(status: int, body: str) -> None:
    judgement = refusal(seen_of("https://example.org/a", body, status))
    assert judgement is not None
    assert judgement.verdict == "blocked"


@given(words=st.lists(st.sampled_from(["captcha", "denied", "频繁", "robot", "dough"]), min_size=1))
def test_no_long_page_is_a_refusal_whatever_it_says(words: list[str]) -> None:
    body = f"<title>{' '.join(words)}</title><p>{' '.join(words)}</p>"
    assert refusal(seen_of("https://example.org/a", body, more=900)) is None


def test_a_status_comes_with_what_the_page_said() -> None:
    judgement = refusal(seen_of("https://example.org/a", "<title>Just a moment...</title>", 403))
    assert judgement is not None
    assert [(one.kind, one.value) for one in judgement.evidence] == [
        ("status", "403"),
        ("title", "Just a moment..."),
    ]


def test_a_long_answer_in_json_is_the_resource_itself() -> None:
    said = '{"message":"captcha required","weights":[' + "1," * 2000 + "1]}"
    headers = {"content-type": "application/json"}
    assert refusal(seen_of("https://example.org/a", said, headers=headers)) is None
    short = '{"message":"captcha required"}'
    assert refusal(seen_of("https://example.org/a", short, headers=headers)) is not None
