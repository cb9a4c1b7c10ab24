"""Recorded answers as the case tables write them down."""

from collections.abc import Mapping
from html import escape
from typing import Any

from tools.linkcheck.answer import Answer, Hop
from tools.linkcheck.seen import Seen
from tools.model.link import Link

HTML = "text/html; charset=utf-8"


def link_of(case: Mapping[str, Any]) -> Link:
    """The link of a case; an article in English, or whatever its language is."""
    said = dict(case["link"])
    titles = (
        said.pop("titles", None) or [said.pop("title")] if {"title", "titles"} & {*said} else []
    )
    authors = tuple(said.pop("authors", ()))
    return Link(**{"kind": "article", **said}, titles=tuple(titles), authors=authors)


def page_of(
    title: str = "",
    heading: str = "",
    text: str = "",
    times: int = 1,
    scripts: int = 0,
    more: str = "",
) -> str:
    """A small page of these parts."""
    words = " ".join([escape(text)] * times)
    parts = [
        f"<title>{escape(title)}</title>" if title else "",
        '<script src="/app.js"></script>' * scripts,
        f"<h1>{escape(heading)}</h1>" if heading else "",
        f"<p>{words}</p>" if words else "",
        more,
    ]
    return f"<!doctype html><html><body>{''.join(parts)}</body></html>"


def answer_of(case: Mapping[str, Any]) -> Answer:
    """The answer of a case, 200 and in UTF-8 unless it says otherwise."""
    body = case.get("body", "")
    body = page_of(**case["page"]) if "page" in case else body
    in_gbk = "body_gbk" in case
    default = "text/html" if in_gbk else HTML
    return Answer(
        address=case.get("at", case["link"]["url"]),
        status=case.get("status", 200),
        headers={"content-type": case.get("type", default)},
        body=case["body_gbk"].encode("gbk") if in_gbk else body.encode(),
        cut=case.get("cut", False),
        hops=tuple(Hop(address, status) for status, address in case.get("hops", ())),
    )


def page_answer(body: str | bytes, content_type: str = HTML, address: str = "") -> Answer:
    """A page at an address of no meaning."""
    return Answer(
        address=address or "https://example.org/a/b",
        status=200,
        headers={"content-type": content_type} if content_type else {},
        body=body.encode() if isinstance(body, str) else body,
    )


def seen_of(link: Link, **page: Any) -> Seen:
    """A link and a page of these parts at its own address."""
    return Seen(link, page_answer(page_of(**page), address=link.url))
