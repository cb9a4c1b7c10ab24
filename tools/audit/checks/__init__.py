"""The checks, by name: each turns the site and its visits into measures and findings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tools.audit.checks import accessibility, foreign, layout, links, validity, weight
from tools.audit.site import Site
from tools.audit.verdicts import Judgement


@dataclass(frozen=True, slots=True)
class Check:
    """A check and whether it needs pages to have been opened in a browser, or judged by axe."""

    judge: Callable[[Site], Judgement]
    visits: bool = False
    axe: bool = False


CHECKS: Mapping[str, Check] = {
    "weight": Check(weight.check, visits=True),
    "foreign": Check(foreign.check, visits=True),
    "axe": Check(accessibility.check, visits=True, axe=True),
    "links": Check(links.check),
    "validity": Check(validity.check),
    "layout": Check(layout.check, visits=True),
}
