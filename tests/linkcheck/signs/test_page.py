"""What a reader sees of a page, and that no page takes more time than its length is worth."""

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linkcheck.signs.recorded import page_answer
from tools.linkcheck.markup import attributes_of, markup_of, tags_of, words_of
from tools.linkcheck.page import PageView, is_html, read_page, width


def page(body: str | bytes, content_type: str = "text/html; charset=utf-8") -> PageView:
    return read_page(page_answer(body, content_type))


def test_titles_come_in_order_without_doubles_and_unescaped() -> None:
    seen = page(
        "<title>\n A &amp;  B </title><meta property=og:title content='C &lt;b&gt;'>"
        "<meta name=citation_title content='A &amp; B'><h1><img></h1><h1 class=x>D <b>E</b>F</h1>"
    )
    assert seen.titles == ("A & B", "C", "D EF")
    assert seen.title == "A & B"
    assert page("<p>no name").title == ""


def test_what_stands_aside_is_not_seen() -> None:
    seen = page(
        "<!-- <title>no</title> --><svg><title>no</title></svg><title>yes</title>"
        "<style>no</style><script>'<p>no</p>'</script><template>no</template>"
        "<textarea>no</textarea><noscript>no</noscript><p>one<br>two <i>th</i>ree&nbsp;four</p>"
        "<div style='color:red; display: none'>no</div><p hidden>no</p><p data-a='>'>five</p>"
    )
    assert seen.titles == ("yes",)
    assert seen.text == "one two three four five"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a <b c>d", "a d"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<p class='[&>p]:m'>x", "x"),
        ("<p title='it's'>x</p>", "x"),
        ('<img alt="5" monitor">x', "x"),
        ("x<!-- never ends", "x"),
        ("x<script>never ends", "x"),
        ("x<svg>never ends", "x never ends"),
        ("x<svg/>y", "x y"),
        ("<a b", "<a b"),
        ("soft\u00adhy\u200bphen", "softhyphen"),
    ],
)
def test_broken_markup_is_read_as_browsers_read_it(markup: str, text: str) -> None:
    assert page(markup).text == text


def test_names_of_parts_are_ids_and_named_anchors() -> None:
    seen = page(
        """<p id=a>x</p><P ID="b c">x<a href=x name='d&amp;'>x</a><input name=no>
        <!-- <p id=no> --><a data-name=no id = e>"""
    )
    assert seen.ids == {"a", "b c", "d&", "e"}


@pytest.mark.parametrize(
    ("meta", "target"),
    [
        ("0; url=/b", "https://example.org/b"),
        ("5;URL='c.html'", "https://example.org/a/c.html"),
        ("0;http://other.example/", "http://other.example/"),
        ("11; url=/b", ""),
        ("300", ""),
        ("0; url=/a/b", ""),
        ("0; url=#part", ""),
        ("0; url=javascript:alert(1)", ""),
        ("0; url=http://[", ""),
        ("soon; url=/b", ""),
    ],
)
def test_a_refresh_counts_if_it_leads_away_and_soon(meta: str, target: str) -> None:
    assert page(f'<meta http-equiv="Refresh" content="{meta}">').refresh == target
    assert page(f'<noscript><meta http-equiv=refresh content="{meta}"></noscript>').refresh == ""


def test_a_refresh_starts_from_the_base() -> None:
    body = "<base href='/x/'><meta http-equiv=refresh content='0; url=y'>"
    assert page(body).refresh == "https://example.org/x/y"


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<title>循环</title>".encode(), ""),
        ("<title>循环</title>".encode("gbk"), "; charset=GBK"),
        ("<meta charset=gb2312><title>循环</title>".encode("gbk"), ""),
        ("<title>循环</title>".encode("gbk"), ""),
        ("<title>循环</title>".encode("gbk"), "; charset=utf-8"),
    ],
)
def test_any_charset(body: bytes, charset: str) -> None:
    assert page(body, f"text/html{charset}").title == "循环"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Réseaux récurrents, où ça mène", "latin-1"),
        ("Нейронные сети для текстов", "cp1251"),
        ("신경망을 소개하는 페이지", "euc-kr"),
        ("ニューラルネットの入門", "euc_jp"),
        ("遞迴網路的入門教學", "big5"),
    ],
)
def test_no_other_charset_is_taken_for_a_chinese_one(text: str, charset: str) -> None:
    assert "\ufffd" in page(text.encode(charset), "text/html").text


@given(st.text("循环网络把状态传给下一步，门控决定保留什么。", min_size=4, max_size=40), st.data())
def test_utf_8_with_a_broken_byte_stays_utf_8(text: str, data: st.DataObject) -> None:
    body = bytearray(text.encode())
    body[3 * data.draw(st.integers(0, len(text) - 1))] = 0xFF
    assert "\ufffd" in page(bytes(body), "text/html").text


