"""Runs to report on: one with every verdict, and ones in which all is text from strangers."""

from dataclasses import replace
from typing import Any

from tools.model.link import (
    EVIDENCE_KINDS,
    VERDICTS,
    CheckedLink,
    CheckReport,
    Evidence,
    EvidenceKind,
    Judgement,
    Link,
    LinkPlace,
    Verdict,
)

STARTED, FINISHED = "2026-11-20T03:00:00+00:00", "2026-11-20T03:04:05+00:00"
HOSTILE = (
    "a\nb\r\n::error::c\t%0A %25",
    "]]> <script>alert(1)</script> &amp; </failure>",
    "| a | b | @everyone #1 GH-2 owner/repo#3 :tada:",
    "[a](https://evil.example) ![b](c) **d** _e_ ~~f~~",
    "`one` ``two`` ```\nthree```",
    "`", "``", " ", "", "\\", "\\`", "<!--", "$a$ {{b}} {0} %s",
    "##[error]x ##[add-mask]y",
    "\x1b[31mred\x07\x00\x9b5m \u202egnp.exe \u2028 \ufeff \ufffe",
    "half \ud800 a pair \udc00",
    "x" * 10_000,
    "页面不存在，长" * 2_000,
)  # fmt: skip


def checked(
    verdict: Verdict,
    url: str = "https://x.example/a",
    *evidence: tuple[EvidenceKind, str],
    where: tuple[tuple[str, int], ...] = (("catalog/resources/a.yml", 2),),
    confirmed: bool = False,
    suggest: str = "",
    **known: Any,
) -> CheckedLink:
    """One link of a run; `known` is what the catalog knows of it."""
    return CheckedLink(
        link=Link(url=url, where=tuple(LinkPlace(*place) for place in where), **known),
        judgement=Judgement(
            verdict=verdict,
            evidence=tuple(Evidence(kind=kind, value=value) for kind, value in evidence),
            suggest=suggest,
            final=url,
        ),
        confirmed=confirmed,
        seconds=0.25,
        requests=2,
        bytes=1024,
    )


def run(*links: CheckedLink, **changed: Any) -> CheckReport:
    """A whole run with these links."""
    whole = CheckReport(complete=True, started=STARTED, finished=FINISHED, links=links)
    return replace(whole, **changed)


def whole_run() -> CheckReport:
    """Every verdict, with the evidence that it comes with and places of each kind."""
    a, docs = ("catalog/resources/a.yml", 2), ("docs/en/index.md", 30)
    return run(
        checked("ok"),
        checked("moved", "http://x.example/old",
                ("chain", "301 http://x.example/old → https://x.example/new"),
                where=(a, docs), suggest="https://x.example/new#part"),
        checked("blocked", "https://zhihu.example/p/1", ("status", "403"),
                ("header", "cf-mitigated: challenge")),
        checked("rate-limited", "https://slow.example/", ("host", "slow.example")),
        checked("login", "https://x.example/private", ("chain", "302 https://x.example/private → "
                "https://x.example/login?next=%2Fprivate"), ("title", "Sign in")),
        checked("unknown", "https://x.example/odd", ("tries", "dead, timeout")),
        checked("unknown", "https://x.example/late", ("tries", "time"), where=(docs,)),
        checked("dead", "https://x.example/gone", ("status", "404"), confirmed=True,
                role="url", resource="gone", published="2019-03-01"),
        checked("ok", "https://web.archive.org/web/2020/https://x.example/gone",
                where=(("catalog/resources/gone.yml", 9),), role="archive", resource="gone"),
        checked("dead", "https://nobody.example/", ("failure", "name: no address"),
                confirmed=True, where=(("README.md", 0),), role="prose"),
        checked("error", "https://x.example/500?a=1&b=2", ("status", "500")),
        checked("timeout", "https://x.example/slow", ("failure", "deadline")),
        checked("tls", "https://old.example/", ("failure", "tls: certificate has expired")),
        checked("loop", "https://x.example/circle", ("failure", "hops")),
        checked("soft-404", "https://x.example/deleted", ("phrase", "页面不存在"), confirmed=True,
                where=tuple((f"docs/zh/{n}.md", n) for n in range(1, 8))),
        checked("parked", "https://sold.example/", ("phrase", "this domain is for sale")),
        checked("drifted", "https://x.example/other", ("title", "Cheap shoes"),
                ("expected", "The Unreasonable Effectiveness")),
        checked("fragment", "https://x.example/a#b", ("fragment", "b")),
        checked("private", "http://10.0.0.1/", ("failure", "private"), confirmed=True),
        checked("dead", "https://github.com/a/b/issues/1", ("probe", "410 gone")),
    )  # fmt: skip


def hostile_run(text: str) -> CheckReport:
    """Whatever may hold any text holds this one, once for each verdict and kind of evidence."""
    evidence = [(kind, text) for kind in EVIDENCE_KINDS]
    known = {"titles": (text,), "published": text, "kind": text}
    links = [
        checked(verdict, f"https://x.example/{text}", *evidence, suggest=text, confirmed=confirmed,
                where=((f"docs/{text}.md", 3), (f"{text}.md", 4)), **known)
        for verdict in VERDICTS
        for confirmed in (False, True)
    ]  # fmt: skip
    return run(*links, complete=False, offline=True)
