"""The Atom feed as feedparser reads it, and as RFC 4287 demands it."""

import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from tests.builders import resource
from tests.exchange.conftest import golden, one_line
from tools.exchange.feed import MOST, atom
from tools.model.catalog import Catalog
from tools.model.words import SITE_LANGUAGES, SiteLanguage

BASE = "https://bread.example/school/"
ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def written(catalog: Catalog, language: SiteLanguage = "en", base: str = BASE) -> str:
    return atom(catalog, language, title="New resources · Risen", base=base)


def read(catalog: Catalog, language: SiteLanguage = "en", base: str = BASE) -> Any:
    found = feedparser.parse(written(catalog, language, base).encode())
    assert not found.bozo
    assert found.version == "atom10"
    return found


def of_days(*days: str, bread: Catalog) -> Catalog:
    """A catalog with one resource for each day, their ids in this order."""
    dough = replace(bread.topics[0], id="dough", reading=())
    resources = {f"r{n}": resource(f"r{n}", added=day) for n, day in enumerate(days)}
    read_backwards = dict(reversed(resources.items()))
    return Catalog(site=bread.site, topics=(dough,), resources=read_backwards)


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_the_whole_feed_is_as_it_should_be(language: SiteLanguage, bread: Catalog) -> None:
    base, folder = (f"{BASE}zh/", "zh/") if language == "zh" else (BASE, "")
    assert written(bread, language, base).encode() == golden(f"{folder}feed.xml")


def test_a_feed_reader_finds_all_that_there_is_to_know(bread: Catalog) -> None:
    feed = read(bread)
    assert feed.feed.title == "New resources · Risen"
    assert feed.feed.updated == "2026-11-20T00:00:00Z"
    assert [entry.title for entry in feed.entries] == ["On Gluten", "黑麦面包", "The Hot Box"]
    rye = feed.entries[1]
    assert rye.link == f"{BASE}catalog/#rye-film"
    assert {link.rel: link.href for link in rye.links}["related"] == "https://video.example/rye"
    assert rye.title_detail.language == "zh"
    assert rye.summary == "A baker works through a night."
    assert [(tag.term, tag.label) for tag in rye.tags] == [
        ("baking", "Baking"),
        ("kneading", "Kneading"),
    ]
    assert feed.entries[0].author == "Ada Baker"
    assert rye.updated == "2026-11-19T00:00:00Z"


def test_hostile_texts_come_out_as_their_own_characters(hostile: Catalog) -> None:
    for entry in read(hostile).entries:
        said = hostile.resources[entry.link.split("#")[1]]
        assert entry.title_detail.type == "text/plain"
        assert entry.title == entry.summary == one_line(said.title)
        assert [author.name for author in entry.authors] == [one_line(a) for a in said.authors]
        assert {link.rel: link.href for link in entry.links}["related"] == said.url


@pytest.mark.parametrize("language", SITE_LANGUAGES)
@pytest.mark.parametrize("base", [BASE, ""])
def test_the_feed_has_what_rfc_4287_demands(
    language: SiteLanguage, base: str, bread: Catalog, hostile: Catalog
) -> None:
    for catalog in (bread, hostile, Catalog(site=bread.site)):
        root = ElementTree.fromstring(written(catalog, language, base))
        assert root.tag == f"{ATOM}feed"
        assert len(root.findall(f"{ATOM}author/{ATOM}name")) == 1
        entries = root.findall(f"{ATOM}entry")
        for thing in (root, *entries):
            for name in ("id", "title", "updated"):
                assert [bool(one.text) for one in thing.findall(f"{ATOM}{name}")] == [True]
            assert MOMENT.fullmatch(thing.findtext(f"{ATOM}updated") or "")
            # Only one alternate of a type and language; without content an entry must have one.
            links = thing.findall(f"{ATOM}link")
            assert [link.get("rel") for link in links].count("alternate") == 1
            assert all(link.get("href") for link in links)
        ids = [thing.findtext(f"{ATOM}id") or "" for thing in (root, *entries)]
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", id) for id in ids)
        assert all(one.get("term") for one in root.iter(f"{ATOM}category"))


def test_ids_stay_when_the_site_moves_and_differ_between_languages(bread: Catalog) -> None:
    here, there = read(bread), read(bread, base="https://elsewhere.example/")
    ids = [here.feed.id, *(entry.id for entry in here.entries)]
    assert ids == [there.feed.id, *(entry.id for entry in there.entries)]
    chinese = read(bread, "zh")
    assert not {*ids} & {chinese.feed.id, *(entry.id for entry in chinese.entries)}


def test_the_newest_come_first_and_one_day_has_one_order(bread: Catalog) -> None:
    catalog = of_days("2026-01-02", "2026-03-01", "2026-01-02", "2025-12-31", bread=bread)
    ids = [entry.link.split("#")[1] for entry in read(catalog).entries]
    assert ids == ["r1", "r0", "r2", "r3"]


def test_a_feed_holds_only_the_last_ones(bread: Catalog) -> None:
    days = [f"{2000 + n}-01-01" for n in range(MOST + 5)]
    catalog = of_days(*days, bread=bread)
    years = [entry.updated[:4] for entry in read(catalog).entries]
    assert years == [str(2000 + n) for n in range(MOST + 4, 4, -1)]
    assert read(catalog).feed.updated.startswith(years[0])
