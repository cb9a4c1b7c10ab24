"""The blind cases: a link, what a maintainer would say of it, and what its hosts answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import yaml

from benchmarks.links_blind.filler import filled
from tools.model.link import Link

_HERE = Path(__file__).parent
# What a shell leaves open; `player` is the script state of a video page.
_OPEN = ("title", "heading", "text", "player")


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindAnswer:
    """One answer: a `status` with headers and body, or a `fail` in place of one.

    `fail` is refuse, no-such-host, reset, hang or drip. With `cookie`, this answer is only for
    requests that send a cookie of that name; all others get `without_cookie`.
    """

    status: int = 200
    headers: Mapping[str, str]
    body: bytes = b""
    fail: str = ""
    cookie: str = ""
    without_cookie: "BlindAnswer | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindCase:
    """A link, the verdicts that are right, and the answers of each address, in the order given.

    `rewrite` is the only right suggestion, "" where any would do harm, None where none is judged.
    """

    name: str
    category: str
    link: Link
    expect: tuple[str, ...]
    rewrite: str | None
    pages: Mapping[str, tuple[BlindAnswer, ...]]

    def answers(self, address: str) -> tuple[BlindAnswer, ...]:
        """All answers of an address without its fragment, the last of which repeats.

        What no page names is a bare 404 on a host that the case knows, and no such host elsewhere.
        """
        if address in self.pages:
            return self.pages[address]
        patterns = [key for key in self.pages if key[-1] == "*" and address.startswith(key[:-1])]
        if patterns:
            return self.pages[max(patterns, key=len)]
        return (_MISSING if _host(address) in map(_host, self.pages) else _NOWHERE,)


_NOWHERE = BlindAnswer(headers={}, fail="no-such-host")
_MISSING = BlindAnswer(
    status=404,
    headers={"content-type": "text/html"},
    body=b"<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>",
)


def blind_cases() -> Iterator[BlindCase]:
    """Every case of every file beside this one, in the order of file names."""
    for path in sorted(_HERE.glob("*.yml")):
        for fields in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader):
            yield _case(fields)


def _case(fields: Mapping[str, Any]) -> BlindCase:
    link, expect = dict(fields["link"]), fields["expect"]
    title = link.pop("title", "")
    return BlindCase(
        name=fields["name"],
        category=fields["category"],
        link=Link(titles=(title,) if title else (), **link),
        expect=(expect,) if isinstance(expect, str) else tuple(expect),
        rewrite=fields.get("rewrite"),
        pages={key: tuple(_answers(page, key)) for key, page in fields["pages"].items()},
    )


def _answers(page: Any, address: str) -> Iterator[BlindAnswer]:
    for fields in page if isinstance(page, list) else [page]:
        yield _answer(fields, address)


def _answer(fields: Mapping[str, Any], address: str) -> BlindAnswer:
    charset = fields.get("charset", "utf-8")
    headers = {"content-type": f"text/html; charset={charset}", **fields.get("headers", {})}
    other = fields.get("without_cookie")
    return BlindAnswer(
        status=fields.get("status", 200),
        headers={name: value for name, value in headers.items() if value},
        body=_body(fields, address).encode(charset, "xmlcharrefreplace"),
        fail=fields.get("fail", ""),
        cookie=fields.get("cookie", ""),
        without_cookie=_answer(other, address) if other else None,
    )


def _body(fields: Mapping[str, Any], address: str) -> str:
    body = fields.get("body", "")
    if "shell" in fields:
        body = _shell(fields["shell"]).replace("{{host}}", _host(address))
        for name in _OPEN:
            value = fields.get(name, "")
            body = body.replace(f"{{{{{name}}}}}", escape(value) if name == "title" else value)
    return filled(body)


def _host(address: str) -> str:
    return address.split("/")[2]


@cache
def _shell(name: str) -> str:
    return (_HERE / "shells" / f"{name}.html").read_text("utf-8")
