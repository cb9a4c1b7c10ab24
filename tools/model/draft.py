"""A draft: what is known of a resource before a person has finished it."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from itertools import count
from urllib.parse import unquote, urlsplit

from tools.model.resource import LONGEST_ID, Access, Kind, Level, Mention, Resource
from tools.model.words import Words

# Labels of a host that do not name the site: `blog.example.co.uk` is example's.
_NO_NAMES = {"www", "com", "co", "org", "net", "edu", "ac", "gov"}
# Letters that a slug cannot hold, Chinese ones above all.
_OTHER_LETTERS = re.compile("[\u0370-\u1dff\u2e80-\ud7ff\uf900-\ufaff]")
_FILE_ENDING = re.compile(r"\.(?:html?|php|pdf|md|aspx?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A resource of which anything but the address may still be open; the keys are Resource's."""

    id: str
    title: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    url: str
    aliases: tuple[str, ...] = ()
    kind: Kind | None = None
    language: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    topics: tuple[str, ...] = ()
    level: Level | None = None
    minutes: int | None = None
    frameworks: tuple[str, ...] = ()
    access: Access | None = None
    summary: Words | None = None
    caveats: tuple[Words, ...] = ()
    mentions: tuple[Mention, ...] = ()
    added: str = ""

    @property
    def file(self) -> str:
        """The draft's file, relative to the catalog folder."""
        return f"drafts/{self.id}.yml"

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address known so far, the canonical one first."""
        return (self.url, *self.aliases)


def missing_keys(draft: Draft) -> list[str]:
    """The required keys of a resource that the draft leaves open, in the format's order."""
    required = [
        field.name
        for field in fields(Resource)
        if field.default is MISSING and field.default_factory is MISSING
    ]
    return [name for name in required if not getattr(draft, name)]


def proposed_id(title: str, address: str, taken: Collection[str]) -> str:
    """A free id made of the title's words; one in other letters than Latin begins with the site."""
    base = _slug(title)
    if len(base) < 4 or _OTHER_LETTERS.search(title):
        words = f"{_slug(' '.join(_address_words(address)))}-{base}".split("-")
        base = "-".join(dict.fromkeys(word for word in words if word))
    base = _cut(base) or "resource"
    numbered = (base if n == 1 else f"{_cut(base, LONGEST_ID - 6)}-{n}" for n in count(1))
    return next(id for id in numbered if id not in taken)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", ""))
    ascii_text = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")


def _cut(slug: str, longest: int = LONGEST_ID) -> str:
    """The slug without its last words where it is too long, or a piece of a word that is alone."""
    if len(slug) <= longest:
        return slug
    whole, _, _ = slug[: longest + 1].rpartition("-")
    return (whole or slug[:longest]).strip("-")


def _address_words(address: str) -> Iterator[str]:
    """The speaking parts of an address: the site's name, then the last part of the path."""
    parts = urlsplit(address)
    host = (parts.hostname or "").split(".")[:-1]
    named = [label for label in host if label not in _NO_NAMES] or host
    yield named[-1] if named else parts.hostname or ""
    path = (_FILE_ENDING.sub("", name) for name in unquote(parts.path).split("/"))
    yield ([name for name in path if name not in ("", "index")] or [""])[-1]
