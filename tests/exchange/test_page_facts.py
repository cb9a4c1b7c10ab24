"""What pages say of themselves: pages as they are found, then every rule by itself."""

from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.exchange.page_facts.facts import PageFacts
from tools.exchange.page_facts.page import page_facts
from tools.exchange.page_facts.said import a_date, a_language, a_name, a_title, minutes_of
from tools.model.charset import text_of

PAGES = Path(__file__).parents[1] / "fixtures/pages"
HERE = "https://oven.example/page"


def facts(head: str, address: str = HERE) -> PageFacts:
    """The facts of a page that has this in its head."""
    return page_facts(f"<html><head>{head}</head><body></body></html>".encode(), "", address)


def script(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


def test_a_paper() -> None:
    body = (PAGES / "arxiv.html").read_bytes()
    assert page_facts(body, "utf-8", "https://arxiv.org/abs/2001.00042v2") == PageFacts(
        title="Kneading $k$ Loaves at Once",
        authors=("Ada Baker", "Jan Piet van der Ovn", "The Crust Collaboration"),
        published="2020-01-02",
        language="en",
        kind="paper",
        address="https://arxiv.org/abs/2001.00042",
    )


def test_an_article_of_a_blog() -> None:
    body = (PAGES / "blog.html").read_bytes()
    assert page_facts(body, "", "https://oven.example/2018/06/why-dough-rises") == PageFacts(
        title="Why Dough Rises",
        authors=("Ada Baker",),
        published="2018-06-27",
        language="en",
        minutes=9,
        address="",  # The canonical one is http only, which is no better than what is known.
    )


def test_a_chinese_page_in_an_old_charset_whose_theme_says_english() -> None:
    body = (PAGES / "zh-blog.html").read_text(encoding="utf-8").encode("gb18030")
    assert page_facts(body, "", HERE) == PageFacts(
        title="面团为什么会发起来_酵母篇-温热的烤箱",
        authors=("面包师阿达",),
        language="zh",
    )


def test_a_video() -> None:
    assert page_facts((PAGES / "video.html").read_bytes(), "", HERE) == PageFacts(
        title="Folding in Slow Motion",
        authors=("Ada Baker", "Jan Ovn"),
        published="2021-03-04",
        language="zh-Hant",
        kind="video",
        minutes=63,
    )


@pytest.mark.parametrize(
    "body", [b"", b"\0\xff", b"%PDF-1.7", b"{}", b"<", b"<title>", "面".encode()]
)
def test_what_says_nothing_leaves_everything_open(body: bytes) -> None:
    assert page_facts(body, "", HERE) == PageFacts()


@pytest.mark.parametrize(
    ("body", "declared", "text"),
    [
        ("面粉".encode(), "", "面粉"),
        ("面粉".encode("gbk"), "GB2312", "面粉"),
        ("镕囍".encode("gb18030"), "gb2312", "镕囍"),
        ("麵粉".encode("big5"), "Big5", "麵粉"),
        ("\ufeff面".encode(), "gbk", "面"),
        ("面".encode("utf-16"), "gbk", "面"),
        ("面".encode("utf-16-be"), "", "\ufffd"),
        (b"<meta charset='gbk'>" + "面粉".encode("gbk"), "", "<meta charset='gbk'>面粉"),
        (b"<meta charset=gbk>" + "面粉".encode(), "utf-8", "<meta charset=gbk>面粉"),
        (b"<meta charset=utf-8>" + "麵粉".encode("big5"), "big5", "<meta charset=utf-8>麵粉"),
        (b"caf\xe9 \x93x\x94", "iso-8859-1", "café “x”"),
        ("面粉".encode(), "ascii", "面粉"),
        ("面粉".encode()[:-1], "", "面"),
        ("面".encode(), "rot13", "面"),
        ("面".encode(), "no-such-charset", "面"),
        ("面".encode(), "unicode_escape", "面"),
        (b"<meta charset=zip>ok", "idna", "<meta charset=zip>ok"),
    ],
)
def test_the_charset_is_what_page_and_server_say(body: bytes, declared: str, text: str) -> None:
    if declared == "ascii":  # A default of servers; browsers read it as Windows-1252.
        assert "é" in text_of("é".encode("cp1252"), "ascii")
    elif "\ufffd" in text:
        assert "面" not in text_of(body, declared)
    else:
        assert text_of(body, declared) == text


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Dough | The Oven", "Dough"),
        ("Dough – The Oven", "Dough"),
        ("Dough_The Oven", "Dough"),
        ("A - B | the oven", "A - B"),
        ("Dough | A | The Oven", "Dough | A"),
        ("The Oven", "The Oven"),
        ("Dough | Another Oven", "Dough | Another Oven"),
        ("Dough in The Oven", "Dough in The Oven"),
        ("Well-The Oven", "Well-The Oven"),
        ("| The Oven", "| The Oven"),
        ("Dough &amp; Water\n | The Oven ", "Dough & Water"),
    ],
)
def test_a_title_loses_the_site_where_the_page_names_it(title: str, said: str) -> None:
    site = '<meta property="og:site_name" content="The Oven">'
    publisher = script('{"@type": "WebPage", "publisher": {"name": "The Oven"}}')
    website = script('[{"@type": "WebSite", "name": "The Oven"}]')
    for proof in (site, publisher, website):
        assert facts(f"<title>{title}</title>{proof}").title == said
    bare = facts(f"<title>{title}</title>").title
    assert bare == " ".join(title.replace("&amp;", "&").split())


