"""The answer for people: a table of measures, then the findings; the same as JSON for programs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tools.audit.verdicts import Finding, Judgement

# What one page gets wrong many often do: a finding names the first few, and JSON names all.
_NAMED, _KINDS = 3, 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one check ended: a judgement, or the sentence why there is none."""

    name: str
    judgement: Judgement | None
    hindrance: str = ""


def table(outcomes: Sequence[Outcome]) -> Table:
    """Check, what was measured, how much, budget, result."""
    drawn = Table("check", "what", "measured", "budget", "result", box=None, pad_edge=False)
    for outcome in outcomes:
        for row in _rows(outcome):
            drawn.add_row(*row)
    return drawn


def _rows(outcome: Outcome) -> Iterator[tuple[str, str, str, str, str]]:
    if outcome.judgement is None:
        yield outcome.name, "", "", "", "[bold]could not run[/]"
        return
    for measure in outcome.judgement.measures:
        verdict = "[green]ok[/]" if measure.holds else "[bold red]over[/]"
        what = escape(measure.what)
        yield outcome.name, what, measure.measured, measure.budget, verdict


def findings(console: Console, outcomes: Sequence[Outcome]) -> None:
    """Every finding with its page and place; what many pages share is said once."""
    for outcome in outcomes:
        if outcome.judgement and outcome.judgement.findings:
            console.print(f"\n[bold]{outcome.name}[/]")
            for line in _lines(outcome.judgement.findings):
                console.print(line, markup=False, highlight=False, soft_wrap=True)
    for sentence in dict.fromkeys(each.hindrance for each in outcomes if each.hindrance):
        stopped = ", ".join(each.name for each in outcomes if each.hindrance == sentence)
        console.print(f"\n[bold]{stopped}[/] could not run: {escape(sentence)}", soft_wrap=True)


def _lines(found: Sequence[Finding]) -> Iterator[str]:
    alike: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        alike.setdefault((finding.found, finding.expected), []).append(finding)
    for (what, expected), group in list(alike.items())[:_KINDS]:
        yield f"  found {what}; expected {expected}"
        for finding in group[:_NAMED]:
            yield f"    {finding.page or '/'}: {finding.place}"
        if len(group) > _NAMED:
            yield f"    and {len(group) - _NAMED} more like these"
    if len(alike) > _KINDS:
        yield f"  and {len(alike) - _KINDS} other kinds of finding; --json FILE holds them all"


def as_json(outcomes: Sequence[Outcome]) -> str:
    """Everything, with no finding folded away."""
    return json.dumps([asdict(each) for each in outcomes], ensure_ascii=False, indent=2) + "\n"
