"""All that a host may do to a checker, what the checker should say of it, and within how much."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.linkcheck.farm.pages import (
    ANOTHER,
    CAPTCHA_ZH,
    CHALLENGE,
    DELETED,
    DELETED_ZH,
    LOGIN,
    PARKED,
    PDF,
    SCRIPTED,
    TITLE,
    article,
    document,
)  # fmt: skip
from tests.linkcheck.farm.plays import (
    HEAD,
    MISSING,
    Play,
    after,
    bomb,
    broken_off,
    busy,
    by_cookie,
    by_method,
    by_turns,
    dripping,
    flood,
    page,
    reset,
    sent_on,
    silent,
    told,
)  # fmt: skip
from tests.linkcheck.farm.server import Host
from tests.linkcheck.servers import END
from tools.model.link import EvidenceKind, Link, Verdict

_GIGABYTE = 1_000_000_000
_GOOD = page(article())
_PDF = page(PDF, content_type="application/pdf")
_BROKEN = page("<h1>Internal Server Error</h1>", "500 Internal Server Error")
_TEXT = article().encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One kind of behaviour: what is played, and which verdict within how many requests is right.

    `plays` are what the paths under `/name` do; the first of them is the link's. `at` is the kind
    of name it stands at, as `Ground` knows them, `suggest` the path that should be suggested.
    """

    name: str
    expect: Verdict
    plays: Mapping[str, Play]
    requests: int = 1
    evidence: EvidenceKind | None = None
    at: str = "test"
    scheme: str = "http"
    tail: str = ""
    suggest: str = ""
    knows: Mapping[str, Any] = field(default_factory=dict)

    def link(self, host: str, turn: int | None = None) -> Link:
        """The link to check where a host of that name plays this; another one for each turn."""
        query = "" if turn is None else f"?turn={turn}"
        path = f"/{self.name}{next(iter(self.plays))}{query}{self.tail}"
        knows = {"titles": (TITLE,), "kind": "article", "language": "en"} | dict(self.knows)
        return Link(url=f"{self.scheme}://{host}.{self.at}{path}", **knows)

    def paths(self) -> Iterator[tuple[str, Play]]:
        """What each path of it plays."""
        for path, play in self.plays.items():
            yield f"/{self.name}{path}", play


def host_of(*cases: Case) -> Host:
    """A host that plays all of these, each under its own name."""
    return Host(dict(path for case in cases for path in case.paths()))


def _case(name: str, expect: Verdict, *plays: Play, **more: Any) -> Case:
    """A case whose first play is at `/name`, the others at `/name/1`, `/name/2`, …"""
    paths = {f"/{n}" if n else "": play for n, play in enumerate(plays)}
    return Case(name=name, expect=expect, **{"plays": paths} | more)


def _refusals() -> Iterator[Case]:
    blocked: dict[str, Any] = {"requests": 2}
    yield _case("forbidden", "blocked", page("<h1>Forbidden</h1>", "403 Forbidden"), **blocked)
    yield _case("status-999", "blocked", page("", "999 Request denied"), **blocked)
    yield _case("status-521", "blocked", page("<h1>error code: 521</h1>", "521 Down"), **blocked)
    for status in ("200 OK", "202 Accepted", "403 Forbidden", "503 Service Unavailable"):
        play = page(CHALLENGE, status, cf_mitigated="challenge", Server="cloudflare")
        yield _case(f"challenge-{status[:3]}", "blocked", play, **blocked)
    yield _case("captcha-zh", "blocked", page(CAPTCHA_ZH), **blocked)
    for name, head in {
        "head-405": page("", "405 Method Not Allowed"),
        "head-403": page("", "403 Forbidden"),
        "head-hangs-up": broken_off(b""),
    }.items():
        yield _case(name, "ok", requests=2, plays={".pdf": by_method(head, _PDF)})


