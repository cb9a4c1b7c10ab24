"""The outline as listparser and an XML parser read it."""

from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import listparser

from tests.exchange.conftest import one_line
from tools.exchange.exporters.opml import to_opml
from tools.model.catalog import Catalog


def test_listparser_finds_every_link_under_its_topics(bread: Catalog) -> None:
    # It calls whatever has `type="link"` a list, and looks for feeds only in `xmlUrl`.
    read = listparser.parse(to_opml(bread, "en"))
    assert not read.bozo
    assert (read.version, read.meta.title) == ("opml2", "Risen")
    assert read.feeds == []
    found = {one.url: (one.title, one.categories) for one in read.lists}
    assert found == {
        "https://bread.example/gluten": ("On Gluten", [["Kneading"]]),
        "https://video.example/rye": ("黑麦面包", [["Kneading"], ["Baking"]]),
        "https://books.example/hot-box": ("The Hot Box", [["Baking"]]),
    }


def test_hostile_texts_come_out_as_their_own_characters(hostile: Catalog) -> None:
    read = listparser.parse(to_opml(hostile, "en"))
    assert not read.bozo
    assert {one.url: one.title for one in read.lists} == {
        resource.url: one_line(resource.title) for resource in hostile.resources.values()
    }


def test_every_line_has_what_opml_asks_of_it(hostile: Catalog) -> None:
    root = ElementTree.fromstring(to_opml(hostile, "zh"))
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert [child.tag for child in root] == ["head", "body"]
    topics = root.findall("body/outline")
    assert [line.get("text") for line in topics] == [one_line(t.title.zh) for t in hostile.topics]
    for line in root.iterfind("body/outline/outline"):
        assert set(line.attrib) == {"type", "text", "url", "language", "created"}
        assert (line.get("type"), line.get("language")) == ("link", "en")
        created = parsedate_to_datetime(line.get("created") or "")
        assert created.isoformat() == "2026-01-01T00:00:00+00:00"


def test_the_topics_speak_the_language_that_was_asked_for(bread: Catalog) -> None:
    root = ElementTree.fromstring(to_opml(bread, "zh"))
    assert root.findtext("head/title") == "发起来"
    assert [line.get("text") for line in root.iterfind("body/outline")] == ["揉面", "烘烤"]
