"""Refusals: the host knows what is there and does not show it to robots, or not to us."""

import json
from collections.abc import Iterator

from tools.linkcheck.addresses import belongs_to, parts_of
from tools.linkcheck.places import host_of
from tools.linkcheck.reply import reply_of
from tools.linkcheck.seen import Seen
from tools.linkcheck.signs import challenges
from tools.linkcheck.signs.known import shows_known_title
from tools.linkcheck.signs.parked import leads_to_seller
from tools.linkcheck.signs.stores import missing_in_store
from tools.linkcheck.signs.wording import first_marker, first_title, found_in
from tools.model.link import Evidence, Judgement

# Challenges say little: a page with more to read than this is no challenge, whatever it mentions,
# and a phrase says something only on a page with hardly anything beside it.
_SHORT, _BRIEF = 3000, 1200
# Some firewalls put a whole program into their pages; nothing that matters comes later.
_SOURCE_WITHIN = 200_000
_BARE = 200
_LONGEST_JSON = 2000
_SAYS_STATE = ("error", "code", "message", "msg", "errmsg", "errmsgs", "status", "success", "ret")


def refusal(seen: Seen) -> Judgement | None:
    """`blocked` where a robot is refused, `dead` where a store has no such file for anybody.

    A page that shows a known title is no refusal, nor is a 404 page that only sounds like one.
    """
    answer = seen.answer
    if leads_to_seller(seen):
        return None
    if code := missing_in_store(answer):
        return seen.judged("dead", "phrase", code, _status(seen))
    if answer.status == 509:  # Bandwidth used up: hosting companies' own number.
        return seen.judged("rate-limited", "status", "509")
    challenge = next(_challenges(seen), None)
    if answer.status in challenges.REFUSING:
        more = (challenge,) if challenge else ()
        return seen.judged("blocked", "status", str(answer.status), *more)
    if challenge:
        return seen.judged("blocked", challenge.kind, challenge.value, _status(seen))
    return None


def _status(seen: Seen) -> Evidence:
    return Evidence(kind="status", value=str(seen.answer.status))


def _challenges(seen: Seen) -> Iterator[Evidence]:
    """What shows that the answer is a challenge, the surest first."""
    for name, saying in challenges.HEADERS:
        value = seen.answer.headers.get(name, "")
        if value and saying.search(value):
            yield Evidence(kind="header", value=f"{name}: {value}")
    if len(seen.page.text) > _SHORT:
        return
    if script := first_marker(challenges.SCRIPTS, seen.page.source[:_SOURCE_WITHIN]):
        yield Evidence(kind="phrase", value=script)
    if seen.answer.status not in challenges.PLAIN and not shows_known_title(seen):
        yield from _by_address(seen)
        yield from _by_words(seen)


def _by_address(seen: Seen) -> Iterator[Evidence]:
    """A chain that ends where robots are held up, unless the link itself stands there."""
    for address in (seen.answer.address, seen.page.refresh):
        if _holds_up(address) and not _holds_up(seen.link.url):
            yield Evidence(kind="host", value=parts_of(address)._replace(query="").geturl())


def _holds_up(address: str) -> bool:
    path = parts_of(address).path
    return belongs_to(host_of(address), challenges.HOSTS) or bool(challenges.PATHS.search(path))


def _by_words(seen: Seen) -> Iterator[Evidence]:
    page = seen.page
    if title := first_title(challenges.TITLES, page.titles):
        yield Evidence(kind="title", value=title)
    if len(page.text) <= _BRIEF and (phrase := found_in(challenges.PHRASES, page.text)):
        yield Evidence(kind="phrase", value=phrase[:80])
    if len(page.text) <= _BARE and _is_gate(page.source[:_SOURCE_WITHIN]):
        yield Evidence(kind="phrase", value="document.cookie")
    if seen.answer.status == 202 and len(page.text) <= _BARE:
        # Accepted, to be done later, is what no page ever says to a reader.
        yield Evidence(kind="status", value="202")
    if phrase := _json_refusal(seen):
        yield Evidence(kind="phrase", value=phrase)


def _is_gate(source: str) -> bool:
    """A page that sets a cookie and loads again; or Incapsula's, which leaves that to a script."""
    if "_Incapsula_Resource?SWJIYLWA" in source:
        return True
    gate, again = challenges.COOKIE_GATE.search(source), challenges.LOADED_AGAIN.search(source)
    return bool(gate and again)


def _json_refusal(seen: Seen) -> str:
    """What a small JSON answer says instead of a page."""
    reply = reply_of(seen.answer)
    if len(seen.answer.body) > _LONGEST_JSON or not any(name in reply for name in _SAYS_STATE):
        return ""
    text = json.dumps(reply, ensure_ascii=False)
    if reply.get("code") in challenges.JSON_CODES or found_in(challenges.JSON_PHRASES, text):
        return text[:120]
    return ""
