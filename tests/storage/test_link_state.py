"""The memory of link checks: read by line, shown by word and shape."""

import json
from pathlib import Path

import pytest

from tests.projects import BREAD
from tools.model.link import OUTCOMES, LinkHealth, Verdict
from tools.pages.build import build
from tools.pages.page import Page
from tools.storage.catalog import load_catalog


def bread(tmp_path: Path, links: str, run: str = "") -> Path:
    folder = tmp_path / "catalog"
    folder.mkdir()
    for path in BREAD.joinpath("catalog").iterdir():
        (folder / path.name).symlink_to(path) if path.is_file() else None
    for name in ("resources", "notes"):
        (folder / name).mkdir()
        for path in BREAD.joinpath("catalog", name).iterdir():
            (folder / name / path.name).write_bytes(path.read_bytes())
    for path in BREAD.joinpath("catalog").glob("*.yml"):
        (folder / path.name).unlink()
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "state").mkdir()
    (folder / "state" / "links.jsonl").write_text(links)
    if run:
        (folder / "state" / "run.json").write_text(run)
    return folder


ALIVE = json.dumps({"url": "bread.example/gluten", "verdict": "moved", "since": "2026-11-01"})
RUN = json.dumps({"finished": "2026-11-02T10:00Z", "links": 3, "version": "1"})


def test_a_resource_has_the_verdict_on_its_address_in_any_spelling(tmp_path: Path) -> None:
    loaded = load_catalog(bread(tmp_path, ALIVE + "\n", RUN))
    assert loaded.problems == ()
    health = loaded.catalog.health(loaded.catalog.resources["on-gluten"])
    assert health is not None
    assert (health.verdict, health.outcome) == ("moved", "alive")
    assert loaded.catalog.health(loaded.catalog.resources["oven-book"]) is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "catalog/state/links.jsonl:2: not JSON: "),
        ('{"url":"x","verdict":"fine","since":"2026"}', ":2: verdict: found 'fine', expected one"),
        ('{"url":"x","verdict":"ok"}', "catalog/state/links.jsonl:2: since is missing"),
    ],
)
def test_a_line_that_is_no_verdict_is_told_and_the_others_are_kept(
    tmp_path: Path, line: str, message: str
) -> None:
    loaded = load_catalog(bread(tmp_path, f"{ALIVE}\n{line}\n"))
    assert [message in str(problem) for problem in loaded.problems] == [True]
    assert loaded.catalog.links.health.keys() == {"bread.example/gluten"}


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [("ok", "alive"), ("moved", "alive"), ("login", "look"), ("unknown", "look"), ("dead", "fix")],
)
def test_every_verdict_asks_for_one_of_three_things(verdict: Verdict, outcome: str) -> None:
    assert LinkHealth(url="x", verdict=verdict, since="2026-01-01").outcome == outcome
    assert outcome in OUTCOMES


def test_pages_say_the_verdict_where_there_is_one_and_that_others_wait(tmp_path: Path) -> None:
    catalog = load_catalog(bread(tmp_path, ALIVE, RUN)).catalog
    prose = {"index.md": "<!-- block: counts -->", "catalog/index.md": "<!-- block: catalog -->"}
    pages = {page.path: page for page in build(catalog, prose, "en") if isinstance(page, Page)}
    assert "u-health--alive" in pages["catalog/index.md"].blocks["catalog"]
    assert "not checked yet" in pages["catalog/index.md"].blocks["catalog"]
    assert "1 alive" in pages["index.md"].blocks["counts"]
    assert "2026-11-02" in pages["index.md"].blocks["counts"]
