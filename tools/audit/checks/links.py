"""Every address within the site leads somewhere: pages, anchors, translations, sitemap, search."""

import json
from collections.abc import Iterator
from xml.etree import ElementTree

from tools.audit.html import Reference
from tools.audit.kinds import kind_of, language_folder
from tools.audit.site import Page, Site, Target
from tools.audit.verdicts import Finding, Judgement, count

_LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def check(site: Site) -> Judgement:
    """Links and anchors, own addresses, translations both ways, sitemaps, places search finds."""
    among = f"{len(site.pages)} pages"
    sitemaps, indexes = (
        _named(site, "sitemap.xml"),
        _named(site, "search/search_index.json"),
    )
    parts = (
        ("links that lead nowhere", tuple(_links(site)), among),
        ("own addresses that are wrong", tuple(_canonicals(site)), among),
        ("translations not paired", tuple(_translations(site)), among),
        (
            "addresses without a page",
            tuple(_sitemaps(site, sitemaps)),
            f"{len(sitemaps)} sitemaps",
        ),
        (
            "results that lead nowhere",
            tuple(_search(site, indexes)),
            f"{len(indexes)} indexes",
        ),
    )
    return Judgement(
        tuple(count(*part) for part in parts),
        tuple(finding for _, findings, _ in parts for finding in findings),
    )


def _named(site: Site, ending: str) -> list[str]:
    return sorted(path for path in site.files if path.endswith(ending))


def _links(site: Site) -> Iterator[Finding]:
    for page in site.pages.values():
        for reference in page.facts.references:
            target = site.resolve(page.path, reference.address)
            if not target or target.host:
                continue
            if missing := _missing(site, target):
                yield Finding(page.address, reference.place, *missing)
            elif kind_of(page.address) == "404" and not _from_root(site, reference):
                expected = "an address from the root: this page is shown at any depth"
                yield Finding(page.address, reference.place, reference.address, expected)


def _missing(site: Site, target: Target) -> tuple[str, str] | None:
    """What is missing where an address leads, and what was expected; None when all is there."""
    if f"{target.path}/index.html" in site.files:
        return f"{target.path} without its slash", f"{target.path}/"
    if target.path not in site.files:
        return f"no file {target.path}", "a file of the site"
    page = site.pages.get(target.path)
    # An empty fragment and #top lead to the top of any page, by the HTML standard.
    if not page or target.fragment in ("", "top", *page.facts.names):
        return None
    return f"no id {target.fragment} in {target.path}", "an id that is there"


def _from_root(site: Site, reference: Reference) -> bool:
    own = site.published and reference.address.startswith(site.published)
    return bool(own) or reference.address == "" or reference.address[0] in "/#"


def _canonicals(site: Site) -> Iterator[Finding]:
    for page in site.pages.values():
        for reference in page.facts.references:
            if "canonical" not in reference.rel:
                continue
            if site.resolve(page.path, reference.address) != Target(path=page.path):
                expected = f"the page's own address, {site.base_path}{page.address}"
                yield Finding(page.address, reference.place, reference.address, expected)


def _translations(site: Site) -> Iterator[Finding]:
    """A 404 page is shown for any address, so it has no translation to pair with."""
    bilingual = len({language_folder(path) for path in site.pages}) > 1
    for page in site.pages.values():
        if kind_of(page.address) != "404":
            partners = dict(_partners(site, page))
            if bilingual and not partners:
                expected = "<link rel=alternate hreflang=…> to the page's translation"
                yield Finding(page.address, "<head>", "no translation named", expected)
            for path, reference in partners.items():
                yield from _pairing(site, page, path, reference)


def _pairing(site: Site, page: Page, path: str, reference: Reference) -> Iterator[Finding]:
    partner = site.pages.get(path)
    # A partner that does not exist is a link that leads nowhere, and reported as such.
    if partner and page.path not in dict(_partners(site, partner)):
        expected = "a translation that names this page in turn"
        yield Finding(page.address, reference.place, "named one way only", expected)
    if partner and not _speaks(partner, reference.hreflang):
        found = f"a page with lang={partner.facts.lang or 'nothing'}"
        yield Finding(page.address, reference.place, found, f"lang={reference.hreflang}")


def _partners(site: Site, page: Page) -> Iterator[tuple[str, Reference]]:
    """The pages named as translations of a page, itself left out."""
    for reference in page.facts.references:
        if "alternate" in reference.rel and reference.hreflang not in ("", "x-default"):
            target = site.resolve(page.path, reference.address)
            if target and target.path != page.path:
                yield target.path, reference


def _speaks(page: Page, language: str) -> bool:
    return page.facts.lang.lower().split("-")[0] == language.lower().split("-")[0]


def _sitemaps(site: Site, sitemaps: list[str]) -> Iterator[Finding]:
    if not sitemaps:
        yield Finding("sitemap.xml", "the site's root", "no sitemap", "a sitemap")
    for path in sitemaps:
        for loc in ElementTree.parse(site.root / path).iter(_LOC):
            address = (loc.text or "").strip()
            target = site.resolve(path, address)
            if not target or target.path not in site.pages:
                yield Finding(path, "<loc>", address or "nothing", "the address of a page")


def _search(site: Site, indexes: list[str]) -> Iterator[Finding]:
    for path in indexes:
        index = json.loads((site.root / path).read_text(encoding="utf-8"))
        for place in index["docs"]:
            # Search results are relative to the language's home, one folder above the index.
            target = site.resolve(path, f"../{place['location']}")
            missing = _missing(site, target) if target else ("no address", "one")
            if missing:
                yield Finding(path, f"location {place['location']}", *missing)
