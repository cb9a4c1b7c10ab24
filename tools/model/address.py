"""When two addresses are one place: a key that all spellings of a resource share."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

_TRACKING = re.compile(
    r"utm_\w+|vd_source|spm|spm_id_from|ab_channel|share_source|share_medium|share_id|"
    r"fbclid|gclid|msclkid|yclid|mc_cid|mc_eid|igshid|ref_src|from_wecom"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_INDEX = re.compile(r"/index\.html?$")
_ARXIV = re.compile(
    r"/(?:abs|pdf|html)/(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?"
)
_YOUTUBE_PATH = re.compile(r"/(?:embed|shorts|live|v)/([\w-]{11})")
_UNRESERVED = "-._~"
# What may stand unescaped in a path beside letters and digits (RFC 3986, 3.3).
_PATH_SAFE = _UNRESERVED + "!$&'()*+,;=:@/"


@dataclass(frozen=True, slots=True)
class AddressRules:
    """What a catalog adds to the general rules: twin places, and parameters that only track."""

    twins: tuple[tuple[str, str], ...] = ()
    tracking: frozenset[str] = frozenset()

    @classmethod
    def of(cls, twin_hosts: Iterable[Iterable[str]], tracking: Iterable[str]) -> "AddressRules":
        """Rules from site.yml: each group's first place stands for the others, longest first."""
        groups = [[place.strip("/").lower() for place in group] for group in twin_hosts]
        pairs = [(other, group[0]) for group in groups for other in group[1:]]
        return cls(tuple(sorted(pairs, key=lambda pair: -len(pair[0]))), frozenset(tracking))


def address_key(address: str, rules: AddressRules = AddressRules()) -> str:
    """The key of an http or https address: equal for two addresses of one place, without scheme.

    Dropped are scheme, `www`, default port, tracking parameters, fragment, `index.html` and the
    last slash; arXiv's, YouTube's, Bilibili's, DOI's and GitHub's spellings become one each.
    """
    parts = urlsplit(address.strip())
    host = _host(parts)
    path = _path(parts.path)
    query = _query(parts.query, rules.tracking)
    host, path, query = _PROVIDERS.get(host, _as_it_is)(host, path, query)
    place = _twin(f"{host}{path}".rstrip("/"), rules.twins)
    return f"{place}?{query}" if query else place


def without_tracking(address: str, rules: AddressRules = AddressRules()) -> str:
    """The same address without parameters that only track; everything else as it was."""
    parts = urlsplit(address.strip())
    kept = [pair for pair in parts.query.split("&") if not _tracks(pair, rules.tracking)]
    return parts._replace(query="&".join(kept)).geturl()


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    with suppress(UnicodeError):  # Not a name that IDNA knows: compared as it is written.
        host = host.encode("idna").decode("ascii")
    port = parts.port
    return f"{host}:{port}" if port and port != _DEFAULT_PORTS.get(parts.scheme) else host


def _path(path: str) -> str:
    return quote(
        unquote(_INDEX.sub("/", path), errors="surrogateescape"),
        _PATH_SAFE,
        errors="surrogateescape",
    )


def _query(query: str, tracking: frozenset[str]) -> str:
    kept = [pair for pair in query.split("&") if pair and not _tracks(pair, tracking)]
    return urlencode(sorted(parse_qsl("&".join(kept), keep_blank_values=True)))


def _tracks(pair: str, tracking: frozenset[str]) -> bool:
    name = pair.split("=", 1)[0]
    return _TRACKING.fullmatch(name) is not None or name in tracking


def _twin(place: str, twins: tuple[tuple[str, str], ...]) -> str:
    for other, first in twins:
        if place == other or place.startswith(f"{other}/"):
            return first + place[len(other) :]
    return place


_Spelling = tuple[str, str, str]


def _as_it_is(host: str, path: str, query: str) -> _Spelling:
    return host, path, query


def _arxiv(host: str, path: str, query: str) -> _Spelling:
    match = _ARXIV.fullmatch(path)
    return ("arxiv.org", f"/abs/{match[1]}", "") if match else (host, path, query)


def _youtube(host: str, path: str, query: str) -> _Spelling:
    video = dict(parse_qsl(query)).get("v")
    if match := _YOUTUBE_PATH.fullmatch(path):
        video = match[1]
    if host == "youtu.be" and path.strip("/"):
        video = path.strip("/")
    return ("youtube.com", "/watch", f"v={video}") if video else ("youtube.com", path, query)


def _bilibili(host: str, path: str, query: str) -> _Spelling:
    if not path.startswith("/video/"):
        return host, path, query
    part = dict(parse_qsl(query)).get("p", "1")
    return "bilibili.com", path, "" if part == "1" else f"p={part}"


def _doi(host: str, path: str, query: str) -> _Spelling:
    return "doi.org", path.lower(), query


def _github(host: str, path: str, query: str) -> _Spelling:
    owner, *rest = path.strip("/").split("/")
    if not rest:
        return host, path.lower(), query
    repository = rest[0].removesuffix(".git").lower()
    return host, "/" + "/".join((owner.lower(), repository, *rest[1:])), query


_PROVIDERS: dict[str, Callable[[str, str, str], _Spelling]] = {
    "arxiv.org": _arxiv,
    "export.arxiv.org": _arxiv,
    "youtube.com": _youtube,
    "m.youtube.com": _youtube,
    "youtu.be": _youtube,
    "youtube-nocookie.com": _youtube,
    "bilibili.com": _bilibili,
    "m.bilibili.com": _bilibili,
    "doi.org": _doi,
    "dx.doi.org": _doi,
    "github.com": _github,
}
