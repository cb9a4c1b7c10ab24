"""The text of a progress file: an event a line as JSON inside YAML; any YAML, or JSON, is read."""

import gc
import json
import math
import re
from bisect import bisect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from tools.model.problem import Where, found
from tools.model.progress import FORMAT, Progress, ProgressEvent, event_faults, merge
from tools.model.progress.spelling import one_line
from tools.storage.yaml import Data, Places, YamlError, read_yaml

_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[][{},]')
_EXPECTED = f"format: {FORMAT} and a list of events"

FileFault = tuple[int, Where, str]


@dataclass(frozen=True, slots=True)
class ProgressText:
    """What a text says, and every fault with its line.

    `strange` are faults of values that are kept in `progress` as they are; `broken` are those of
    what is not in it, and would be lost if it were written in the place of the text.
    """

    progress: Progress
    strange: tuple[FileFault, ...]
    broken: tuple[FileFault, ...]


@dataclass(frozen=True, slots=True)
class _Written:
    """One value of `events`, with its JSON text where it was written as JSON."""

    line: int
    data: Data
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The values of `events`, and the faults of all that stands around them."""

    events: list[_Written]
    faults: list[FileFault]


def parse_progress(text: str) -> ProgressText:
    """All events of a text and what is wrong with it; raises nothing for what it holds."""
    with _uncollected():
        return _parsed(text)


def _parsed(text: str) -> ProgressText:
    parts = (_of_json(text) if text.lstrip()[:1] == "{" else None) or _of_yaml(text)
    strange, events, foreign = [], [], []
    for n, written in enumerate(parts.events):
        if faults := [*event_faults(written.data)]:
            strange += [(written.line, ("events", n, *where), fault) for where, fault in faults]
            foreign.append(one_line(written.text or _as_json(written.data)))
        else:
            events.append(ProgressEvent(written.data))
    progress = merge(Progress(tuple(events), tuple(foreign)))
    broken = sorted(parts.faults, key=itemgetter(0))
    return ProgressText(progress, tuple(strange), tuple(broken))


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for cycles meanwhile: it would look at all events time and again, and find none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def progress_text(progress: Progress) -> str:
    """The one text of a set of events: in order, an event a line, what is none at the end."""
    lines = [f"- {text}\n" for text in _texts(progress)]
    return "".join([f"format: {FORMAT}\n", "events:\n" if lines else "events: []\n", *lines])


def progress_json(progress: Progress) -> str:
    """The same as JSON, an event a line as well."""
    lines = ",\n".join(_texts(progress))
    events = f"[\n{lines}\n]" if lines else "[]"
    return f'{{"format":"{FORMAT}","events":{events}}}\n'


def _texts(progress: Progress) -> Iterator[str]:
    yield from (event.canonical for event in progress.events)
    yield from progress.foreign


def _of_yaml(text: str) -> _Parts:
    events, rest = _lifted(text)
    places: Places = {}
    try:
        data = read_yaml(rest, places)
    except YamlError as error:
        return _Parts(events, [(line, (), message) for line, message in error.faults])
    if isinstance(data, dict) and isinstance(data.get("events"), list):
        for n, value in enumerate(data["events"]):
            events.append(_Written(places["events", n], value))
    elif events and isinstance(data, dict):
        data["events"] = []
    return _Parts(sorted(events, key=lambda event: event.line), [*_frame_faults(data, places)])


def _lifted(text: str) -> tuple[list[_Written], str]:
    """The events that stand as we write them, and the text without them, line for line.

    Such a line is `- ` and JSON at the head of a line below `events:`. YAML is slow, and would
    change the longest numbers.
    """
    events: list[_Written] = []
    rest: list[str] = []
    below = False
    for number, line in enumerate(text.split("\n"), start=1):
        if line[:1] not in ("", " ", "#", "-", "\r"):
            below = line.rstrip() == "events:"
        lifted = _read_line(number, line) if below and line.startswith("- ") else None
        events += [lifted] if lifted else []
        rest.append("" if lifted else line)
    return events, "\n".join(rest)


def _read_line(number: int, line: str) -> _Written | None:
    try:
        return _Written(number, _decode(line[2:]), line[2:])
    except (ValueError, RecursionError):
        return None


def _of_json(text: str) -> _Parts | None:
    """The parts of a JSON text; nothing where it is none, or YAML can tell more of it."""
    try:
        data = _decode(text)
    except (ValueError, RecursionError):
        return None
    values, members = data.get("events"), [*_members(text)]
    if not isinstance(values, list) or len(values) != len(members):
        return None
    ends = [end.start() for end in re.finditer("\n", text)]
    lines = [bisect(ends, start) + 1 for start, _ in members]
    written = map(_Written, lines, values, (member for _, member in members))
    return _Parts([*written], [*_frame_faults(data, {})])


def _members(text: str) -> Iterator[tuple[int, str]]:
    """Each member of the list `events` of a sound JSON object as it is written, with its start."""
    depth, name, start = 0, "", -1
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "[{":
            depth += 1
            start = token.end() if (depth, sign, name) == (2, "[", '"events"') else start
        elif depth == 2 and start >= 0 and sign in ",]":
            member = text[start : token.start()]
            if member.strip():
                yield token.start() - len(member.lstrip()), member.strip()
            start = token.end() if sign == "," else -1
        elif depth == 1 and sign[0] == '"':
            name = sign
        depth -= sign in "]}"


def _frame_faults(data: Data, places: Places) -> Iterator[FileFault]:
    """What is wrong with all that stands around the events."""
    first = min(places.values(), default=0)
    if not isinstance(data, dict) or data.get("format") != FORMAT or not _has_events(data):
        written = data.get("format") if isinstance(data, dict) else None
        where: Where = ("format",) if written is not None else ()
        yield places.get(where, first), where, found(written, _EXPECTED)
    for key in data if isinstance(data, dict) else ():
        if key not in ("format", "events"):
            yield places.get((key,), first), (key,), found(key, "no key but format and events")


def _has_events(data: dict[str, Data]) -> bool:
    return isinstance(data.get("events"), list)


def _whole(digits: str) -> float:
    # Nobody reads these digits: the number is too large for an event.
    return int(digits) if len(digits) < 18 else math.inf


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


_decode = json.JSONDecoder(parse_int=_whole, parse_constant=_refuse).decode


def _as_json(data: Data) -> str:
    """What was written as YAML, as JSON; infinity, which that lacks, becomes text."""
    if isinstance(data, dict):
        return "{" + ",".join(f"{_as_json(key)}:{_as_json(data[key])}" for key in data) + "}"
    if isinstance(data, list):
        return "[" + ",".join(map(_as_json, data)) + "]"
    finite = not isinstance(data, float) or math.isfinite(data)
    return json.dumps(data if finite else str(data), ensure_ascii=False)
