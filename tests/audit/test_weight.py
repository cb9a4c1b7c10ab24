import random

import pytest

from tools.audit.checks.weight import check, page_weight, wire
from tools.audit.visit import Visit


def noise(size: int) -> str:
    """Letters that gzip can hardly make smaller."""
    return random.Random(1).randbytes(size).hex()


def found(site) -> list[tuple[str, str]]:
    return [(finding.page, finding.place) for finding in check(site).findings]


def test_a_light_site_has_no_findings(build):
    judgement = check(build())
    assert judgement.findings == ()
    assert all(measure.holds for measure in judgement.measures)


def test_a_page_over_the_budget_is_named(build, page):
    site = build({"learn/a/index.html": page(noise(151_000))})
    assert found(site) == [("learn/a/", "first load, gzipped")]
    assert not check(site).measures[0].holds


def test_the_catalog_is_a_list_and_only_shown(build, page):
    site = build({"catalog/index.html": page(noise(151_000))})
    assert found(site) == []
    assert any("catalog/" in measure.what for measure in check(site).measures)


def test_a_page_weighs_what_it_refers_to(build, page):
    site = build(
        {
            "a.css": noise(500),
            "b.js": noise(600),
            "unused.js": noise(700),
            "x/index.html": page(
                '<script src="/b.js"></script>',
                '<link rel="stylesheet" href="../a.css">',
            ),
        }
    )
    parts = ("x/index.html", "a.css", "b.js")
    expected = sum(wire(site, path) for path in parts)
    assert page_weight(site, site.pages["x/index.html"]) == expected


def test_what_scripts_asked_for_weighs_on_every_page_of_the_kind(build, page):
    files = {
        "late.json": noise(900),
        "x/a/index.html": page(),
        "x/b/index.html": page(),
    }
    before, after = (
        page_weight(site, site.pages["x/b/index.html"])
        for site in (
            build(files),
            build(files, (Visit("x/a/", 1280, frozenset({"x/a/", "late.json"})),)),
        )
    )
    assert after - before == wire(build(files), "late.json")


def test_a_search_index_that_comes_unasked_weighs_on_the_page(build, page):
    index = "search/search_index.json"
    files = {"x/index.html": page()}
    site = build(files, (Visit("x/", 1280, frozenset({"x/", index})),))
    expected = wire(site, "x/index.html") + wire(site, index)
    assert page_weight(site, site.pages["x/index.html"]) == expected


@pytest.mark.parametrize("folder", ["", "zh/"])
def test_a_heavy_search_index_is_named_in_each_language(build, folder):
    path = f"{folder}search/search_index.json"
    assert (path, "search index, gzipped") in found(build({path: noise(61_000)}))


def test_a_heavy_figure_is_named_as_a_file_and_in_a_page(build, page):
    figure = f"<svg>{'<path/>' * 6_000}</svg>"
    site = build({"figure.svg": figure, "x/index.html": page(f"<svg></svg>{figure}")})
    assert found(site) == [
        ("figure.svg", "figure"),
        ("x/ (figure 2 in the page)", "figure"),
    ]
