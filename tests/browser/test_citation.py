"""Copying the citation of one resource from its opened row."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Reader
from tests.builders import read_catalog
from tests.projects import BREAD
from tools.exchange.bibtex import bibtex

pytestmark = pytest.mark.browser

_NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', {value: undefined})"


def citation(id: str) -> str:
    return bibtex(read_catalog(BREAD / "catalog").resources[id])


def opened(page: Page, id: str) -> Locator:
    """The button beside the citation of a row, which is open then."""
    expect(page.locator("u-catalog[data-ready]")).to_be_attached()
    opener = page.locator(f"#{id} .u-open")
    if opener.get_attribute("aria-expanded") == "false":
        opener.click()
    button = page.locator(f"#{id}--record .u-copy")
    expect(button).to_be_visible()
    return button


def clipboard(page: Page) -> str:
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


@pytest.fixture
def copier(reader: Reader) -> Iterator[Reader]:
    """A reader whose browser lets pages write to the clipboard."""
    reader.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield reader


@pytest.mark.parametrize(
    ("path", "before", "after", "told"),
    [
        ("catalog/", "Copy", "Copied", "Copied the BibTeX of On Gluten"),
        ("zh/catalog/", "复制", "已复制", "已复制“On Gluten”的BibTeX"),
    ],
)
def test_the_button_copies_and_says_so(
    copier: Reader, path: str, before: str, after: str, told: str
) -> None:
    button = opened(copier.open(path), "on-gluten")
    label = button.locator('[data-part="label"]')
    expect(label).to_have_text(before)
    copier.page.clock.install()
    button.click()
    expect(label).to_have_text(after)
    expect(copier.page.locator('[data-part="live"]')).to_have_text(told)
    assert clipboard(copier.page) == citation("on-gluten")
    copier.page.clock.run_for(5_000)
    expect(label).to_have_text(before)


def test_the_keyboard_alone_copies(copier: Reader) -> None:
    button = opened(copier.open("catalog/"), "oven-book")
    opener = copier.page.locator("#oven-book .u-open")
    opener.focus()
    for _ in range(20):
        copier.page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    copier.page.keyboard.press("Enter")
    expect(button).to_contain_text("Copied")
    expect(button).to_be_focused()
    assert clipboard(copier.page) == citation("oven-book")


def test_a_record_that_comes_later_has_a_button_that_works(copier: Reader) -> None:
    button = opened(copier.open("catalog/"), "rye-film")
    later = "record => record.replaceWith(record.cloneNode(true))"
    copier.page.locator("#rye-film--record").evaluate(later)
    button.click()
    expect(button).to_contain_text("Copied")
    assert clipboard(copier.page) == citation("rye-film")


def test_it_still_copies_after_leaving_the_page_and_coming_back(copier: Reader) -> None:
    page = copier.open("catalog/")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("link", name="Questions", exact=True).first.click()
    expect(page.get_by_role("heading", name="Why does dough rest?")).to_be_visible()
    page.get_by_role("link", name="Catalog", exact=True).first.click()
    opened(page, "rye-film").click()
    expect(page.locator('[data-part="live"]')).to_have_text("Copied the BibTeX of 黑麦面包")
    assert clipboard(page) == citation("rye-film")
    assert page.evaluate("window.sameDocument") is True


def test_without_a_clipboard_the_text_is_selected(reader: Reader) -> None:
    reader.page.add_init_script(_NO_CLIPBOARD)
    button = opened(reader.open("catalog/"), "on-gluten")
    button.click()
    expect(button).to_contain_text("Selected")
    expect(reader.page.locator('[data-part="live"]')).to_have_text(
        "Selected the BibTeX of On Gluten"
    )
    selected = reader.page.evaluate("String(getSelection())")
    assert selected.strip() == citation("on-gluten").strip()


def test_a_phone_has_the_button_as_large_as_a_finger_needs(phone_reader: Reader) -> None:
    button = opened(phone_reader.open("zh/catalog/"), "on-gluten")
    box = button.bounding_box()
    assert box and min(box["width"], box["height"]) >= 24


def test_without_scripts_there_is_the_citation_and_no_button(scriptless_reader: Reader) -> None:
    page = scriptless_reader.open("catalog/")
    expect(page.locator("#on-gluten--record pre")).to_be_visible()
    expect(page.locator(".u-copy:visible")).to_have_count(0)


def test_the_feed_named_on_a_page_is_there(reader: Reader) -> None:
    for path in ("catalog/", "zh/learn/baking/"):
        link = reader.open(path).locator('link[type="application/atom+xml"]')
        answer = reader.page.request.get(link.evaluate("link => link.href"))
        assert answer.ok
        assert answer.text().startswith("<?xml")
