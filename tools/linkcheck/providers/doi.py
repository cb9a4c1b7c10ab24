"""DOIs: their own registry says whether one exists, where publishers refuse robots."""

import re
from urllib.parse import quote, unquote

from tools.linkcheck.addresses import belongs_to, parts_of
from tools.linkcheck.answer import Answer
from tools.linkcheck.places import host_of
from tools.linkcheck.providers.probed import probed
from tools.linkcheck.reply import reply_of
from tools.model.link import Judgement, Link

_HOSTS = ("doi.org",)
_DOI = re.compile(r"/(10\.\d{4,9}(?:\.\d+)*/\S+)")
# The codes of the handle system in the DOI handbook: found, and no such handle.
_FOUND, _UNKNOWN = 1, 100


class Doi:
    """Digital object identifiers at doi.org."""

    def probe(self, link: Link) -> str:
        """The handle behind a DOI, as JSON."""
        match = _DOI.fullmatch(unquote(parts_of(link.url).path))
        if not match or not belongs_to(host_of(link.url), _HOSTS):
            return ""
        return f"https://doi.org/api/handles/{quote(match[1])}"

    def judge(self, link: Link, answer: Answer) -> Judgement | None:
        """`ok` for a registered DOI, `dead` for one that never was; all else is for the page."""
        code = reply_of(answer).get("responseCode")
        if answer.status == 200 and code == _FOUND:
            return probed(link, "ok", "DOI handle 1")
        if answer.status in (200, 404) and code == _UNKNOWN:
            return probed(link, "dead", "DOI handle 100")
        return None
