"""The hosts that spell one place in several ways: papers, videos and repositories.

Each function takes host, path and query as `address_key` has tidied them, without a last slash.
"""

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, unquote, urlencode

Spelling = tuple[str, str, str]

_ARXIV = re.compile(
    r"/(?:abs|pdf|html)/(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?"
)
_YOUTUBE_PATH = re.compile(r"/(?:embed|shorts|live|v)/([\w-]{11})")
_GIT = re.compile(r"(?:\.git)+$")


def one_spelling(host: str, path: str, query: str) -> Spelling:
    """The spelling that stands for all of a known host's; any other place as it is."""
    known = _HOSTS.get(host)
    return known(host, path, query) if known else (host, path, query)


def parameters(query: str) -> list[tuple[str, str]]:
    """The names and values of a query; bytes that are not UTF-8 stay apart from one another."""
    return parse_qsl(query, keep_blank_values=True, errors="surrogateescape")


def query_of(pairs: list[tuple[str, str]]) -> str:
    """The query that `parameters` reads back."""
    return urlencode(pairs, errors="surrogateescape")


def _arxiv(host: str, path: str, query: str) -> Spelling:
    match = _ARXIV.fullmatch(path)
    return ("arxiv.org", f"/abs/{match[1]}", "") if match else (host, path, query)


def _youtube(host: str, path: str, query: str) -> Spelling:
    video = ""
    if host == "youtu.be":
        video = unquote(path.strip("/"), errors="surrogateescape")
    elif path == "/watch":
        video = dict(parameters(query)).get("v", "")
    elif match := _YOUTUBE_PATH.fullmatch(path):
        video = match[1]
    if not video:
        return "youtube.com", path, query
    return "youtube.com", "/watch", query_of([("v", video)])


def _bilibili(host: str, path: str, query: str) -> Spelling:
    if not path.startswith("/video/"):
        return host, path, query
    part = dict(parameters(query)).get("p", "1")
    return "bilibili.com", path, "" if part == "1" else query_of([("p", part)])


def _doi(host: str, path: str, query: str) -> Spelling:
    return "doi.org", path.lower(), query


def _github(host: str, path: str, query: str) -> Spelling:
    """Owners and repositories have no case; the tab of a repository is the one it opens with."""
    owner, *rest = path.strip("/").split("/")
    if not rest:
        return host, path.lower(), query
    repository = _GIT.sub("", rest[0].lower())
    if len(rest) == 1:
        query = query_of([pair for pair in parameters(query) if pair[0] != "tab"])
    return host, "/" + "/".join((owner.lower(), repository, *rest[1:])), query


_HOSTS: Mapping[str, Callable[[str, str, str], Spelling]] = {
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
