"""A run as a Markdown page, such as the body of an issue: what to mend, with all evidence.

Whatever came from outside stands in code, where neither Markdown, HTML, @names nor #numbers act.
"""

import re
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlsplit

from tools.linkcheck.report.order import is_confirmed, to_tell
from tools.linkcheck.report.plain import LONGEST_ADDRESS, LONGEST_VALUE, plain, plain_address
from tools.linkcheck.report.verdicts import MEANINGS, OUTCOME_NAMES
from tools.linkcheck.report.words import (
    NEW_ADDRESS,
    UNCONFIRMED,
    remarks,
    sentence,
    summary,
    verdict_title,
)
from tools.model.link import CheckedLink, CheckReport, Outcome, Verdict
from tools.model.text import is_date, is_web_address
from tools.model.words import SiteLanguage, Words

# GitHub takes 65 536 characters for the body of an issue.
LONGEST = 60_000
_FOR_THE_END = 500
_MOST_EVIDENCE = 8
_MOST_PLACES = 5
_LONGEST_LABEL = 100
_GONE: tuple[Verdict, ...] = ("dead", "error", "timeout", "tls", "soft-404", "parked", "drifted")

_TITLE = Words("Link check", "链接检查")
_WHEN = Words("From {} to {}.", "{}开始，{}结束。")
_ALL_WELL = Words("Nothing to mend.", "没有要修的。")
_ARCHIVE = Words("archived copy: {}", "存档：{}")
_LOOK_FOR_ARCHIVE = Words("look for an archived copy: {}", "找找存档：{}")
_AGAIN = Words("check it again: {}", "重查：{}")
_MORE = Words("and {} more", "另外还有{}处")
_LEFT_OUT = Words(
    "{} more links are left out here: a page like this holds no more. `catalog links check` tells "
    "all of them.",
    "这里放不下，还有{}个链接没有列出。运行`catalog links check`可以看到全部。",
)


def to_markdown(report: CheckReport, language: SiteLanguage) -> str:
    """The numbers, then the links by outcome and verdict, in less than 60 000 characters."""
    told = to_tell(report)
    parts = [_head(report, language)] + ([] if told else [f"{_ALL_WELL.to(language)}\n"])
    room = LONGEST - _FOR_THE_END - len(parts[0])
    for n, part in enumerate(_parts(report, told, language)):
        room -= len(part)
        if room < 0:
            parts.append(f"\n{_LEFT_OUT.to(language).format(len(told) - n)}\n")
            break
        parts.append(part)
    return "".join(parts)


def _head(report: CheckReport, language: SiteLanguage) -> str:
    lines = [f"# {_TITLE.to(language)}", f"**{summary(report, language)}**"]
    lines += [f"> {remark}" for remark in remarks(report, language)]
    lines.append(_WHEN.to(language).format(_code(report.started), _code(report.finished)))
    return "\n\n".join(lines) + "\n"


def _parts(report: CheckReport, told: list[CheckedLink], language: SiteLanguage) -> Iterator[str]:
    """Each link, and before the first of an outcome or a verdict its heading."""
    archives = _archives(report)
    outcomes = Counter(checked.outcome for checked in told)
    verdicts = Counter(checked.verdict for checked in told)
    outcome: Outcome | None = None
    verdict: Verdict | None = None
    for checked in told:
        part = ""
        if checked.outcome != outcome:
            outcome = checked.outcome
            name = OUTCOME_NAMES[outcome].to(language)
            part += f"\n## {name[0].upper()}{name[1:]} · {outcomes[outcome]}\n"
        if checked.verdict != verdict:
            verdict = checked.verdict
            said = Words(" ", "").to(language).join(w.to(language) for w in MEANINGS[verdict])
            title = verdict_title(verdict, language)
            part += f"\n### {title} · {verdicts[verdict]}\n\n{said}\n\n"
        yield part + _link(checked, archives, language)


def _link(checked: CheckedLink, archives: Mapping[str, str], language: SiteLanguage) -> str:
    """A link in the list, and below it what was seen and what can be done."""
    facts = [_address(checked.url), *_places(checked, language)]
    if checked.outcome == "fix" and not is_confirmed(checked):
        facts.append(UNCONFIRMED.to(language))
    lines = [f"- {' · '.join(facts)}"]
    for evidence in checked.judgement.evidence[:_MOST_EVIDENCE]:
        lines.append(f"  - {sentence(evidence, language, _code)}")
    lines += [f"  - {said}" for said in _help(checked, archives, language)]
    return "".join(f"{line}\n" for line in lines)


def _places(checked: CheckedLink, language: SiteLanguage) -> Iterator[str]:
    where = checked.link.where
    yield from (_code(str(place)) for place in where[:_MOST_PLACES])
    if len(where) > _MOST_PLACES:
        yield _MORE.to(language).format(len(where) - _MOST_PLACES)


def _help(
    checked: CheckedLink, archives: Mapping[str, str], language: SiteLanguage
) -> Iterator[str]:
    if checked.judgement.suggest:
        yield NEW_ADDRESS.to(language).format(_address(checked.judgement.suggest))
    elif checked.verdict in _GONE and checked.link.role != "archive":
        if archive := archives.get(checked.link.resource):
            yield _ARCHIVE.to(language).format(_address(archive))
        else:
            yield _LOOK_FOR_ARCHIVE.to(language).format(_address(_snapshots(checked)))
    if plain_address(checked.url) == checked.url:
        command = f"catalog links show {shlex.quote(checked.url)}"
        yield _AGAIN.to(language).format(_code(command, len(command)))


def _archives(report: CheckReport) -> dict[str, str]:
    """The archived copy of each resource, unless that is broken as well."""
    return {
        checked.link.resource: checked.url
        for checked in report.links
        if checked.link.role == "archive" and checked.outcome != "fix"
    }


def _snapshots(checked: CheckedLink) -> str:
    """The page of the Wayback Machine on an address, at the time it was published."""
    published = checked.link.published
    day = published.replace("-", "") if is_date(published) else "*"
    return f"https://web.archive.org/web/{day}/{checked.url}"


def _address(address: str) -> str:
    """An address to click, unless it is odd or GitHub's: that would tell the other side of it."""
    clean = plain_address(address) == address and is_web_address(address)
    if not clean or _is_github(address):
        return _code(plain_address(address), LONGEST_ADDRESS)
    return (
        f"[{_code(address, _LONGEST_LABEL)}](<{quote(address, safe=_SAFE).replace('&', '&amp;')}>)"
    )


# What stays as it is between angle brackets; quote() keeps letters and digits by itself.
_SAFE = "!#$%&'()*+,-./:;=?@[]_~"


def _is_github(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return host == "github.com" or host.endswith(".github.com")


def _code(text: str, longest: int = LONGEST_VALUE) -> str:
    """The text as code, which shows every character as it is."""
    shown = plain(text, longest)
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    gap = " " if not shown or shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{gap}{shown}{gap}{fence}"
