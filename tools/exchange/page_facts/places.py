"""Hosts that tell the facts elsewhere than in the page: papers, videos and repositories."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote

from tools.exchange.page_facts.facts import PageFacts, completed
from tools.exchange.page_facts.page import page_facts
from tools.exchange.page_facts.said import a_title, minutes_of, some_names
from tools.model.address import address_key
from tools.model.charset import text_of

_ARXIV = re.compile(r"arxiv\.org/abs/(.+)")
_YOUTUBE = re.compile(r"youtube\.com/watch\?v=([\w-]{11})")
_BILIBILI = re.compile(r"bilibili\.com/video/(BV\w{10}|av\d+)(?:\?(.*))?", re.IGNORECASE)
_GITHUB = re.compile(r"github\.com/([\w-]+)/([\w.-]+)")
# First parts of GitHub's own pages, which stand where owners do.
_NO_OWNERS = {"topics", "features", "marketplace", "sponsors", "orgs", "collections", "search"}
_BEIJING = timedelta(hours=8)

Reader = Callable[[bytes, str], PageFacts]


@dataclass(frozen=True, slots=True)
class Place:
    """Where to ask for the facts of an address, and what its address alone says for certain."""

    ask: str
    certain: PageFacts
    read: Reader


def place_of(address: str) -> Place:
    """The place of any web address; most are their own."""
    key = address_key(address)
    for pattern, known in _KNOWN:
        if match := pattern.fullmatch(key):
            return known(match, address)
    return Place(address, PageFacts(), lambda body, charset: page_facts(body, charset, address))


def _arxiv(match: re.Match[str], address: str) -> Place:
    """The page of the abstract, whichever version or PDF was named.

    It has citation tags like any paper's page, so one reader does for all. The API would need an
    XML parser for text of strangers, answers its errors as papers, and allows one question in
    three seconds.
    """
    page = f"https://arxiv.org/abs/{match[1]}"
    certain = PageFacts(kind="paper", address=page)
    return Place(page, certain, lambda body, charset: page_facts(body, charset, page))


def _youtube(match: re.Match[str], address: str) -> Place:
    """The oEmbed answer: title and channel. Neither date nor length stand in it."""
    video = quote(f"https://www.youtube.com/watch?v={match[1]}", safe="")
    ask = f"https://www.youtube.com/oembed?url={video}&format=json"
    return Place(ask, PageFacts(kind="video"), _oembed)


def _oembed(body: bytes, charset: str) -> PageFacts:
    said = _json(body, charset)
    return PageFacts(
        title=a_title(said.get("title")), authors=some_names([said.get("author_name")])
    )


def _bilibili(match: re.Match[str], address: str) -> Place:
    """The answer that Bilibili's own pages ask for: it has no oEmbed."""
    video, part = match[1], (parse_qs(match[2] or "").get("p") or [""])[0]
    name = f"aid={video[2:]}" if video.lower().startswith("av") else f"bvid={video}"
    ask = f"https://api.bilibili.com/x/web-interface/view?{name}"
    return Place(ask, PageFacts(kind="video"), lambda body, charset: _view(body, charset, part))


def _view(body: bytes, charset: str, part: str) -> PageFacts:
    said = _json(body, charset)
    video = said.get("data") if said.get("code") == 0 else None
    if not isinstance(video, dict):
        return PageFacts()
    owner: Any = video.get("owner")
    # 2 is a video of somebody else, uploaded again: who did that is not its author.
    own = isinstance(owner, dict) and video.get("copyright") != 2
    return PageFacts(
        title=a_title(video.get("title")),
        authors=some_names([owner.get("name")]) if own else (),
        published=_day(video.get("pubdate")),
        minutes=minutes_of(_length(video, part)),
    )


def _length(video: dict[str, Any], part: str) -> Any:
    """The seconds of the part that the address names, or of all parts."""
    if not part:
        return video.get("duration")
    parts = video.get("pages")
    for one in parts if isinstance(parts, list) else []:
        if isinstance(one, dict) and str(one.get("page")) == part:
            return one.get("duration")
    return None


def _day(seconds: Any) -> str:
    """The day in Beijing, which is the one that the page shows."""
    if not isinstance(seconds, int) or not 0 < seconds < 1 << 33:
        return ""
    return (datetime.fromtimestamp(seconds, UTC) + _BEIJING).date().isoformat()


def _github(match: re.Match[str], address: str) -> Place:
    """Title and kind from the address; the page's language is GitHub's, not the repository's."""
    owner, repository = re.split(r"[/?#]+", address.split("://", 1)[1])[1:3]
    if match[1] in _NO_OWNERS:
        return Place(address, PageFacts(), lambda body, charset: PageFacts())
    certain = PageFacts(title=f"{owner}/{repository.removesuffix('.git')}", kind="code")
    return Place(address, certain, lambda body, charset: PageFacts())


def _json(body: bytes, charset: str) -> dict[str, Any]:
    try:
        said = json.loads(text_of(body, charset or "utf-8"))
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


_KNOWN: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], Place]], ...] = (
    (_ARXIV, _arxiv), (_YOUTUBE, _youtube), (_BILIBILI, _bilibili), (_GITHUB, _github),
)  # fmt: skip


def facts_of(place: Place, body: bytes, charset: str) -> PageFacts:
    """What the answer of a place says, and what its address says for certain."""
    return completed(place.read(body, charset), place.certain)
