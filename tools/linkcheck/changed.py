"""The links that a change brings: those on lines added since a revision of git."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from tools.model.link import Link, LinkPlace
from tools.storage.revision import Lines, added_since


def changed_links(root: Path, revision: str, links: Iterable[Link]) -> tuple[Link, ...]:
    """The links that stand on an added line, the places on such lines first.

    Paths of places count from `root`. Raises NoRevision, with the reason as a sentence.
    """
    added = added_since(root, revision)
    return tuple(_put_first(link, added) for link in links if _new_places(link, added))


def _put_first(link: Link, added: Mapping[str, Lines]) -> Link:
    new = _new_places(link, added)
    return replace(link, where=(*new, *(place for place in link.where if place not in new)))


def _new_places(link: Link, added: Mapping[str, Lines]) -> tuple[LinkPlace, ...]:
    return tuple(place for place in link.where if _is_added(place, added))


def _is_added(place: LinkPlace, added: Mapping[str, Lines]) -> bool:
    lines = added.get(place.path, set())
    return lines is None or place.line in lines
