"""The memory of link checks: read by line, shown by word and shape."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.projects import BREAD
from tools.model.link import (
    EVIDENCE_KINDS,
    OUTCOMES,
    VERDICTS,
    Evidence,
    LinkHealth,
    LinkMemory,
    LinkRun,
    Verdict,
)
from tools.pages.build import build
from tools.pages.page import Page
from tools.storage.catalog import load_catalog
from tools.storage.link_state import UnwritableMemory, read_link_state, renew_link_state
from tools.storage.locks import LockedOut, one_writer


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
        ("[" * 100_000, "catalog/state/links.jsonl:2: not JSON: "),
        (ALIVE, ":2: url: found 'bread.example/gluten', expected every address once"),
        ('{"url":"x","verdict":"ok","since":"May"}', "since: found 'May', exp"),
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


RYE = LinkHealth(url="bread.example/rye", verdict="ok", since="2026-11-01")
OATS = LinkHealth(
    url="bread.example/燕麦",
    verdict="soft-404",
    since="2026-11-01",
    failures=("2026-11-01", "2026-11-08"),
    evidence=(Evidence(kind="title", value=""), Evidence(kind="phrase", value="页面不存在")),
)
LAST = LinkRun(finished="2026-11-08T10:00Z", links=0, version="1")

days = st.dates().map(str)
values = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
evidence = st.builds(Evidence, kind=st.sampled_from(EVIDENCE_KINDS), value=values)
health = st.builds(
    LinkHealth,
    url=values,
    verdict=st.sampled_from(VERDICTS),
    since=days,
    failures=st.sets(days, max_size=3).map(sorted).map(tuple),
    suggest=values,
    evidence=st.lists(evidence, max_size=3).map(tuple),
)
memories = st.builds(
    LinkMemory,
    st.lists(health, max_size=4).map(lambda lines: {line.url: line for line in lines}),
    st.none() | st.builds(LinkRun, finished=values, links=st.integers(0, 9**9), version=values),
)


def catalog_in(folder: Path) -> tuple[Path, Path]:
    """An empty catalog with the folder of its lock."""
    (folder / "catalog").mkdir(exist_ok=True)
    return folder / "catalog", folder / ".cache"


def with_line(line: LinkHealth) -> Callable[[LinkMemory], LinkMemory]:
    return lambda memory: replace(memory, health={**memory.health, line.url: line})


def files_below(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_line_an_address_in_order_without_empty_keys(tmp_path: Path) -> None:
    catalog, cache = catalog_in(tmp_path)
    renew_link_state(
        catalog, cache, lambda _: LinkMemory({line.url: line for line in (OATS, RYE)}, LAST)
    )
    assert files_below(catalog) == {
        "state/links.jsonl": (
            '{"url": "bread.example/rye", "verdict": "ok", "since": "2026-11-01"}\n'
            '{"url": "bread.example/燕麦", "verdict": "soft-404", "since": "2026-11-01", '
            '"failures": ["2026-11-01", "2026-11-08"], "evidence": '
            '[{"kind": "title", "value": ""}, {"kind": "phrase", "value": "页面不存在"}]}\n'
        ).encode(),
        "state/run.json": b'{"finished": "2026-11-08T10:00Z", "links": 0, "version": "1"}\n',
    }


@settings(max_examples=25)  # Each writes to the disk and waits for it.
@given(memory=memories)
@example(
    memory=LinkMemory(
        {"\u2028\x85\x1e": LinkHealth(url="\u2028\x85\x1e", verdict="ok", since="2026-11-01")}
    )
)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, memory: LinkMemory
) -> None:
    catalog, cache = catalog_in(tmp_path_factory.mktemp("kept"))
    renew_link_state(catalog, cache, lambda _: memory)
    assert read_link_state(catalog) == (memory, [])


def test_the_same_memory_touches_no_file(tmp_path: Path) -> None:
    catalog, cache = catalog_in(tmp_path)
    renew_link_state(catalog, cache, lambda memory: memory)
    assert files_below(catalog) == {}
    renew_link_state(catalog, cache, with_line(RYE))
    written = (catalog / "state/links.jsonl").stat()
    assert renew_link_state(catalog, cache, with_line(RYE)).health == {RYE.url: RYE}
    assert (catalog / "state/links.jsonl").stat().st_ino == written.st_ino


def test_a_line_goes_when_its_page_is_forgotten(tmp_path: Path) -> None:
    catalog, cache = catalog_in(tmp_path)
    renew_link_state(catalog, cache, with_line(RYE))
    renew_link_state(catalog, cache, lambda _: LinkMemory())
    assert read_link_state(catalog) == (LinkMemory(), [])


def test_what_no_file_can_say_is_written_as_a_question_mark(tmp_path: Path) -> None:
    catalog, cache = catalog_in(tmp_path)
    torn = replace(RYE, evidence=(Evidence(kind="title", value="\ud83c rye"),))
    renew_link_state(catalog, cache, with_line(torn))
    memory, problems = read_link_state(catalog)
    assert problems == []
    assert memory.health[RYE.url].evidence[0].value == "? rye"


@pytest.mark.parametrize("file", ["links.jsonl", "run.json"])
def test_a_line_that_cannot_be_understood_is_never_lost(tmp_path: Path, file: str) -> None:
    catalog, cache = catalog_in(tmp_path)
    broken = catalog / "state" / file
    broken.parent.mkdir()
    broken.write_text("\n<<<<<<< HEAD\n=======\n")
    message = rf"catalog/state/{file}:2: not JSON: .* \(and 1 more\); mend or delete it"
    with pytest.raises(UnwritableMemory, match=message):
        renew_link_state(catalog, cache, with_line(RYE))
    assert broken.read_text() == "\n<<<<<<< HEAD\n=======\n"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    catalog, cache = catalog_in(tmp_path)
    (catalog / "state").write_text("no folder")
    with pytest.raises(UnwritableMemory, match="catalog/state: cannot be written: "):
        renew_link_state(catalog, cache, with_line(RYE))
    cache.joinpath("link-state.lock").unlink()
    cache.rmdir()
    cache.write_text("no folder")
    with pytest.raises(UnwritableMemory, match=r"link-state\.lock: cannot be locked: "):
        renew_link_state(catalog, cache, with_line(RYE))


def test_whoever_comes_second_changes_what_the_first_has_written(tmp_path: Path) -> None:
    catalog, cache = catalog_in(tmp_path)
    second = Thread(target=renew_link_state, args=(catalog, cache, with_line(OATS)))

    def first(memory: LinkMemory) -> LinkMemory:
        second.start()
        second.join(timeout=0.3)  # Without a lock it would have its say now, and lose it.
        return with_line(RYE)(memory)

    renew_link_state(catalog, cache, first)
    second.join()
    assert read_link_state(catalog)[0].health == {RYE.url: RYE, OATS.url: OATS}


def write_ten(folder: Path, worker: int) -> None:
    for n in range(10):
        renew_link_state(*catalog_in(folder), with_line(replace(RYE, url=f"{worker}/{n}")))


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    catalog_in(tmp_path)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for written in [pool.submit(write_ten, tmp_path, worker) for worker in range(2)]:
            written.result()
    assert len(read_link_state(tmp_path / "catalog")[0].health) == 20


ENDLESS = """
import sys
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from tools.model.link import LinkHealth, LinkMemory
from tools.storage.link_state import renew_link_state

