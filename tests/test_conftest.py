"""The fence around all tests holds: no network, and browser tests only where there is one."""

import socket
import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.conftest import pytest_runtest_setup


def marked(name: str) -> pytest.Item:
    """A test as far as the set-up asks for one."""
    asked = SimpleNamespace(get_closest_marker=lambda marker: marker == name or None)
    return cast(pytest.Item, asked)


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 80), ("::ffff:8.8.8.8", 1)])
def test_a_connection_to_another_machine_is_refused(address: tuple[str, int]) -> None:
    with socket.socket() as made, pytest.raises(AssertionError, match="may not use the network"):
        made.connect(address)
    with socket.socket() as made, pytest.raises(AssertionError, match="may not use the network"):
        made.connect_ex(address)


def test_a_connection_to_this_machine_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = threading.Thread(target=lambda: server.accept()[0].close())
        answering.start()
        socket.create_connection(server.getsockname()).close()
        answering.join()


@pytest.mark.parametrize(
    ("marker", "sentence"),
    [
        ("browser", "install Chromium, or set CHROMIUM, to run the browser tests"),
        ("node", "install node to run the JavaScript tests"),
    ],
)
def test_what_the_machine_lacks_is_skipped_or_an_error(
    marker: str, sentence: str, monkeypatch: Any
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv(marker.upper(), raising=False)
    with pytest.raises(pytest.skip.Exception, match=sentence):
        pytest_runtest_setup(marked(marker))
    monkeypatch.setenv(marker.upper(), "1")
    with pytest.raises(RuntimeError, match=sentence):
        pytest_runtest_setup(marked(marker))
    pytest_runtest_setup(marked("neither"))


def test_a_named_browser_is_enough(monkeypatch: Any) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CHROMIUM", "/bin/sh")
    pytest_runtest_setup(marked("browser"))