def _redirects() -> Iterator[Case]:
    def on(name: str, step: int | str, status: str = "302 Found", **headers: str) -> Play:
        return sent_on(f"/{name}/{step}" if step else f"/{name}", status, **headers)

    forever = "301 Moved Permanently"
    yield _case("permanent", "moved", on("permanent", 1, forever), on("permanent", 2, forever),
                _GOOD, requests=3, suggest="/permanent/2", evidence="chain")  # fmt: skip
    yield _case("temporary", "ok", on("temporary", 1), _GOOD, requests=2, evidence="chain")
    yield _case("mixed", "moved", on("mixed", 1, "308 Permanent Redirect"), on("mixed", 2), _GOOD,
                requests=3, suggest="/mixed/1", evidence="chain")  # fmt: skip
    yield _case("loop", "loop", on("loop", 1), on("loop", 0), requests=2, evidence="failure")
    yield _case("long-way", "loop", *(on("long-way", n) for n in range(1, 30)), requests=11,
                evidence="failure")  # fmt: skip
    kept = on("cookie-once", 0, Set_Cookie="seen=1; Path=/")
    yield _case("cookie-once", "ok", by_cookie("seen", _GOOD, kept), requests=2)
    never = on("cookie-forever", 0, Set_Cookie="seen=1; Path=/")
    yield _case("cookie-forever", "loop", never, requests=3, evidence="failure")
    yield _case("refresh", "ok", page(document("…", "", _refresh("/refresh/1"))), _GOOD, requests=2)
    yield _case("reloads", "ok", page(article().replace("</head>", _refresh("") + "</head>")))
    for name, target in {
        "private-10": "http://10.0.0.1/",
        "private-metadata": "http://169.254.169.254/latest/meta-data/",
        "private-v6": "http://[::1]/",
        "private-localhost": "http://localhost/",
        "private-name": "http://wiki.private.test/",
    }.items():
        yield _case(name, "private", sent_on(target), evidence="failure")
    plays = {"": sent_on("/to-unicode/门?层=2"), "/%E9%97%A8?%E5%B1%82=2": _GOOD}
    yield _case("to-unicode", "ok", plays=plays, requests=2)
    yield _case("to-nowhere", "error", sent_on("/to-nowhere/" + "x" * 70_000), requests=3)


def _refresh(target: str) -> str:
    url = f";url={target}" if target else ""
    return f'<meta http-equiv="refresh" content="0{url}">'


def _pace() -> Iterator[Case]:
    late: dict[str, Any] = {"expect": "rate-limited", "evidence": "status"}
    yield _case("busy-a-second", "ok", by_turns(busy("429 Slow", 1), _GOOD), requests=2)
    yield _case("busy-dated", "ok", by_turns(busy("429 Slow", 1, True), _GOOD), requests=2)
    yield _case("busy-503", "ok", by_turns(busy("503 Busy", 1), _GOOD), requests=2)
    yield _case("busy-long", plays={"": busy("429 Slow", 3600)}, **late)
    yield _case("busy-always", plays={"": busy("429 Slow", 1)}, requests=3, **late)
    yield _case("busy-wordless", plays={"": busy("429 Slow", None)}, requests=3, **late)
    yield _case("blip", "ok", by_turns(_BROKEN, _GOOD), requests=2)
    yield _case("two-blips", "ok", by_turns(_BROKEN, _BROKEN, _GOOD), requests=3)
    yield _case("steady-500", "error", _BROKEN, requests=3, evidence="status")
    yield _case("slow", "ok", after(0.3, _GOOD))


