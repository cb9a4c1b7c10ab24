"""Places that say more than their pages: each provider knows one, in a file of its own."""

from typing import Protocol

from tools.linkcheck.answer import Answer
from tools.model.link import Judgement, Link


class Provider(Protocol):
    """Asks one place about a link, in a way that says what its pages hide."""

    def probe(self, link: Link) -> str:
        """The address to ask instead of the page; nothing where this link is none of its own."""
        ...

    def judge(self, link: Link, answer: Answer) -> Judgement | None:
        """What that answer says of the link; None where the page itself has to be asked."""
        ...


def provider_of(link: Link) -> Provider | None:
    """Being written."""
    return None
