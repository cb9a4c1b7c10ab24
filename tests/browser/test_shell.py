"""What frames every page: languages, search, navigation without reloading, palettes."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

PAGES = ["", "learn/", "learn/kneading/", "learn/baking/", "catalog/", "questions/"]


@pytest.mark.parametrize("path", [*PAGES, *(f"zh/{path}" for path in PAGES)])
def test_a_page_asks_no_other_host_and_its_scripts_are_quiet(reader: Reader, path: str) -> None:
    page = reader.open(path)
    expect(page.locator("h1")).to_have_count(1)
    assert page.locator("html").get_attribute("lang") == ("zh" if path[:2] == "zh" else "en")


def test_the_language_switch_stays_on_the_page_and_keeps_the_query(reader: Reader) -> None:
    page = reader.open("catalog/?kind=video#rye-film")
    page.get_by_role("link", name=re.compile("中文")).first.click()
    expect(page).to_have_url(f"{reader.address}zh/catalog/?kind=video#rye-film")
    page.get_by_role("link", name=re.compile("English")).first.click()
    expect(page).to_have_url(f"{reader.address}catalog/?kind=video#rye-film")


def test_navigation_without_reloading_goes_back_and_forth(reader: Reader) -> None:
    page = reader.open("learn/kneading/")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("link", name="Catalog", exact=True).first.click()
    expect(page.locator("u-catalog[data-ready]")).to_be_attached()
    page.get_by_role("checkbox", name=re.compile("Video")).check()
    assert reader.rows() == ["rye-film"]
    page.get_by_role("link", name="Questions", exact=True).first.click()
    expect(page.get_by_role("heading", name="Why does dough rest?")).to_be_visible()
    page.go_back()
    expect(page.locator("u-catalog[data-ready]")).to_be_attached()
    expect(page.get_by_role("checkbox", name=re.compile("Video"))).to_be_checked()
    assert reader.rows() == ["rye-film"]
    page.go_forward()
    expect(page.get_by_role("heading", name="Why does dough rest?")).to_be_visible()
    assert page.evaluate("window.sameDocument") is True


@pytest.mark.parametrize(
    ("path", "words", "found"),
    [
        ("", "gluten", "On Gluten"),
        ("", "谈面筋", "On Gluten"),
        ("zh/", "面筋", "On Gluten"),
        ("zh/", "黑麦", "黑麦面包"),
        ("zh/", "面团为什么要醒", "面团为什么要醒"),
    ],
)
def test_searching_the_site_finds_resources_by_either_title(
    reader: Reader, path: str, words: str, found: str
) -> None:
    page = reader.open(path)
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Shift")  # A key goes up, as it does when an input method has finished.
    result = page.locator(".md-search-result__link").filter(has_text=found).first
    expect(result).to_be_visible()


def test_the_search_index_is_fetched_when_someone_turns_to_the_search(reader: Reader) -> None:
    index = re.compile(r"search_index\.json$")
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    page = reader.open("")
    page.wait_for_load_state("networkidle")
    assert not [address for address in asked if index.search(address)]
    with page.expect_request(index):
        page.keyboard.press("/")


@pytest.mark.parametrize("path", ["?q=gluten", "?h=bread"])
def test_words_in_the_address_are_searched_for_at_once(reader: Reader, path: str) -> None:
    with reader.page.expect_request(re.compile(r"search_index\.json$")):
        reader.open(path)


def test_a_search_result_opens_the_row_of_its_resource(reader: Reader) -> None:
    page = reader.open("")
    page.keyboard.press("/")
    page.keyboard.type("The Hot Box")
    page.locator(".md-search-result__link").filter(has_text="Hot Box").first.click()
    expect(page).to_have_url(re.compile(r"catalog/(\?h=[^#]*)?#oven-book$"))
    opener = page.locator("#oven-book").get_by_role("button")
    expect(opener).to_have_attribute("aria-expanded", "true")


def test_the_palette_is_kept_on_the_next_page(reader: Reader) -> None:
    page = reader.open("")
    page.get_by_role("button", name="Switch to dark").or_(
        page.locator("label[title='Switch to dark']")
    ).first.click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    reader.open("catalog/")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


def test_the_map_leads_to_its_topics(reader: Reader) -> None:
    page = reader.open("")
    page.locator("svg.u-road__wide a").filter(has_text="Baking").locator("rect").click()
    expect(page).to_have_url(f"{reader.address}learn/baking/")


def test_the_drawer_of_a_phone_leads_everywhere(phone_reader: Reader) -> None:
    page = phone_reader.open("zh/")
    page.get_by_role("button", name="菜单").click()
    page.get_by_role("navigation").get_by_text("问题", exact=True).locator(
        "visible=true"
    ).first.click()
    expect(page).to_have_url(f"{phone_reader.address}zh/questions/")


def test_what_does_not_exist_shows_the_way_back(reader: Reader) -> None:
    page = reader.open("404.html")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_without_scripts_topics_and_their_reading_can_be_read(scriptless_reader: Reader) -> None:
    page = scriptless_reader.open("learn/kneading/")
    expect(page.get_by_text("It says why before how.")).to_be_visible()
    expect(page.get_by_text("The window pane")).to_be_visible()


def test_without_scripts_a_phone_has_the_drawer_and_no_button_that_does_nothing(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 780})
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".md-header button:visible")).to_have_count(0)
    page.locator("label.u-burger").click()
    expect(page.locator(".md-nav--primary").get_by_text("Questions").first).to_be_in_viewport()
    context.close()
