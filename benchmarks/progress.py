"""How soon the command merges what a lifetime of reading may write, and how long a link gets."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.figure import Figure
from benchmarks.reading import statuses, write_events
from benchmarks.workshop import Workshop
from tools.audit.verdicts import CannotRun

_EVENTS = 100_000
_STATUSES = 500
_ROUNDS = 3
_AIM_SECONDS = 5.0
_AIM_CHARACTERS = 8_000.0
_SCRIPTS = "docs/assets/javascripts/progress"


def progress(workshop: Workshop) -> Iterator[Figure]:
    """Seconds to merge two devices' events in a process of its own, and the letters of a link."""
    ids = [path.stem for path in (workshop.catalog(1_000) / "resources").glob("*.yml")]
    subjects = [f"resource/{id}" for id in sorted(ids)]
    folder = workshop.folder / "progress"
    folder.mkdir(exist_ok=True)
    yield _merging(folder, subjects)
    yield _link(workshop.project / _SCRIPTS, folder, subjects)


def _merging(folder: Path, subjects: Sequence[str]) -> Figure:
    for device in ("laptop", "phone"):
        write_events(folder / f"{device}.yml", device, _EVENTS // 2, subjects)
    seconds = median(_merge(folder) for _ in range(_ROUNDS))
    return Figure(f"merge {_EVENTS:,} events", seconds, "s", _AIM_SECONDS)


def _merge(folder: Path) -> float:
    """The seconds of one whole `catalog progress merge`, which writes all events anew."""
    shutil.copy(folder / "laptop.yml", folder / "own.yml")
    own, phone = str(folder / "own.yml"), str(folder / "phone.yml")
    command = ["-m", "tools.cli", "progress", "merge", phone, "--file", own]
    environment = os.environ | {"CATALOG_DEVICE_DIR": str(folder / "state")}
    start = perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True, env=environment)
    seconds = perf_counter() - start
    if (lines := (folder / "own.yml").read_text(encoding="utf-8").count("\n- ")) != _EVENTS:
        raise ValueError(f"found {lines:,} events once merged, expected {_EVENTS:,}")
    return seconds


def _link(scripts: Path, folder: Path, subjects: Sequence[str]) -> Figure:
    if shutil.which("node") is None:
        raise CannotRun("found no node, expected it for the length of a link")
    # Older Nodes take a file for a module only where a package says so.
    shutil.copytree(scripts, folder / "progress", dirs_exist_ok=True)
    shutil.copy(Path(__file__).with_name("share.mjs"), folder)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    events = json.dumps(statuses(_STATUSES, subjects))
    run = subprocess.run(
        ["node", str(folder / "share.mjs")],
        input=events,
        check=True,
        capture_output=True,
        text=True,
    )
    length, held = map(int, run.stdout.split())
    if held != _STATUSES:
        raise ValueError(f"found {held} subjects in the link, expected {_STATUSES}")
    return Figure(f"a link for {_STATUSES} statuses", length, "letters", _AIM_CHARACTERS)
