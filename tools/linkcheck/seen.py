"""What the signs look at: a link, the answer it got, and the page in that answer."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from tools.linkcheck.answer import Answer
from tools.linkcheck.page import PageView, read_page
from tools.model.link import Evidence, EvidenceKind, Judgement, Link, Verdict


@dataclass(frozen=True)
class Seen:
    """One link and the last answer of its chain."""

    link: Link
    answer: Answer

    @cached_property
    def page(self) -> PageView:
        """The page as a reader would see it; an empty one where the answer holds no page."""
        return read_page(self.answer)

    @cached_property
    def host(self) -> str:
        """The host that gave the last answer, in lower case."""
        return (urlsplit(self.answer.address).hostname or "").rstrip(".")

    def judged(
        self, verdict: Verdict, kind: EvidenceKind, value: str, *more: Evidence, suggest: str = ""
    ) -> Judgement:
        """A judgement with what was seen first, then the chain where there was one."""
        chain = chain_of(self.answer)
        return Judgement(
            verdict=verdict,
            evidence=(Evidence(kind=kind, value=value), *more, *chain),
            suggest=suggest,
            final=self.answer.address,
        )


def chain_of(answer: Answer) -> tuple[Evidence, ...]:
    """The way an answer was reached: `301 http://a/ → 302 https://a/ → https://a/b`."""
    if not answer.hops:
        return ()
    steps = [f"{hop.status} {hop.address}" for hop in answer.hops]
    return (Evidence(kind="chain", value=" → ".join([*steps, answer.address])),)
