"""A reader marks what they read: on every page, in both languages, in several tabs."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Reader
from tests.projects import bread_project
from tools.audit.server import serve
from tools.engine import build_languages

pytestmark = pytest.mark.browser

_LOAF = """title: Loaf {n}
url: https://loaves.example/{n}
kind: article
language: en
topics: [baking]
level: beginner
summary: {{en: "The loaf with the number {n}.", zh: 第{n}个面包。}}
added: "2026-11-18"
"""
_FULL = """const write = Storage.prototype.setItem;
window.full = true;
Storage.prototype.setItem = function (...said) {
  if (window.full) throw new DOMException("full", "QuotaExceededError");
  return write.apply(this, said);
};"""
_BARRED = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no'); }})"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the fixture site with ten loaves more."""
    project = bread_project(tmp_path_factory.mktemp("loaves"))
    for n in range(10):
        loaf = project / "catalog" / "resources" / f"loaf-{n}.yml"
        loaf.write_text(_LOAF.format(n=n), encoding="utf-8")
    site = project / ".build" / "site"
    with serve(site) as origin, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_URL", f"{origin}/")
        build_languages(project, site)
        yield f"{origin}/"


def status(page: Page, subject: str) -> Locator:
    """The status of one subject where it stands in a list."""
    return page.locator(f'u-progress[subject="{subject}"]:not([detail]) select').first


def stored(page: Page) -> str:
    """All progress that the browser keeps for the site."""
    text: str = page.evaluate(
        "Object.entries(localStorage).filter(([key]) => key.startsWith('bread/')).join('\\n')"
    )
    return text


def second_tab(reader: Reader, path: str) -> Page:
    page = reader.page.context.new_page()
    page.goto(reader.address + path)
    return page


def opened(page: Page, id: str) -> Locator:
    """The controls in the record of a row, which is open then."""
    expect(page.locator("u-catalog[data-ready]")).to_be_attached()
    page.locator(f"#{id} .u-open").click()
    mine = page.locator(f"#{id}--record .u-mine")
    expect(mine).to_be_visible()
    return mine


def test_on_a_first_visit_nothing_is_marked_and_nothing_stored(reader: Reader) -> None:
    page = reader.open("catalog/")
    expect(status(page, "resource/loaf-3")).to_have_value("")
    reader.open("")
    expect(page.locator("u-now")).to_be_hidden()
    assert page.locator(".f-part, .f-full").count() == 0
    assert stored(page) == ""


def test_scrolling_and_opening_mark_nothing(reader: Reader) -> None:
    page = reader.open("catalog/")
    opened(page, "loaf-3")
    page.mouse.wheel(0, 4000)
    reader.open("learn/baking/")
    page.mouse.wheel(0, 4000)
    assert stored(page) == ""


def test_ten_resources_in_two_languages_and_two_tabs(reader: Reader) -> None:
    english = reader.open("catalog/")
    chinese = second_tab(reader, "zh/learn/baking/")
    for n in range(5):
        status(chinese, f"resource/loaf-{n + 5}").select_option(label="读完了")
    english.bring_to_front()
    for n in range(5):
        status(english, f"resource/loaf-{n}").select_option("done")
    for n in range(10):
        expect(status(english, f"resource/loaf-{n}")).to_have_value("done")
        expect(status(chinese, f"resource/loaf-{n}")).to_have_value("done")
    reader.open("zh/progress/")
    expect(english.locator('[data-part="read"]')).to_have_text("10")


def test_two_tabs_that_write_at_once_lose_nothing(reader: Reader) -> None:
    tabs = [reader.open("learn/"), second_tab(reader, "zh/learn/")]
    for tab, name in zip(tabs, "ab", strict=True):
        tab.evaluate(
            """async (name) => {
              const { open } = await import("/assets/javascripts/progress/store.js");
              window.wrote = (async () => {
                for (let n = 0; n < 2000; n++)
                  await open().record({ subject: `resource/${name}${n}`, rating: 1 });
                return true;
              })();
            }""",
            name,
        )
    assert all(tab.evaluate("window.wrote") for tab in tabs)
    page = second_tab(reader, "progress/")
    page.wait_for_selector("u-dashboard[data-ready]")
    events = page.evaluate(
        """async () => {
          const { open } = await import("/assets/javascripts/progress/store.js");
          return open().progress.events.map(({ device, n, fields }) => [device, n, fields.subject]);
        }"""
    )
    assert {subject for *_, subject in events} == {
        f"resource/{name}{n}" for name in "ab" for n in range(2000)
    }
    assert len({(device, n) for device, n, _ in events}) == 4000


