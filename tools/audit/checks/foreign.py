"""Nothing is asked of another host: not in what pages and stylesheets say, not when opened."""

from collections.abc import Iterator

from tools.audit.html import css_addresses
from tools.audit.site import Site
from tools.audit.verdicts import Finding, Judgement, count
from tools.audit.visit import Visit

_OWN = "an address on this site, or none"


def check(site: Site) -> Judgement:
    """Foreign addresses in every page and stylesheet; requests and complaints of opened pages."""
    pages, sheets = tuple(_in_pages(site)), tuple(_in_stylesheets(site))
    asked = tuple(f for visit in site.visits for f in _requests(site, visit))
    troubles = tuple(f for visit in site.visits for f in _troubles(visit))
    visits = f"{len(site.visits)} visits"
    return Judgement(
        (
            count("foreign addresses", pages, f"{len(site.pages)} pages"),
            count("foreign addresses", sheets, f"{len(_stylesheets(site))} stylesheets"),
            count("requests to other hosts", asked, visits),
            count("failed requests, complaints", troubles, visits),
        ),
        (*pages, *sheets, *asked, *troubles),
    )


def _in_pages(site: Site) -> Iterator[Finding]:
    for page in site.pages.values():
        for reference in page.facts.references:
            target = site.resolve(page.path, reference.address) if reference.fetched else None
            if target and target.host:
                yield Finding(page.address, reference.place, target.host, _OWN)


def _stylesheets(site: Site) -> list[str]:
    return sorted(path for path in site.files if path.endswith(".css"))


def _in_stylesheets(site: Site) -> Iterator[Finding]:
    for path in _stylesheets(site):
        for address in css_addresses((site.root / path).read_text(encoding="utf-8")):
            target = site.resolve(path, address)
            if target and target.host:
                yield Finding(path, f"url({address})", target.host, _OWN)


def _requests(site: Site, visit: Visit) -> Iterator[Finding]:
    for address in visit.foreign:
        # Served from here, the site must not lean on the place it will be published at.
        own = site.published and address.startswith(site.published)
        expected = "a relative address" if own else "no request to another host"
        yield Finding(visit.page, f"opened at {visit.width} px", address, expected)


def _troubles(visit: Visit) -> Iterator[Finding]:
    for trouble in (*visit.failures, *visit.complaints):
        yield Finding(visit.page, f"opened at {visit.width} px", trouble, "none")
