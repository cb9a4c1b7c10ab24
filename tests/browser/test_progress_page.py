"""The Progress page: what one has come to, and how it leaves and comes back."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Reader
from tests.projects import BREAD, bread_project
from tools.audit.server import serve
from tools.engine import build_languages
from tools.model.progress import Progress, merge, state
from tools.storage.progress_text import parse_progress, progress_text

pytestmark = pytest.mark.browser

_STORE = '(await import("/assets/javascripts/progress/store.js")).open()'
_EVENT = {"device": "p2xw9aaaaaaaa", "n": 43, "at": "2026-11-23T09:00Z"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the fixture site, whose author reads too."""
    project = bread_project(tmp_path_factory.mktemp("bread"))
    site = project / ".build" / "site"
    with serve(site) as origin, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_URL", f"{origin}/")
        build_languages(project, site)
        yield f"{origin}/"


def ready(reader: Reader, path: str = "progress/") -> Page:
    page = reader.open(path)
    expect(page.locator("u-dashboard[data-ready]")).to_be_attached()
    return page


def part(page: Page, name: str) -> Locator:
    return page.locator(f'u-dashboard [data-part="{name}"]').first


def record(page: Page, *said: dict[str, object]) -> None:
    """Let the reader have said these, one after another."""
    page.evaluate(
        f"async (said) => {{ for (const one of said) await {_STORE}.record(one); }}", list(said)
    )


def states(page: Page) -> dict[str, list[object]]:
    """Status, rating, note and minutes by subject, as the page knows them."""
    known: dict[str, list[object]] = page.evaluate(
        f"""async () => Object.fromEntries([...{_STORE}.state].map(
            ([subject, one]) => [subject, [one.status, one.rating, one.note, one.spent]]))"""
    )
    return known


def a_reader_who_read(reader: Reader) -> Page:
    page = ready(reader)
    record(
        page,
        {"subject": "resource/on-gluten", "status": "done", "spent": 70},
        {"subject": "resource/oven-book", "status": "reading"},
        {"subject": "resource/rye-film", "rating": 4, "note": "关键就是遗忘门的连乘。"},
        {"subject": "topic/kneading", "status": "done"},
    )
    expect(part(page, "kept")).to_contain_text("4 events")
    return page


def paste(page: Page, text: str) -> None:
    page.get_by_label("Or paste its text, or a link").fill(text)
    page.get_by_role("button", name="See what it adds").click()


def file_of(*events: dict[str, object]) -> str:
    lines = "".join(f"- {json.dumps(event, ensure_ascii=False)}\n" for event in events)
    return f"format: unrolled-progress/1\nevents:\n{lines}"


def delete_everything(page: Page) -> None:
    page.get_by_role("button", name="Delete everything here…").click()
    page.get_by_role("button", name="Delete everything", exact=True).click()
    expect(part(page, "dash")).to_be_hidden()


def test_an_empty_page_says_one_next_step(reader: Reader) -> None:
    page = ready(reader)
    expect(page.get_by_role("link", name="Open a topic and mark what you read")).to_be_visible()
    expect(page.get_by_text("Nothing marked yet.")).to_be_visible()
    expect(page.get_by_role("heading", name="By topic")).to_be_hidden()


def test_the_numbers_bars_and_lists_say_what_was_read(reader: Reader) -> None:
    page = a_reader_who_read(reader)
    expect(part(page, "read")).to_have_text("1")
    expect(part(page, "reading")).to_have_text("1")
    expect(part(page, "topics")).to_have_text("1")
    expect(part(page, "minutes")).to_have_text("70′")
    expect(page.get_by_role("img", name="1 of 2 read, 0 being read, 0 planned")).to_be_visible()
    expect(part(page, "now")).to_contain_text("The Hot Box")
    expect(part(page, "notes")).to_contain_text("关键就是遗忘门的连乘。")
    weeks = page.locator('[data-part="weeks"] tr')
    page.get_by_text("The same as a table").click()
    expect(weeks.last.locator("td").last).to_have_text("70")
    expect(page.get_by_role("img", name="Resources read and minutes spent")).to_be_visible()


def test_a_status_changed_in_a_list_moves_it(reader: Reader) -> None:
    page = a_reader_who_read(reader)
    part(page, "now").locator("select").select_option("done")
    expect(part(page, "read")).to_have_text("2")
    expect(page.get_by_role("heading", name="Reading now")).to_be_hidden()


@pytest.mark.parametrize("button", ["File, YAML", "File, JSON"])
def test_export_delete_import_and_import_again(reader: Reader, tmp_path: Path, button: str) -> None:
    page = a_reader_who_read(reader)
    before = states(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name=button, exact=True).click()
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    expect(part(page, "kept")).to_contain_text("Last export today")
    delete_everything(page)
    assert states(page) == {}
    part(page, "file").set_input_files(file)
    expect(part(page, "adds")).to_have_text("This adds 4 events and loses none.")
    assert states(page) == {}
    part(page, "add").click()
    expect(part(page, "adds")).to_have_text("Added: 4.")
    assert states(page) == before
    part(page, "file").set_input_files(file)
    expect(part(page, "adds")).to_contain_text("Nothing new")
    expect(part(page, "add")).to_be_hidden()


