"""What to read about a topic."""

import re

from shelves import catalog, resource, topic

from tools.model.words import SiteLanguage
from tools.pages.reading import reading_block


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
