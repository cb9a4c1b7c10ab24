"""The bookmark file as importers read it: as HTML, and line by line as Chromium does."""

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup

from tests.exchange.conftest import one_line
from tools.exchange.exporters.bookmarks import to_bookmarks
from tools.model.catalog import Catalog

# All that Chromium's importer turns back; any other reference would stay in a title as it is.
_REFERENCES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&"}
_LINK = re.compile(r'<DT><A HREF="([^"]*)" ADD_DATE="(\d+)" TAGS="([^"]*)">([^<>]*)</A>')
_FOLDER = re.compile(r"<DT><H3>([^<>]*)</H3>")


@dataclass
class Bookmark:
    folders: tuple[str, ...]
    url: str
    title: str
    added: int
    tags: list[str]


def plain(text: str) -> str:
    return re.sub("|".join(_REFERENCES), lambda found: _REFERENCES[found[0]], text)


def line_by_line(text: str) -> list[Bookmark]:
    """What a reader finds that knows no HTML, only how these lines begin."""
    path: list[str] = []
    found, named = [], ""
    for line in (line.strip() for line in text.split("\n")):
        if folder := _FOLDER.fullmatch(line):
            named = plain(folder[1])
        elif line.startswith("<DL>"):
            path.append(named)
        elif line.startswith("</DL>"):
            path.pop()
        elif link := _LINK.fullmatch(line):
            url, added, tags, title = link.groups()
            place = tuple(path[1:])
            found.append(Bookmark(place, plain(url), plain(title), int(added), tags.split(",")))
        else:
            assert not line.startswith("<DT>"), line
    assert path == []
    return found


def test_every_resource_stands_once_in_the_folder_of_its_main_topic(bread: Catalog) -> None:
    assert line_by_line(to_bookmarks(bread, "en")) == [
        Bookmark(("Risen", "Kneading"), "https://bread.example/gluten", "On Gluten", 1795132800,
                 ["kneading"]),
        Bookmark(("Risen", "Baking"), "https://books.example/hot-box", "The Hot Box", 1794960000,
                 ["baking"]),
        Bookmark(("Risen", "Baking"), "https://video.example/rye", "黑麦面包", 1795046400,
                 ["baking", "kneading"]),
    ]  # fmt: skip


def test_hostile_texts_come_out_as_their_own_characters(hostile: Catalog) -> None:
    resources = [hostile.resources_by_topic[topic.id][0] for topic in hostile.topics]
    expected = [
        (one_line(hostile.topic(one.topics[0]).title.en), one.url, one_line(one.title))
        for one in resources
    ]
    text = to_bookmarks(hostile, "en")
    found = [(one.folders[-1], one.url, one.title) for one in line_by_line(text)]
    assert found == expected
    soup = BeautifulSoup(text, "html.parser")
    assert [(a["href"], a.get_text()) for a in soup.find_all("a")] == [
        (url, title) for _, url, title in expected
    ]
    elements = {tag.name for tag in soup.find_all(True)}
    assert elements == {"meta", "title", "h1", "dl", "p", "dt", "h3", "a", "dd"}


def test_a_sentence_stands_below_each_bookmark(bread: Catalog) -> None:
    soup = BeautifulSoup(to_bookmarks(bread, "zh"), "html.parser")
    assert [dd.find(string=True).strip() for dd in soup.find_all("dd")] == [
        "把面筋放到镜头下看。",
        "十二章讲热、蒸汽与外皮。",
        "跟着面包师做一个通宵。",
    ]
    assert [h3.get_text() for h3 in soup.find_all("h3")] == ["发起来", "揉面", "烘烤"]


def test_a_browser_is_told_that_it_is_utf_8(bread: Catalog) -> None:
    kind, charset, *_ = to_bookmarks(bread, "en").split("\n")
    assert kind == "<!DOCTYPE NETSCAPE-Bookmark-file-1>"
    assert 'CONTENT="text/html; charset=UTF-8"' in charset