def _wire() -> Iterator[Case]:
    broken: dict[str, Any] = {"expect": "error", "requests": 3, "evidence": "failure"}
    for name, start in {
        "reset": b"",
        "reset-in-head": HEAD + b"X-Half: ",
        "reset-in-body": HEAD + b"Content-Length: 9000" + END + _TEXT[:400],
    }.items():
        yield _case(name, plays={"": reset(start)}, **broken)
    yield _case("hangs-up", plays={"": broken_off(b"")}, **broken)
    yield _case("garbage", plays={"": broken_off(bytes(range(1, 256)) * 40)}, **broken)
    yield _case("no-status-line", plays={"": broken_off(_TEXT)}, **broken)
    yield _case("head-flood", plays={"": flood(HEAD, _GIGABYTE, b"X-Again: 1\r\n" * 999)}, **broken)
    late: dict[str, Any] = {"expect": "timeout", "requests": 2, "evidence": "failure"}
    yield _case("silent", plays={"": silent()}, **late)
    yield _case("head-drip", plays={"": dripping(HEAD, b"X-Drip: 1\r\n")}, **late)
    yield _case("body-drip", plays={"": dripping(HEAD + b"\r\n<p>", b".")}, **late)
    size = b"Content-Length: %d" % _GIGABYTE
    yield _case("gigabyte", "ok", flood(HEAD + size + END + _TEXT, _GIGABYTE))
    yield _case("endless", "ok", flood(HEAD + b"\r\n" + _TEXT, _GIGABYTE))
    yield _case("bomb", "ok", bomb(_GIGABYTE), knows={"titles": ()})
    longer, shorter = b"Content-Length: 99999", b"Content-Length: %d" % (len(_TEXT) - 40)
    yield _case("length-too-long", "ok", broken_off(HEAD + longer + END + _TEXT))
    yield _case("length-too-short", "ok", told(HEAD + shorter + END + _TEXT[:-40]))
    yield _case("self-signed", "tls", _GOOD, scheme="https", evidence="failure")
    yield _case("mute-tls", scheme="https", at="mute.test", plays={"": _GOOD}, **late)
    yield _case("refused", "dead", _GOOD, at="closed.test", requests=2, evidence="failure")
    yield _case("no-such-name", "dead", _GOOD, at="lost.test", requests=2, evidence="failure")


def _content() -> Iterator[Case]:
    yield _case("fine", "ok", _GOOD)
    yield _case("missing", "dead", MISSING, evidence="status")
    yield _case("gone", "dead", page("", "410 Gone"), evidence="status")
    yield _case("deleted", "soft-404", page(DELETED))
    zh: dict[str, Any] = {"titles": ("循环网络里的门与记忆",), "language": "zh"}
    yield _case("deleted-zh", "soft-404", page(DELETED_ZH), knows=zh)
    gbk = page(DELETED_ZH.replace("utf-8", "gbk").encode("gbk"), content_type="text/html")
    yield _case("deleted-gbk", "soft-404", gbk, knows=zh)
    yield _case("for-sale", "parked", page(PARKED))
    yield _case("login-shown", "login", page(LOGIN))
    form = "/login?return_to=%2Flogin-asked"
    plays = {"": sent_on(f"/login-asked{form}"), form: page(LOGIN)}
    yield _case("login-asked", "login", requests=2, plays=plays)
    yield _case("another", "drifted", page(article(ANOTHER)))
    paper: dict[str, Any] = {"kind": "paper"}
    yield _case("pdf", "ok", plays={".pdf": _PDF}, knows=paper)
    yield _case(
        "pdf-in-name-only",
        "soft-404",
        requests=2,
        knows=paper,
        plays={".pdf": page(DELETED, content_type="application/pdf")},
    )
    yield _case("pdf-no-more", "soft-404", requests=2, plays={".pdf": page(DELETED)}, knows=paper)
    yield _case("unicode", "ok", plays={"/%E9%97%A8": _GOOD})
    yield _case("unicode-bare", "ok", plays={"/门": _GOOD, "/%E9%97%A8": _GOOD})
    yield _case("long-address", "ok", plays={"/" + "long" * 2000: _GOOD})
    part = page(article(more='<h2 id="gates">Gates</h2><a name="cells"></a>'))
    yield _case("part-by-id", "ok", part, tail="#gates")
    yield _case("part-by-name", "ok", part, tail="#cells")
    yield _case("part-missing", "fragment", part, tail="#nowhere", evidence="fragment")
    yield _case("part-of-script", "ok", page(SCRIPTED), tail="#/gates")
    yield _case("part-of-text", "ok", part, tail="#:~:text=forget%20gate")


CASES = (*_refusals(), *_redirects(), *_pace(), *_wire(), *_content())