def test_the_command_reads_what_the_page_writes_with_the_same_meaning(reader: Reader) -> None:
    page = a_reader_who_read(reader)
    page.get_by_role("button", name="Text", exact=True).click()
    text = part(page, "out-text").input_value()
    read = parse_progress(text)
    assert (read.strange, read.broken) == ((), ())
    assert progress_text(read.progress) == text
    known = {
        s: [o.status, o.rating, o.note, o.spent] for s, o in state(read.progress.events).items()
    }
    assert known == states(page)


def test_page_and_command_merge_to_the_same_file(reader: Reader) -> None:
    page = a_reader_who_read(reader)
    page.get_by_role("button", name="Commit").click()
    mine = parse_progress(part(page, "out-text").input_value()).progress
    theirs = file_of(
        _EVENT | {"subject": "resource/on-gluten", "status": "review"},
        _EVENT | {"n": 44, "undo": ["p2xw9aaaaaaaa", 43]},
        _EVENT | {"n": 45, "subject": "topic/baking", "later": True},
    )
    paste(page, theirs)
    part(page, "add").click()
    expect(part(page, "adds")).to_have_text("Added: 3.")
    page.get_by_role("button", name="Commit").click()
    merged: Progress = merge(mine, parse_progress(theirs).progress)
    assert part(page, "out-text").input_value() == progress_text(merged)


def test_a_link_carries_the_state_to_a_second_profile(
    reader: Reader, browser: Browser, address: str
) -> None:
    page = a_reader_who_read(reader)
    page.get_by_role("button", name="Link", exact=True).click()
    expect(part(page, "out-says")).to_contain_text("letters")
    bare = part(page, "out-text").input_value()
    page.get_by_label("With my notes").check()
    expect(part(page, "out-text")).not_to_have_value(bare)
    link = part(page, "out-text").input_value()
    other = browser.new_context().new_page()
    other.goto(bare)
    part(other, "add").click()
    assert states(other)["resource/on-gluten"][0] == "done"
    assert states(other)["resource/rye-film"][1:3] == [4, None]
    expect(other).to_have_url(f"{address}progress/")
    paste(other, link)
    part(other, "add").click()
    assert states(other)["resource/rye-film"][2] == "关键就是遗忘门的连乘。"
    other.goto(bare.replace(address, f"{address}zh/"))
    expect(part(other, "adds")).to_contain_text("没有新内容")
    other.context.close()


def test_a_conflict_is_shown_and_can_be_decided_the_other_way(reader: Reader) -> None:
    page = a_reader_who_read(reader)
    paste(
        page,
        file_of(
            _EVENT | {"subject": "resource/oven-book", "status": "skimmed"},
            _EVENT | {"n": 44, "subject": "resource/on-gluten", "rating": 2},
        ),
    )
    rows = part(page, "change-rows").locator("tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Skimmed, both kept")
    expect(rows.first.locator("td").nth(2)).to_contain_text("Reading")
    expect(rows.last.locator("td").last).to_have_text("+ 2")
    part(page, "add").click()
    assert states(page)["resource/oven-book"][0] == "skimmed"
    expect(rows).to_have_count(1)
    rows.get_by_role("button", name="Take the other").click()
    expect(rows.locator("td").last).to_have_text("Reading")
    assert states(page)["resource/oven-book"][0] == "reading"


def test_not_now_adds_nothing(reader: Reader) -> None:
    page = ready(reader)
    paste(page, file_of(_EVENT | {"subject": "topic/baking", "status": "done"}))
    page.get_by_role("button", name="Not now").click()
    expect(part(page, "preview")).to_be_hidden()
    assert states(page) == {}


def test_the_authors_progress_can_be_taken_over(reader: Reader) -> None:
    page = ready(reader, "zh/progress/")
    page.get_by_role("button", name="采用作者的进度").click()
    expect(part(page, "adds")).to_contain_text("增加2条")
    part(page, "add").click()
    expect(part(page, "read")).to_have_text("1")
    text = (BREAD / "catalog" / "progress.yml").read_text(encoding="utf-8")
    assert states(page).keys() == state(parse_progress(text).progress.events).keys()


def test_forgetting_a_note_leaves_nothing_of_it_anywhere(reader: Reader) -> None:
    page = a_reader_who_read(reader)
    record(page, {"subject": "topic/baking", "note": "first secret"})
    record(page, {"subject": "topic/baking", "note": "second secret"})
    line = part(page, "notes").locator("li").filter(has_text="second secret")
    line.get_by_role("button", name="Forget").click()
    expect(page.locator(".u-toast")).to_have_text(re.compile("forgotten"))
    expect(part(page, "notes").locator("li")).to_have_count(1)
    assert "secret" not in page.evaluate("JSON.stringify({ ...localStorage })")
    page.get_by_role("button", name="Text", exact=True).click()
    assert "secret" not in part(page, "out-text").input_value()


