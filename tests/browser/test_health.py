"""Link health as readers meet it: in rows, as a filter, and on its own page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

COPY = "https://web.archive.org/web/2020/https://books.example/hot-box"


@pytest.mark.parametrize(
    ("path", "box", "found"),
    [
        ("catalog/", "To fix", ["oven-book"]),
        ("zh/catalog/", "待修复", ["oven-book"]),
        ("catalog/", "Alive", ["on-gluten"]),
        ("zh/catalog/", "尚未检查", ["rye-film"]),
    ],
)
def test_links_can_be_chosen_by_how_the_last_check_left_them(
    reader: Reader, path: str, box: str, found: list[str]
) -> None:
    page = reader.open(path)
    expect(page.locator("u-catalog[data-ready]")).to_be_attached()
    page.get_by_role("checkbox", name=re.compile(box)).check()
    expect(page.locator("tr.u-row:visible")).to_have_count(len(found))
    assert reader.rows() == found
    expect(page).to_have_url(re.compile(r"\?link=(fix|alive|unchecked)$"))


def test_nothing_is_to_look_at_and_that_box_is_barred(reader: Reader) -> None:
    reader.open("catalog/")
    expect(reader.page.locator("u-catalog[data-ready]")).to_be_attached()
    expect(reader.page.get_by_role("checkbox", name=re.compile("To look at"))).to_be_disabled()


@pytest.mark.parametrize("path", ["catalog/", "learn/baking/", "health/"])
def test_a_dead_link_has_its_archived_copy_beside_the_title(reader: Reader, path: str) -> None:
    page = reader.open(path)
    copy = page.get_by_role("link", name="Read the archived copy of The Hot Box").first
    expect(copy).to_be_visible()
    expect(copy).to_have_attribute("href", COPY)


def test_the_health_page_leads_to_the_record_with_the_evidence(reader: Reader) -> None:
    page = reader.open("health/")
    expect(page.get_by_role("heading", name="To fix")).to_be_visible()
    page.get_by_role("link", name="The Hot Box", exact=True).click()
    expect(page).to_have_url(re.compile(r"catalog/#oven-book$"))
    record = page.locator("#oven-book--record")
    expect(record).to_contain_text("The server answers with status 410.")
    expect(record).to_contain_text("since 2026-11-09, seen failing once")


def test_what_lives_lies_folded_until_it_is_asked_for_by_key(reader: Reader) -> None:
    page = reader.open("health/")
    gluten = page.get_by_role("link", name="On Gluten")
    expect(gluten).to_be_hidden()
    page.get_by_text("Show the list").focus()
    page.keyboard.press("Enter")
    expect(gluten).to_be_visible()


def test_the_footer_of_every_page_leads_to_the_health_page(reader: Reader) -> None:
    page = reader.open("zh/questions/")
    page.get_by_role("contentinfo").get_by_role("link", name="链接状况").click()
    expect(page).to_have_url(re.compile(r"zh/health/$"))
    expect(page.get_by_text("最近一次全面检查完成于2026-11-23")).to_be_visible()


def test_a_phone_shows_the_page_without_scrolling_sideways(phone_reader: Reader) -> None:
    for path in ("health/", "zh/health/"):
        page = phone_reader.open(path)
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")


def test_without_scripts_the_page_is_whole(scriptless_reader: Reader) -> None:
    page = scriptless_reader.open("health/")
    expect(page.get_by_text("The server answers with status 410.")).to_be_visible()
    expect(page.get_by_role("link", name="黑麦面包")).to_be_visible()
