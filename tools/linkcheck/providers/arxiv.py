"""arXiv: whether a paper is there stands on its small abstract page, not only in its PDF."""

import re

from tools.linkcheck.addresses import belongs_to, parts_of
from tools.linkcheck.answer import Answer
from tools.linkcheck.places import host_of
from tools.linkcheck.providers.probed import probed
from tools.model.link import Judgement, Link

_HOSTS = ("arxiv.org",)
_PDF = re.compile(r"/pdf/((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?)(?:\.pdf)?/?")


class Arxiv:
    """PDFs of papers. Abstract pages speak for themselves, and not every paper has HTML."""

    def probe(self, link: Link) -> str:
        """The abstract page, on the host that arXiv keeps for programs."""
        match = _PDF.fullmatch(parts_of(link.url).path)
        if not match or not belongs_to(host_of(link.url), _HOSTS):
            return ""
        return f"https://export.arxiv.org/abs/{match[1]}"

    def judge(self, link: Link, answer: Answer) -> Judgement | None:
        """`dead` where arXiv knows no such paper; a withdrawn one keeps its page and is `ok`."""
        if answer.status in (404, 410):
            return probed(link, "dead", f"arXiv abstract {answer.status}")
        # An abstract page names its paper for Google Scholar; a notice of arXiv's own does not.
        if answer.status == 200 and b"citation_title" in answer.body:
            return probed(link, "ok", "arXiv abstract 200")
        return None
