"""Safe fixes: what is written where links followed their pages, and what is left to a person."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.builders import read_catalog, resource_data, write_catalog
from tools.linkcheck.fixes import Change, Fixes, plan_fixes, wants_snapshot
from tools.model.catalog import Catalog
from tools.model.link import CheckedLink, Judgement, Link, LinkPlace, Verdict
from tools.storage.yaml import read_yaml

OLD, NEW = "https://example.org/sourdough", "https://example.org/breads/sourdough"
FILE, PAGE = "catalog/resources/sourdough.yml", "docs/en/index.md"
COPY = f"https://web.archive.org/web/20200101000000/{OLD}"
TEXT = f'# a comment\ntitle: "Sour: dough"  # kept\nurl: "{OLD}"   # the old one\nkind: article\n'
PROSE = f"# Bread\n\nSee [sourdough]({OLD}) and {OLD}s.\n"
TEXTS = {FILE: TEXT, PAGE: PROSE, "catalog/resources/rye.yml": "url: https://example.org/rye\n"}


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    resources = {
        "sourdough": resource_data(aliases=["https://example.org/sour"]),
        "rye": resource_data("rye", aliases=["https://example.org/old-rye"]),
        "oats": resource_data("oats", archive="https://web.archive.org/web/2020/https://x.org"),
    }
    return read_catalog(write_catalog(tmp_path, resources))


def checked(
    verdict: Verdict, suggest: str = "", confirmed: bool = False, **link: Any
) -> CheckedLink:
    about = {"url": OLD, "resource": "sourdough", "role": "url", "where": (LinkPlace(FILE, 3),)}
    judgement = Judgement(verdict=verdict, suggest=suggest)
    return CheckedLink(link=Link(**about | link), judgement=judgement, confirmed=confirmed)


def reasons(fixes: Fixes) -> list[str]:
    return [one.reason for one in fixes.refused]


def test_a_page_that_moved_is_followed_everywhere(catalog: Catalog) -> None:
    moved = checked("moved", NEW, where=(LinkPlace(FILE, 3), LinkPlace(PAGE, 3)))
    fixes = plan_fixes([moved], catalog, TEXTS)
    assert fixes == Fixes(
        (
            Change(FILE, TEXT, TEXT.replace(f'"{OLD}"', f'"{NEW}"').replace(
                "# the old one\n", f"# the old one\naliases: [{OLD}]\n")),
            Change(PAGE, PROSE, f"# Bread\n\nSee [sourdough]({NEW}) and {OLD}s.\n"),
        )
    )  # fmt: skip


def test_a_change_is_shown_as_git_would(catalog: Catalog) -> None:
    (change,) = plan_fixes([checked("moved", NEW)], catalog, TEXTS).changes
    assert change.diff == (
        f"--- a/{FILE}\n+++ b/{FILE}\n@@ -1,4 +1,5 @@\n"
        ' # a comment\n title: "Sour: dough"  # kept\n'
        f'-url: "{OLD}"   # the old one\n+url: "{NEW}"   # the old one\n+aliases: [{OLD}]\n'
        " kind: article\n"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [("a\nb\n", "a\nc\n"), ("a\r\nb\r\n", "a\r\nc\r\n"), ("a\nb", "a\nc"),
     ("a\x0cb\u2028\n", "c\n"), ("面\n", "包\nb")],
)  # fmt: skip
def test_git_applies_what_is_shown(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "x.md").write_bytes(old.encode())
    diff = Change("x.md", old, new).diff.encode()
    subprocess.run(["git", "apply", "--whitespace=nowarn"], input=diff, cwd=tmp_path, check=True)
    assert (tmp_path / "x.md").read_bytes() == new.encode()


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("https://example.com/sourdough", "leads to another site"),
        ("https://example.org/login", "leads to a login"),
        ("https://example.org/", "leads to the home page"),
        ("https://example.org/rye/", "is the address of rye"),
        ("https://www.example.org/old-rye", "is the address of rye"),
        ("https://example.org/sour", "has to be written by hand: it has that address already"),
    ],
)
def test_what_would_harm_is_left_to_a_person(catalog: Catalog, target: str, reason: str) -> None:
    text = {FILE: f"url: {OLD}\naliases: [https://example.org/sour]\n"}
    fixes = plan_fixes([checked("moved", target)], catalog, text)
    assert fixes.changes == ()
    (refused,) = fixes.refused
    assert refused.reason.startswith(reason)
    assert str(refused).startswith(f"{FILE}:3: {OLD} stays: {target} {reason}")


def test_two_pages_never_get_one_address(catalog: Catalog) -> None:
    where = (LinkPlace("catalog/resources/rye.yml", 1),)
    rye = checked("moved", NEW, url="https://example.org/rye", resource="rye", where=where)
    fixes = plan_fixes([checked("moved", NEW), rye], catalog, TEXTS)
    assert [change.path for change in fixes.changes] == [FILE]
    assert reasons(fixes) == ["is the address of sourdough"]


def test_prose_may_lead_to_the_page_of_any_resource(catalog: Catalog) -> None:
    prose = checked("moved", "https://example.org/rye", resource="", role="prose",
                    where=(LinkPlace(PAGE, 3),))  # fmt: skip
    (change,) = plan_fixes([prose], catalog, TEXTS).changes
    assert change.new == PROSE.replace(f"({OLD})", "(https://example.org/rye)")


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ({"where": (LinkPlace("x.txt", 1),)}, "belongs into a file that is not changed from here"),
        ({"where": (LinkPlace(PAGE, 1),)}, "has to be written by hand: the address does not stand"),
        (
            {"where": (LinkPlace("catalog/resources/rye.yml", 1),)},
            "has to be written by hand: no p",
        ),
        ({"role": "archive"}, "is another copy than the one that was picked"),
        ({"url": "https://example.org/other"}, "has to be written by hand: its address is another"),
    ],
)
def test_a_place_that_cannot_be_changed_is_told(
    catalog: Catalog, link: dict[str, Any], reason: str
) -> None:
    fixes = plan_fixes([checked("moved", NEW, **link)], catalog, TEXTS)
    assert fixes.changes == ()
    assert [one[: len(reason)] for one in reasons(fixes)] == [reason]


def test_a_file_that_is_no_yaml_is_told_with_its_line(catalog: Catalog) -> None:
    fixes = plan_fixes([checked("moved", NEW)], catalog, {FILE: "url: [\n"})
    assert "has to be written by hand: line 2: not YAML" in reasons(fixes)[0]


@pytest.mark.parametrize(
    "one",
    [checked("moved"), checked("moved", OLD), checked("ok", NEW), checked("fragment", NEW),
     checked("dead", NEW), checked("dead", confirmed=True)],
)  # fmt: skip
def test_all_others_are_left_alone(catalog: Catalog, one: CheckedLink) -> None:
    assert plan_fixes([one], catalog, TEXTS) == Fixes()


@pytest.mark.parametrize("verdict", ["dead", "soft-404", "parked", "drifted"])
def test_a_page_that_is_gone_gets_its_archived_copy(catalog: Catalog, verdict: Verdict) -> None:
    gone = checked(verdict, confirmed=True, where=(LinkPlace(FILE, 3), LinkPlace(PAGE, 3)))
    assert wants_snapshot(gone, catalog)
    (change,) = plan_fixes([gone], catalog, TEXTS, {OLD: COPY}).changes
    assert change == Change(FILE, TEXT, TEXT.replace("kind:", f"archive: {COPY}\nkind:"))
    assert read_yaml(change.new)["url"] == OLD


@pytest.mark.parametrize(
    "one",
    [
        checked("dead"),
        checked("error", confirmed=True),
        checked("blocked", confirmed=True),
        checked("dead", confirmed=True, role="prose"),
        checked("dead", confirmed=True, role="archive"),
        checked("dead", confirmed=True, resource="oats"),
        checked("dead", confirmed=True, resource="gone"),
    ],
)
def test_no_copy_is_looked_for_where_none_is_wanted(catalog: Catalog, one: CheckedLink) -> None:
    assert not wants_snapshot(one, catalog)
    assert plan_fixes([one], catalog, TEXTS, {OLD: COPY}) == Fixes()