def test_the_toast_takes_back_and_back_again(reader: Reader) -> None:
    page = reader.open("catalog/")
    status(page, "resource/on-gluten").select_option("planned")
    status(page, "resource/on-gluten").select_option("done")
    toast = page.locator(".u-toast")
    expect(toast).to_contain_text("On Gluten: Done")
    toast.get_by_role("button", name="Undo").click()
    expect(status(page, "resource/on-gluten")).to_have_value("planned")
    toast.get_by_role("button", name="Undo").click()
    expect(status(page, "resource/on-gluten")).to_have_value("done")


def test_rating_minutes_and_note_are_seen_at_once_in_another_tab(reader: Reader) -> None:
    page = reader.open("catalog/")
    mine = opened(page, "on-gluten")
    theirs = opened(second_tab(reader, "zh/catalog/"), "on-gluten")
    page.bring_to_front()
    mine.get_by_role("button", name="4 of 5").click()
    for minutes in ("25", "10"):
        mine.get_by_label("Minutes spent").fill(minutes)
        mine.get_by_role("button", name="Add").click()
        expect(mine.get_by_label("Minutes spent")).to_have_value("")
    mine.get_by_label("Your note").fill("看第二遍")
    mine.get_by_role("button", name="Keep").click()
    expect(theirs.get_by_label("我的笔记")).to_have_value("看第二遍")
    expect(theirs.locator(".u-rate .on")).to_have_count(4)
    expect(theirs.locator('[data-part="spent"]')).to_have_text("35′")
    mine.get_by_role("button", name="4 of 5").click()
    expect(theirs.locator(".u-rate .on")).to_have_count(0)


def test_a_topic_and_a_snippet_are_marked_where_they_stand(reader: Reader) -> None:
    page = reader.open("learn/kneading/")
    status(page, "snippet/dough/window_pane").select_option("done")
    page.locator('u-progress[subject="topic/kneading"] select').select_option("done")
    reader.open("zh/snippets/dough/window_pane/")
    expect(page.locator("u-progress[detail] select")).to_have_value("done")
    reader.open("learn/")
    expect(status(page, "topic/kneading")).to_have_value("done")


def test_the_map_and_the_strip_fill_as_far_as_one_has_come(reader: Reader) -> None:
    page = reader.open("learn/baking/")
    status(page, "resource/loaf-1").select_option("done")
    expect(page.locator(".u-toast")).to_be_visible()
    reader.open("")
    stop = page.locator('svg a[data-subject="topic/baking"]')
    expect(stop.locator(".f-part")).to_be_attached()
    expect(stop.locator("text.f-cnt")).to_have_text("1/12")
    expect(stop.locator("title")).to_have_text("Baking: 1 of 12 read")
    reader.open("learn/baking/")
    page.locator('u-progress[subject="topic/baking"] select').select_option("done")
    expect(page.locator('.u-strip [data-subject="topic/baking"]')).to_have_class(re.compile("done"))


def test_home_goes_on_where_one_stopped_and_says_what_is_next(reader: Reader) -> None:
    page = reader.open("catalog/")
    status(page, "resource/oven-book").select_option("reading")
    expect(page.locator(".u-toast")).to_be_visible()
    reader.open("")
    expect(page.locator('[data-part="continue"] .u-title')).to_have_text("The Hot Box")
    expect(page.locator('[data-part="next"] .u-title')).to_have_text("On Gluten")
    page.locator('[data-part="next"] select').select_option("done")
    expect(page.locator('[data-part="next"] .u-title')).not_to_have_text("On Gluten")


def test_a_topic_says_what_comes_next_on_its_list(reader: Reader) -> None:
    page = reader.open("learn/kneading/")
    expect(page.locator("u-now")).to_have_text("Begin with On Gluten")
    status(page, "resource/on-gluten").select_option("skimmed")
    expect(page.locator("u-now")).to_have_text("1 of 2 read. Next: 黑麦面包")


def test_the_catalog_filters_by_the_readers_own_progress(reader: Reader) -> None:
    page = reader.open("catalog/")
    status(page, "resource/loaf-2").select_option("done")
    box = page.locator('[data-facet="progress"] input[value="done"]')
    expect(box).to_be_enabled()
    box.check()
    expect(page).to_have_url(re.compile(r"\?progress=done$"))
    assert reader.rows() == ["loaf-2"]
    reader.open("zh/catalog/?progress=done")
    expect(page.locator("tr.u-row:visible")).to_have_count(1)


def test_the_keyboard_alone_marks_rates_and_takes_back(reader: Reader) -> None:
    page = reader.open("catalog/")
    expect(status(page, "resource/on-gluten")).to_have_value("")
    page.locator("#on-gluten .u-open").focus()
    page.keyboard.press("d")
    expect(status(page, "resource/on-gluten")).to_have_value("done")
    page.keyboard.press("4")
    expect(page.locator(".u-toast")).to_contain_text("On Gluten: 4 of 5")
    page.keyboard.press("u")
    page.keyboard.press("u")
    expect(status(page, "resource/on-gluten")).to_have_value("")
    page.keyboard.press("j")
    page.keyboard.press("w")
    expect(page.locator("#on-gluten ~ tr.u-row .u-status").first).to_have_attribute(
        "data-s", "planned"
    )


