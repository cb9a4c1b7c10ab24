"""What holds for every test: no network but loopback, and what a browser or node test needs."""

import os
import shutil
import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# The same examples every time; `--hypothesis-profile=default` looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.load_profile("same")

ROOT = Path(__file__).parents[1]
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def _chromium() -> bool:
    named = os.environ.get("CHROMIUM")
    return any(shutil.which(name) for name in ((named,) if named else _CHROMIUM))


# A marker, what tells that the machine has it, and what to do where it does not.
_NEEDS: dict[str, tuple[Callable[[], bool], str]] = {
    "browser": (_chromium, "install Chromium, or set CHROMIUM, to run the browser tests"),
    "node": (lambda: shutil.which("node") is not None, "install node to run the JavaScript tests"),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what the machine cannot run; with BROWSER=1 or NODE=1 that is an error instead."""
    for marker, (present, sentence) in _NEEDS.items():
        if item.get_closest_marker(marker) and not present():
            if os.environ.get(marker.upper()) == "1":
                raise RuntimeError(sentence)
            pytest.skip(sentence)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection but one to this very machine is refused, in words that say so."""

    def guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
        def to_loopback(self: socket.socket, address: Any) -> Any:
            if not _is_loopback(self, address):
                raise AssertionError(f"a test may not use the network: {address!r}")
            return connect(self, address)

        return to_loopback

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))


def _is_loopback(made: socket.socket, address: Any) -> bool:
    if made.family == socket.AF_UNIX:
        return True
    host = str(address[0])
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture
def root() -> Path:
    """The project's folder."""
    return ROOT
