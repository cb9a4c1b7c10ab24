"""A small site about bread, built once, served on loopback, and opened in a real Chromium."""

import functools
import http.server
import json
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.projects import bread_project
from tools.engine import build_languages

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the built fixture site."""
    project = bread_project(tmp_path_factory.mktemp("bread"))
    remember(project / "catalog")
    site = project / ".build" / "site"
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        with pytest.MonkeyPatch.context() as patch:
            # Navigation without reloading works only where the site says it stands.
            patch.setenv("SITE_URL", address)
            build_languages(project, site)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield address
        server.shutdown()


def remember(catalog: Path) -> None:
    """What a check found: one link lives, one is dead, and one was never looked at."""
    dead = {"url": "books.example/hot-box", "verdict": "dead", "since": "2026-11-09"}
    dead |= {"failures": ["2026-11-09"], "evidence": [{"kind": "status", "value": "410"}]}
    alive = {"url": "bread.example/gluten", "verdict": "ok", "since": "2026-11-02"}
    run = {"finished": "2026-11-23T04:05:06Z", "links": 2, "version": "1"}
    (catalog / "state").mkdir()
    lines = (json.dumps(line) + "\n" for line in (alive, dead))
    (catalog / "state/links.jsonl").write_text("".join(lines))
    (catalog / "state/run.json").write_text(json.dumps(run))


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


# A module's, not the session's: two Playwrights cannot run at once, and the audit's tests have one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _CHROMIUM)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(_FLAGS))
        yield browser
        browser.close()


@dataclass
class Reader:
    """Someone at a page: what went wrong while they read stands in `troubles`."""

    page: Page
    address: str
    troubles: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def rows(self) -> list[str]:
        """The ids of the rows that can be seen, from top to bottom."""
        rows = self.page.locator("tr.u-row")
        return [row.get_attribute("id") or "" for row in rows.all() if row.is_visible()]

    def watch(self) -> None:
        here = self.address
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on(
            "console",
            lambda said: self.troubles.append(said.text) if said.type == "error" else None,
        )
        self.page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((here, "data:", "blob:"))
                else self.troubles.append(f"foreign: {request.url}")
            ),
        )
        self.page.on(
            "response",
            lambda answer: (
                self.troubles.append(f"{answer.status}: {answer.url}")
                if answer.status >= 400
                else None
            ),
        )


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Reader]:
    """A reader at a desk; the test fails when a script, a request or a host went wrong."""
    yield from _reading(browser.new_context(viewport={"width": 1280, "height": 900}), address)


@pytest.fixture
def phone_reader(browser: Browser, address: str) -> Iterator[Reader]:
    """A reader with a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 780}, has_touch=True)
    yield from _reading(context, address)


@pytest.fixture
def scriptless_reader(browser: Browser, address: str) -> Iterator[Reader]:
    """A reader whose browser runs no scripts."""
    yield from _reading(browser.new_context(java_script_enabled=False), address)


def _reading(context: BrowserContext, address: str) -> Iterator[Reader]:
    context.set_default_timeout(8_000)
    reader = Reader(context.new_page(), address)
    reader.watch()
    yield reader
    context.close()
    assert reader.troubles == []
