"""How soon a reader's ten thousand events are shown, and how soon a click is answered."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from benchmarks.browsing import chromium
from benchmarks.figure import Figure
from benchmarks.reading import write_events
from benchmarks.workshop import Workshop
from tools.audit.server import serve
from tools.audit.tour import find_chromium

_EVENTS = 10_000
_RESOURCES = 1_000
_ROUNDS = 5
_AIM_SHOWN = 200.0
_AIM_CLICK = 50.0
_SCRIPT = Path(__file__).with_name("marking.js").read_text(encoding="utf-8")


def marking(workshop: Workshop) -> Iterator[Figure]:
    """Milliseconds to read and draw the events, and from a changed status to the frame with it."""
    find_chromium()  # Said now where there is none, not after a long build.
    site = workshop.site(_RESOURCES)
    ids = sorted(path.stem for path in (workshop.catalog(_RESOURCES) / "resources").glob("*.yml"))
    file = workshop.folder / "events.yml"
    write_events(file, "laptop", _EVENTS, [f"resource/{id}" for id in ids])
    events = file.read_text(encoding="utf-8")
    with serve(site) as origin, chromium() as browser:
        shown = [_timed(browser, f"{origin}/progress/", events, "shown") for _ in range(_ROUNDS)]
        yield Figure(f"{_EVENTS:,} events shown", median(shown), "ms", _AIM_SHOWN)
        clicks = [_timed(browser, f"{origin}/catalog/", events, "click") for _ in range(_ROUNDS)]
        yield Figure("a click answered", median(clicks), "ms", _AIM_CLICK)


def _timed(browser: Browser, address: str, events: str, what: str) -> float:
    """What `marking.js` measures on that page for a reader who has these events."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page: Page = context.new_page()
    page.add_init_script(_SCRIPT)
    page.goto(address)
    page.evaluate("(events) => measured.keep(events)", events)
    page.reload()
    page.wait_for_load_state("networkidle")
    took: float = page.evaluate(f"measured.{what}()")
    context.close()
    return took
