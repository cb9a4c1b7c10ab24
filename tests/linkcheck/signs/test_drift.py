"""Other pages than the catalog knows, by a table of titles; and how alike titles are."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linkcheck.signs.recorded import seen_of
from tools.linkcheck.signs.drift import drift
from tools.linkcheck.titles import closeness, coverage, is_shown, passage, plain, words_in
from tools.model.link import Link
from tools.storage.yaml import read_yaml

TABLE = Path(__file__).parents[2] / "cases/titles.yml"
CASES: list[dict[str, Any]] = read_yaml(TABLE.read_text(encoding="utf-8"))


def known(*titles: str, kind: str = "article", **said: Any) -> Link:
    return Link(url="https://example.org/a", titles=titles, kind=kind, **said)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['known']} = {case['shown']}")
def test_another_page_is_told_from_the_same_in_other_words(case: dict[str, Any]) -> None:
    titles = [case["known"]] if isinstance(case["known"], str) else case["known"]
    link = known(*titles, kind=case.get("kind", "article"), language=case.get("language", ""))
    text = case.get("text", "Home About Contact")
    assert (drift(seen_of(link, title=case["shown"], text=text)) is not None) is case["drifted"]


def test_it_says_what_stands_there_and_what_should() -> None:
    found = drift(seen_of(known("A Guide to RNNs", "RNN指南"), title="Shoes", text="Forty pairs."))
    assert found and found.verdict == "drifted"
    assert [(one.kind, one.value) for one in found.evidence] == [
        ("title", "Shoes"),
        ("expected", "A Guide to RNNs"),
    ]


@pytest.mark.parametrize(
    "said",
    [
        {"link": known("A Guide to RNNs", kind="code")},
        {"link": known()},
        {"title": ""},
        {"text": ""},
        {"scripts": 1},
        {"title": "Just a moment..."},
        {"more": "<p>A guide to RNNs</p>"},
        {"more": "<!-- A Guide to RNNs -->"},
        {"more": "<input name=p type='password'>"},
        {"title": "Untitled"},
        {
            "link": known("A Guide to RNNs", authors=("Jane Doe",)),
            "text": "Forty pairs by jane DOE",
        },
    ],
)
def test_it_does_not_judge_without_evidence(said: dict[str, Any]) -> None:
    page: dict[str, Any] = {"link": known("A Guide to RNNs"), "title": "Shoes", "text": "Pairs"}
    assert drift(seen_of(**page))
    assert drift(seen_of(**(page | said))) is None


def test_words_that_count() -> None:
    assert words_in("The Networks, and LSTM’s GRÜN") == ["network", "lstm", "grun"]
    assert words_in("注意力 RNN机") == ["注意", "意力", "rnn", "机"]
    assert words_in("To be or not") == ["not"]
    assert words_in("How to") == ["how", "to"]
    assert plain("機器學習 Ａ") == "机器学习 a"


def test_measures_of_likeness() -> None:
    assert closeness("LSTM networks", "LSTM networks - a blog") == 1
    assert closeness("LSTM networks", "") == closeness("", "x") == coverage("", ["x"]) == 0
    assert coverage("LSTM networks", ["network", "x"]) == 0.5
    far = ["lstm", *["x"] * 20, "network"]
    assert (passage("LSTM networks", far), passage("LSTM networks", far[-3:] + far[:1])) == (0.5, 1)
    assert is_shown("RNN", "The RNN") and not is_shown("RNN networks", "The RNN in general")
    assert passage("", ["x"]) == 0


TEXTS = st.text("abc 神经网络学習机", max_size=30)


@given(TEXTS, TEXTS)
def test_likeness_has_two_equal_sides_and_is_whole_for_equals(one: str, other: str) -> None:
    assert closeness(one, other) == closeness(other, one) <= 1
    assert closeness(one, one) == bool(words_in(one))
    assert passage(one, words_in(other)) <= coverage(one, words_in(other))
