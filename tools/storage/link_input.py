"""Lists of links that people write for one check: plain text, or YAML with what is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict

from tools.model.link import Link, LinkPlace
from tools.model.problem import Problem, Where, field_name, found
from tools.storage.files import read_text
from tools.storage.shapes import ShapeError, reader_of
from tools.storage.yaml import Data, YamlError, read_yaml

_LARGEST = 32_000_000
_SCHEMES = ("http://", "https://")

Listed = tuple[list[Link], list[Problem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _ListedLink:
    """One member of a YAML list."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    url: str
    title: str = ""
    kind: str = ""
    language: str = ""
    published: str = ""


def input_text(path: Path) -> str:
    """The text of a file that somebody named; raises UnreadableFile."""
    path = path.resolve()
    return read_text(path, path.parent, _LARGEST)


def links_in_text(shown: str, text: str) -> Listed:
    """One address a line; blank lines and lines that begin with # are passed over.

    `shown` is the file's name in places and problems. Only what is no http or https address is a
    problem; whether the rest of an address makes sense is for the check to say.
    """
    links: list[Link] = []
    problems: list[Problem] = []
    for line, content in enumerate(text.splitlines(), start=1):
        address = content.strip()
        if address and not address.startswith("#"):
            _take(_ListedLink(url=address), LinkPlace(shown, line), "", links, problems)
    return links, problems


def links_in_yaml(shown: str, text: str) -> Listed:
    """A list of `{url, title, kind, language, published}`, of which only `url` has to be there.

    A member that is mere text is an address.
    """
    places: dict[Where, int] = {}
    try:
        read = read_yaml(text, places)
    except YamlError as error:
        return [], [Problem(shown, line, "", message) for line, message in error.faults]
    if not isinstance(read, list):
        return [], [Problem(shown, 1, "", found(read, "a list of links"))]
    links: list[Link] = []
    problems: list[Problem] = []
    for n, member in enumerate(read):
        place = LinkPlace(shown, places.get((n, "url"), places[(n,)]))
        try:
            _take(_shaped(member), place, field_name((n, "url")), links, problems)
        except ShapeError as error:
            problems += _problems(shown, n, error, places)
    return links, problems


def _shaped(member: Data) -> _ListedLink:
    """The member as it is meant: a title may look like a number, and a key may hold nothing."""
    if isinstance(member, str):
        member = {"url": member}
    if isinstance(member, dict):
        member = {key: _as_text(value) for key, value in member.items() if value is not None}
    listed: _ListedLink = reader_of(_ListedLink).read(member)
    return listed


def _as_text(value: Data) -> Data:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if number else value


def _problems(shown: str, n: int, error: ShapeError, places: dict[Where, int]) -> Iterator[Problem]:
    for where, message in error.faults:
        line = places.get((n, *where), places[(n,)])
        yield Problem(shown, line, field_name((n, *where)), message)


def _take(
    listed: _ListedLink, place: LinkPlace, name: str, links: list[Link], problems: list[Problem]
) -> None:
    address = listed.url.strip()
    if not address.lower().startswith(_SCHEMES):
        message = found(listed.url, "an http or https address")
        problems.append(Problem(place.path, place.line, name, message))
        return
    links.append(
        Link(
            url=address,
            where=(place,),
            titles=(listed.title,) if listed.title else (),
            kind=listed.kind,
            language=listed.language,
            published=listed.published,
        )
    )