def test_deleting_asks_first_and_empties_other_tabs(reader: Reader) -> None:
    page = a_reader_who_read(reader)
    other = page.context.new_page()
    other.goto(f"{reader.address}learn/kneading/")
    control = other.locator('u-progress[subject="topic/kneading"] select')
    expect(control).to_have_value("done")
    page.bring_to_front()
    page.get_by_role("button", name="Delete everything here…").click()
    page.get_by_role("button", name="Keep everything").click()
    assert len(states(page)) == 4
    delete_everything(page)
    expect(control).to_have_value("")
    keys: list[str] = page.evaluate("Object.keys(localStorage)")
    assert [key for key in keys if key.startswith("bread/progress")] == []


def test_script_in_a_note_or_a_subject_stays_text(reader: Reader) -> None:
    page = ready(reader)
    evil = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
    paste(
        page,
        file_of(
            _EVENT | {"subject": "topic/baking", "note": evil},
            _EVENT | {"n": 44, "subject": f"resource/{evil}", "status": "reading"},
            _EVENT | {"n": 45, "subject": "javascript:alert(1)", "status": "planned"},
        ),
    )
    part(page, "add").click()
    expect(part(page, "notes")).to_contain_text(evil)
    expect(part(page, "unknown")).to_contain_text("javascript:alert(1)")
    assert page.locator("u-dashboard img, u-dashboard script").count() == 0
    assert part(page, "unknown").locator("a[href]").count() == 0
    assert "broken" not in page.title()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hello", "This holds no progress"),
        ("[" * 100_000, "This holds no progress"),
        (f"{file_of(_EVENT | {'rating': 9})}", "lines are no events this page understands"),
        ("https://bread.example/progress/#9z00", "made by a newer program"),
        ("https://bread.example/progress/#1dAAAA", "damaged"),
        (
            file_of(_EVENT | {"rating": 1, "subject": "topic/baking"}).replace("ess/1", "ess/7"),
            "newer program (unrolled-progress/7)",
        ),
        (f"{file_of(_EVENT)}- [half", "1 lines could not be read and are left out"),
    ],
)
def test_what_cannot_be_read_is_told(reader: Reader, text: str, told: str) -> None:
    page = ready(reader)
    paste(page, text)
    expect(part(page, "preview")).to_contain_text(told)


def test_a_file_of_ten_megabytes_is_shown_and_refused_where_there_is_no_room(
    reader: Reader, tmp_path: Path
) -> None:
    events = (
        _EVENT | {"n": n, "subject": "topic/baking", "note": "x" * 400} for n in range(1, 20_000)
    )
    file = tmp_path / "large.yml"
    file.write_text(file_of(*events), encoding="utf-8")
    page = ready(reader)
    part(page, "file").set_input_files(file)
    expect(part(page, "adds")).to_contain_text("19999 events", timeout=60_000)
    expect(page.get_by_text("and 19899 more")).to_be_visible()
    part(page, "add").click()
    expect(part(page, "adds")).to_contain_text("nothing was added", timeout=60_000)
    assert states(page) == {}


def test_what_is_due_for_another_look_is_off_until_asked_for(reader: Reader) -> None:
    page = ready(reader)
    old = _EVENT | {"at": "2025-01-01", "subject": "resource/on-gluten", "status": "done"}
    paste(page, file_of(old))
    part(page, "add").click()
    expect(part(page, "read")).to_have_text("1")
    expect(page.get_by_role("heading", name="Due for another look")).to_be_hidden()
    page.get_by_label("Remind me to look again").check()
    expect(part(page, "due")).to_contain_text("On Gluten")


def test_an_old_export_is_mentioned_quietly(reader: Reader) -> None:
    page = ready(reader)
    record(page, *({"subject": "topic/baking", "rating": 1 + n % 5} for n in range(12)))
    expect(part(page, "kept")).to_contain_text("It is time for an export: 12 events are only here.")
    with page.expect_download():
        page.get_by_role("button", name="File, YAML", exact=True).click()
    expect(part(page, "kept")).not_to_contain_text("It is time")


def test_the_keyboard_alone_exports_and_imports(reader: Reader) -> None:
    page = a_reader_who_read(reader)
    page.get_by_role("button", name="Text", exact=True).focus()
    page.keyboard.press("Enter")
    text = part(page, "out-text").input_value()
    delete_everything(page)
    field = page.get_by_label("Or paste its text, or a link")
    field.focus()
    page.keyboard.insert_text(text)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(part(page, "preview")).to_be_focused()
    for _ in range(5):
        page.keyboard.press("Tab")
        if part(page, "add").evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(part(page, "adds")).to_have_text("Added: 4.")
