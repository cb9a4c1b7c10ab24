"""An address takes the place of another; whatever else stands in the file stays as it is."""

from difflib import unified_diff
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import as_yaml, resource_data
from tools.storage.addresses import with_address, with_archive, with_link
from tools.storage.yaml import YamlError, read_yaml

OLD, NEW = "https://a.example/rye", "https://a.example/breads/rye?x=1#crust"
COPY = "https://web.archive.org/web/20200101000000/https://a.example/rye"


def changed_lines(old: str, new: str) -> list[str]:
    """The lines that went and came, with their signs."""
    lines = unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"url: {OLD}", f"url: {NEW}\naliases: [{OLD}]"),
        (f'url: "{OLD}"   # was {OLD}', f'url: "{NEW}"   # was {OLD}\naliases: [{OLD}]'),
        (f"url:   '{OLD}'\n  # below", f"url:   '{NEW}'\n  # below\naliases: [{OLD}]"),
        (f'url: "https:\\/\\/a.example/rye"  # {OLD}', f'url: "{NEW}"  # {OLD}\naliases: [{OLD}]'),
        (f'"url": {OLD}', f'"url": {NEW}\naliases: [{OLD}]'),
        (f"url: {OLD}\naliases: []  # none", f"url: {NEW}\naliases: [{OLD}]  # none"),
        (
            f"url: {OLD}\naliases: [x, 'y]']   # [z]",
            f"url: {NEW}\naliases: [x, 'y]', {OLD}]   # [z]",
        ),
        (f"url: {OLD}\naliases: [x,\n  y\n]", f"url: {NEW}\naliases: [x,\n  y\n, {OLD}]"),
        (
            f"url: {OLD}\naliases:\n    - x  # one\n    -  y\n    # two",
            f"url: {NEW}\naliases:\n    - x  # one\n    -  y\n    # two\n    -  {OLD}",
        ),
        (f"url: {OLD}\naliases:\n- x", f"url: {NEW}\naliases:\n- x\n- {OLD}"),
        (f"aliases: [x]\nurl: {OLD}", f"aliases: [x, {OLD}]\nurl: {NEW}"),
    ],
)
def test_the_old_address_becomes_the_last_alias(before: str, after: str) -> None:
    top, rest = "# $schema\n\ntitle: Rye  \n", "\n\n# about the kind\nkind: article  # yes\n\n\n"
    assert with_address(top + before + rest, OLD, NEW) == top + after + rest
    # Without a line's end at the end of the file as well.
    assert with_address(top + before, OLD, NEW) == top + after


def test_the_ends_of_lines_stay_those_of_the_file() -> None:
    text = f"title: Rye\r\nurl: {OLD}\r\nkind: article\r\n"
    moved = with_address(text, OLD, NEW)
    assert moved == f"title: Rye\r\nurl: {NEW}\r\naliases: [{OLD}]\r\nkind: article\r\n"
    assert with_archive(moved, COPY).count("\r\n") == moved.count("\r\n") + 1


def test_an_alias_that_yaml_would_misread_is_quoted() -> None:
    odd = "https://a.example/a,b?x=[1]"
    moved = with_address(f"url: {odd}\naliases: [x]\n", odd, NEW)
    assert read_yaml(moved) == {"url": NEW, "aliases": ["x", odd]}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- url", "no resource file"),
        ("title: Rye\n", "no resource file"),
        ("url: [x]\n", "no resource file"),
        ("url: https://b.example/\n", "another one by now"),
        (f"url: {OLD}\naliases: [{NEW}]\n", "has that address already"),
        (f"url: {NEW}\ntitle: {OLD}\n", "another one by now"),
        (f"url: {OLD}\naliases:\n", "its aliases are no list"),
        (f"url:\n  {OLD}\n", "only a person"),
        (f"url: {OLD}\naliases: [x,\n  # y ]\n  z, ]\n", "only a person"),
        (f"{{url: {OLD}, title: Rye}}\n", "only a person"),
    ],
)
def test_what_only_a_person_can_change_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        with_address(text, OLD, NEW)


def test_what_is_no_yaml_is_refused() -> None:
    for edit in (lambda text: with_address(text, OLD, NEW), lambda text: with_archive(text, COPY)):
        with pytest.raises(YamlError):
            edit(f"url: {OLD}\ntitle: [\n")


