import pytest

from tools.audit.checks.links import check

from .sites import HOME, index, pair, sitemap


def found(site) -> list[tuple[str, str]]:
    return [(finding.page, finding.found) for finding in check(site).findings]


def test_the_clean_site_is_clean(build):
    judgement = check(build())
    assert judgement.findings == ()
    assert all(measure.holds for measure in judgement.measures)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<a href="nothing/">x</a>', "no file nothing/index.html"),
        ('<img src="nothing.png" alt="">', "no file nothing.png"),
        ('<a href="#nothing">x</a>', "no id nothing in index.html"),
        ('<a href="zh/#nothing">x</a>', "no id nothing in zh/index.html"),
        ('<a href="zh">x</a>', "zh without its slash"),
        ('<a href="../up/">x</a>', "no file up/index.html"),
        (f'<meta property="og:image" content="{HOME}card.png">', "no file card.png"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(build, page, link, expected):
    assert found(build({"index.html": page(link, _head())})) == [("", expected)]


@pytest.mark.parametrize("href", ["", "#", "#top", "#x", "zh/", "/zh/", "404.html", "mailto:a@b.c"])
def test_a_link_that_leads_somewhere_is_not(build, page, href):
    body = f'<p id="x"><a href="{href}">x</a></p>'
    assert found(build({"index.html": page(body, _head())})) == []


def test_links_follow_the_mount_path(build, page):
    files = {"404.html": page('<a href="/unrolled/">x</a> <a href="/">y</a>')}
    broken = [what for where, what in found(build(files, at="unrolled")) if where == "404.html"]
    assert broken == ["no file ../"]


def test_the_404_page_may_not_lean_on_where_it_stands(build, page):
    site = build({"404.html": page('<a href="zh/">x</a>')})
    (finding,) = check(site).findings
    assert "any depth" in finding.expected


def test_a_page_that_claims_another_address_is_found(build, page):
    head = f'<link rel="canonical" href="{HOME}">{pair("/", "/zh/")}'
    site = build({"zh/index.html": page(lang="zh", head=head)})
    assert found(site) == [("zh/", HOME)]


def test_a_page_without_a_translation_is_found(build, page):
    assert found(build({"x/index.html": page()})) == [("x/", "no translation named")]


def test_a_site_in_one_language_needs_no_translations(build, page):
    only = {
        "zh/index.html": None,
        "zh/search/search_index.json": None,
        "index.html": page(),
    }
    assert found(build(only | {"sitemap.xml": sitemap("/")})) == []


def test_a_translation_named_one_way_only_is_found(build, page):
    site = build({"x/index.html": page(head=pair("/x/", "/zh/"))})
    assert found(site) == [("x/", "named one way only")]


def test_a_translation_in_another_language_than_promised_is_found(build, page):
    site = build({"zh/index.html": page(lang="en", head=pair("/", "/zh/"))})
    assert found(site) == [("", "a page with lang=en")]


def test_a_feed_is_no_translation(build, page):
    feed = '<link rel="alternate" type="application/atom+xml" href="/feed.xml">'
    site = build({"feed.xml": "<feed/>", "x/index.html": page(head=feed)})
    assert found(site) == [("x/", "no translation named")]


def test_a_sitemap_line_without_a_page_is_found(build):
    site = build({"sitemap.xml": sitemap(HOME, f"{HOME}gone/")})
    assert found(site) == [("sitemap.xml", f"{HOME}gone/")]


def test_a_missing_sitemap_is_found(build):
    assert found(build({"sitemap.xml": None})) == [("sitemap.xml", "no sitemap")]


@pytest.mark.parametrize(
    ("location", "expected"),
    [("gone/", "no file gone/index.html"), ("#gone", "no id gone in index.html")],
)
def test_a_search_result_that_leads_nowhere_is_found(build, location, expected):
    site = build({"search/search_index.json": index(location)})
    assert found(site) == [("search/search_index.json", expected)]


def test_search_results_are_relative_to_their_language(build):
    files = ("search/search_index.json", "zh/search/search_index.json")
    site = build({path: index("#here") for path in files})
    assert found(site) == [("zh/search/search_index.json", "no id here in zh/index.html")]


def _head() -> str:
    return f'<link rel="canonical" href="{HOME}">\n{pair("/", "/zh/")}'
