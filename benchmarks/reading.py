"""What two devices of one busy reader may have written down, the same every time."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tools.model.progress import STATUSES, Progress, ProgressEvent
from tools.storage.progress_text import progress_text

SEED = 20261120
_FIRST = datetime(2024, 1, 1, tzinfo=UTC)
_NOTES = ("看第二遍", "see the figure on gates again", "第三节没看懂，回头再看")


def write_events(path: Path, device: str, count: int, subjects: Sequence[str]) -> None:
    """A progress file with so many events of one device."""
    path.write_text(progress_text(Progress((*_events(device, count, subjects),))), encoding="utf-8")


def statuses(count: int, subjects: Sequence[str]) -> list[dict[str, Any]]:
    """An event for each of so many subjects that gives it a status."""
    chance = Random(SEED)
    return [
        {"device": "laptop", "n": n, "at": _moment(n, chance), "subject": subject}
        | {"status": chance.choice(STATUSES)}
        for n, subject in enumerate(chance.sample(subjects, count), start=1)
    ]


def events_of(device: str, count: int, subjects: Sequence[str]) -> Iterator[dict[str, Any]]:
    """What so many events of one device say, as JSON can hold it."""
    return (dict(event.fields) for event in _events(device, count, subjects))


def _events(device: str, count: int, subjects: Sequence[str]) -> Iterator[ProgressEvent]:
    chance = Random(device)
    for n in range(1, count + 1):
        key = {"device": device, "n": n, "at": _moment(n, chance)}
        undone = n > 1 and chance.random() < 0.05
        said = {"undo": [device, n - 1]} if undone else _said(chance, chance.choice(subjects))
        yield ProgressEvent(key | said)


def _said(chance: Random, subject: str) -> dict[str, Any]:
    said: tuple[dict[str, Any], ...] = (
        {"status": chance.choice(STATUSES)},
        {"status": "done", "spent": chance.randint(5, 90)},
        {"rating": chance.randint(1, 5)},
        {"note": chance.choice(_NOTES)},
    )
    return {"subject": subject} | chance.choices(said, (5, 3, 1, 1))[0]


def _moment(n: int, chance: Random) -> str:
    """Some events a day, one after the other."""
    moment = _FIRST + timedelta(minutes=90 * n + chance.randrange(90))
    return moment.strftime("%Y-%m-%dT%H:%MZ")
