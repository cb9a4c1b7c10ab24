"""Visits: a sample of pages opened in Chromium, on a desk and on a phone, in both palettes."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, async_playwright
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from tools.audit.diary import Diary
from tools.audit.kinds import sample
from tools.audit.server import serve
from tools.audit.site import Site
from tools.audit.verdicts import CannotRun
from tools.audit.visit import DESK, NARROW, PALETTES, PHONE, Violation, Visit

HEIGHT = 800
# Most of a visit is waiting, so a few tabs share two cores well.
_TABS = 3
_LATE = 0.1
_SCRIPTS = Path(__file__).parent / "scripts"
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    # Nothing but loopback has an address: a request to another host fails at once, and is seen.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip


def find_chromium() -> str:
    """The browser to use: `$CHROMIUM`, or the first known name on the path."""
    wanted = os.environ.get("CHROMIUM")
    found = shutil.which(wanted) if wanted else next(filter(None, map(shutil.which, _NAMES)), None)
    if not found:
        raise CannotRun(
            f"Chromium: $CHROMIUM names {wanted}, which is no program" if wanted else
            f"Chromium was not found; set $CHROMIUM or install one of {', '.join(_NAMES)}"
        )  # fmt: skip
    return found


def visit_sample(site: Site, judge: bool = True) -> Site:
    """The site with its sample visited; `judge` has axe-core look at each page as well."""
    axe = _axe() if judge else ""
    with serve(site.root, site.base_path, _LATE) as origin:
        try:
            visits = asyncio.run(_tour(site, origin + site.base_path, axe))
        except PlaywrightError as error:
            raise CannotRun(f"Chromium gave up: {error.message.splitlines()[0]}") from error
    return replace(site, visits=tuple(visits))


def _axe() -> str:
    if not AXE.is_file():
        raise CannotRun("axe-core is not installed; run npm ci in tools/audit (make audit does)")
    return AXE.read_text(encoding="utf-8")


async def _tour(site: Site, home: str, axe: str) -> list[Visit]:
    turns = asyncio.Semaphore(_TABS)
    addresses = [page.address for page in sample(site.pages)]
    async with _chromium() as browser:
        visits = [
            _in_turn(turns, browser, home, address, width, axe)
            for address in addresses
            for width in (DESK, PHONE)
        ]
        return await asyncio.gather(*visits)


async def _in_turn(
    turns: asyncio.Semaphore,
    browser: Browser,
    home: str,
    address: str,
    width: int,
    axe: str,
) -> Visit:
    async with turns:
        return await _visit(browser, home, address, width, axe)


@asynccontextmanager
async def _chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), args=list(_FLAGS)
        )
        yield browser
        await browser.close()


async def _visit(browser: Browser, home: str, address: str, width: int, axe: str) -> Visit:
    """Open one page in a fresh context and write down what happens."""
    context = await browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        color_scheme="light",
        reduced_motion="reduce",
    )
    tab = await context.new_page()
    diary = Diary(home)
    diary.follow(tab)
    await tab.add_init_script(path=_SCRIPTS / "shifts.js")
    await tab.goto(home + address, wait_until="load")
    # To the foot of the page and back: what loads only when scrolled to is part of the visit.
    await tab.evaluate("scrollTo(0, document.body.scrollHeight)")
    await tab.wait_for_load_state("networkidle")
    await tab.evaluate("scrollTo(0, 0)")
    shift, shifted = await tab.evaluate("__shifts()")
    violations = await _judge(tab, axe, diary) if axe else {}
    sticking_out = await _sticking_out(tab) if width == PHONE else ()
    await context.close()
    return Visit(
        address, width, frozenset(diary.requests), tuple(diary.foreign), tuple(diary.failures),
        tuple(diary.complaints), shift, shifted, sticking_out, violations,
    )  # fmt: skip


async def _judge(tab: Tab, axe: str, diary: Diary) -> dict[str, tuple[Violation, ...]]:
    """What axe-core objects to, by palette, for the palettes the page puts on."""
    await tab.evaluate(axe)
    violations: dict[str, tuple[Violation, ...]] = {}
    for palette in await tab.evaluate(_script("palettes.js"), PALETTES):
        if await tab.evaluate(_script("prepare.js"), palette):
            found: list[dict[str, Any]] = await tab.evaluate(_script("judge.js"))
            violations[palette] = tuple(Violation(**each) for each in found)
        else:
            diary.complaints.append(f"the switch for palette {palette} does not put it on")
    return violations


async def _sticking_out(tab: Tab) -> tuple[str, ...]:
    await tab.set_viewport_size({"width": NARROW, "height": HEIGHT})
    found: list[str] = await tab.evaluate(_script("sticking_out.js"))
    return tuple(found)


def _script(name: str) -> str:
    return (_SCRIPTS / name).read_text(encoding="utf-8")
