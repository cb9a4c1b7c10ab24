"""Probes: one address to ask instead of a page, and what its answer says of the link."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tools.linkcheck.answer import Answer
from tools.linkcheck.providers import PROVIDERS, provider_of
from tools.linkcheck.reply import reply_of
from tools.model.link import Link

TABLE = Path(__file__).parents[2] / "cases" / "probes.yml"
CASES: list[dict[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
LINKS = [(address, case["ask"]) for case in CASES for address in case["links"]]
ANSWERS = [(case["links"][0], said) for case in CASES for said in case["says"]]


def probe_of(address: str) -> str:
    provider = provider_of(Link(url=address))
    return provider.probe(Link(url=address)) if provider else ""


@pytest.mark.parametrize(("address", "ask"), LINKS)
def test_where_a_link_is_asked_about(address: str, ask: str) -> None:
    assert probe_of(address) == ask


@pytest.mark.parametrize(("address", "said"), ANSWERS)
def test_what_an_answer_says(address: str, said: dict[str, Any]) -> None:
    link = Link(url=address)
    provider = provider_of(link)
    assert provider is not None
    answer = Answer(address=provider.probe(link), status=said["status"], body=said["body"].encode())
    judgement = provider.judge(link, answer)
    assert (judgement and judgement.verdict) == said["verdict"]
    if judgement:
        assert judgement.final == address
        assert judgement.evidence[0].kind == "probe"
        assert [one.value for one in judgement.evidence if one.kind == "title"] == (
            [said["title"]] if "title" in said else []
        )


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: type(one).__name__)
def test_no_answer_at_all_leaves_it_to_the_page(provider: Any) -> None:
    failed = Answer(address="https://example.org/", failure="connect")
    assert provider.judge(Link(url="https://example.org/"), failed) is None


@given(body=st.binary(max_size=60), status=st.integers(100, 999))
def test_no_body_confuses_a_provider(body: bytes, status: int) -> None:
    answer = Answer(address="https://example.org/", status=status, body=b"{" + body)
    for provider in PROVIDERS:
        judgement = provider.judge(Link(url="https://example.org/"), answer)
        assert judgement is None or judgement.verdict in ("ok", "dead", "blocked")


@given(address=st.text(max_size=60))
def test_no_address_confuses_a_provider(address: str) -> None:
    assert probe_of(address) == ""
    probe = probe_of(f"https://youtu.be/{address}")
    assert probe == "" or probe.startswith("https://www.youtube.com/oembed?")


@pytest.mark.parametrize(
    "body", [b"{" * 100_000, b'{"a":' * 50_000, b"[1]", b"", b'{"a":1', b"{\xff}"]
)
def test_what_is_no_object_says_nothing(body: bytes) -> None:
    assert reply_of(Answer(address="https://example.org/", status=200, body=body)) == {}
    cut = Answer(address="https://example.org/", status=200, body=b'{"a":1}', cut=True)
    assert reply_of(cut) == {}
