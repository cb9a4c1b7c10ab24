"""A Markdown note read to its last address: marks at the right link, and nothing dropped."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from tools.exchange.importers.markdown import read_markdown
from tools.exchange.importers.read_note import FoundLink

BAKERY = (ROOT / "tests/fixtures/notes/bakery.md").read_text(encoding="utf-8")


def only(text: str) -> FoundLink:
    (link,) = read_markdown(text).links
    return link


def at(host_and_path: str) -> FoundLink:
    """The one link of the bakery note to that address."""
    (link,) = [n for n in read_markdown(BAKERY).links if n.url.endswith(f"//{host_and_path}")]
    return link


def test_a_note_is_named_by_its_front_matter_and_speaks_the_language_of_its_words() -> None:
    note = read_markdown(BAKERY)
    assert (note.title, note.language) == ("Notes on bread", "zh")
    assert read_markdown("# Title\n[a](https://长.example/很长很长)").language == "en"
    assert read_markdown("text\n\n# First\n\n## Second\nx").title == "First"


def test_every_address_of_the_bakery_note_is_there_once_and_in_order() -> None:
    links = read_markdown(BAKERY).links
    assert [link.line for link in links] == sorted(link.line for link in links)
    assert [link.url.split("//")[-1] for link in links] == [
        "front.example/matter", "bread.example/ferment/?utm_source=zh", "www.bread.example/gluten",
        "inner.example/one", "outer.example/two", "bare.example/a", "bracket.example/b",
        "bold.example/c", "bold.example/d", "plain.example/e", "task.example/done",
        "task.example/open", "plain.example/f", "plain.example/g", "table.example/1",
        "table.example/2", "table.example/3", "table.example/4", "table.example/5",
        "table.example/6", "table.example/7", "reference.example/o", "html.example/h",
        "image.example/i.png", "mailto:a@bread.example", "../other.md", "", "code.example/j",
        "block.example/k", "comment.example/l", "fence.example/m", "torn.example/n",
        "unused.example/p", "last.example/q",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("bread.example/ferment/?utm_source=zh", {"label": "发酵 | 基础篇", "highlight": True}),
        ("www.bread.example/gluten", {"label": "Gluten", "highlight": False, "line": 11}),
        ("inner.example/one", {"label": "套在一起"}),
        ("outer.example/two", {"label": "套在一起", "line": 12}),
        ("bare.example/a", {"label": "", "title": "裸地址"}),
        ("bracket.example/b", {"label": "", "title": ""}),
        ("bold.example/c", {"highlight": True, "rating": None}),
        ("bold.example/d", {"label": "里面粗", "highlight": True, "rating": 3}),
        ("plain.example/e", {"highlight": False, "rating": 3}),
        ("task.example/done", {"read": True}),
        ("task.example/open", {"read": False}),
        ("plain.example/f", {"label": "article", "title": "一行", "read": True, "line": 17}),
        ("plain.example/g", {"label": "link", "title": "下一行", "read": False, "line": 18}),
        (
            "table.example/1",
            {"label": "揉 | 面", "category": "中文博客", "rating": 4, "read": True},
        ),
        ("table.example/2", {"label": "", "category": "中文博客", "rating": None, "read": False}),
        ("table.example/3", {"category": "视频", "rating": None, "read": False}),
        ("table.example/4", {"rating": None}),
        ("table.example/5", {"line": 30, "section": "", "category": ""}),
        ("table.example/6", {"rating": 1}),
        ("table.example/7", {"rating": None, "category": "书"}),
        ("reference.example/o", {"label": "ref", "line": 35, "section": "Odd and ends"}),
        ("html.example/h", {"label": "in HTML"}),
        ("block.example/k", {"label": "a block", "line": 38}),
        ("torn.example/n", {"label": ""}),
        ("unused.example/p", {"label": "Never used", "line": 51}),
        ("last.example/q", {"label": "last", "line": 52}),
    ],
)
def test_marks_stand_at_the_link_they_were_made_for(address: str, expected: dict[str, Any]) -> None:
    link = at(address)
    assert {key: getattr(link, key) for key in expected} == expected
    assert (link.left_out, link.refused) == ("", "")


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("front.example/matter", "it stands in the front matter"),
        ("image.example/i.png", "a picture, nothing to read"),
        ("code.example/j", "it stands in code"),
        ("comment.example/l", "it stands in a comment"),
        ("fence.example/m", "it stands in code"),
    ],
)
def test_what_nobody_reads_is_told_and_left_out(address: str, why: str) -> None:
    assert (at(address).left_out, at(address).refused) == (why, "")


def test_odd_pieces_are_told_with_their_lines() -> None:
    assert [(piece.line, piece.message) for piece in read_markdown(BAKERY).odd] == [
        (20, "found nothing under the heading '空的一节'"),
        (28, "found an empty row"),
        (29, "found stars or a tick without an address"),
        (30, "found 'https://table.example/5' where Markdown shows no link; its addresses were "
             "read without their marks"),
        (30, "found 6 stars, expected one to five; none was taken"),
        (46, "found the brackets of a link that does not end"),
        (48, "found what looks torn off: 'tail/of/something.html)'"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("[a](../b.md)", "expected an http or https address"),
        ("[a](javascript:alert(1))", "expected an http or https address"),
        ("[a](ftp://a.example/b)", "expected an http or https address"),
        ("[a]()", "expected an http or https address"),
        (f"[a](https://a.example/{'x' * 2000})", "it has 2,018 characters, expected at most 2,000"),
    ],
)
def test_an_address_that_no_catalog_keeps_is_refused_with_the_reason(
    text: str, refused: str
) -> None:
    assert only(text).refused == refused


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("[a](https://a.example) *", 1),
        ("- [a](https://a.example) *****\n", 5),
        ("[a](https://a.example)★★", 2),
        ("[a](https://a.example) ⭐⭐⭐", 3),
        ("[a](https://a.example) ⭐\ufe0f⭐\ufe0f", 2),
        ("[a](https://a.example) ******", None),
        ("[a](https://a.example) 3 * 4", None),
        ("*** [a](https://a.example)", None),
        ("| a | b |\n|-|-|\n| [a](https://a.example) | ★★★★☆ |", 4),
    ],
)
def test_stars_are_counted_as_people_write_them(text: str, rating: int | None) -> None:
    assert only(text).rating == rating


def test_stars_at_the_link_count_before_those_of_its_row() -> None:
    assert only("| a | b |\n|-|-|\n| [a](https://a.example) ** | ***** |").rating == 2


def test_a_picture_in_a_row_takes_no_mark() -> None:
    row = "| a | b |\n|-|-|\n| ![p](https://a.example/p) [a](https://a.example/a) | *** |"
    assert [link.rating for link in read_markdown(row).links] == [None, 3]


def test_an_address_that_is_its_own_label_is_one() -> None:
    assert only("[https://a.example/b](https://a.example/b)").label == "https://a.example/b"


@pytest.mark.parametrize("text", ["---\nsee: 见{}。再看\n---\n", "`见{}，`", "```\n{}；\n```\n"])
def test_chinese_punctuation_ends_an_address_everywhere(text: str) -> None:
    assert only(text.format("https://a.example/b")).url == "https://a.example/b"


def test_a_passage_that_opens_more_than_it_closes_is_read_for_its_addresses_alone() -> None:
    note = read_markdown("[" * 101 + "\n[a](https://a.example/b) ***\n")
    assert [(link.url, link.rating) for link in note.links] == [("https://a.example/b", None)]
    assert "found an endless passage of 130 characters" in note.odd[0].message


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_count_alike(end: str) -> None:
    text = end.join(("# a", "", "- [b](https://b.example)", "- [c](https://c.example)"))
    assert [link.line for link in read_markdown(text).links] == [3, 4]


def test_a_heading_over_smaller_headings_is_not_empty() -> None:
    assert read_markdown("# a\n## b\n[c](https://c.example)\n").odd == ()
    assert [piece.line for piece in read_markdown("# a\n## b\n# c\nx\n").odd] == [2]


def test_control_signs_and_endless_labels_come_out_as_a_title_can_hold_them() -> None:
    assert only("[a\x07b\u202ec](https://a.example)").label == "abc"
    link = only(f"[{'x' * 400}](https://a.example)")
    assert (len(link.label), len(link.title)) == (300, 300)


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 200_000, "![[" * 60_000, "<!--" * 60_000, "[a](" * 60_000, "> - " * 60_000,
        "`a``" * 60_000, "**a*" * 60_000, "|a" * 9_000 + "\n" + "|-" * 9_000, "<a href='" * 30_000,
        "[[[[[[[[[[\n" * 20_000,
    ],
    ids=lambda text: text[:10],
)  # fmt: skip
def test_hostile_notes_lose_no_address_and_end(hostile: str) -> None:
    urls = [link.url for link in read_markdown(f"{hostile}\n\n[a](https://a.example/b)\n").links]
    assert urls[-1:] == ["https://a.example/b"]


def test_an_endless_line_still_gives_its_addresses() -> None:
    note = read_markdown("[" * 20_001 + " https://a.example/b")
    assert [link.url for link in note.links] == ["https://a.example/b"]
    assert any("found a line of 20,021 characters" in piece.message for piece in note.odd)


_SHAPES = st.sampled_from(
    [
        "[label](https://{0}.example/a)", "- [a | b](https://{0}.example/a) ***",
        "https://{0}.example/a", "<https://{0}.example/a>", "**[b](https://{0}.example/a)**",
        "| [a](https://{0}.example/a) | * |", "| x | y | https://{0}.example/a |",
        "[[x](https://{0}.example/a)](https://{0}.example/b)", "`https://{0}.example/a`",
        "[torn](https://{0}.example/a", "<a href='https://{0}.example/a'>x</a>",
        "<!-- https://{0}.example/a -->", "[{0}]: https://{0}.example/a", "    https://{0}.example/a",
        "> quoted https://{0}.example/a。", "```\nhttps://{0}.example/a\n```",
        "| a | b |\n|---|---|\n| [x | y](https://{0}.example/a) | z | w |", "## https://{0}.example/a",
        "![p](https://{0}.example/a)", "[![p](https://{0}.example/a)](https://{0}.example/b)",
        "[x](https://{0}.example/a \"title\")", "见https://{0}.example/a，也见https://{0}.example/b。",
        "text ]( ( [ **", "|---|---|", "", "---",
    ]
)  # fmt: skip


@given(st.lists(_SHAPES, max_size=8), st.sampled_from(["\n", "\n\n"]))
def test_no_address_is_ever_dropped(shapes: list[str], between: str) -> None:
    text = between.join(shape.format(f"h{n}") for n, shape in enumerate(shapes))
    wanted = {
        f"https://h{n}.example/{name}"
        for n, shape in enumerate(shapes)
        for name in "ab"
        if f"{{0}}.example/{name}" in shape
    }
    assert {link.url for link in read_markdown(text).links} >= wanted
