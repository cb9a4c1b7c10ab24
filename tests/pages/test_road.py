"""The drawn map: columns by what must come before, nothing overlapping, whatever the topics."""

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import read_catalog, resource_data, site_data, topic_data, words, write_catalog
from tools.model.catalog import Catalog
from tools.model.site import Era, Site
from tools.model.topic import Topic
from tools.model.words import SiteLanguage, Words
from tools.pages.road import BOX_HIGH, BOX_WIDE, columns_of, road_of

ERAS = (("first", "First"), ("second", "A second, longer heading"), ("third", "后来"))


def topic(id: str, *requires: str, era: str = "first") -> Topic:
    said = Words(en=id, zh=id)
    return Topic(id=id, era=era, title=said, summary=said, requires=requires)


def catalog(*topics: Topic) -> Catalog:
    eras = tuple(Era(id=id, title=Words(en=title, zh=title)) for id, title in ERAS)
    said = Words(en="x", zh="x")
    return Catalog(site=Site(id="x", name=said, tagline=said, eras=eras), topics=topics)


@pytest.mark.parametrize(
    ("topics", "columns"),
    [
        ((), []),
        ((topic("a"),), [["a"]]),
        ((topic("a"), topic("b"), topic("c", "a", "b")), [["a", "b"], ["c"]]),
        ((topic("a"), topic("b", "a"), topic("c", "a"), topic("d", "b", "c")),
         [["a"], ["b", "c"], ["d"]]),
        ((topic("c", "b"), topic("b", "a"), topic("a")), [["a"], ["b"], ["c"]]),
        ((topic("a"), topic("b", "a"), topic("c", "a", "b")), [["a"], ["b"], ["c"]]),
        ((topic("a", "b"), topic("b", "a")), [["a"], ["b"]]),
        ((topic("a", "a"),), [["a"]]),
        ((topic("a", "nothing"), topic("b", "a")), [["a"], ["b"]]),
    ],
)  # fmt: skip
def test_a_topic_stands_after_all_it_needs(
    topics: tuple[Topic, ...], columns: list[list[str]]
) -> None:
    assert [[one.id for one in column] for column in columns_of(topics)] == columns


def test_a_road_says_what_the_catalog_says(tmp_path: Path) -> None:
    folder = write_catalog(
        tmp_path,
        {id: resource_data(id) for id in ("a", "b")},
        site=site_data(eras=[{"id": id, "title": words(id)} for id in ("first", "empty", "last")]),
        topics=[
            topic_data("dough", short={"en": "Dough", "zh": "面"}),
            topic_data("baking", requires=["dough"], era="last"),
        ],
    )
    road = road_of(read_catalog(folder), "zh")
    assert [(stop.topic.id, stop.label, stop.count) for stop in road.stops] == [
        ("dough", "面", 2), ("baking", "baking，中文", 0),
    ]  # fmt: skip
    assert [heading.text for heading in road.headings] == ["first，中文", "last，中文"]
    assert [(stretch.title, [one.id for one in stretch.topics]) for stretch in road.stretches] == [
        ("first，中文", ["dough"]), ("last，中文", ["baking"]),
    ]  # fmt: skip
    assert len(road.lines) == 1


def test_no_topics_make_an_empty_road() -> None:
    road = road_of(catalog(), "en")
    assert (road.stops, road.lines, road.headings, road.stretches) == ((), (), (), ())
    assert min(road.width, road.height) > 0


@st.composite
def catalogs(draw: Any) -> Catalog:
    """Topics in order, each needing some before it, eras one after the other."""
    count = draw(st.integers(1, 12))
    eras = sorted(draw(st.lists(st.integers(0, 2), min_size=count, max_size=count)))
    topics = []
    for n in range(count):
        before = [f"t{m}" for m in range(n)]
        needs = draw(st.lists(st.sampled_from(before), max_size=3, unique=True)) if before else []
        topics.append(topic(f"t{n}", *needs, era=ERAS[eras[n]][0]))
    return catalog(*topics)


@given(catalogs(), st.sampled_from(["en", "zh"]))
def test_boxes_stand_apart_inside_the_drawing_and_lines_go_forward(
    drawn: Catalog, language: SiteLanguage
) -> None:
    road = road_of(drawn, language)
    place = {stop.topic.id: stop for stop in road.stops}
    assert sorted(place) == sorted(one.id for one in drawn.topics)
    for stop in road.stops:
        assert 0 <= stop.x <= road.width - BOX_WIDE
        assert 0 < stop.y <= road.height - BOX_HIGH
        for needed in stop.topic.requires:
            assert place[needed].x + BOX_WIDE < stop.x
    for one, other in combinations(road.stops, 2):
        assert abs(one.x - other.x) >= BOX_WIDE or abs(one.y - other.y) > BOX_HIGH
    assert len(road.lines) == sum(len(one.requires) for one in drawn.topics)
