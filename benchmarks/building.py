"""What ten thousand resources add to the site's build, and what ours costs beside plain MkDocs."""

from collections.abc import Iterator
from statistics import median

from benchmarks.figure import Figure
from benchmarks.workshop import Workshop, build, site_of

SMALL, LARGE = 100, 10_000
_ROUNDS = 3
_PLAIN_ROUNDS = 5
_AIM_MORE_SECONDS = 60.0
_AIM_RATIO = 1.3


def building(workshop: Workshop) -> Iterator[Figure]:
    """Seconds for both languages by size, then a build with nothing changed beside a plain one."""
    yield from _by_size(workshop)
    yield from _beside_plain(workshop)


def _by_size(workshop: Workshop) -> Iterator[Figure]:
    roots = {size: workshop.large_project(size) for size in (SMALL, LARGE)}
    rounds = [{size: build(root) for size, root in roots.items()} for _ in range(_ROUNDS)]
    for size in roots:
        yield Figure(f"build with {size:,} resources", median(took[size] for took in rounds), "s")
    more = median(took[LARGE] - took[SMALL] for took in rounds)
    yield Figure(f"{LARGE:,} resources more than {SMALL}", more, "s", _AIM_MORE_SECONDS)


def _beside_plain(workshop: Workshop) -> Iterator[Figure]:
    """Ours and plain by turns, so that a busy moment weighs on both."""
    ours, plain = workshop.unchanged_project(), workshop.plain_project()
    build(ours)  # Once before, so that whatever a build keeps is there: nothing has changed.
    rounds = [(build(ours), build(plain)) for _ in range(_PLAIN_ROUNDS)]
    pages = len(list(site_of(ours).rglob("index.html")))
    as_many = len(list(site_of(plain).rglob("index.html")))
    yield Figure(f"build of {pages} pages with nothing changed", median(a for a, _ in rounds), "s")
    yield Figure(f"plain MkDocs and Material, {as_many} pages", median(b for _, b in rounds), "s")
    yield Figure("ours, plain being 1", median(a / b for a, b in rounds), "×", _AIM_RATIO)
