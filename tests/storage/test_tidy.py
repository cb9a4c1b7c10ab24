"""`catalog fmt` on one text: keys in order, comments kept, data the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import as_yaml, resource_data
from tools.storage.tidy import ORDER, tidy
from tools.storage.yaml import YamlError, read_yaml


def test_keys_stand_in_the_order_of_the_format() -> None:
    assert ORDER[:4] == ("title", "titles", "url", "aliases")
    assert ORDER[-1] == "added"
    text = "added: '1'\nsummary:\n  zh: 乙\n  en: b\nurl: u\ntitle: t\n"
    assert tidy(text) == "title: t\nurl: u\nsummary:\n  zh: 乙\n  en: b\nadded: '1'\n"


def test_every_comment_stays_with_what_it_is_about() -> None:
    text = """\
# yaml-language-server: $schema=../schema/resource.schema.json
url: u  # beside the address

# above the title
# in two lines
title: t
level: beginner
  # below the level
topics:
# above a topic
- a  # beside a topic
# above kind
kind: article
# at the end
"""
    assert (
        tidy(text)
        == """\
# yaml-language-server: $schema=../schema/resource.schema.json

# above the title
# in two lines
title: t
url: u  # beside the address
# above kind
kind: article
topics:
# above a topic
- a  # beside a topic
level: beginner
  # below the level
# at the end
"""
    )


def test_a_comment_right_above_the_first_key_goes_with_it() -> None:
    text = "# head of the file\n\n# about the address\nurl: u\ntitle: t\n"
    assert tidy(text) == "# head of the file\n\ntitle: t\n# about the address\nurl: u\n"


def test_empty_optional_keys_go_unless_a_comment_says_why() -> None:
    text = "title: t\naliases: []\narchive: ''\nauthors: []  # nobody signs it\ntitles: {}\n"
    assert tidy(text) == "title: t\nauthors: []  # nobody signs it\n"


@pytest.mark.parametrize(
    "text", ["title:\nurl: u\n", "title: ''\n", "note_of_mine: []\ntitle: t\n"]
)
def test_empty_keys_that_are_wrong_stay_for_validate_to_tell(text: str) -> None:
    assert read_yaml(tidy(text)) == read_yaml(text)


def test_unknown_keys_come_last_in_the_order_they_had() -> None:
    assert tidy("zzz: 1\naaa: 2\ntitle: t\n") == "title: t\nzzz: 1\naaa: 2\n"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("url: u  \ntitle: t", "title: t\nurl: u\n"),
        ("title: t\r\nurl: u\r\n", "title: t\nurl: u\n"),
        ("title: t\n\n\n", "title: t\n"),
        ("\n\ntitle: t\n", "title: t\n"),
        ("\nurl: u\n\ntitle: t\n", "title: t\nurl: u\n"),
        ("---\ntitle: t\n", "---\ntitle: t\n"),
        ("title: 面包\u3000\nurl: u\n", "title: 面包\u3000\nurl: u\n"),
    ],
)
def test_the_ends_of_lines_and_of_the_file_are_clean(text: str, clean: str) -> None:
    assert tidy(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "title: |\n  a\n\n  # no comment\n  b\n\nurl: u\n",
        "url: u\ntitle: >-\n  a\n  b\n",
        "url: u\n'title': 'a # b'\n",
        'url: u\n"title": t\n',
        'url: u\ntitle: "a\\n  b"\n',
    ],
)
def test_scalars_of_every_form_keep_their_text(text: str) -> None:
    ordered = tidy(text)
    assert read_yaml(ordered) == read_yaml(text)
    assert list(read_yaml(ordered)) == ["title", "url"]


@pytest.mark.parametrize(
    "text",
    [
        "{title: t, url: u}",
        "{title: t,\nurl: u}",
        "- title: t",
        "title",
        "",
        "? title\n: t\n",
        "title: |\n  a  \n  b\n",
        "url: |+\n  a\n\ntitle: t\n",
    ],
)
def test_what_cannot_be_cut_safely_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected one key a line|no longer say the same"):
        tidy(text)


def test_what_is_no_yaml_is_refused() -> None:
    with pytest.raises(YamlError):
        tidy("title: [")


comments = st.lists(st.sampled_from(["# über", "# 注", "#", "# a: b", "# - x"]), max_size=2)
breaks = st.integers(0, 2).map("\n".__mul__)
FIELDS: dict[str, Any] = resource_data(
    authors=["Ann", "Bo"],
    aliases=["https://example.org/#x"],
    minutes=5,
    titles={"zh": "酸 面团"},
    relations=[{"kind": "code-for", "resource": "x"}],
)


EMPTY = {"archive": "", "authors": [], "minutes": None}


@given(st.permutations(list(EMPTY)), st.permutations(["title", "url"]))
def test_the_empty_ones_are_all_that_goes(empty: list[str], kept: list[str]) -> None:
    text = as_yaml({key: EMPTY.get(key, "x") for key in (kept[0], *empty, kept[1])})
    assert tidy(text) == "title: x\nurl: x\n"


@given(st.permutations(list(FIELDS)), st.data())
def test_shuffled_keys_and_comments_lose_nothing(keys: list[str], data: st.DataObject) -> None:
    text, said = "", []
    for key in keys:
        above, beside = data.draw(comments), data.draw(comments)[:1]
        said += [*above, *beside]
        first, *rest = as_yaml({key: FIELDS[key]}).splitlines()
        text += data.draw(breaks) + "".join(f"{line}\n" for line in above)
        text += "\n".join([" ".join([first, *beside]), *rest]) + "\n"
    closing = data.draw(comments)
    text += "".join(f"{line}\n" for line in closing)
    ordered = tidy(text)
    assert read_yaml(ordered) == FIELDS
    assert list(read_yaml(ordered)) == [key for key in ORDER if key in FIELDS]
    assert sorted(_comments(ordered)) == sorted(said + closing)
    assert tidy(ordered) == ordered


def _comments(text: str) -> list[str]:
    found = []
    for line in text.splitlines():
        if line.startswith("#"):
            found.append(line)
        elif " #" in line:
            found.append(line[line.index(" #") + 1 :])
    return found