SOURCES = {
    "citation": '<meta name="citation_title" content="Citation"><meta name="citation_author" '
    'content="C, A"><meta name="citation_date" content="2001">',
    "jsonld": script('{"@type":"Article","headline":"Graph","author":"B Graph",'
                     '"datePublished":"2002","inLanguage":"fr"}'),
    "opengraph": '<meta property="og:title" content="Graphic"><meta property="article:author" '
    'content="O Graph"><meta property="article:published_time" content="2003">'
    '<meta property="og:locale" content="de_DE">',
    "html": '<title>Title</title><meta name="author" content="H Tml">',
}  # fmt: skip


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("citation", ("Citation", ("A C",), "2001", "fr")),
        ("jsonld", ("Graph", ("B Graph",), "2002", "fr")),
        ("opengraph", ("Graphic", ("O Graph",), "2003", "de")),
        ("html", ("Title", ("H Tml",), "", "")),
    ],
)
def test_the_first_source_that_says_it_is_believed(first: str, expected: tuple[Any, ...]) -> None:
    names = list(SOURCES)
    found = facts("".join(SOURCES[name] for name in reversed(names[names.index(first) :])))
    assert (found.title, found.authors, found.published, found.language) == expected


@pytest.mark.parametrize(
    ("meta", "kind"),
    [
        ('<meta name="citation_doi" content="10.1/2">', "paper"),
        ('<meta name="citation_journal_title" content="J">', "paper"),
        ("", None),
        (
            '<meta name="citation_doi" content="10.1/2"><meta name="citation_isbn" content="1">',
            None,
        ),
    ],
)
def test_a_paper_is_what_was_published_somewhere(meta: str, kind: str | None) -> None:
    assert facts(f'<meta name="citation_title" content="T">{meta}').kind == kind


def test_citations_of_several_authors_in_one_tag() -> None:
    head = '<meta name="citation_title" content="T">'
    head += '<meta name="citation_authors" content="Baker, Ada; 王小明 ;Ovn, Jan, Jr.;">'
    assert facts(head).authors == ("Ada Baker", "王小明", "Ovn, Jan, Jr.")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ('{"@type": "ScholarlyArticle"}', "paper"),
        ('{"@type": "schema:Book"}', "book"),
        ('{"@type": ["Thing", "Course"]}', "course"),
        ('{"@type": "SoftwareSourceCode"}', "code"),
        ('{"@type": "WebPage", "mainEntity": {"@type": "VideoObject"}}', "video"),
        ('{"@type": "Article"}', None),
        ('{"@type": "Product"}', None),
        ('[{"@type": "Book", "url": "/other"}, {"@type": "Course"}]', None),
        ('[{"@type": "Book", "url": "https://oven.example/page/"}, {"@type": "Course"}]', "book"),
        ('[{"@type": "VideoObject"}, {"@type": "BlogPosting", "headline": "a"}]', None),
        ('[{"@type": "Book"}, {"@type": "Book"}]', None),
        ('{"@type": "Person", "subjectOf": {"@type": "Book"}}', None),
    ],
)
def test_a_kind_of_the_graph_is_that_of_the_page_itself(data: str, kind: str | None) -> None:
    assert facts(script(data)).kind == kind


