"""`[tool.catalog.links]` of pyproject.toml: the bounds of link checks, and what they leave out."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from ipaddress import ip_network
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ConfigDict

from tools.model.exclude import Exclude
from tools.model.problem import Problem, Where, field_name, found
from tools.model.text import is_date
from tools.storage.files import UnreadableFile, read_text
from tools.storage.shapes import ShapeError, reader_of

_TABLE = "tool.catalog.links"
_HEADER = re.compile(r"\s*\[{1,2}\s*([\w.-]+)\s*\]{1,2}\s*(?:#|$)")
_BEGINS_EXCLUDE = re.compile(rf"^\s*\[\[\s*{re.escape(_TABLE)}\.exclude\s*\]\]|{{")
_POSITIVE = ("workers", "per_host", "rate", "deadline", "max_seconds", "fail_after")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettings:
    """What a project says of its link checks; None leaves a bound to the checker.

    `rate` is in requests a second and host, `deadline` in seconds a link, `max_seconds` in seconds
    a run; a failure is believed after `fail_after` runs `over` so many days.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    workers: int | None = None
    per_host: int | None = None
    rate: float | None = None
    deadline: float | None = None
    max_seconds: float | None = None
    fail_after: int = 1
    over: int = 0
    allow_network: tuple[str, ...] = ()
    exclude: tuple[Exclude, ...] = ()

    def excluding(self, address: str) -> Exclude | None:
        """What leaves an address out; None for one that is to be checked."""
        return next((exclude for exclude in self.exclude if exclude.covers(address)), None)


def read_link_settings(file: Path, today: date) -> tuple[LinkSettings, list[Problem]]:
    """The settings in a pyproject.toml, and everything in them to mend.

    A file or table that is not there says nothing. An exclude whose day is over is a problem and
    leaves nothing out any more; where a value is wrong, none of the settings count.
    """
    if not file.exists():
        return LinkSettings(), []
    try:
        text = read_text(file, file.parent)
        written = tomllib.loads(text).get("tool", {}).get("catalog", {}).get("links", {})
    except UnreadableFile as error:
        return LinkSettings(), [Problem(file.name, 0, "", str(error))]
    except tomllib.TOMLDecodeError as error:
        return LinkSettings(), [
            Problem(file.name, _line_said(str(error)), "", f"not TOML: {error}")
        ]
    settings, faults = _read(written, today)
    section = list(_section(text))
    return settings, [
        Problem(file.name, _line(section, where), field_name(where), message)
        for where, message in faults
    ]


def _read(written: Any, today: date) -> tuple[LinkSettings, list[tuple[Where, str]]]:
    try:
        settings: LinkSettings = reader_of(LinkSettings).read(_as_json(written))
    except ShapeError as error:
        return LinkSettings(), error.faults
    if faults := list(_faults(settings)):
        return LinkSettings(), faults
    over = [
        n for n, exclude in enumerate(settings.exclude) if date.fromisoformat(exclude.until) < today
    ]
    kept = tuple(exclude for n, exclude in enumerate(settings.exclude) if n not in over)
    return replace(settings, exclude=kept), [_is_over(n, settings.exclude[n]) for n in over]


def _is_over(n: int, exclude: Exclude) -> tuple[Where, str]:
    next_step = f"look whether {exclude.pattern!r} can be checked now, or name a later day"
    return ("exclude", n, "until"), f"found {exclude.until!r}, which is over; {next_step}"


def _as_json(value: Any) -> Any:
    """TOML has days of its own; everywhere else in the catalog they are text."""
    if isinstance(value, dict):
        return {key: _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_json(inner) for inner in value]
    return value if isinstance(value, bool | int | float | str) else str(value)


def _faults(settings: LinkSettings) -> Iterator[tuple[Where, str]]:
    for name in _POSITIVE:
        value = getattr(settings, name)
        if value is not None and not 0 < value < float("inf"):
            yield (name,), found(value, "a positive number")
    if settings.over < 0:
        yield ("over",), found(settings.over, "a number of days")
    for n, network in enumerate(settings.allow_network):
        try:
            ip_network(network, strict=False)
        except ValueError:
            yield ("allow_network", n), found(network, "a network such as 10.0.0.0/8")
    for n, exclude in enumerate(settings.exclude):
        yield from ((("exclude", n, name), text) for name, text in _exclude_faults(exclude))


def _exclude_faults(exclude: Exclude) -> Iterator[tuple[str, str]]:
    if not exclude.pattern.strip("*/ "):
        yield "pattern", found(exclude.pattern, "a host, host/path* or a whole address")
    if not exclude.reason.strip():
        yield "reason", found(exclude.reason, "why it is not to be checked")
    if not is_date(exclude.until, whole=True):
        yield "until", found(exclude.until, "a day: 2026-11-20")


def _line_said(message: str) -> int:
    match = re.search(r"line (\d+)", message)
    return int(match[1]) if match else 0


def _line(section: Sequence[tuple[int, str]], where: Where) -> int:
    """The line of a value among the numbered lines of the settings.

    tomllib keeps no places, so it is looked for by its key; the head of the table stands for what
    is not found.
    """
    first = section[0][0] if section else 0
    name, n, key = (*where, None, None)[:3]
    if name == "exclude" and isinstance(n, int):
        starts = [at for at, (_, text) in enumerate(section) if _BEGINS_EXCLUDE.search(text)]
        if n >= len(starts):
            return first
        section = section[starts[n] : (*starts, len(section))[n + 1]]
        first, name = section[0][0], key
    pattern = re.compile(rf"(?<![\w.-]){re.escape(str(name))}\s*=")
    return next((line for line, text in section if pattern.search(text)), first)


def _section(text: str) -> Iterator[tuple[int, str]]:
    """The lines of the table and of all below it, with their numbers."""
    inside = False
    for line, content in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(content):
            inside = header[1] == _TABLE or header[1].startswith(f"{_TABLE}.")
        if inside:
            yield line, content
