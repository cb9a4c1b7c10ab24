"""What another subject would change: the site's name and its vocabularies."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tools.model.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """A stretch of the road that several topics share."""

    id: str
    title: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The names of the site and the words its catalog may use.

    `oracles` says in Chinese what proofs name in English words.
    """

    id: str
    name: Words
    tagline: Words
    eras: tuple[Era, ...]
    frameworks: tuple[str, ...] = ()
    twin_hosts: tuple[tuple[str, ...], ...] = ()
    tracking: tuple[str, ...] = ()
    oracles: Mapping[str, str] = field(default_factory=dict)
