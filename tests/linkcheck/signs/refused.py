"""Recorded answers of `tests/cases/refusals.yml`, as the signs see them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tools.linkcheck.answer import Answer, Hop
from tools.linkcheck.seen import Seen
from tools.linkcheck.signs.login import login
from tools.linkcheck.signs.parked import parked
from tools.linkcheck.signs.refusals import refusal
from tools.linkcheck.signs.states import page_state
from tools.model.link import Judgement, Link, Verdict

CASES = Path(__file__).parents[2] / "cases" / "refusals.yml"
SIGNS = {"states": page_state, "refusal": refusal, "parked": parked, "login": login}
PADDING = "dough rests and rises "


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table."""

    name: str
    seen: Seen
    verdict: Verdict
    kind: str

    def __str__(self) -> str:
        return self.name


def seen_of(link: str, body: str = "", status: int = 200, **said: Any) -> Seen:
    """An answer of HTML with whatever is said otherwise: `title`, `at`, `hops`, `headers`."""
    answer = Answer(
        address=said.get("at", link),
        status=status,
        headers={"content-type": "text/html; charset=utf-8"} | said.get("headers", {}),
        body=(body + PADDING * said.get("more", 0)).encode(),
        hops=tuple(Hop(hop.split()[1], int(hop.split()[0])) for hop in said.get("hops", ())),
    )
    titles = (said["title"],) if said.get("title") else ()
    return Seen(Link(url=link, titles=titles), answer)


def cases() -> list[Case]:
    """The whole table."""
    rows = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    return [
        Case(
            row.pop("name"),
            verdict=row.pop("verdict"),
            kind=row.pop("kind", ""),
            seen=seen_of(**row),
        )
        for row in rows
    ]


def signs_of(seen: Seen) -> dict[str, Judgement]:
    """What each sign says, the first first; those with nothing to say are left out."""
    said = {name: sign(seen) for name, sign in SIGNS.items()}
    return {name: judgement for name, judgement in said.items() if judgement}