def test_a_key_means_nothing_outside_rows_or_while_typing(reader: Reader) -> None:
    page = reader.open("catalog/")
    mine = opened(page, "on-gluten")
    mine.get_by_label("Your note").press_sequentially("ddu45")
    expect(mine.get_by_label("Your note")).to_have_value("ddu45")
    page.locator("h1").click()
    page.keyboard.press("d")
    assert stored(page) == ""


def test_keys_can_be_switched_off(reader: Reader) -> None:
    page = reader.open("progress/")
    page.get_by_label("Keys in rows").uncheck()
    reader.open("catalog/")
    expect(status(page, "resource/on-gluten")).to_have_value("")
    page.locator("#on-gluten .u-open").focus()
    page.keyboard.press("d")
    page.keyboard.press("o")
    expect(page.locator("#on-gluten .u-open")).to_have_attribute("aria-expanded", "true")
    expect(status(page, "resource/on-gluten")).to_have_value("")


def test_a_full_disk_is_told_and_the_control_shows_what_is_kept(reader: Reader) -> None:
    reader.page.add_init_script(_FULL)
    page = reader.open("catalog/")
    status(page, "resource/on-gluten").select_option("done")
    expect(page.locator(".u-toast")).to_contain_text("no room left")
    expect(status(page, "resource/on-gluten")).to_have_value("")
    page.evaluate("window.full = false")
    status(page, "resource/on-gluten").select_option("done")
    expect(page.locator(".u-toast")).to_have_text(re.compile("On Gluten: Done"))
    expect(status(page, "resource/on-gluten")).to_have_value("done")


def test_where_pages_may_store_nothing_marking_lasts_until_one_leaves(reader: Reader) -> None:
    reader.page.add_init_script(_BARRED)
    page = reader.open("learn/kneading/")
    status(page, "resource/on-gluten").select_option("done")
    expect(page.locator(".u-toast")).to_contain_text("store nothing")
    expect(status(page, "resource/on-gluten")).to_have_value("done")
    # The theme's own scripts want a storage too.
    reader.troubles[:] = [trouble for trouble in reader.troubles if trouble != "script: no"]


def test_a_value_that_cannot_be_read_stays_as_it_is(reader: Reader) -> None:
    page = reader.open("")
    page.evaluate("localStorage.setItem('bread/progress/odd', '<b>not ours')")
    reader.open("catalog/")
    status(page, "resource/on-gluten").select_option("done")
    reader.open("progress/")
    expect(page.get_by_text("One stored value could not be read.")).to_be_visible()
    assert page.evaluate("localStorage.getItem('bread/progress/odd')") == "<b>not ours"
    expect(page.locator('[data-part="read"]')).to_have_text("1")


def test_moving_without_reloading_keeps_every_control_alive(reader: Reader) -> None:
    page = reader.open("catalog/")
    page.evaluate("window.sameDocument = true")
    status(page, "resource/on-gluten").select_option("done")
    page.get_by_role("link", name="Learn", exact=True).first.click()
    page.get_by_role("link", name="Kneading", exact=True).locator("visible=true").first.click()
    expect(status(page, "resource/on-gluten")).to_have_value("done")
    status(page, "resource/on-gluten").select_option("review")
    page.get_by_role("link", name="Progress", exact=True).first.click()
    expect(page.locator('[data-part="read"]')).to_have_text("1")
    page.go_back()
    expect(status(page, "resource/on-gluten")).to_have_value("review")
    assert page.evaluate("window.sameDocument") is True


@pytest.mark.parametrize("path", ["catalog/#on-gluten", "learn/kneading/", "progress/", ""])
def test_a_phone_has_room_for_all_of_it(phone_reader: Reader, path: str) -> None:
    page = phone_reader.open("learn/kneading/")
    status(page, "resource/on-gluten").select_option("reading")
    phone_reader.open(f"zh/{path}")
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    for control in page.locator(".u-status select, .u-rate button").locator("visible=true").all():
        box = control.bounding_box()
        assert box and min(box["width"], box["height"]) >= 24


def test_without_scripts_the_lists_are_whole_and_no_control_is_broken(
    browser: Browser, scriptless_reader: Reader
) -> None:
    page = scriptless_reader.open("catalog/")
    assert len(scriptless_reader.rows()) == 13
    expect(page.get_by_role("columnheader", name="Yours")).to_have_count(0)
    scriptless_reader.open("learn/kneading/")
    expect(page.get_by_text("It says why before how.")).to_be_visible()
    scriptless_reader.open("zh/progress/")
    expect(page.get_by_text("现在它没有启用")).to_be_visible()
    expect(page.locator("main button:visible, .md-content button:visible")).to_have_count(0)
