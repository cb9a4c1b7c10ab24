"""Parked domains: the name is for sale, the server has no site, or gamblers have taken it over."""

from urllib.parse import urljoin

from tools.linkcheck.addresses import belongs_to, parts_of
from tools.linkcheck.places import host_of
from tools.linkcheck.seen import Seen
from tools.linkcheck.signs import landers
from tools.linkcheck.signs.known import shows_known_title
from tools.linkcheck.signs.wording import first_marker, first_title, found_in, plain
from tools.model.link import Evidence, Judgement

# A page about domains has more to read; landers fill up with advertisements and questions.
_SHORT, _BRIEF = 3000, 1500
_SOURCE_WITHIN = 200_000
# A page that only hands its readers on.
_BARE, _BARE_SOURCE = 300, 20_000
# Gambling sites are long; what they are stands in their titles, and over and over in their texts.
# A lecture on spam filters names several of them, but not a dozen times.
_VICE_WITHIN, _VICES, _TIMES = 5000, 4, 12


def parked(seen: Seen) -> Judgement | None:
    """`parked` where nothing is left of the site but its name.

    Never for a page that shows a known title, nor for one that is as absent as it says (404, 410).
    """
    if leads_to_seller(seen):
        return seen.judged("parked", "host", seen.host)
    if seen.answer.status in (404, 410) or shows_known_title(seen):
        return None
    evidence = _lander(seen) or _unconfigured(seen) or _hijacked(seen)
    return seen.judged("parked", evidence.kind, evidence.value) if evidence else None


def leads_to_seller(seen: Seen) -> bool:
    """Whether a chain ends where names are sold, and began elsewhere."""
    return any(
        _sells(address) and not _sells(seen.link.url)
        for address in (seen.answer.address, seen.page.refresh)
    )


def _sells(address: str) -> bool:
    host = host_of(address)
    return (
        belongs_to(host, landers.SELLERS)
        or bool(landers.SELLING_HOST.search(host))
        or bool(landers.SELLING_PATHS.search(parts_of(address).path))
    )


def _lander(seen: Seen) -> Evidence | None:
    page = seen.page
    if len(page.text) > _SHORT:
        return None
    if script := first_marker(landers.SCRIPTS, page.source[:_SOURCE_WITHIN]):
        return Evidence(kind="phrase", value=script)
    if seller := _handed_on(seen):
        return Evidence(kind="host", value=seller)
    words = " ".join((*page.titles, page.text[:_BRIEF]))
    if phrase := found_in(landers.FOR_SALE, words):
        return Evidence(kind="phrase", value=phrase[:80])
    return None


def _handed_on(seen: Seen) -> str:
    """The seller that a page with nothing of its own shows in a frame, or sends on to."""
    if len(seen.page.text) > _BARE:
        return ""
    for match in landers.HANDS_ON.finditer(seen.page.source[:_BARE_SOURCE]):
        address = _joined(seen.answer.address, match[1] or match[2] or match[3])
        if _sells(address) and not _sells(seen.link.url):
            return address
    return ""


def _joined(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError:
        return ""


def _unconfigured(seen: Seen) -> Evidence | None:
    page = seen.page
    if len(page.text) > 2 * _SHORT:  # Debian's default page explains itself at length.
        return None
    if title := first_title(landers.UNCONFIGURED, page.titles):
        return Evidence(kind="title", value=title)
    if len(page.text) > _BRIEF:
        return None
    phrase = found_in(landers.UNCONFIGURED_TEXT, " ".join((*page.titles, page.text)))
    return Evidence(kind="phrase", value=phrase[:80]) if phrase else None


def _hijacked(seen: Seen) -> Evidence | None:
    """The title of a site that no catalog of learning resources holds.

    Where no title is known the page could be what the link means, so its text has to agree; a
    title that the catalog knows under such words means them.
    """
    if found_in(landers.VICE, " ".join(seen.link.titles)):
        return None
    in_titles = found_in(landers.VICE, " ".join(seen.page.titles))
    text = plain(seen.page.text[:_VICE_WITHIN])
    named = [match[0].casefold() for match in landers.VICE.finditer(text)]
    vices = set(named)
    if in_titles and (seen.link.titles or len(vices) > 1):
        return Evidence(kind="title", value=seen.page.title or in_titles)
    many = len(vices) >= _VICES and len(named) >= _TIMES
    return Evidence(kind="phrase", value=named[0]) if many else None
