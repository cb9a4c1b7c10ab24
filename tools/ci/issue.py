"""The one rolling issue: open while a link is broken, with the last report as its text."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from tools.ci.programs import output_of
from tools.model.link import LinkHealth, LinkMemory
from tools.model.link_memory import is_confirmed

LABEL = "link-check"
TITLE = "Links to mend · 待修复的链接"
_FAREWELL = "No link is broken any more. · 没有失效的链接了。"

Call = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """The rolling issue as GitHub has it."""

    number: int
    open: bool


def broken_links(memory: LinkMemory, runs: int, days: int) -> int:
    """How many links have failed in so many runs over so many days, and fail now.

    Asked of the memory and not of one run: a week without network changes nothing there.
    """
    return sum(_is_broken(health, runs, days) for health in memory.health.values())


def _is_broken(health: LinkHealth, runs: int, days: int) -> bool:
    return health.outcome == "fix" and is_confirmed(health.failures, runs, days)


def calls_for(issue: Issue | None, broken: int, report: str) -> Iterator[Call]:
    """What to ask of `gh`, in order, so that the issue shows the report as long as it is needed."""
    if issue is None:
        if broken:
            yield ("label", "create", LABEL, "--force", "--description", TITLE)
            yield ("issue", "create", "--title", TITLE, "--label", LABEL, "--body-file", report)
        return
    number = str(issue.number)
    if broken or issue.open:
        yield ("issue", "edit", number, "--body-file", report)
    if broken and not issue.open:
        yield ("issue", "reopen", number)
    if issue.open and not broken:
        yield ("issue", "close", number, "--comment", _FAREWELL)


def find_issue() -> Issue | None:
    """The newest issue under the label, open or closed. Raises `ProgramFailed`."""
    told = ask("issue", "list", "--label", LABEL, "--state", "all", "--limit", "1",
               "--json", "number,state")  # fmt: skip
    found = json.loads(told)
    return Issue(found[0]["number"], found[0]["state"] == "OPEN") if found else None


def ask(*call: str) -> str:
    """What `gh` answers; it takes repository and token from the environment."""
    return output_of("gh", *call)