for verdict in cycle(("ok", "moved")):
    line = LinkHealth(url="bread.example", verdict=verdict, since="2026-11-01")
    many = {f"bread.example/{n}": replace(line, url=f"bread.example/{n}") for n in range(300)}
    renew_link_state(Path(sys.argv[1]), Path(sys.argv[2]), lambda _: LinkMemory(many))
    print(verdict, flush=True)
"""


def test_a_killed_run_leaves_the_old_memory_or_the_new_one(tmp_path: Path) -> None:
    catalog, cache = catalog_in(tmp_path)
    command = [sys.executable, "-c", ENDLESS, str(catalog), str(cache)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as run:
        assert run.stdout
        for _ in range(3):
            run.stdout.readline()
        run.send_signal(signal.SIGKILL)
    memory, problems = read_link_state(catalog)
    assert problems == []
    assert len(memory.health) == 300
    assert len({line.verdict for line in memory.health.values()}) == 1
    renew_link_state(catalog, cache, with_line(RYE))


def test_a_lock_that_is_held_too_long_is_told(tmp_path: Path) -> None:
    def again() -> Any:
        with one_writer(tmp_path / "x.lock", seconds=0.01):
            raise AssertionError("two hold the lock")

    with (
        one_writer(tmp_path / "x.lock"),
        pytest.raises(LockedOut, match=r"x\.lock: held by another run for 0\.01 seconds"),
    ):
        again()
