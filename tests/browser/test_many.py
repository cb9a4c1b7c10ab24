"""A catalog of more rows than its page holds: the others are fetched, and so are their records."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Reader
from tests.projects import bread_project
from tools.audit.server import serve
from tools.engine import finish_build, start_build
from tools.pages.catalog_page import FIRST_ROWS, MOST_ROWS

pytestmark = pytest.mark.browser

_LOAF = """title: Loaf {n:03}
url: https://loaves.example/{n}
kind: article
language: en
topics: [baking]
level: beginner
summary: {{en: "The loaf with the number {n}.", zh: 第{n}个面包。}}
added: "2026-11-18"
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the fixture site with many loaves in its catalog."""
    project = bread_project(tmp_path_factory.mktemp("loaves"))
    for n in range(MOST_ROWS):
        loaf = project / "catalog" / "resources" / f"loaf-{n:03}.yml"
        loaf.write_text(_LOAF.format(n=n), encoding="utf-8")
    site = project / ".build" / "site"
    with serve(site) as origin, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_URL", f"{origin}/")
        finish_build(start_build(project, "en", site))
        yield f"{origin}/"


@pytest.fixture
def many(reader: Reader) -> Reader:
    """A reader of the catalog page, once it is ready."""
    reader.open("catalog/")
    expect(reader.page.locator("u-catalog[data-ready]")).to_be_attached()
    assert len(reader.rows()) == FIRST_ROWS
    return reader


def test_a_row_from_far_below_is_found_and_its_record_comes_when_it_is_opened(many: Reader) -> None:
    many.page.locator("u-catalog").get_by_role("searchbox").fill("loaf 432")
    expect(many.page.locator("tr.u-row")).to_have_count(1)
    assert many.page.locator("tr.u-detail").count() == 0
    opener = many.page.locator("#loaf-432").get_by_role("button")
    opener.click()
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(many.page.get_by_text("The loaf with the number 432.")).to_be_visible()
    opener.click()
    expect(many.page.get_by_text("The loaf with the number 432.")).to_be_hidden()


def test_an_opened_row_is_still_open_when_a_filter_gives_it_back(many: Reader) -> None:
    field = many.page.locator("u-catalog").get_by_role("searchbox")
    field.fill("loaf 432")
    many.page.locator("#loaf-432").get_by_role("button").click()
    expect(many.page.locator("#loaf-432--record")).to_be_visible()
    field.fill("loaf 100")
    expect(many.page.locator("#loaf-432")).to_have_count(0)
    field.fill("loaf 432")
    expect(many.page.locator("#loaf-432--record")).to_be_visible()


def test_a_permalink_opens_a_row_that_the_page_does_not_hold(reader: Reader) -> None:
    reader.open("catalog/#loaf-432")
    expect(reader.page.get_by_text("The loaf with the number 432.")).to_be_visible()
    expect(reader.page.locator("#loaf-432")).to_be_in_viewport()


def test_the_keys_pass_over_records_and_open_rows(many: Reader) -> None:
    rows = many.page.locator("tr.u-row")
    many.page.get_by_label("Sort").select_option("title")
    expect(rows.nth(1)).to_have_attribute("id", "loaf-001")
    opener = rows.nth(1).get_by_role("button")
    opener.focus()
    many.page.keyboard.press("o")
    expect(many.page.locator("#loaf-001--record")).to_be_visible()
    many.page.keyboard.press("j")
    expect(many.page.locator("#loaf-002").get_by_role("button")).to_be_focused()
    many.page.keyboard.press("k")
    expect(opener).to_be_focused()


def test_the_rest_follows_as_one_scrolls(many: Reader) -> None:
    many.page.locator('[data-part="more"]').scroll_into_view_if_needed()
    expect(many.page.locator("tr.u-row").nth(FIRST_ROWS)).to_be_attached()
    assert many.rows()[:FIRST_ROWS] == list(dict.fromkeys(many.rows()))[:FIRST_ROWS]


def test_a_record_that_does_not_come_is_told_and_can_be_asked_for_again(many: Reader) -> None:
    many.page.locator("u-catalog").get_by_role("searchbox").fill("loaf 432")
    many.page.route("**/catalog/records/*", lambda route: route.abort(), times=1)
    opener = many.page.locator("#loaf-432").get_by_role("button")
    opener.click()
    expect(many.page.locator('[data-part="told"]')).to_contain_text("could not be loaded")
    expect(opener).to_have_attribute("aria-expanded", "false")
    many.page.unroute_all()
    opener.click()
    expect(many.page.get_by_text("The loaf with the number 432.")).to_be_visible()
    many.troubles[:] = [trouble for trouble in many.troubles if "ERR_FAILED" not in trouble]
