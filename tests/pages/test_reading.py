"""What to read about a topic."""

import re
from dataclasses import replace

import pytest
from shelves import catalog, resource, topic, words

from tools.model.topic import Reading
from tools.model.words import SiteLanguage
from tools.pages.reading import MOST_OTHERS, reading_block
from tools.pages.render import render


def block(*ids: str, listed: tuple[str, ...] = (), language: SiteLanguage = "en") -> str:
    bread = topic("bread", *listed)
    made = catalog(*(resource(id) for id in ids), topics=(bread,))
    return reading_block(made, bread, language, "../../")


def numbered(html: str) -> list[tuple[str, str]]:
    rows = re.findall(r'<tr><td class="num u-c-n">(\d*)</td>.*?catalog/#([\w-]+)"', html, re.DOTALL)
    return [(n, id) for n, id in rows]


def test_the_chosen_come_first_in_order_with_their_reason() -> None:
    html = block("apple", "crust", "dough", listed=("dough", "crust"))
    assert numbered(html) == [("1", "dough"), ("2", "crust"), ("", "apple")]
    assert "why dough in English" in html
    assert "summary apple in English" in html
    assert "summary dough" not in html


def test_a_line_divides_the_chosen_from_the_others() -> None:
    assert "Also on this topic" in block("apple", "crust", listed=("crust",))
    assert "Also on this topic" not in block("apple")
    assert "Also on this topic" not in block("crust", listed=("crust",))


def test_every_resource_leads_out_and_to_its_place_in_the_catalog() -> None:
    html = block("crust", language="zh")
    assert '<a class="u-title" lang="en" href="https://example.org/crust"' in html
    assert 'href="../../catalog/#crust"' in html


def test_a_topic_with_nothing_to_read_asks_for_help() -> None:
    html = block()
    assert "<table" not in html
    assert 'href="../../contribute/"' in html


@pytest.mark.parametrize(("language", "said"), [("en", "has 3 more"), ("zh", "还有3项")])
def test_a_topic_of_many_lists_the_first_and_leads_to_all_in_the_catalog(
    language: SiteLanguage, said: str
) -> None:
    ids = [f"r-{n:03}" for n in range(MOST_OTHERS + 4)]
    html = block(*ids, listed=("r-001",), language=language)
    shown = [id for _, id in numbered(html)]
    assert shown == ["r-001", "r-000", *ids[2 : MOST_OTHERS + 1]]
    assert said in html
    assert 'href="../../catalog/?topic=bread"' in html


def test_a_topic_of_few_lists_them_all() -> None:
    ids = [f"r-{n:03}" for n in range(MOST_OTHERS + 1)]
    html = block(*ids, listed=(ids[-1],))
    assert len(numbered(html)) == MOST_OTHERS + 1
    assert "?topic=" not in html


@pytest.mark.parametrize(
    ("whole", "part", "shown"),
    [
        (300, 40, '40′ <span class="u-of">of 300′</span></td>'),
        (None, 40, '<td class="num u-c-m">40′</td>'),
        (300, None, '<td class="num u-c-m">300′</td>'),
    ],
)
def test_a_part_shows_its_own_minutes_and_those_of_the_whole(
    whole: int | None, part: int | None, shown: str
) -> None:
    reading = Reading(resource="crust", why=words("why"), minutes=part)
    bread = replace(topic("bread"), reading=(reading,))
    made = catalog(resource("crust", minutes=whole), topics=(bread,))
    assert shown in reading_block(made, bread, "en", "../../")


def test_a_list_takes_the_minutes_of_the_parts_it_means() -> None:
    part = Reading(resource="crust", why=words("why"), minutes=40)
    bread = replace(
        topic("bread", "crumb", "oven"), reading=(part, *topic("", "crumb", "oven").reading)
    )
    made = catalog(
        resource("crust", minutes=300), resource("crumb", minutes=7), resource("oven"),
        resource("other", minutes=99), topics=(bread,),
    )  # fmt: skip
    assert made.minutes_to_read(bread) == 47
    facts = render("facts.html", "en", topic=bread, catalog=made, resources=[], root="")
    assert "the list takes about <b>47 min</b>" in facts
