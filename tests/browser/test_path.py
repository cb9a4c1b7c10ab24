"""The Path page as readers use it."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

STORE = "**/javascripts/progress/store.js"
TEXT = "element => element.innerText"


def ready(reader: Reader, path: str = "path/") -> Page:
    reader.open(path)
    expect(reader.page.locator("u-path[data-ready]")).to_be_attached()
    return reader.page


def legs(page: Page) -> list[str]:
    """The topics that can be seen, from top to bottom."""
    return [leg.get_attribute("id") or "" for leg in page.locator(".u-leg:visible").all()]


def reads(page: Page) -> list[str]:
    lines = page.locator('.u-leg:visible [data-part="reading"] > li').all()
    return [line.get_attribute("data-subject") or "" for line in lines]


def with_progress(reader: Reader, statuses: dict[str, str]) -> None:
    """A reader whose progress holds these statuses, and who can change them."""
    state = [
        [subject.replace("_", "/"), {"status": status}] for subject, status in statuses.items()
    ]
    reader.page.route(
        STORE,
        lambda route: route.fulfill(
            content_type="text/javascript",
            body=f"""const state = new Map({json.dumps(state)});
            const acts = new Set();
            window.record = (subject, status) => {{
              state.set(subject, {{ status }});
              acts.forEach((act) => act());
            }};
            export const open = () => ({{ state, subscribe: (act) => {{
              acts.add(act);
              return () => acts.delete(act);
            }} }});""",
        ),
    )


@pytest.mark.parametrize("path", ["path/", "zh/path/"])
def test_scripts_change_nothing_until_a_reader_wishes(
    path: str, reader: Reader, scriptless_reader: Reader
) -> None:
    ready(reader, path).add_style_tag(content="u-progress { display: none !important }")
    with_scripts = reader.page.locator('[data-part="steps"]').evaluate(TEXT)
    totals = reader.page.locator('[data-part="totals"]').evaluate(TEXT)
    scriptless_reader.open(path)
    page = scriptless_reader.page
    assert page.locator('[data-part="steps"]').inner_text() == with_scripts
    assert page.locator('[data-part="totals"]').inner_text() == totals
    expect(page.locator(".u-wish")).to_be_hidden()
    assert len(legs(page)) == 2


def test_a_goal_leaves_what_leads_to_it_and_stands_in_the_address(reader: Reader) -> None:
    page = ready(reader)
    assert legs(page) == ["kneading", "baking"]
    page.get_by_label("Goal").select_option("kneading")
    expect(page).to_have_url(re.compile(r"/path/\?goal=kneading$"))
    assert legs(page) == ["kneading"]
    expect(page.locator("#kneading")).to_contain_text("your goal")
    expect(page.get_by_role("status")).to_have_text("1 topic, 12 min of reading")
    page.go_back()
    expect(page.locator(".u-leg:visible")).to_have_count(2)
    expect(page.get_by_label("Goal")).to_have_value("")


def test_an_address_is_the_whole_wish(reader: Reader) -> None:
    page = ready(reader, "path/?goal=baking&lang=zh&kind=video&week=30")
    assert reads(page) == ["resource/rye-film"]
    kneading = page.locator("#kneading")
    expect(kneading.locator('[data-part="empty"]')).to_be_visible()
    kneading.locator("summary").click()
    expect(kneading.locator('[data-part="left"]')).to_contain_text("in English")
    expect(page.get_by_label("Minutes a week")).to_have_value("30")
    expect(page.get_by_role("checkbox", name="video")).to_be_checked()
    expect(page.get_by_label("Language")).to_have_value("zh")
    expect(kneading).to_contain_text("week 1")
    expect(page.locator('[data-part="view"]')).to_have_attribute(
        "href", re.compile("goal=baking&lang=zh&kind=video&week=30$")
    )


def test_what_a_wish_brings_into_the_path_says_why(reader: Reader) -> None:
    page = ready(reader, "path/")
    film = page.locator('[data-subject="resource/rye-film"] [data-part="gist"]')
    expect(film).to_be_empty()
    page.get_by_label("Language").select_option("zh")
    expect(film).not_to_be_empty()


def test_a_goal_by_its_former_name_is_the_goal_of_today(reader: Reader) -> None:
    page = ready(reader, "path/?goal=heat")
    expect(page.get_by_label("Goal")).to_have_value("baking")
    expect(page.locator("#baking")).to_contain_text("your goal")


def test_the_language_switch_keeps_the_wish(reader: Reader) -> None:
    page = ready(reader, "path/?goal=kneading")
    page.locator("a[data-partner]").click()
    expect(page).to_have_url(re.compile(r"/zh/path/\?goal=kneading$"))
    expect(page.locator("u-path[data-ready]")).to_be_attached()
    assert legs(page) == ["kneading"]


def test_what_the_reader_knows_is_left_out_and_told_at_once(reader: Reader) -> None:
    with_progress(reader, {"resource/on-gluten": "done"})
    page = ready(reader)
    assert legs(page) == ["baking"]
    known = page.locator('[data-part="known"]')
    expect(known).to_have_text("You know already: Kneading (you have read On Gluten)")
    page.evaluate("record('topic/baking', 'skimmed')")
    expect(page.locator(".u-leg:visible")).to_have_count(0)
    expect(page.locator('[data-part="none"]')).to_be_visible()
    page.evaluate("record('topic/baking', 'planned')")
    expect(page.locator(".u-leg:visible")).to_have_count(1)


def test_minutes_and_weeks_are_told_with_what_is_unknown(reader: Reader) -> None:
    page = ready(reader, "path/?lang=zh&lang=en")
    totals = page.locator('[data-part="totals"]')
    page.get_by_label("Minutes a week").fill("5")
    expect(totals).to_contain_text(re.compile(r"at least 3\s+weeks"))
    expect(totals).to_contain_text("of unknown length: 1")
    page.get_by_label("Minutes a week").fill("-5")
    expect(totals.locator('[data-part="weeks"]')).to_be_hidden()


@pytest.mark.parametrize("granted", [True, False])
def test_a_path_is_copied_as_markdown(reader: Reader, granted: bool) -> None:
    page = ready(reader, "path/?goal=kneading")
    act = "window.taken = text" if granted else "throw new Error('no')"
    page.evaluate(f"() => {{ navigator.clipboard.writeText = async (text) => {{ {act}; }}; }}")
    page.get_by_role("button", name="Copy as Markdown").click()
    if granted:
        expect(page.get_by_role("status")).to_have_text("Copied")
        text = page.evaluate("taken")
    else:
        expect(page.locator('[data-part="markdown"]')).to_be_visible()
        text = page.evaluate("getSelection().toString()")
    assert text.startswith("# [What to read next](http://127.0.0.1:")
    assert "[On Gluten](https://bread.example/gluten), 12′: first in the reading list" in text
    assert "/learn/kneading/): your goal" in text
    assert "The window pane" in text
    assert "fits too" not in text


def test_the_keyboard_alone_makes_a_wish(reader: Reader) -> None:
    page = ready(reader)
    goal = page.get_by_label("Goal")
    for _ in range(40):
        if goal.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("K")
    expect(page.locator(".u-leg:visible")).to_have_count(1)
    expect(page).to_have_url(re.compile("goal=kneading"))


def test_coming_back_to_the_page_brings_it_to_life_again(reader: Reader) -> None:
    page = ready(reader)
    page.get_by_role("link", name="Catalog").first.click()
    expect(page.locator("u-catalog[data-ready]")).to_be_attached()
    page.get_by_role("link", name="Path").first.click()
    expect(page.locator("u-path[data-ready]")).to_be_attached()
    page.get_by_label("Goal").select_option("kneading")
    assert legs(page) == ["kneading"]


def test_facts_that_do_not_come_leave_the_road_and_say_so(reader: Reader) -> None:
    reader.page.route("**/path/path.json", lambda route: route.abort())
    page = reader.open("path/")
    expect(page.locator('[data-part="told"]')).to_be_visible()
    assert len(legs(page)) == 2
    reader.troubles.clear()


def test_a_phone_shows_it_without_scrolling_sideways(phone_reader: Reader) -> None:
    page = ready(phone_reader, "zh/path/?goal=baking&week=60")
    assert len(legs(page)) == 2
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)


def test_in_print_the_wishes_are_gone_and_addresses_stand_there(reader: Reader) -> None:
    page = ready(reader)
    page.emulate_media(media="print")
    expect(page.locator(".u-wish")).to_be_hidden()
    expect(page.locator('[data-part="copy"]')).to_be_hidden()
    title = page.locator('[data-part="reading"] .u-title').first
    after = title.evaluate("one => getComputedStyle(one, '::after').content")
    assert "bread.example/gluten" in after
