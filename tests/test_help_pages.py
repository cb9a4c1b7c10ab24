"""The help of the commands on the site: it stays what the commands print, in both languages."""

from pathlib import Path

import click
import pytest

from tools.cli import main as catalog
from tools.help_pages import PAGES, help_texts, main, marker_problems, renewed

ROOT = Path(__file__).parent.parent
HELPS = dict(help_texts(catalog, "catalog"))


@pytest.mark.parametrize("page", PAGES)
def test_the_committed_pages_say_what_the_commands_say(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert list(marker_problems(page, text, HELPS)) == []
    assert text == renewed(text, HELPS), "run `make docs`"


def test_every_command_is_asked_for_its_help() -> None:
    below = catalog.commands
    groups = {name: found for name, found in below.items() if isinstance(found, click.Group)}
    inner = {f"catalog {name} {leaf}" for name, group in groups.items() for leaf in group.commands}
    assert set(HELPS) == {"catalog", *(f"catalog {name}" for name in below), *inner}
    for name, text in HELPS.items():
        assert text.startswith(f"Usage: {name} ")


def test_help_of_a_group_in_a_group_is_found_and_does_not_follow_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    inner = click.Group("inner", commands=[click.Command("leaf", help="word " * 30)])
    texts = dict(help_texts(click.Group("outer", commands=[inner]), "outer"))
    assert list(texts) == ["outer", "outer inner", "outer inner leaf"]
    assert 80 < max(len(line) for line in texts["outer inner leaf"].splitlines()) <= 88


def test_a_block_is_renewed_whatever_stood_in_it_and_nothing_else_is_touched() -> None:
    text = "a\n<!-- help: x -->\nold\n\nolder\n<!-- /help -->\nb <!-- help: x -->\n"
    new = "a\n<!-- help: x -->\n\n```text\n\\1 new\n```\n\n<!-- /help -->\nb <!-- help: x -->\n"
    assert renewed(text, {"x": "\\1 new"}) == new
    assert renewed(new, {"x": "\\1 new"}) == new


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<!-- help: x -->\n<!-- /help -->\n<!-- help: y -->\n<!-- /help -->\n",
         "page.md:3: help: found 'y', expected x"),
        ("<!-- help: x -->\n", "page.md:1: help: found no end, expected <!-- /help --> below"),
        ("<!-- help: x -->\n<!-- help: x -->\n<!-- /help -->\n",
         "page.md:1: help: found no end, expected <!-- /help --> below"),
        ("", "page.md: help: found no block, expected <!-- help: x -->"),
    ],
)  # fmt: skip
def test_a_broken_marker_is_a_problem_with_its_place(text: str, problem: str) -> None:
    assert [str(found) for found in marker_problems("page.md", text, {"x": "help"})] == [problem]


def _pages_in(folder: Path, english: str, chinese: str) -> list[Path]:
    paths = [folder / page for page in PAGES]
    for path, text in zip(paths, (english, chinese), strict=True):
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return paths


def test_the_command_renews_both_pages_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = "".join(f"<!-- help: {name} -->\n<!-- /help -->\n" for name in HELPS)
    paths = _pages_in(tmp_path, empty, empty)
    monkeypatch.chdir(tmp_path)
    main()
    assert all(path.read_text(encoding="utf-8") == renewed(empty, HELPS) for path in paths)
    assert capsys.readouterr().out == "".join(f"renewed: {page}\n" for page in PAGES)
    main()
    assert capsys.readouterr().out == ""


def test_a_marker_nobody_knows_ends_with_1_and_changes_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = "".join(f"<!-- help: {name} -->\n<!-- /help -->\n" for name in HELPS)
    english, _ = _pages_in(tmp_path, empty, f"{empty}<!-- help: catalog bake -->\n<!-- /help -->\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="1"):
        main()
    assert "found 'catalog bake', expected one of catalog, " in capsys.readouterr().err
    assert english.read_text(encoding="utf-8") == empty


def test_a_missing_page_ends_with_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="2"):
        main()
