"""Workflow commands: read back as GitHub's runner reads them."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linkcheck.report.runs import HOSTILE, checked, hostile_run, run, whole_run
from tools.linkcheck.report.github import to_github
from tools.linkcheck.report.plain import plain, plain_address
from tools.model.link import CheckedLink, CheckReport

Command = tuple[str, dict[str, str], str]


def unescaped(text: str) -> str:
    for escape, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, sign)
    return text


def commands(report: CheckReport) -> list[Command]:
    """Each line that the runner obeys: `::name key=value,key=value::message`."""
    found = []
    for line in to_github(report, "en").splitlines():
        if not line.lstrip().startswith("::"):
            continue
        head, message = re.split("::", line.lstrip()[2:], maxsplit=1)
        name, _, rest = head.partition(" ")
        pairs = [pair.split("=", 1) for pair in rest.split(",")] if rest else []
        found.append((name, {k: unescaped(v) for k, v in pairs}, unescaped(message)))
    return found


LEVELS = [
    (checked("dead", confirmed=True), "error"),
    (checked("dead"), "warning"),
    (checked("blocked", confirmed=True), "warning"),
    (checked("unknown"), "warning"),
    (checked("moved"), "notice"),
]


@pytest.mark.parametrize(("link", "level"), LEVELS)
def test_only_what_is_broken_beyond_doubt_is_an_error(link: CheckedLink, level: str) -> None:
    assert [name for name, _, _ in commands(run(link))] == [level]


def test_an_annotation_stands_at_the_line_and_says_what_to_do() -> None:
    link = checked("tls", "https://x.example/a,b%0A", ("failure", "tls: too old"), confirmed=True,
                   where=(("a,b:c%.yml", 7), ("d.yml", 8)))  # fmt: skip
    assert commands(run(link)) == [
        (
            "error",
            {"file": "a,b:c%.yml", "line": "7", "title": "tls (bad certificate)"},
            "https://x.example/a,b%0A: its certificate is not to be trusted (too old)\n"
            "Tell the owner, or point to an archived copy.",
        )
    ]


def test_a_link_without_a_line_or_a_place_is_told_all_the_same() -> None:
    links = (checked("dead", where=(("README.md", 0),)), checked("dead", where=()))
    title = "dead (not confirmed yet)"
    assert [properties for _, properties, _ in commands(run(*links))] == [
        {"title": title}, {"file": "README.md", "title": title},
    ]  # fmt: skip


def test_errors_come_first_since_only_ten_of_a_kind_are_shown() -> None:
    links = (checked("dead"), checked("private", confirmed=True), checked("dead", confirmed=True))
    assert [name for name, _, _ in commands(run(*links))] == ["error", "error", "warning"]


def test_without_a_network_one_sentence_says_so() -> None:
    report = run(checked("unknown"), checked("unknown", "https://y.example/"), offline=True)
    ((name, _, message),) = commands(report)
    assert (name, message[:42]) == ("warning", "No host answered in the whole run. There s")


def test_the_numbers_stand_last_and_are_no_command() -> None:
    last = to_github(replace(whole_run(), complete=False), "en").splitlines()[-1]
    assert last == "20 links: 3 alive (1 moved), 5 to look at, 12 to fix (4 confirmed)"


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_no_text_makes_a_command_of_its_own(text: str) -> None:
    benign, hostile = commands(hostile_run("x")), commands(hostile_run(text))
    assert [(name, list(keys)) for name, keys, _ in hostile] == [
        (name, list(keys)) for name, keys, _ in benign
    ]


@given(st.text(alphabet=":%,=\r\nAD023\u2028x", max_size=30))
def test_what_the_runner_reads_is_what_was_meant(text: str) -> None:
    link = checked("dead", f"https://x/{text}", ("title", text), where=((f"d/{text}.md", 1),))
    ((_, properties, message),) = commands(run(link))
    assert properties["file"] == plain(f"d/{text}.md")
    assert message.startswith(f"{plain_address(f'https://x/{text}')}: the page is called “")
    assert f"“{plain(text)}”" in message
