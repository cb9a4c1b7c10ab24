"""The query rule, held to the table that its JavaScript twin reads too."""

from pathlib import Path
from typing import Any

import pytest

from tools.model.catalog import Catalog
from tools.model.facts import Facts, facts_of, fold
from tools.model.query import counts, from_params, select, to_params
from tools.model.resource import Mention, Resource
from tools.model.site import Site
from tools.model.topic import Reading, Topic
from tools.model.words import Words
from tools.storage.yaml import read_yaml

CASES = read_yaml((Path(__file__).parents[1] / "cases" / "query.yml").read_text(encoding="utf-8"))


def facts_from(case: dict[str, Any], order: int) -> Facts:
    return Facts(
        id=case["id"],
        text=case["text"],
        title=case["title"],
        topics=tuple(case["topic"]),
        kind=case["kind"],
        language=case["lang"],
        level=case["level"],
        frameworks=tuple(case.get("with", ())),
        link=case["link"],
        minutes=case.get("minutes"),
        stars=case.get("stars"),
        marked=case.get("marked", False),
        published=case.get("published", ""),
        added=case["added"],
        order=order,
    )


FACTS = [facts_from(case, n) for n, case in enumerate(CASES["facts"])]


@pytest.mark.parametrize("case", CASES["fold"], ids=lambda case: case["text"])
def test_folding_leaves_one_spelling(case: dict[str, str]) -> None:
    assert fold(case["text"]) == case["folded"]


@pytest.mark.parametrize("case", CASES["select"], ids=lambda case: case["ask"])
def test_select_gives_the_ids_in_order(case: dict[str, Any]) -> None:
    assert list(select(FACTS, from_params(case["ask"]))) == case["ids"]


@pytest.mark.parametrize("case", CASES["counts"], ids=lambda case: case["ask"])
def test_counts_keep_what_other_facets_ask(case: dict[str, Any]) -> None:
    assert counts(FACTS, from_params(case["ask"])) == case["counts"]


@pytest.mark.parametrize("case", CASES["params"], ids=lambda case: case["ask"])
def test_an_address_is_written_one_way(case: dict[str, str]) -> None:
    written = to_params(from_params(case["ask"]))
    assert written == case["params"]
    assert from_params(written) == from_params(case["ask"])


@pytest.mark.parametrize(
    "ask", [case["ask"] for case in CASES["select"] if "kind" not in case["ask"]]
)
def test_a_count_is_what_choosing_the_value_would_leave(ask: str) -> None:
    for kind, count in counts(FACTS, from_params(ask))["kind"].items():
        assert len(select(FACTS, from_params(f"{ask}&kind={kind}"))) == count


def topic(id: str, *reading: str) -> Topic:
    why = Words(en="why", zh="为什么")
    listed = tuple(Reading(resource=resource, why=why) for resource in reading)
    words = Words(en=id, zh=id)
    return Topic(id=id, era="all", title=words, summary=words, reading=listed)


def resource(id: str, *topics: str, **more: Any) -> Resource:
    return Resource(
        id=id,
        title=more.pop("title", id.title()),
        url=f"https://example.org/{id}",
        kind="article",
        language=more.pop("language", "en"),
        topics=topics,
        level="beginner",
        summary=Words(en="A sum.", zh="一句话。"),
        added="2026-01-01",
        **more,
    )


def catalog(*resources: Resource, topics: tuple[Topic, ...]) -> Catalog:
    name = Words(en="Site", zh="站")
    return Catalog(
        site=Site(id="site", name=name, tagline=name, eras=()),
        topics=topics,
        resources={resource.id: resource for resource in resources},
    )


def test_reading_order_goes_topic_by_topic_with_the_lists_first() -> None:
    made = catalog(
        resource("about-b-and-a", "b", "a"),
        resource("zebra", "a"),
        resource("apple", "a"),
        resource("listed", "b"),
        resource("lost", "gone"),
        topics=(topic("a", "zebra"), topic("b", "listed")),
    )
    assert [fact.id for fact in facts_of(made)] == [
        "zebra", "apple", "listed", "about-b-and-a", "lost",
    ]  # fmt: skip
    assert [fact.order for fact in facts_of(made)] == [0, 1, 2, 3, 4]


def test_facts_hold_titles_authors_and_both_summaries_folded() -> None:
    said = Mention(note="n", rating=4, highlight=True)
    made = resource(
        "r", "a", title="Über RNNs", titles={"zh": "论ＲＮＮ"}, authors=("Zoë",),
        language="zh-Hans", mentions=(said, Mention(note="m", rating=2)),
    )  # fmt: skip
    (fact,) = facts_of(catalog(made, topics=(topic("a"),)))
    assert fact.text == "uber rnns\n论rnn\nzoe\na sum.\n一句话。"
    assert (fact.title, fact.language, fact.stars, fact.marked) == (
        "uber rnns",
        "zh",
        4,
        True,
    )