def test_of_several_things_none_is_taken_for_the_page() -> None:
    two = '[{"@type": "Article", "headline": "a"}, {"@type": "Article", "headline": "b"}]'
    assert facts(script(two)) == PageFacts()
    assert facts(script(two.replace('"a"', f'"a", "url": "{HERE}"'))).title == "a"


def test_line_ends_inside_a_graph_are_read() -> None:
    assert facts(script('{"@type": "Article", "headline": "On\n\tDough"}')).title == "On Dough"


@pytest.mark.parametrize(
    "data",
    ["", "{", "null", "3", '"x"', "[" * 100_000, '{"a":' * 5000, '{"@type": 3, "author": 5}',
     '{"@type": "Article", "headline": ["x"], "author": {"name": {"a": 1}}, "datePublished": 2001}',
     '{"@type": "Article", "author": {"@id": 7}, "inLanguage": 4, "publisher": [1]}',
     '{"@type": {"a": 1}, "@graph": {"@graph": []}}', '{"@type": "Article", "headline": NaN}',
     '{"@type": "Article", "duration": 1' + "0" * 5000 + "}", "<!-- {} -->"],
)  # fmt: skip
def test_a_broken_graph_says_nothing_and_breaks_nothing(data: str) -> None:
    assert facts("<title>Dough</title>" + script(data)) == PageFacts(title="Dough")


@pytest.mark.parametrize(
    ("page", "language"),
    [
        ('<html lang="zh-CN"><title>LSTM</title>', "zh"),
        ('<html lang="en"><title>揉面</title>', "zh"),
        ("<title>揉面</title>", "zh"),
        ("<title>揉面</title><p>パンをこねるときに</p>", ""),
        ('<html lang="en"><title>揉面</title><p>パンをこねる', ""),
        ('<html lang="ja"><title>揉面</title>', "ja"),
        ("<title>面 dough</title>", ""),
        ("<title>Dough</title><p>揉面揉面</p>", ""),
        ('<html lang="zh-Hant-HK"><title>揉麵</title>', "zh-Hant"),
        ('<html lang="und"><title>x</title>', ""),
        ('<html lang="%LANG%"><title>x</title>', ""),
        ('<html xml:lang="fr"><title>x</title>', ""),
    ],
)
def test_the_language_is_declared_or_plain_to_see(page: str, language: str) -> None:
    assert page_facts(page.encode(), "", HERE).language == language


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("https://www.oven.example/page/", "https://www.oven.example/page/"),
        ("/page?utm_source=x", "https://oven.example/page?utm_source=x"),
        ("https://oven.example/other", ""),
        ("https://elsewhere.example/page", ""),
        ("http://oven.example/page", ""),
        ("javascript:alert(1)", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_a_page_spells_its_address_and_names_no_other(said: str, address: str) -> None:
    assert facts(f'<link href="{said}" rel="nofollow Canonical">').address == address


def test_a_page_without_certificate_may_say_it_has_one() -> None:
    head = '<link rel="canonical" href="https://oven.example/page">'
    assert facts(head, "http://oven.example/page").address == HERE


def test_tags_are_read_as_browsers_read_them() -> None:
    head = """<META CONTENT='Dough > "Batter"' PROPERTY=og:title><style><title>no</title>
        </style><textarea><meta name=author content="Not I"></textarea>
        <!-- <meta name=author content=No> -->
        <meta name="Author" content="A &lt;B&gt; &#x43;"><meta content=lonely><meta name=empty>
        <title>First</title><title>Second</title>"""
    assert (facts(head).title, facts(head).authors) == ('Dough > "Batter"', ("A <B> C",))
    assert facts(head.replace("og:title", "no")).title == "First"


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("2017/06/12", "2017-06-12"), ("2017-6-2", "2017-06-02"), ("2017.06", "2017-06"),
        ("2017", "2017"), ("2018-06-27T23:30:00-02:00", "2018-06-27"),
        ("2018-06-27 10:00", "2018-06-27"), ("2018-02-30", ""), ("2018-13", ""),
        ("01/02/2017", ""), ("June 2017", ""), ("20170612", ""), ("1970-01-01T00:00:00Z", ""),
        ("2017/06/12 or so", ""), ("2017/06/12\x00", "2017-06-12"), ("２０１７", ""), (None, ""),
        (2017, ""), ("", ""),
    ],
)  # fmt: skip
def test_a_date_is_one_or_nothing(said: Any, date: str) -> None:
    assert a_date(said) == date


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("  On \t Dough\n", "On Dough"), ("a\x00b\x1b[31m\u202ec", "ab[31mc"), ("x" * 301, ""),
        ("x" * 300, "x" * 300), ("broken \ufffd", ""), ("half \ud800", ""), (["x"], ""), (None, ""),
    ],
)  # fmt: skip
def test_a_title_is_clean_text_or_nothing(said: Any, title: str) -> None:
    assert a_title(said) == title


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (" Ada Baker, ", "Ada Baker"), ("王小明", "王小明"), ("https://x.example/ada", ""),
        ("ada@oven.example", ""), ("Admin", ""), ("1234", ""), ("x" * 101, ""), (None, ""),
    ],
)  # fmt: skip
def test_a_name_is_a_name_or_nothing(said: Any, name: str) -> None:
    assert a_name(said) == name


