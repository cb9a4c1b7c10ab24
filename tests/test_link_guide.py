"""The guide to the link check: every verdict, in the site's words, and commands that exist."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.workflow_rules import line_fault
from tools.cli import main as catalog
from tools.model.link import OUTCOMES, VERDICTS, outcome_of
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.storage.yaml import read_yaml

ROOT = Path(__file__).parents[1]
WORDS: Any = read_yaml((ROOT / "tools/pages/words/links.yml").read_text(encoding="utf-8"))
_ROW = re.compile(r"^\| `([a-z0-9-]+)`(?:（(.+?)）| \((.+?)\))? \|", re.M)
_EXCLUDE = re.compile(r"^```toml\n(.*?)^```$", re.M | re.S)


def guide(language: SiteLanguage) -> str:
    return (ROOT / f"docs/{language}/contribute/links.md").read_text(encoding="utf-8")


def commands(text: str) -> list[str]:
    """The command lines of the guide's blocks, without the remarks beside them."""
    return [line.split("  #")[0].strip() for line in re.findall(r"^catalog links .+$", text, re.M)]


COMMANDS = commands(guide("en"))


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_every_verdict_stands_once_under_its_outcome_in_the_words_of_the_site(
    language: SiteLanguage,
) -> None:
    named = []
    sections = re.split(r"^### .*\{#(alive|look|broken)\}$", guide(language), flags=re.M)[1:]
    for outcome, section in zip(OUTCOMES, sections[1::2], strict=True):
        rows = _ROW.findall(section.partition("\n## ")[0])
        assert {outcome_of(verdict) for verdict, *_ in rows} == {outcome}
        named += [(verdict, chinese or english or verdict) for verdict, chinese, english in rows]
    assert [verdict for verdict, _ in named] == list(VERDICTS)
    assert dict(named) == {verdict: WORDS[f"link-{verdict}"][language] for verdict in VERDICTS}


def test_both_languages_show_the_same_commands() -> None:
    assert commands(guide("zh")) == COMMANDS
    assert len(COMMANDS) > 5


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_guide_is_one_that_exists(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.md").touch()
    assert line_fault(f".venv/bin/{line}", catalog) == ""


def test_leaving_a_link_out_is_shown_alike_everywhere_with_reason_and_day() -> None:
    pages = [guide("en"), guide("zh"), (ROOT / "README.md").read_text(encoding="utf-8")]
    shown = {example for page in pages for example in _EXCLUDE.findall(page)}
    assert len(shown) == 1
    (exclude,) = tomllib.loads(shown.pop())["tool"]["catalog"]["links"]["exclude"]
    assert exclude.keys() == {"pattern", "reason", "until"}
