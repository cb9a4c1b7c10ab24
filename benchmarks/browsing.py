"""How soon readers can use a catalog of ten thousand, and how soon it answers them, in Chromium."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import TypedDict

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from benchmarks.figure import Figure
from benchmarks.workshop import Workshop
from tools.audit.server import body, serve
from tools.audit.tour import find_chromium

SIZE = 10_000
_ROUNDS = 7
_AIM_READY = 1000.0
_AIM_ANSWER = 50.0
_DESK: ViewportSize = {"width": 1280, "height": 800}
_SCRIPT = Path(__file__).with_name("browsing.js").read_text(encoding="utf-8")


class _Act(TypedDict):
    """What a reader does: press the control, or set it to a value."""

    control: str
    value: str | None


def browsing(workshop: Workshop) -> Iterator[Figure]:
    """Milliseconds until the page is ready, and from an act to its rows being seen.

    Every act comes first on a page of its own, as for a reader who has just arrived; those done
    once more afterwards show what fetching the rows adds.
    """
    find_chromium()  # Said now where there is none, not after a long build.
    site = workshop.site(SIZE)
    with serve(site) as origin, chromium() as browser:
        _pack(site)
        address = f"{origin}/catalog/"
        ready = [_arrival(browser, address) for _ in range(_ROUNDS)]
        yield Figure(f"{SIZE:,} resources ready", median(ready), "ms", _AIM_READY)
        filters, sorts = _acts(browser, address)
        for name, acts in (("filter", filters), ("sort", sorts)):
            took = [_answers(browser, address, act) for act in acts]
            yield Figure(name, median(first for first, _ in took), "ms", _AIM_ANSWER)
            again = median(again for _, again in took)
            yield Figure(f"the same {name} again", again, "ms", _AIM_ANSWER)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        yield browser
        browser.close()


def _pack(site: Path) -> None:
    """Have the server gzip everything now, as a host does once and not for every reader."""
    for path in site.rglob("*"):
        if path.is_file() and "zh" not in path.relative_to(site).parts:
            body(path)


@contextmanager
def _arrived(browser: Browser, address: str) -> Iterator[Page]:
    """The catalog in a browser that has never seen the site, once it is ready."""
    context = browser.new_context(viewport=_DESK)
    page = context.new_page()
    page.add_init_script(_SCRIPT)
    page.goto(address)
    page.wait_for_function("measured.ready")
    yield page
    context.close()


def _arrival(browser: Browser, address: str) -> float:
    with _arrived(browser, address) as page:
        took: float = page.evaluate("measured.ready")
        return took


def _acts(browser: Browser, address: str) -> tuple[list[_Act], list[_Act]]:
    """Boxes from all over the rail, and every sort but the one the page comes in."""
    with _arrived(browser, address) as page:
        boxes: list[str] = page.evaluate("measured.boxes()")
        sorts: list[str] = page.evaluate("measured.sorts()")
    chosen = [boxes[n * len(boxes) // _ROUNDS] for n in range(_ROUNDS)]
    filters = [_Act(control=box, value=None) for box in chosen]
    return filters, [_sorting(sort) for sort in islice(cycle(sorts[1:]), _ROUNDS)]


def _sorting(sort: str) -> _Act:
    return _Act(control='[data-part="sort"]', value=sort)


def _answers(browser: Browser, address: str, act: _Act) -> tuple[float, float]:
    """Milliseconds for the act on a page just opened, and for the act undone and done again."""
    with _arrived(browser, address) as page:
        first: float = page.evaluate("measured.act", act)
        page.evaluate("measured.undo", act)
        again: float = page.evaluate("measured.act", act)
        return first, again