@pytest.mark.parametrize(
    ("said", "language"),
    [("en-US", "en"), ("zh_CN.UTF-8", "zh"), ("zh-tw", "zh-Hant"), ("ZH-Hans", "zh"), ("x", ""),
     ("English", ""), ("mul", ""), ("en us", ""), (None, ""), ("gsw", "gsw")],
)  # fmt: skip
def test_a_language_is_a_tag_or_nothing(said: Any, language: str) -> None:
    assert a_language(said) == language


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("PT40M", 40), ("PT1H2M3S", 63), ("P1DT1S", 1441), ("pt90.5s", 2), (61, 2), ("600", 10),
     (True, None), (0, None), (-5, None), ("P1Y", None), ("", None), (None, None), (10**9, None)],
)  # fmt: skip
def test_minutes_are_rounded_up(said: Any, minutes: int | None) -> None:
    assert minutes_of(said) == minutes


def test_a_crowd_of_authors_is_no_list_of_authors() -> None:
    def head(n: int) -> str:
        return "".join(f'<meta name="author" content="Baker {k}">' for k in range(n))

    assert len(facts(head(500)).authors) == 500
    assert facts(head(501)).authors == ()


TAGS = (
    "<meta ", "<title>", "<title", '<a b="', "<meta '", "<a <a ", "<!--", "<script>", "<html ",
    "</", "<![", '<meta name="', "<meta a='\"", "<svg><title>", "<link rel=canonical href=x>", "&",
    '<script type="application/ld+json">[', "<meta name=author content=x>",
)  # fmt: skip


@pytest.mark.parametrize("piece", TAGS)
def test_no_page_takes_long(piece: str) -> None:
    began = monotonic()
    page_facts((piece * (1_000_000 // len(piece))).encode(), "", HERE)
    assert monotonic() - began < 2


@given(st.binary(max_size=2000), st.text(max_size=20), st.sampled_from([HERE, "http://a"]))
def test_no_bytes_break_it(body: bytes, charset: str, address: str) -> None:
    assert isinstance(page_facts(body, charset, address), PageFacts)


@given(
    st.lists(st.sampled_from([*TAGS, *SOURCES.values(), ">", '"', " ", "面", "{", "}"])), st.text()
)
def test_no_heap_of_tags_breaks_it(pieces: list[str], text: str) -> None:
    page = (text.join(pieces)).encode("utf-8", "replace")
    assert isinstance(page_facts(page, "", HERE), PageFacts)
