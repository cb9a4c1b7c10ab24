"""When two addresses are one place: a key that all spellings of a resource share."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, unquote_plus, urlsplit

from tools.model.problem import found
from tools.model.spellings import one_spelling, parameters, query_of
from tools.model.text import is_web_address

_TRACKING = re.compile(
    r"utm_\w+|depth_\d+-utm_\w+|vd_source|spm|spm_id_from|ab_channel|share_source|share_medium|"
    r"share_id|fbclid|gclid|msclkid|yclid|mc_cid|mc_eid|igshid|ref_src|from_wecom"
)
# Of either scheme, since the key has none.
_DEFAULT_PORTS = (80, 443)
_WWW = re.compile(r"^(?:www\.)+")
_INDEX = re.compile(r"/index\.html?$")
# What may stand unescaped between two slashes beside letters and digits (RFC 3986, 3.3).
_PATH_SAFE = "-._~!$&'()*+,;=:@"


@dataclass(frozen=True, slots=True)
class AddressRules:
    """What a catalog adds to the general rules: twin places, and parameters that only track."""

    twins: tuple[tuple[str, str], ...] = ()
    tracking: frozenset[str] = frozenset()

    @classmethod
    def of(cls, twin_hosts: Iterable[Iterable[str]], tracking: Iterable[str]) -> "AddressRules":
        """Rules from site.yml: each group's first place stands for the others, longest first."""
        groups = [[_twin_place(place) for place in group] for group in twin_hosts]
        pairs = [(other, group[0]) for group in groups for other in group[1:]]
        return cls(tuple(sorted(pairs, key=lambda pair: -len(pair[0]))), frozenset(tracking))


def address_key(address: str, rules: AddressRules = AddressRules()) -> str:
    """The key of an http or https address: equal for two addresses of one place, without scheme.

    Dropped are scheme, `www`, default port, tracking parameters, fragment, `index.html` and the
    last slash; arXiv's, YouTube's, Bilibili's, DOI's and GitHub's spellings become one each.
    Raises ValueError for anything else than a web address.
    """
    address = address.strip()
    if not is_web_address(address):
        raise ValueError(found(address, "an http or https address"))
    parts = urlsplit(address)
    spelling = _host(parts), _path(parts.path), _query(parts.query, rules.tracking)
    host, path, query = one_spelling(*spelling)
    place = _twin(f"{host}{path}".rstrip("/"), rules.twins)
    return f"{place}?{query}" if query else place


def without_tracking(address: str, rules: AddressRules = AddressRules()) -> str:
    """The same address without parameters that only track; everything else as it was."""
    parts = urlsplit(address.strip())
    kept = [
        pair
        for pair in parts.query.split("&")
        if not _tracks(unquote_plus(pair.split("=", 1)[0]), rules.tracking)
    ]
    return parts._replace(query="&".join(kept)).geturl()


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    with suppress(UnicodeError):  # Not a name that IDNA knows: compared as it is written.
        host = host.encode("idna").decode("ascii").rstrip(".")
    host = _WWW.sub("", host)
    if ":" in host:
        host = f"[{host}]"
    return f"{host}:{parts.port}" if parts.port and parts.port not in _DEFAULT_PORTS else host


def _path(path: str) -> str:
    """The path in one spelling of its escapes, without index.html and slashes at its end."""
    names = (unquote(name, errors="surrogateescape") for name in path.split("/"))
    whole = "/".join(quote(name, _PATH_SAFE, errors="surrogateescape") for name in names)
    shorter = whole.rstrip("/")
    while _INDEX.search(shorter):
        shorter = _INDEX.sub("", shorter).rstrip("/")
    return shorter


def _query(query: str, tracking: frozenset[str]) -> str:
    """The parameters that count by name; values of one name stay in their order."""
    kept = [pair for pair in parameters(query) if not _tracks(pair[0], tracking)]
    return query_of(sorted(kept, key=lambda pair: pair[0]))


def _tracks(name: str, tracking: frozenset[str]) -> bool:
    return _TRACKING.fullmatch(name) is not None or name in tracking


def _twin_place(place: str) -> str:
    host, slash, path = place.strip("/").partition("/")
    return f"{_WWW.sub('', host.lower())}{slash}{path}"


def _twin(place: str, twins: tuple[tuple[str, str], ...]) -> str:
    for other, first in twins:
        if place == other or place.startswith(f"{other}/"):
            return first + place[len(other) :]
    return place
