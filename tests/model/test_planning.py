"""The path rule, held to the table that its JavaScript twin reads too, and to its laws."""

from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import given

from tests.builders import read_catalog, resource_data, topic_data, words, write_catalog
from tests.roads import roads, statuses, topic_from, wish_from, wishes, written_path
from tools.model.address import address_key
from tools.model.link import LinkHealth, LinkMemory, Verdict
from tools.model.listed import Listed, ListedTopic, listed_topics
from tools.model.path import KNOWN, Path, Step, Wish
from tools.model.planning import plan
from tools.storage.yaml import read_yaml

CASES = read_yaml((File(__file__).parents[1] / "cases/path.yml").read_text(encoding="utf-8"))
TOPICS = [topic_from(case) for case in CASES["topics"]]


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["why"])
def test_a_path_is_as_the_table_says(case: dict[str, Any]) -> None:
    topics = [topic_from(one) for one in case["topics"]] if "topics" in case else TOPICS
    path = plan(topics, case.get("statuses", {}), wish_from(case.get("wish", {})))
    expected = case["path"]
    assert written_path(path) == expected
    order = [one.subject for step in path.steps for one in step.reading]
    assert order == [id for step in expected.get("steps", []) for id in step.get("reading", {})]


def found(path: Path, topics: list[ListedTopic]) -> list[tuple[Step, Listed, str]]:
    """Every chosen resource with its step, as its topic lists it."""
    by_id = {topic.id: {f"resource/{r.resource}": r for r in topic.reading} for topic in topics}
    return [
        (step, by_id[step.topic][one.subject], one.subject)
        for step in path.steps
        for one in step.reading
    ]


@given(roads(), statuses, wishes)
def test_what_a_topic_requires_comes_before_it_or_is_known(
    topics: list[ListedTopic], said: dict[str, str], wish: Wish
) -> None:
    path = plan(topics, said, wish)
    requires = {topic.id: topic.requires for topic in topics}
    met = {one.subject.removeprefix("topic/") for one in path.known}
    for step in path.steps:
        assert set(requires[step.topic]) <= met
        met.add(step.topic)
    if wish.goal in requires:
        assert wish.goal in met
        assert not path.steps or path.steps[-1].topic in met


@given(roads(), statuses, wishes)
def test_nothing_known_dropped_or_gone_is_in_a_path_and_all_fits_the_wish(
    topics: list[ListedTopic], said: dict[str, str], wish: Wish
) -> None:
    path = plan(topics, said, wish)
    for step, one, subject in found(path, topics):
        assert said.get(subject) not in (*KNOWN, "dropped")
        assert said.get(f"topic/{step.topic}") not in KNOWN
        assert one.link != "gone"
        assert not wish.languages or one.language in wish.languages
        assert not wish.kinds or one.kind in wish.kinds
        assert set(wish.reach) <= set(one.reach)
    snippets = [step.snippet.subject for step in path.steps if step.snippet]
    assert len(set(snippets)) == len(snippets)
    assert not any(said.get(subject) in (*KNOWN, "dropped") for subject in snippets)


@given(roads(), statuses, wishes)
def test_nothing_is_read_again_that_was_read_as_a_whole(
    topics: list[ListedTopic], said: dict[str, str], wish: Wish
) -> None:
    whole: set[str] = set()
    for _, one, subject in found(plan(topics, said, wish), topics):
        assert subject not in whole
        whole |= set() if one.part else {subject}


@given(roads(), statuses, wishes)
def test_a_step_tells_of_every_resource_why_it_is_in_or_out(
    topics: list[ListedTopic], said: dict[str, str], wish: Wish
) -> None:
    path = plan(topics, said, wish)
    listed = {t.id: [f"resource/{one.resource}" for one in t.reading] for t in topics}
    for step in path.steps:
        chosen = [one.subject for one in step.reading]
        out = [one.subject for one in step.left_out]
        assert sorted(chosen + out) == sorted(listed[step.topic])
        assert all(one.reasons for one in step.reading)
        assert chosen or "enough" not in [one.reason.code for one in step.left_out]
    assert path.minutes == sum(one.minutes or 0 for step in path.steps for one in step.reading)


@given(roads(), statuses, wishes)
def test_a_path_is_the_same_whenever_it_is_asked_for_and_has_its_weeks(
    topics: list[ListedTopic], said: dict[str, str], wish: Wish
) -> None:
    path = plan(topics, said, wish)
    assert plan(topics, dict(reversed(said.items())), wish) == path
    weeks = [step.week for step in path.steps]
    if wish.minutes_a_week is None:
        assert {*weeks, path.weeks} == {None}
    else:
        assert weeks == sorted(week for week in weeks if week)
        assert (path.weeks or 0) * wish.minutes_a_week >= path.minutes


def reading(*resources: str, **minutes: int) -> list[dict[str, Any]]:
    return [{"resource": r, "why": words(r)} | ({"minutes": minutes[r]} if r in minutes else {})
            for r in resources]  # fmt: skip


def test_the_catalog_gives_its_lists_with_parts_and_what_resources_are(tmp_path: File) -> None:
    resources = {
        "a": resource_data("a", language="zh-Hans", kind="book", minutes=300, reach=["islands"]),
        "b": resource_data("b", minutes=20),
        "c": resource_data("c"),
    }
    lists = reading("a", "b", "c", a=40)
    topics = [topic_data("dough", reading=lists, snippets=["mixing/fold"]),
              topic_data("baking", requires=["dough"])]  # fmt: skip
    made = listed_topics(read_catalog(write_catalog(tmp_path, resources, topics=topics)))
    assert made == (
        ListedTopic(
            id="dough",
            snippets=("mixing/fold",),
            reading=(
                Listed(resource="a", language="zh", kind="book", minutes=40, part=True,
                       reach=("islands",)),
                Listed(resource="b", language="en", kind="article", minutes=20),
                Listed(resource="c", language="en", kind="article"),
            ),
        ),
        ListedTopic(id="baking", requires=("dough",)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "archive", "link"),
    [
        ("ok", "", ""),
        ("dead", "", "gone"),
        ("soft-404", "", "gone"),
        ("drifted", "", "gone"),
        ("parked", "https://archive.example/b", "archived"),
        ("timeout", "", ""),
        ("login", "", ""),
    ],
)
def test_a_link_is_gone_where_its_page_will_not_come_back(
    tmp_path: File, verdict: Verdict, archive: str, link: str
) -> None:
    more = {"archive": archive} if archive else {}
    folder = write_catalog(
        tmp_path, {"b": resource_data("b", **more)}, topics=[topic_data(reading=reading("b")),
                                                              topic_data("baking")],
    )  # fmt: skip
    catalog = read_catalog(folder)
    key = address_key(catalog.resources["b"].url, catalog.address_rules)
    health = LinkHealth(url=key, verdict=verdict, since="2026-11-01")
    object.__setattr__(catalog, "links", LinkMemory({key: health}))
    assert listed_topics(catalog)[0].reading[0].link == link
