"""Mentions written into a resource file: comments, keys and their order stay as they were."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.model.resource import Mention
from tools.model.words import Words
from tools.storage.emit import plain
from tools.storage.mentions import with_mentions
from tools.storage.yaml import read_yaml

FILE = """\
# Opened on a rainy day.
title: Rye   # keep me
url: https://a.example/rye
mentions:
  # the first one
  - note: shelf
    section: Bread
    label: Rye
    rating: 3   # given before reading
    line: 4
    says:
      en: Slow.
      zh: 慢。
  - {note: other, label: "a: b", line: 9}

# about the day
added: "2026-01-01"
# the end
"""
FIRST = Mention(
    note="shelf", section="Bread", label="Rye", rating=3, line=4, says=Words("Slow.", "慢。")
)
SECOND = Mention(note="other", label="a: b", line=9)


def changed(mention: Mention, **keys: Any) -> Mention:
    return Mention(**{name: getattr(mention, name) for name in Mention.__slots__} | keys)


def test_the_same_mentions_leave_the_file_as_it_is() -> None:
    odd = FILE.replace("title: Rye   #", "title:   Rye #")
    assert with_mentions(odd, (FIRST, SECOND)) == odd


def test_a_new_mention_stands_behind_the_others_and_above_the_next_comment() -> None:
    new = Mention(note="shelf", section="Bread", label="Again", highlight=True, line=30)
    assert with_mentions(FILE, (FIRST, SECOND, new)) == FILE.replace(
        "line: 9}\n",
        "line: 9}\n  - note: shelf\n    section: Bread\n    label: Again\n    highlight: true\n"
        "    line: 30\n",
    )


def test_a_changed_mark_touches_its_line_alone() -> None:
    assert with_mentions(FILE, (changed(FIRST, rating=5, line=7), SECOND)) == (
        FILE.replace("rating: 3   # given", "rating: 5 # given").replace("line: 4", "line: 7")
    )


def test_a_mark_that_came_or_went_is_a_line_that_came_or_went() -> None:
    ticked = changed(FIRST, read=True, section="")
    assert with_mentions(FILE, (ticked, SECOND)) == (
        FILE.replace("    section: Bread\n", "").replace("reading\n", "reading\n    read: true\n")
    )


def test_a_mention_on_one_line_is_written_anew() -> None:
    text = with_mentions(FILE, (FIRST, changed(SECOND, line=12)))
    assert text == FILE.replace(
        '  - {note: other, label: "a: b", line: 9}\n',
        "  - note: other\n    label: 'a: b'\n    line: 12\n",
    )


def test_a_comment_that_could_be_lost_keeps_the_file_from_being_changed() -> None:
    text = FILE.replace("line: 9}", "line: 9}   # why nine?")
    with pytest.raises(ValueError, match="has a comment and must be changed by hand"):
        with_mentions(text, (FIRST, changed(SECOND, line=12)))


@pytest.mark.parametrize("old", ["", "mentions: []\n"])
def test_the_first_mention_comes_where_the_format_has_it(old: str) -> None:
    text = f'title: Rye\n{old}former_ids: [r]\nadded: "2026-01-01"\n'
    assert with_mentions(text, (SECOND,)) == (
        "title: Rye\nmentions:\n  - note: other\n    label: 'a: b'\n    line: 9\n"
        'former_ids: [r]\nadded: "2026-01-01"\n'
    )


_LABELS = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=12)
_MENTIONS = st.builds(
    Mention,
    note=st.sampled_from(["shelf", "other"]),
    section=_LABELS,
    label=_LABELS,
    rating=st.sampled_from([None, 1, 5]),
    highlight=st.booleans(),
    line=st.one_of(st.none(), st.integers(1, 99)),
)


@given(st.lists(_MENTIONS, max_size=4), st.lists(_MENTIONS, min_size=1, max_size=5))
def test_whatever_the_mentions_the_file_reads_back_as_them_and_keeps_its_rest(
    old: list[Mention], new: list[Mention]
) -> None:
    new = [*new, *old[len(new) :]]
    before = with_mentions(FILE.split("mentions:")[0] + "# last\nadded: now\n", old)
    after = with_mentions(before, new)
    assert read_yaml(after) == {**read_yaml(before), "mentions": [plain(m) for m in new]}
    assert after.startswith("# Opened on a rainy day.\ntitle: Rye   # keep me\n")
    assert after.endswith("# last\nadded: now\n")
