"""Places that say more than their pages: each provider knows one, in a file of its own.

GitHub's own pages need none: they answer 404 for what is gone and 301 for what was renamed, and
its API allows 60 questions an hour. What WeChat and Zhihu say stands on their pages (`signs`).
"""

from typing import Protocol

from tools.linkcheck.answer import Answer
from tools.linkcheck.providers.arxiv import Arxiv
from tools.linkcheck.providers.bilibili import Bilibili
from tools.linkcheck.providers.colab import Colab
from tools.linkcheck.providers.doi import Doi
from tools.linkcheck.providers.youtube import YouTube
from tools.model.link import Judgement, Link


class Provider(Protocol):
    """Asks one place about a link, in a way that says what its pages hide."""

    def probe(self, link: Link) -> str:
        """The address to ask instead of the page; nothing where this link is none of its own."""
        ...

    def judge(self, link: Link, answer: Answer) -> Judgement | None:
        """What that answer says of the link; None where the page itself has to be asked."""
        ...


PROVIDERS: tuple[Provider, ...] = (YouTube(), Bilibili(), Arxiv(), Doi(), Colab())


def provider_of(link: Link) -> Provider | None:
    """The provider that knows this link; None where its page says enough."""
    return next((provider for provider in PROVIDERS if provider.probe(link)), None)
