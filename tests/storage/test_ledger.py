"""A note's ledger: written whole, changed by the line, and never at the cost of a comment."""

import pytest

from tools.model.note import LedgerLine, Note
from tools.model.words import Words
from tools.storage.ledger import new_note_text, with_ledger
from tools.storage.yaml import read_yaml

FILE = """\
title: {en: Shelf, zh: 架子}   # the old one
language: zh
marks:
  "*": {means: {en: Stars., zh: 星。}}
addresses:
  - {line: 3, url: "https://a.example/1", resource: rye}   # moved twice
  # torn in the note
  - line: 5
    url: https://a.example/2
    resource: oven
# the end
"""
RYE = LedgerLine(line=3, url="https://a.example/1", resource="rye")
OVEN = LedgerLine(line=5, url="https://a.example/2", resource="oven")
NEW = LedgerLine(line=4, url="https://a.example/?x=1#y", resource="fresh")


def test_a_new_note_says_what_is_known_of_it() -> None:
    note = Note(id="shelf", title=Words("架子", "架子"), language="zh", addresses=(RYE, NEW))
    assert new_note_text(note) == (
        "title:\n  en: 架子\n  zh: 架子\nlanguage: zh\naddresses:\n"
        '  - {line: 3, url: "https://a.example/1", resource: rye}\n'
        '  - {line: 4, url: "https://a.example/?x=1#y", resource: fresh}\n'
    )


def test_a_note_without_addresses_says_so() -> None:
    note = Note(id="shelf", title=Words("a", "b"), language="en")
    assert new_note_text(note).endswith("addresses: []\n")


def test_the_same_ledger_leaves_the_file_as_it_is() -> None:
    assert with_ledger(FILE, (RYE, OVEN)) == FILE


def test_a_line_comes_in_its_place_and_the_others_keep_their_form() -> None:
    assert with_ledger(FILE, (RYE, NEW, OVEN)) == FILE.replace(
        "moved twice\n  # torn in the note\n",
        "moved twice\n  # torn in the note\n"
        '  - {line: 4, url: "https://a.example/?x=1#y", resource: fresh}\n',
    )


def test_the_comment_of_a_line_that_goes_stays() -> None:
    text = with_ledger(FILE, (NEW,))
    assert "# torn in the note" in text
    assert read_yaml(text)["addresses"] == [
        {"line": 4, "url": "https://a.example/?x=1#y", "resource": "fresh"}
    ]
    assert text.endswith("# the end\n")


def test_an_empty_ledger_can_be_filled() -> None:
    text = with_ledger("title: {en: a, zh: b}\nlanguage: en\naddresses: []   # none yet\n", (RYE,))
    assert read_yaml(text)["addresses"][0]["resource"] == "rye"


def test_a_ledger_on_one_line_with_a_comment_is_left_to_a_person() -> None:
    text = (
        "addresses: [{line: 3, url: 'https://a.example/1', resource: rye}]   # why\nlanguage: zh\n"
    )
    with pytest.raises(ValueError, match="stands on one line with a comment"):
        with_ledger(text, (RYE, OVEN))
