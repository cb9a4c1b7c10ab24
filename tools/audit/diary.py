"""What a tab asked for, what failed, and what it complained about, written down as it happens."""

from urllib.parse import unquote, urlsplit

from playwright.async_api import ConsoleMessage, Page, Request, Response


class Diary:
    """The notes on one tab; `home` is the address of the site's home page."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.requests: set[str] = set()
        self.refused: set[str] = set()
        self.foreign: list[str] = []
        self.failures: list[str] = []
        self.complaints: list[str] = []

    def follow(self, tab: Page) -> None:
        """Note from now on what the tab does."""
        tab.on("request", self._asked)
        tab.on("response", self._answered)
        tab.on("requestfailed", self._failed)
        tab.on("console", self._said)
        tab.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))

    def _asked(self, request: Request) -> None:
        if request.url.startswith(self.home):
            self.requests.add(unquote(urlsplit(request.url.removeprefix(self.home)).path))
        elif self._leaves(request.url):
            self.foreign.append(request.url)

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.refused.add(response.url)
            self.failures.append(f"{response.status} for {self._short(response.url)}")

    def _failed(self, request: Request) -> None:
        # A module that is answered with 404 fails as well; once is enough.
        if request.url not in self.refused and not self._leaves(request.url):
            self.failures.append(f"{request.failure} for {self._short(request.url)}")

    def _said(self, message: ConsoleMessage) -> None:
        # A failed request is noted once, where it failed, not again as Chromium's echo of it.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console error: {message.text}")

    def _leaves(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https", "ws", "wss") and (
            parts.netloc != urlsplit(self.home).netloc
        )

    def _short(self, url: str) -> str:
        return url.removeprefix(self.home)
