"""The catalog page as readers use it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

IN_READING_ORDER = ["on-gluten", "oven-book", "rye-film"]


def ready(reader: Reader, path: str = "catalog/") -> None:
    reader.open(path)
    expect(reader.page.locator("u-catalog[data-ready]")).to_be_attached()


def test_every_resource_stands_in_reading_order(reader: Reader) -> None:
    ready(reader)
    assert sorted(reader.rows()) == sorted(IN_READING_ORDER)
    assert reader.rows()[0] == "on-gluten"


def test_a_facet_leaves_its_resources_and_stands_in_the_address(reader: Reader) -> None:
    ready(reader)
    reader.page.get_by_role("checkbox", name=re.compile("Video")).check()
    expect(reader.page).to_have_url(re.compile(r"catalog/\?kind=video$"))
    assert reader.rows() == ["rye-film"]
    reader.page.get_by_role("checkbox", name=re.compile("Book")).check()
    assert sorted(reader.rows()) == ["oven-book", "rye-film"]


def test_back_takes_a_facet_away_again(reader: Reader) -> None:
    ready(reader)
    reader.page.get_by_role("checkbox", name=re.compile("Video")).check()
    assert reader.rows() == ["rye-film"]
    reader.page.go_back()
    expect(reader.page.get_by_role("checkbox", name=re.compile("Video"))).not_to_be_checked()
    assert len(reader.rows()) == 3


@pytest.mark.parametrize(
    ("path", "words", "found"),
    [
        ("catalog/", "gluten lens", ["on-gluten"]),
        ("catalog/", "黑麦", ["rye-film"]),
        ("zh/catalog/", "rye BREAD", ["rye-film"]),
        ("zh/catalog/", "面筋", ["on-gluten"]),
        ("zh/catalog/", "１２章", []),
    ],
)
def test_searching_finds_titles_and_summaries_of_both_languages(
    reader: Reader, path: str, words: str, found: list[str]
) -> None:
    ready(reader, path)
    reader.page.locator("u-catalog").get_by_role("searchbox").fill(words)
    expect(reader.page.locator("tr.u-row:visible")).to_have_count(len(found))
    assert reader.rows() == found


def test_sorting_puts_what_is_unknown_last(reader: Reader) -> None:
    ready(reader)
    reader.page.get_by_label("Sort").select_option("shortest")
    expect(reader.page).to_have_url(re.compile("sort=shortest"))
    assert reader.rows() == ["on-gluten", "oven-book", "rye-film"]


def test_an_address_is_the_whole_state(reader: Reader) -> None:
    ready(reader, "catalog/?lang=en&sort=newest")
    assert reader.rows() == ["on-gluten", "oven-book"]
    expect(reader.page.get_by_role("checkbox", name=re.compile("English"))).to_be_checked()


def test_a_permalink_opens_its_row(reader: Reader) -> None:
    ready(reader, "catalog/#oven-book")
    row = reader.page.locator("#oven-book")
    expect(row.get_by_role("button")).to_have_attribute("aria-expanded", "true")
    expect(reader.page.get_by_text("Heat, steam and crust in twelve chapters.")).to_be_visible()
    expect(row).to_be_in_viewport()


def test_a_permalink_drops_a_filter_that_would_hide_its_row(reader: Reader) -> None:
    ready(reader, "catalog/?kind=video#oven-book")
    expect(reader.page.locator("#oven-book")).to_be_visible()
    expect(reader.page).not_to_have_url(re.compile("kind=video"))


def test_counts_of_a_facet_follow_the_other_facets(reader: Reader) -> None:
    ready(reader, "catalog/?topic=baking")
    label = reader.page.locator('[data-facet="kind"] label').filter(has_text="Article")
    expect(label).to_contain_text("0")


def test_nothing_found_says_so(reader: Reader) -> None:
    ready(reader, "catalog/?find=sourdough")
    assert reader.rows() == []
    expect(reader.page.locator('[data-part="none"]')).to_be_visible()


def test_the_keyboard_alone_filters_and_opens(reader: Reader) -> None:
    ready(reader)
    box = reader.page.get_by_role("checkbox", name=re.compile("Book"))
    for _ in range(40):
        if box.evaluate("box => box === document.activeElement"):
            break
        reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Space")
    assert reader.rows() == ["oven-book"]
    opener = reader.page.locator("#oven-book").get_by_role("button")
    for _ in range(40):
        if opener.evaluate("button => button === document.activeElement"):
            break
        reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")


def test_without_scripts_every_record_can_be_read(scriptless_reader: Reader) -> None:
    scriptless_reader.open("catalog/")
    assert len(scriptless_reader.rows()) == 3
    expect(scriptless_reader.page.get_by_text("Wheat only.")).to_be_visible()
    expect(scriptless_reader.page.get_by_text("把面筋放到镜头下看。")).to_be_visible()


def test_a_phone_shows_the_same_rows_as_cards(phone_reader: Reader) -> None:
    ready(phone_reader, "zh/catalog/")
    assert len(phone_reader.rows()) == 3
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not phone_reader.page.evaluate(wide)
