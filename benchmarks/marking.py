"""How soon a browser shows ten thousand events, and how soon it keeps one more, in Chromium."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.browsing import chromium
from benchmarks.figure import Figure
from benchmarks.reading import events_of
from benchmarks.workshop import Workshop
from tools.audit.server import serve
from tools.audit.tour import find_chromium

_EVENTS = 10_000
_RESOURCES = 1_000
_ROUNDS = 7
_AIM_SHOWN, _AIM_CLICK = 200.0, 50.0
_SCRIPT = Path(__file__).with_name("marking.js").read_text(encoding="utf-8")
_STATUSES = ("reading", "done", "review", "planned", "skimmed", "dropped", "done")


def marking(workshop: Workshop) -> Iterator[Figure]:
    """Milliseconds that events add to the Progress page, and from a choice to its being shown.

    Each round is a browser's first visit: scripts are fetched and compiled anew, so what reading
    and drawing the events takes is the difference to a page without any.
    """
    find_chromium()  # Said now where there is none, not after the build.
    ids = sorted(path.stem for path in (workshop.catalog(_RESOURCES) / "resources").glob("*.yml"))
    kept = [*events_of("laptop", _EVENTS, [f"resource/{id}" for id in ids])]
    with serve(workshop.site(_RESOURCES)) as origin, chromium() as browser:
        empty = median(_ready(browser, origin, []) for _ in range(_ROUNDS))
        full = median(_ready(browser, origin, kept) for _ in range(_ROUNDS))
        yield Figure("Progress page without events", empty, "ms")
        yield Figure(f"Progress page with {_EVENTS:,} events", full, "ms")
        yield Figure(f"{_EVENTS:,} events read and shown", full - empty, "ms", _AIM_SHOWN)
        clicks = _clicks(browser, origin, kept)
        yield Figure(f"a status chosen after {_EVENTS:,} events", median(clicks), "ms", _AIM_CLICK)


def _ready(browser: Browser, origin: str, events: Sequence[Mapping[str, Any]]) -> float:
    context = _reader(browser, origin, events)
    page = _opened(context, f"{origin}/progress/")
    page.wait_for_function("marking.ready")
    took: float = page.evaluate("marking.ready")
    context.close()
    return took


def _clicks(browser: Browser, origin: str, events: Sequence[Mapping[str, Any]]) -> list[float]:
    context = _reader(browser, origin, events)
    page = _opened(context, f"{origin}/catalog/")
    page.wait_for_selector("u-progress select")
    page.wait_for_load_state("networkidle")
    took: list[float] = [page.evaluate("marking.choose", status) for status in _STATUSES]
    context.close()
    return took


def _reader(browser: Browser, origin: str, events: Sequence[Mapping[str, Any]]) -> BrowserContext:
    """Someone whose browser has kept these events and has never opened a page that shows them."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    if events:
        page = _opened(context, f"{origin}/404.html")
        if page.evaluate("marking.keep", list(events)) < len(events) // 100:
            raise ValueError("found fewer pieces than were kept")
        page.close()
    return context


def _opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.add_init_script(_SCRIPT)
    page.goto(address)
    return page