@pytest.mark.parametrize(
    ("content_type", "body", "html", "text"),
    [
        ("", "<!doctype html><p>x", True, "x"),
        ("application/xhtml+xml", "<p>x</p>", True, "x"),
        ("application/octet-stream", " <html><p>x", True, "x"),
        ("", "x y", False, "x y"),
        ("", "x\0y", False, ""),
        ("text/plain", "<p>x", False, "<p>x"),
        ("application/problem+json", '{"a": 1}', False, '{"a": 1}'),
        ("text/html", "%PDF-1.5 x", False, ""),
        ("image/png", "x", False, ""),
        ("application/pdf", "\n<!DOCTYPE html><p>x", True, "x"),
        ("application/x-gzip", "<html><p>x", True, "x"),
        ("application/pdf", "<p>x", False, ""),
        ("image/svg+xml", "<html><p>x", False, ""),
        ("text/plain", "<!doctype html><p>x", False, "<!doctype html><p>x"),
        ("application/x-ipynb+json", "<html>", False, "<html>"),
        ("", "", False, ""),
    ],
)
def test_only_pages_and_texts_are_read(content_type: str, body: str, html: bool, text: str) -> None:
    answer = page_answer(body, content_type)
    assert (is_html(answer), read_page(answer).text) == (html, text)


PROSE = "<p>A sentence that goes on for long enough to be one that a person wrote for others.</p>"
SCRIPT = "<script src=a.js></script>"


@pytest.mark.parametrize(
    ("body", "scripted"),
    [
        (f"<div id=root></div>{SCRIPT}", True),
        (f"<div id=app>Loading</div>{SCRIPT}", True),
        (f"<p>Please enable JavaScript to run this app.</p>{PROSE * 4}{SCRIPT}", True),
        (f"<noscript>本站需要启用 JavaScript</noscript>{PROSE * 4}{SCRIPT}", True),
        (f"<div id='__next'> </div>{PROSE * 4}{SCRIPT}", True),
        (f"<div id=x></div>{PROSE * 4}{SCRIPT}", False),
        (f"<script>window.__INITIAL_STATE__={{}}</script>{PROSE * 4}", True),
        (f"{'<a href=x>Home</a>' * 60}{SCRIPT}", True),
        (f"{PROSE * 4}{SCRIPT}", False),
        (f"<div id=root></div>{PROSE * 60}{SCRIPT}", False),
        (PROSE, False),
        ("<p>short</p>", False),
        ("<frameset><frame src=a><frame src=b></frameset>", True),
        ("<p>short</p><iframe src=a></iframe>", True),
    ],
)
def test_pages_that_scripts_make(body: str, scripted: bool) -> None:
    assert page(body).scripted is scripted


def test_a_page_that_was_cut_off_is_not_whole() -> None:
    answer = page_answer("<p>x")
    assert read_page(answer).whole
    assert page("<p id=a>x").whole
    assert not page("".join(f"<p id={n}>" for n in range(50_001))).whole


def test_columns() -> None:
    assert [width(text) for text in ("", "abc", "循环 ab", "é")] == [0, 3, 7, 1]


def test_the_first_of_two_attributes_counts() -> None:
    assert attributes_of("<meta A=1 a='2' b=\"x &lt;\" c>") == {"a": "1", "b": "x <"}


HOSTILE = [
    "<", "<a ", '<a "', "<a ='", "<a =\" <b ='", "<!--", "<!-- -->", "<script", "<script>", "</",
    "<title>", "<svg>", "<svg></svg>", "<noscript>", "&", "&#", "<p hidden>", "<div id=root",
    "<div style='display:none'>", "<h1>", " id=root", "<a name", "<meta ", "<base ", "=", "='",
    "<meta http-equiv=refresh content='0;", "enable ", "<b", "<div id=root></div>",
    "<p>" + "x" * 30,
]  # fmt: skip


def steps(body: str) -> int:
    """How many lines of Python reading a page takes: no clock, the same on each machine."""
    count = 0

    def trace(frame: Any, event: str, argument: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    answer = page_answer(body)
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read_page(answer)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_page_twice_as_long_takes_no_more_than_twice_the_steps(piece: str) -> None:
    short, long = steps(piece * 200), steps(piece * 400)
    assert long <= 2.2 * short + 200


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_megabyte_of_anything_ends(piece: str) -> None:
    seen = page((piece * (1_000_000 // len(piece)))[:1_000_000])
    assert len(seen.text) <= 100_000
    assert len(seen.titles) <= 4


@given(st.text("<>/=\"'!-aApP &;#x\n", max_size=60) | st.text(max_size=40))
def test_any_page_can_be_read(text: str) -> None:
    seen = page(text)
    assert seen.source == text.removeprefix("\ufeff")
    assert seen.text == " ".join(seen.text.split())


@given(st.text("<>/=\"'! ab", max_size=40))
def test_markup_falls_apart_into_tags_and_words(text: str) -> None:
    shown = markup_of(text).shown
    left = shown
    for tag in tags_of(shown):
        assert tag.startswith("<") and tag.endswith(">")
        assert tag in left
        left = left.replace(tag, " ", 1)
    assert sorted(words_of(shown).replace(" ", "")) == sorted(words_of(left).replace(" ", ""))
