"""What a first visit to a page costs over the wire, and what the search index and figures weigh."""

import re
from collections.abc import Iterable, Iterator, Mapping

from tools.audit.kinds import kind_of, language_folder
from tools.audit.server import body
from tools.audit.site import Page, Site
from tools.audit.verdicts import Finding, Judgement, Measure

# kB are thousands of bytes, the stricter reading of the budgets.
PAGE_BUDGET, INDEX_BUDGET, FIGURE_BUDGET = 150_000, 60_000, 40_000
# A list may be as long as what it lists; its weight is shown, not judged.
_LISTS = frozenset({"catalog/"})
_HEAVIEST = 3
_INLINE_FIGURE = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


def check(site: Site) -> Judgement:
    """Pages at first load, search indexes and figures, each against its budget."""
    pages = {page: page_weight(site, page) for page in site.pages.values()}
    indexes = {path: wire(site, path) for path in site.files if path.endswith("search_index.json")}
    figures = dict(_figures(site))
    reading = {p.address or "/": w for p, w in pages.items() if kind_of(p.address) not in _LISTS}
    lists = {p.address or "/": w for p, w in pages.items() if kind_of(p.address) in _LISTS}
    return Judgement(
        (
            *_heaviest("first load", reading, PAGE_BUDGET, _HEAVIEST),
            *(Measure(f"first load: {name}", kb(weight), "a list: shown only", True)
              for name, weight in sorted(lists.items())),
            *_heaviest("search index", indexes, INDEX_BUDGET, len(indexes)),
            *_heaviest("figure", figures, FIGURE_BUDGET, 1),
        ),
        (
            *_too_heavy("first load, gzipped", reading, PAGE_BUDGET),
            *_too_heavy("search index, gzipped", indexes, INDEX_BUDGET),
            *_too_heavy("figure", figures, FIGURE_BUDGET),
        ),
    )  # fmt: skip


def page_weight(site: Site, page: Page) -> int:
    """Bytes over the wire for a reader who comes to this page first.

    The search index is among them where a visit asked for it before anyone searched.
    """
    files = {page.path} | _written(site, page) | _asked_by_scripts(site, page)
    return sum(wire(site, path) for path in files & site.files)


def wire(site: Site, path: str) -> int:
    """Bytes of one file over the wire."""
    return len(body(site.root / path)[0])


def kb(size: int) -> str:
    """A size for people."""
    return f"{size / 1000:.1f} kB"


def _written(site: Site, page: Page) -> set[str]:
    """The files the page's markup asks for; of a `srcset` only one is fetched, so none counts."""
    wanted = (r for r in page.facts.references if r.fetched and r.attribute != "srcset")
    targets = (site.resolve(page.path, reference.address) for reference in wanted)
    return {target.path for target in targets if target}


def _asked_by_scripts(site: Site, page: Page) -> set[str]:
    """What pages of this kind and language were seen to ask for beyond their markup."""
    kind = language_folder(page.path), kind_of(page.address)
    alike = (
        visit for visit in site.visits
        if (language_folder(visit.page), kind_of(visit.page)) == kind
    )  # fmt: skip
    return {path for visit in alike for path in _beyond_markup(site, visit.page, visit.requests)}


def _beyond_markup(site: Site, address: str, requests: Iterable[str]) -> set[str]:
    path = _file_of(address)
    return set(map(_file_of, requests)) - _written(site, site.pages[path]) - {path}


def _file_of(address: str) -> str:
    return f"{address}index.html" if address == "" or address.endswith("/") else address


def _figures(site: Site) -> Iterator[tuple[str, int]]:
    for path in site.files:
        if path.endswith(".svg"):
            yield path, site.size(path)
    for page in site.pages.values():
        for number, figure in enumerate(_INLINE_FIGURE.findall(page.text), start=1):
            yield (
                f"{page.address or '/'} (figure {number} in the page)",
                len(figure.encode()),
            )


def _heaviest(what: str, weights: Mapping[str, int], budget: int, most: int) -> Iterator[Measure]:
    for name in sorted(weights, key=lambda name: (-weights[name], name))[:most]:
        holds = weights[name] <= budget
        yield Measure(f"{what}: {name}", kb(weights[name]), kb(budget), holds)


def _too_heavy(what: str, weights: Mapping[str, int], budget: int) -> Iterator[Finding]:
    for name, weight in sorted(weights.items()):
        if weight > budget:
            yield Finding(name, what, kb(weight), f"at most {kb(budget)}")
