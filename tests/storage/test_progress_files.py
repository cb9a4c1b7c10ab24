"""Progress files: read in any form, written in one, and never at the cost of what stands there."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any
from unittest.mock import Mock

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.progresses import CASES, as_json, as_lines, events_of, progresses, random_values
from tools.model.progress import LARGEST_COUNT, Progress, ProgressEvent, event_faults, merge
from tools.storage.locks import one_writer
from tools.storage.progress import (
    UnwritableProgress,
    append_event,
    read_progress,
    renew_progress,
)
from tools.storage.progress_text import parse_progress, progress_json, progress_text

HEAD = "format: unrolled-progress/1\nevents:\n"
ONE = '- {"device":"a","n":1,"status":"done","subject":"topic/x"}\n'
FILES = [case for case in CASES if "file" in case]
EXPECTED = "format: unrolled-progress/1 and a list of events"


@pytest.mark.parametrize("case", FILES, ids=lambda case: case["why"])
def test_a_file_is_read_and_written_as_the_table_says(case: dict[str, Any]) -> None:
    read = parse_progress(case["file"].removeprefix("\ufeff"))
    strange = [[line, where[2] if where[2:] else ""] for line, where, _ in read.strange]
    assert strange == case.get("strange", [])
    assert bool(read.broken) == case.get("broken", False)
    assert progress_text(read.progress) == case["written"]


BY_HAND = """\
# What I read.
format: 'unrolled-progress/1'
events:
  - device: a   # this one
    n: 2
    note: |
      - {"device":"z","n":1}
      and more
  - {device: b, n: 1, at: 2026-11-20T10:00Z,
     status: done}
  - n: 0
    device: c
    x: .inf
    y: 99999999999999999999
