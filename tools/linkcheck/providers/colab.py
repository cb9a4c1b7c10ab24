"""Colab, which answers 200 for any notebook: GitHub knows whether the file is there."""

import re

from tools.linkcheck.addresses import parts_of
from tools.linkcheck.answer import Answer
from tools.linkcheck.places import host_of
from tools.linkcheck.providers.probed import probed
from tools.model.link import Judgement, Link

_NOTEBOOK = re.compile(r"/github/([\w.-]+/[\w.-]+/blob/[^?#]+\.ipynb)")


class Colab:
    """Notebooks that Colab opens from GitHub; those of Google Drive only a browser can see."""

    def probe(self, link: Link) -> str:
        """The notebook's own page at GitHub."""
        match = _NOTEBOOK.fullmatch(parts_of(link.url).path)
        if not match or host_of(link.url) != "colab.research.google.com":
            return ""
        return f"https://github.com/{match[1]}"

    def judge(self, link: Link, answer: Answer) -> Judgement | None:
        """As GitHub answers: there, or not."""
        if answer.status == 200:
            return probed(link, "ok", "GitHub 200")
        return probed(link, "dead", "GitHub 404") if answer.status == 404 else None
