"""What a page says of itself, asked for through the link client."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from tools.exchange.page_facts.facts import PageFacts
from tools.exchange.page_facts.places import Place, facts_of, place_of
from tools.linkcheck.answer import Answer
from tools.linkcheck.client import Client
from tools.linkcheck.networks import Network

_READ = ("text/html", "application/xhtml+xml", "application/json", "text/json", "")
_LOGIN = re.compile(r"/(?:log-?in|sign-?in|passport|account/login|sso)\b", re.IGNORECASE)
# The titles of pages that stand before the one that was asked for.
_DOORS = re.compile(
    r"just a moment\W*|attention required!?.*|access denied|captcha|环境异常|请稍候\W*|"
    r".{0,4}(?:安全|人机)验证.{0,4}|验证码|(?:security|browser) check.{0,20}|"
    r".{0,20}are you a robot\W*|verify(?:ing)? you are human.{0,20}|"
    r"(?:403 )?forbidden|(?:404 )?(?:page )?not found|50[23] (?:bad gateway|service .{0,20})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking: facts, the address that stays, where it leads today, or why not."""

    facts: PageFacts
    address: str
    leads_to: str
    reason: str = ""


def certain(address: str) -> Asked:
    """What the address alone says."""
    facts = place_of(address).certain
    return Asked(facts, facts.address or address, address)


def ask(address: str, allowed: tuple[Network, ...]) -> Asked:
    """What the page says, by at most two GETs; `allowed` networks may be private."""
    client = Client(allowed=allowed)
    place = place_of(address)
    answer = client.get(place.ask)
    stays = leads_to = address
    if place.ask == address:
        if reason := _refusal(address, answer):
            return Asked(place_of(address).certain, address, address, reason)
        stays, leads_to = answer.permanent, answer.address
        place = place_of(leads_to)
        if place.ask != leads_to:  # A short link, or a DOI, to a host that tells it elsewhere.
            answer = client.get(place.ask)
    return _told(place, answer, stays, leads_to)


def _told(place: Place, answer: Answer, stays: str, leads_to: str) -> Asked:
    reason = answer.reason or _no_page(answer)
    facts = place.certain if reason else facts_of(place, answer.body, answer.charset)
    if _DOORS.fullmatch(facts.title):
        facts, reason = place.certain, f"it shows {facts.title!r} instead of the page"
    if not reason and not facts.title:
        reason = "its answer names no title"
    # The page's own spelling holds for the address it has, and not where a part of it is meant.
    spelled = facts.address if stays == leads_to and "#" not in stays else ""
    return Asked(facts, spelled or stays, leads_to, reason)


def _refusal(address: str, answer: Answer) -> str:
    """Why the chain did not end at the page."""
    if answer.reason:
        return answer.reason
    if answer.address == address:
        return ""
    if _LOGIN.search(urlsplit(answer.address).path):
        return f"it sends to a login page ({answer.address})"
    if _is_front(answer.address) and not _is_front(address):
        return f"it sends to a front page ({answer.address})"
    return ""


def _is_front(address: str) -> bool:
    parts = urlsplit(address)
    return parts.path in ("", "/") and not parts.query


def _no_page(answer: Answer) -> str:
    kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    return "" if kind in _READ else f"it is {kind}, of which only the address is read"
