"""Reading logs of somebody who writes only hostile notes, as their readers read them."""

import csv
import io

import pytest

from tests.exchange.conftest import TEXTS
from tests.exchange.test_markdown_export import INLINE, PLAIN, engine, texts
from tools.exchange.progress import LOGS
from tools.exchange.progress.csv import COLUMNS
from tools.model.catalog import Catalog
from tools.model.progress import ProgressEvent
from tools.model.reading_log import Logged, reading_log
from tools.model.text import visible
from tools.model.words import SITE_LANGUAGES, SiteLanguage


@pytest.fixture
def log(hostile: Catalog) -> tuple[Logged, ...]:
    """Every text as a title, as an id that nobody knows, and as a note on both."""
    return reading_log(hostile, [
        ProgressEvent({"device": "d", "n": n, "subject": subject, "note": text, "spent": 1})
        for n, (subject, text) in enumerate(
            ((subject, text) for at, text in enumerate(TEXTS)
             for subject in (f"resource/r{at:02}", text)), start=1)
    ])  # fmt: skip


@pytest.mark.parametrize("preset", ["commonmark", "gfm-like"])
@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_nothing_that_somebody_wrote_is_markup(
    preset: str, language: SiteLanguage, log: tuple[Logged, ...]
) -> None:
    read = engine(preset).parse(LOGS["markdown"](log, language))
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in read} <= PLAIN
    assert {part.type for token in read for part in token.children or []} <= INLINE
    assert {key for token in read for key in token.attrs} == set()
    links = [
        part for token in read for part in token.children or [] if part.type == "link_open"
    ]  # fmt: skip
    assert len(links) == sum(one.thing is not None for one in log)
    said = [*texts(read)]
    assert [text for text in map(visible, TEXTS) if text and text not in said] == []
    assert [text for text in said if "\x1b" in text] == []


def test_a_row_holds_every_subject_and_note_and_begins_no_formula(
    log: tuple[Logged, ...],
) -> None:
    text = LOGS["csv"](log, "en").encode().decode("utf-8-sig")
    rows = [*csv.DictReader(io.StringIO(text, newline=""), strict=True)]
    assert [tuple(row) for row in rows] == [COLUMNS] * len(log)
    for row, one in zip(rows, log, strict=True):
        for cell, text in ((row["subject"], one.subject), (row["note"], one.state.note)):
            assert cell in (text, f"'{text}")
    cells = [cell for row in rows for cell in row.values()]
    assert [cell for cell in cells if cell.startswith(tuple("=+-@＝＋－＠\t\r\n"))] == []
    assert "'=HYPERLINK(1)" in cells
