"""The Health page, and what rows and records say of a link."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from memories import health, seen, with_memory
from shelves import catalog, resource, topic

from tools.model.catalog import Catalog
from tools.model.link import VERDICTS, LinkHealth, Verdict, outcome_of
from tools.model.resource import Resource
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.pages.catalog_page import catalog_block
from tools.pages.health_page import MOST_LISTED, health_block
from tools.pages.reading import reading_block

GOLDEN = Path(__file__).parent / "golden"
ARCHIVE = "https://web.archive.org/web/2020/https://example.org/dead"


def block(made: Catalog, language: SiteLanguage = "en") -> str:
    return health_block(made, language, "../")


def everything() -> Catalog:
    """A resource for every verdict, one that was never checked, and links of two other kinds."""
    return with_memory(
        catalog(*(_resource(verdict) for verdict in VERDICTS), resource("waiting")),
        *(_health(verdict) for verdict in VERDICTS),
        health(ARCHIVE),
        health("https://prose.example/a?b=c", "dead", evidence=(seen("status", "410"),)),
    )


def _resource(verdict: Verdict) -> Resource:
    chinese = {"title": "内容没了", "language": "zh", "titles": {"en": "Gone"}}
    archive = {"archive": ARCHIVE} if verdict == "dead" else {}
    return resource(verdict, **(chinese if verdict == "soft-404" else {}), **archive)


def _health(verdict: Verdict) -> LinkHealth:
    days = {"dead": ("2026-11-09", "2026-11-16", "2026-11-23"), "error": ("2026-11-23",)}
    told = {
        "dead": (
            seen("status", "404"),
            seen("chain", "301 http://a.example/ → https://b.example/"),
        ),
        "soft-404": (seen("phrase", "页面不存在"),),
        "drifted": (seen("title", "Casino"), seen("expected", "Title of drifted")),
        "unknown": (seen("tries", "ok, timeout"),),
    }
    return health(
        f"https://example.org/{verdict}",
        verdict,
        failures=days.get(verdict, ()),
        evidence=told.get(verdict, ()),
        suggest="https://new.example/moved" if verdict == "moved" else "",
    )


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_the_page_of_a_memory_with_every_verdict(language: SiteLanguage) -> None:
    golden = (GOLDEN / f"health.{language}.html").read_text(encoding="utf-8")
    assert block(everything(), language) == golden


def sections(html: str) -> list[str]:
    return re.findall(r'<h2 id="([a-z]+)"', html)


def test_what_to_fix_comes_first_and_what_is_well_last() -> None:
    html = block(everything())
    assert sections(html) == ["fix", "look", "moved", "alive", "unchecked"]
    headed = re.findall(r'rowgroup".*?u-health--(\w+)">', html)
    assert headed == sorted(headed, key=["fix", "look", "alive"].index)
    assert len(headed) == len(VERDICTS) - 2


def test_the_numbers_count_links_of_all_kinds_and_what_waits() -> None:
    html = block(everything())
    numbers = dict(re.findall(r'<b>(\d+)</b> <span class="u-health u-health--(\w+)"', html))
    numbers = {outcome: int(n) for n, outcome in numbers.items()}
    fixes = sum(outcome_of(verdict) == "fix" for verdict in VERDICTS)
    assert numbers == {"alive": 3, "look": 4, "fix": fixes + 1, "unchecked": 1}


def test_numbers_of_nothing_are_left_out() -> None:
    made = with_memory(catalog(resource("a")), health("https://example.org/a", "dead"))
    assert sections(block(made)) == ["fix"]
    assert block(made).count("<i class=") == 1


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_before_any_check_the_page_says_so_and_how_to_check(language: SiteLanguage) -> None:
    html = block(catalog(resource("a"), resource("b")), language)
    assert "<code>catalog links check</code>" in html
    assert {"en": "2 resources wait", "zh": "2份资源"}[language] in html
    assert sections(html) == []
    assert "<table" not in html


def test_a_run_that_did_not_end_has_no_day() -> None:
    checked = health("https://example.org/a")
    assert "ended on <time>2026-11-23</time>" in block(with_memory(catalog(resource("a")), checked))
    partial = block(with_memory(catalog(resource("a")), checked, run=None))
    assert "No whole check has ended yet" in partial


def test_long_lists_end_with_the_way_to_the_rest() -> None:
    ids = [f"r-{n:03}" for n in range(MOST_LISTED + 2)]
    made = with_memory(
        catalog(*map(resource, ids)),
        *(health(f"https://example.org/{id}", "dead") for id in ids),
    )
    html = block(made)
    assert html.count('class="u-c-t"') == MOST_LISTED
    assert re.findall(r'\?link=fix">(\d+) more', html) == ["2"]
    few = with_memory(catalog(*map(resource, ids[2:])), *list(made.links.health.values())[2:])
    assert "?link=" not in block(few)


def page_and_list(made: Catalog) -> Iterator[str]:
    """The rows of the catalog and of a reading list; the first holds records too."""
    page = catalog_block(made, "en", "../")
    yield re.sub(r'<tr class="u-detail".*?</tr>', "", page, flags=re.DOTALL)
    yield reading_block(made, topic("bread"), "en", "../")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_row_leads_to_the_archived_copy_where_the_link_is_of_no_use(verdict: Verdict) -> None:
    one = resource("a", archive=ARCHIVE)
    made = with_memory(catalog(one), health(one.url, verdict))
    useless = outcome_of(verdict) == "fix" and verdict != "fragment"
    for html in page_and_list(made):
        assert (f'href="{ARCHIVE}"' in html) == useless
        assert f"u-health--{outcome_of(verdict)}" in html


def record(made: Catalog) -> str:
    return catalog_block(made, "en", "../").split("--record")[2]


def test_a_record_tells_the_evidence_and_since_when() -> None:
    told = health("https://example.org/a", "dead", evidence=(seen("status", "404"),),
                  failures=("2026-11-16", "2026-11-23"))  # fmt: skip
    html = record(with_memory(catalog(resource("a")), told))
    assert "since 2026-11-09, seen failing on 2 days, last on 2026-11-23" in html
    assert "status <code>404</code>" in html


def test_a_record_suggests_the_address_of_today() -> None:
    told = health("https://example.org/a", "moved", suggest="https://b.example/c")
    html = record(with_memory(catalog(resource("a")), told))
    assert 'now at: <a href="https://b.example/c"' in html


def test_without_an_archived_copy_the_record_alone_leads_to_where_one_may_be() -> None:
    made = with_memory(catalog(resource("a")), health("https://example.org/a", "parked"))
    search = "https://web.archive.org/web/*/https://example.org/a"
    assert search in record(made)
    assert not any(search in html for html in page_and_list(made))
    well = with_memory(catalog(resource("a")), health("https://example.org/a"))
    assert search not in record(well)


def test_a_copy_stands_once_in_a_record() -> None:
    one = resource("a", archive=ARCHIVE)
    for verdict in ("dead", "ok"):
        made = with_memory(catalog(one), health(one.url, verdict))
        assert record(made).count(ARCHIVE) == 1


def test_the_link_facet_is_offered_once_something_was_checked() -> None:
    made = catalog(resource("a"), resource("b"))
    assert 'data-facet="link"' not in catalog_block(made, "en", "../")
    checked = catalog_block(
        with_memory(made, health("https://example.org/a", "login")), "en", "../"
    )
    inside = checked.split('data-facet="link"')[1].split("</fieldset>")[0]
    counted = re.findall(r'value="(\w+)".*?data-part="n">(\d)<', inside)
    assert counted == [("alive", "0"), ("look", "1"), ("fix", "0"), ("unchecked", "1")]