addresses = st.from_regex(
    r"https://[a-z]{1,5}\.example/[a-z0-9/?=&#%,;:'!*()@~+.-]{0,12}", fullmatch=True
)
resources = st.fixed_dictionaries(
    {"url": addresses}, optional={"aliases": st.lists(addresses, max_size=3, unique=True)}
)


@given(resources, addresses, st.booleans())
def test_whatever_is_changed_says_the_same_but_for_the_address(
    changed: dict[str, Any], new: str, blocks: bool
) -> None:
    data = resource_data(**changed)
    text = as_yaml(data) if blocks else as_yaml({**data, "aliases": None})
    if not blocks:
        listed = ", ".join(f'"{alias}"' for alias in data.get("aliases", ()))
        text = text.replace("aliases: null\n", f"aliases: [{listed}]\n")
    aliases = data.get("aliases", [])
    try:
        moved = with_address(text, data["url"], new)
    except ValueError:
        assert new in (data["url"], *aliases)
        return
    expected = {**read_yaml(text), "url": new, "aliases": [*aliases, data["url"]]}
    assert read_yaml(moved) == expected
    assert len(changed_lines(text, moved)) <= 4
    copied = with_archive(moved, COPY)
    assert read_yaml(copied) == {**expected, "archive": COPY}
    assert changed_lines(moved, copied) == [f"+archive: {COPY}"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"url: {OLD}", f"url: {OLD}\narchive: {COPY}"),
        (f"url: {OLD}\naliases: [x]  # y", f"url: {OLD}\naliases: [x]  # y\narchive: {COPY}"),
        (
            f"url: {OLD}\naliases:\n  - x\n  # torn",
            f"url: {OLD}\naliases:\n  - x\n  # torn\narchive: {COPY}",
        ),
        (f"url: {OLD}\naliases: [x,\n  y\n]", f"url: {OLD}\naliases: [x,\n  y\n]\narchive: {COPY}"),
        (f"url: >-\n  {OLD}", f"url: >-\n  {OLD}\narchive: {COPY}"),
    ],
)
def test_an_archived_copy_stands_below_the_addresses(before: str, after: str) -> None:
    rest = "\n# about the kind\nkind: article\n"
    assert with_archive(before + rest, COPY) == after + rest


def test_an_archived_copy_is_never_replaced() -> None:
    with pytest.raises(ValueError, match="has a key `archive` already"):
        with_archive(f"url: {OLD}\narchive: ''\n", COPY)


@pytest.mark.parametrize(
    "line",
    ["[Rye]({})", "See <{}>.", "{}", "又见{}，很好。", "(see {}).", "{}.", "[r]: {} 'Rye'",
     "| {}|", '<a href="{}">', "[{}]({}), {}<br>", "**{}**", "`{}`"],
)  # fmt: skip
def test_a_link_in_prose_is_followed(line: str) -> None:
    before, after = line.replace("{}", OLD), line.replace("{}", NEW)
    page = "# Bread\r\n\n{}\n\n" + f"{OLD}\n"
    assert with_link(page.replace("{}", before), 3, OLD, NEW) == page.replace("{}", after)


@pytest.mark.parametrize(
    "line",
    [f"{OLD}s", f"{OLD}/x", f"{OLD}?x", f"{OLD}#x", f"{COPY}", f"{OLD}.html", f"{OLD}&amp;x",
     "none", f"x={OLD}"],
)  # fmt: skip
def test_a_longer_address_is_another_one(line: str) -> None:
    with pytest.raises(ValueError, match="does not stand on that line"):
        with_link(f"{line}\n{OLD}\n", 1, OLD, NEW)


def test_only_what_a_page_can_hold_is_written() -> None:
    with pytest.raises(ValueError, match="Markdown"):
        with_link(f"({OLD})", 1, OLD, "https://a.example/(x")
    assert with_link("https://a.example/(x)", 1, "https://a.example/(x)", "https://a.example/(y)")
    for line in (0, 2, -1):
        with pytest.raises(ValueError, match="no such line"):
            with_link(OLD, line, OLD, NEW)