"""


def test_any_yaml_is_read_and_a_strange_event_told_with_its_first_line() -> None:
    read = parse_progress(BY_HAND)
    assert progress_text(read.progress) == HEAD + (
        '- {"at":"2026-11-20T10:00Z","device":"b","n":1,"status":"done"}\n'
        '- {"device":"a","n":2,"note":"- {\\"device\\":\\"z\\",\\"n\\":1}\\nand more\\n"}\n'
        '- {"n":0,"device":"c","x":"inf","y":"99999999999999999999"}\n'
    )
    assert read.strange == (
        (11, ("events", 2, "n"), "found 0, expected a whole number from 1 to 2147483647"),
        (11, ("events", 2, "x"), "found inf, expected a number between -9007199254740991 and "
         "9007199254740991 with few digits after the point"),
    )  # fmt: skip
    assert read.broken == ()


def test_our_own_lines_and_others_stand_together() -> None:
    text = HEAD + ONE + "- device: b\n  n: 3\n" + '- {"device":"a","n":2} # mine\n- 5\n'
    read = parse_progress(text)
    assert [event.key for event in read.progress.events] == [("a", 1), ("a", 2), ("b", 3)]
    assert [(line, where) for line, where, _ in read.strange] == [(7, ("events", 3))]
    assert read.broken == ()


BROKEN = [
    ("", [(0, (), f"found None, expected {EXPECTED}")], 0),
    ("[1]", [(1, (), f"found None, expected {EXPECTED}")], 0),
    (f"format: other/1\nevents:\n{ONE}",
     [(1, ("format",), f"found 'other/1', expected {EXPECTED}")], 1),
    ("format: unrolled-progress/1\nevents: {}\n",
     [(1, ("format",), f"found 'unrolled-progress/1', expected {EXPECTED}")], 0),
    (f"owner: me\n{HEAD}{ONE}",
     [(1, ("owner",), "found 'owner', expected no key but format and events")], 1),
    (f"{HEAD}{ONE}<<<<<<< HEAD\n", [(5, (), "not YAML: ")], 1),
    (f"{HEAD}{ONE}- {'[' * 100_000}\n",
     [(4, (), "found more than 32 levels of nesting, expected fewer")], 1),
    (f"more:\n{ONE}{HEAD}",
     [(1, ("more",), "found 'more', expected no key but format and events"),
      (3, ("format",), f"found 'unrolled-progress/1', expected {EXPECTED}")], 0),
    ('{"format":"unrolled-progress/1","events":[1], "events":[]}',
     [(1, (), "found the key 'events' twice, expected it once")], 0),
    ('{"format":"unrolled-progress/1","events":[NaN]}', [], 0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "faults", "events"), BROKEN, ids=lambda value: str(value)[:40])
def test_what_cannot_be_kept_is_told(text: str, faults: list[Any], events: int) -> None:
    read = parse_progress(text)
    assert len(read.progress.events) == events
    assert [(line, where) for line, where, _ in read.broken] == [
        (line, where) for line, where, _ in faults
    ]
    for (_, _, told), (_, _, expected) in zip(read.broken, faults, strict=True):
        assert told.startswith(expected)


@given(progresses())
def test_the_same_set_is_the_same_text_and_is_read_again(progress: Progress) -> None:
    whole = merge(progress)
    texts = (progress_text(whole), progress_json(whole))
    for text in texts:
        read = parse_progress(text)
        assert (read.progress, read.broken) == (whole, ())
    events = yaml.load(texts[0], yaml.CSafeLoader)["events"]
    assert events == json.loads(texts[1])["events"]
    assert events[: len(whole.events)] == [event.fields for event in whole.events]


@given(st.randoms(use_true_random=False))
def test_spaces_and_the_order_of_keys_say_nothing(chance: Random) -> None:
    values = [value for value in random_values(chance) if not [*event_faults(value)]]
    expected = merge(Progress(tuple(events_of(values))))
    members = ",\n".join(as_json(chance, value) for value in values)
    for text in (
        as_lines(chance, chance.sample(values, len(values))),
        f'{{"events": [{members}], "format":\t"unrolled-progress/1"}}',
    ):
        assert parse_progress(text).progress == expected


def test_long_lines_and_long_numbers_are_no_harm() -> None:
    note = json.dumps("x\\" * 2_500_000)
    long = f'- {{"device":"a","n":1,"note":{note}}}\n- {{"device":"a","n":0,"note":{note}}}\n'
    text = f'{HEAD}{long}- {{"device":"a","n":{"9" * 5000}}}\n'
    read = parse_progress(text)
    assert (len(read.progress.events), len(read.strange), read.broken) == (1, 2, ())
    assert progress_text(read.progress) == text


def test_what_is_not_quite_json_is_written_as_json() -> None:
    read = parse_progress(HEAD + '- {"device":"a","n":NaN}\n- {"device":"a","n":.nan}\n')
    assert [json.loads(text)["n"] for text in read.progress.foreign] == ["NaN", "nan"]


def kept(folder: Path) -> tuple[Path, Path]:
    return folder / "progress.yml", folder / "locks"


def test_an_event_is_appended_with_the_next_counter(tmp_path: Path) -> None:
    path, locks = kept(tmp_path)
    assert append_event(path, locks, "a", {"subject": "topic/x", "status": "done"}).key == ("a", 1)
    assert path.read_text() == HEAD + ONE
    path.write_text(HEAD + ONE + '- {"device":"b","n":7}\n- {"device":"b","n":1e99}\n')
    assert append_event(path, locks, "a", {"undo": ["a", 1]}).key == ("a", 8)
    assert path.read_text().splitlines()[-3:] == [
        '- {"device":"b","n":7}',
        '- {"device":"a","n":8,"undo":["a",1]}',
        '- {"device":"b","n":1e99}',
    ]


def test_what_is_no_event_is_not_appended(tmp_path: Path) -> None:
    path, locks = kept(tmp_path)
    with pytest.raises(UnwritableProgress, match=r"^rating: found 6, expected a whole number"):
        append_event(path, locks, "a", {"subject": "topic/x", "rating": 6})
    path.write_text(f'{HEAD}- {{"device":"b","n":{LARGEST_COUNT}}}\n')
    message = r"^mine: found the counter 2147483647, expected one that can still grow$"
    with pytest.raises(UnwritableProgress, match=message):
        append_event(path, locks, "a", {"subject": "topic/x"}, shown="mine")


def test_no_file_is_no_progress_and_none_is_made_for_it(tmp_path: Path) -> None:
    path, locks = kept(tmp_path)
    assert read_progress(path).progress == Progress()
    renew_progress(path, locks, lambda progress: progress)
    assert not path.exists()


def test_the_same_set_touches_no_file(tmp_path: Path) -> None:
    path, locks = kept(tmp_path)
    append_event(path, locks, "a", {"note": "x"})
    written = path.stat().st_ino
    renew_progress(path, locks, lambda progress: merge(progress, progress))
    assert path.stat().st_ino == written


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{HEAD}{ONE}<<<<<<<\n", r"^mine:5: not YAML: .*; mend it, then try again$"),
        (HEAD.replace("1", "2"), "^mine:1: format: found 'unrolled-progress/2', expected"),
        (f"{HEAD}- 5\nx: 1\n", "^mine:4: x: found 'x', expected no key but"),
        ("\udcff", "^mine: found the byte 0xff on line 1, expected UTF-8"),
    ],
)
def test_a_file_that_would_lose_something_is_left_as_it_is(
    tmp_path: Path, text: str, message: str
) -> None:
    path, locks = kept(tmp_path)
    content = text.encode("utf-8", "surrogateescape")
    path.write_bytes(content)
    with pytest.raises(UnwritableProgress, match=message):
        append_event(path, locks, "a", {"note": "x"}, shown="mine")
    assert path.read_bytes() == content


def test_a_write_that_fails_halfway_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, locks = kept(tmp_path)
    path.write_text(HEAD + ONE)
    monkeypatch.setattr("tools.storage.files.os.fsync", Mock(side_effect=OSError(28, "disk full")))
    with pytest.raises(UnwritableProgress, match=r"^mine: cannot be written: disk full$"):
        append_event(path, locks, "a", {"note": "x"}, shown="mine")
    assert path.read_text() == HEAD + ONE
    assert {*tmp_path.iterdir()} == {path, locks}


def test_a_file_that_is_too_large_or_no_file_is_told(tmp_path: Path) -> None:
    with (tmp_path / "large.yml").open("wb") as file:
        file.truncate(64_000_001)
    (told,) = read_progress(tmp_path / "large.yml", "mine").problems
    assert str(told) == "mine: found 64,000,001 bytes, expected at most 64,000,000"
    (told,) = read_progress(tmp_path, "mine").problems
    assert str(told) == "mine: found no file here, expected one"
    with pytest.raises(UnwritableProgress, match="cannot be locked"):
        append_event(tmp_path / "x.yml", tmp_path / "large.yml", "a", {})
    (tmp_path / "folder").write_text("no folder")
    with pytest.raises(UnwritableProgress, match="cannot be "):
        append_event(tmp_path / "folder/x.yml", tmp_path / "locks", "a", {})


def test_problems_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    path, _ = kept(tmp_path)
    path.write_text(f'{HEAD}- {{"device":"a","n":0}}\nx: 1\n- y\n')
    assert [problem.line for problem in read_progress(path).problems] == [3, 5]
    path.write_text(f'{HEAD}- {{"device":"a","n":0}}\n- y\nx: 1\n')
    assert [str(problem) for problem in read_progress(path, "mine").problems] == [
        "mine:3: events[0].n: found 0, expected a whole number from 1 to 2147483647",
        "mine:4: events[1]: found 'y', expected an event such as {device, n, at, subject, status}",
        "mine:5: x: found 'x', expected no key but format and events",
    ]


def test_whoever_comes_second_changes_what_the_first_has_written(tmp_path: Path) -> None:
    path, locks = kept(tmp_path)
    second = Thread(target=append_event, args=(path, locks, "b", {"note": "second"}))

    def first(progress: Progress) -> Progress:
        second.start()
        second.join(timeout=0.3)  # Without a lock it would have its say now, and lose it.
        return merge(progress, Progress((ProgressEvent({"device": "a", "n": 1}),)))

    renew_progress(path, locks, first)
    second.join()
    keys = [event.key for event in read_progress(path).progress.events]
    assert keys == [("a", 1), ("b", 2)]


def append_ten(folder: Path, device: str) -> None:
    for n in range(10):
        append_event(*kept(folder), device, {"note": str(n)})


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for appended in [pool.submit(append_ten, tmp_path, device) for device in "ab"]:
            appended.result()
    events = read_progress(kept(tmp_path)[0]).progress.events
    assert [event.n for event in events] == [*range(1, 21)]
    assert sorted(event.device for event in events) == ["a"] * 10 + ["b"] * 10


def test_a_file_has_one_lock_by_whatever_name_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, locks = kept(tmp_path)
    append_event(path, locks, "a", {})
    (lock,) = locks.iterdir()
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    append_event(Path("progress.yml"), locks, "a", {})
    append_event(tmp_path / "link" / "progress.yml", locks, "a", {})
    assert [*locks.iterdir()] == [lock]
    with one_writer(lock, 0):
        assert lock.exists()


ENDLESS = """
import sys
from pathlib import Path
from tools.storage.progress import append_event
print("ready", flush=True)
while True:
    append_event(Path(sys.argv[1]), Path(sys.argv[2]), "a", {"note": "x" * 1000})
"""


def test_a_killed_write_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    path, locks = kept(tmp_path)
    for round in range(1, 4):
        child = subprocess.Popen(
            [sys.executable, "-c", ENDLESS, str(path), str(locks)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        assert child.stdout and child.stdout.readline() == b"ready\n"
        while len(read_progress(path).progress.events) < round * 5:
            pass
        child.send_signal(signal.SIGKILL)
        child.communicate()
        read = read_progress(path)
        counters = [event.n for event in read.progress.events]
        assert (counters, read.problems) == ([*range(1, len(counters) + 1)], ())
        assert append_event(path, locks, "b", {"note": "y"}).n == len(counters) + 1
