"""A page's bytes to its facts."""

import re
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from tools.exchange.page_facts.facts import PageFacts, believed
from tools.exchange.page_facts.head import Head, head_of
from tools.exchange.page_facts.jsonld import jsonld_facts
from tools.exchange.page_facts.said import (
    a_date,
    a_language,
    a_title,
    minutes_of,
    some_names,
)
from tools.model.address import address_key
from tools.model.charset import text_of

# What only a paper's page has; some themes of blogs write title and author as citations too.
_OF_PAPERS = (
    "citation_arxiv_id", "citation_doi", "citation_journal_title", "citation_conference_title",
    "citation_conference", "citation_pdf_url", "citation_technical_report_institution",
    "citation_dissertation_institution",
)  # fmt: skip
_OF_BOOKS = ("citation_isbn", "citation_inbook_title")
_DIVIDERS = re.compile(r"\s+[-–—|·•:»]\s+|\s*[|_｜·丨]\s*|\s*——\s*")
_HAN = re.compile("[\u4e00-\u9fff]")
_KANA_OR_HANGUL = re.compile("[\u3041-\u3096\u30a1-\u30fa\uac00-\ud7a3]")


def page_facts(body: bytes, declared_charset: str, address: str) -> PageFacts:
    """What the page at this address says of itself; never raises for what stands in it."""
    text = text_of(body, declared_charset)
    head = head_of(text)
    from_graph, site_names = jsonld_facts(head.scripts, address)
    sites = {name.casefold() for name in (a_title(head.first("og:site_name")), *site_names) if name}
    facts = believed(
        {
            "citation": _citation(head),
            "jsonld": _without_site(from_graph, sites),
            "opengraph": _without_site(_opengraph(head), sites),
            "html": _without_site(_html(head), sites),
        }
    )
    return replace(
        facts,
        language=_language(facts.language, facts.title, text),
        address=_canonical(facts.address, address),
    )


def _citation(head: Head) -> PageFacts:
    """The tags that Google Scholar and reference managers read."""
    title = a_title(head.first("citation_title"))
    paper = bool(title and head.first(*_OF_PAPERS) and not head.first(*_OF_BOOKS))
    authors = [
        _turned(name)
        for said in head.all("citation_author", "citation_authors")
        for name in said.split(";")
    ]
    dates = ("citation_publication_date", "citation_date", "citation_online_date", "citation_year")
    return PageFacts(
        title=title,
        authors=some_names(authors),
        published=next((date for name in dates if (date := a_date(head.first(name)))), ""),
        language=a_language(head.first("citation_language")),
        kind="paper" if paper else None,
    )


def _turned(name: str) -> str:
    """`Ada Baker` for `Baker, Ada`."""
    parts = [part.strip() for part in name.split(",")]
    return f"{parts[1]} {parts[0]}" if len(parts) == 2 and all(parts) else name


def _opengraph(head: Head) -> PageFacts:
    video = head.first("og:type").lower().startswith("video")
    return PageFacts(
        title=a_title(head.first("og:title")),
        authors=some_names(head.all("article:author", "og:article:author", "book:author")),
        published=a_date(
            head.first("article:published_time", "og:article:published_time", "book:release_date")
        ),
        language=a_language(head.first("og:locale")),
        kind="video" if video else None,
        minutes=minutes_of(head.first("video:duration", "og:video:duration")) if video else None,
        address=head.first("og:url"),
    )


def _html(head: Head) -> PageFacts:
    return PageFacts(
        title=a_title(head.title),
        authors=some_names(head.all("author")),
        language=a_language(head.language),
        address=head.canonical,
    )


def _without_site(facts: PageFacts, sites: set[str]) -> PageFacts:
    """The title without the site's name at its end, where the page itself says it is one."""
    title = facts.title
    cuts = [(cut.start(), title[cut.end() :]) for cut in _DIVIDERS.finditer(title)]
    for start, ending in cuts:
        if start and ending.casefold() in sites:
            return replace(facts, title=title[:start].strip())
    return facts


def _language(declared: str, title: str, text: str) -> str:
    """The language that is declared, unless the title shows that the declaration is a default.

    A title with Chinese characters is Chinese where the page has hardly any kana or hangul, as in
    the names of a language switch: Japanese and Korean cannot be written without.
    """
    if declared.split("-")[0] in ("zh", "ja", "ko") or len(_HAN.findall(title)) < 2:
        return declared
    others, han = len(_KANA_OR_HANGUL.findall(text)), len(_HAN.findall(text))
    return "" if others * 20 > han else "zh"


def _canonical(said: str, address: str) -> str:
    """The page's own spelling of this address; that it is another one, a page may not say."""
    try:
        whole = urljoin(address, said.strip()) if said.strip() else ""
        same = bool(whole) and address_key(whole) == address_key(address)
        sealed = urlsplit(address).scheme == "https" and urlsplit(whole).scheme != "https"
    except ValueError:
        return ""
    return whole if same and not sealed else ""
