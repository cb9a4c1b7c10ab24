"""The farm does what it plays and sees what is done to it, byte by byte from a bare socket."""

import socket
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest

from tests.linkcheck.farm.names import HERE, PRIVATE, resolving
from tests.linkcheck.farm.plays import HEAD, by_turns, flood, packed_bomb, page, reset, silent
from tests.linkcheck.farm.server import Farm, Host, farming

HOSTS = {
    "a.test": Host(
        {
            "/page": page("flour"),
            "/turns": by_turns(page("one"), page("two")),
            "/silent": silent(),
            "/reset": reset(HEAD),
            "/flood": flood(HEAD + b"\r\n", 100_000_000),
        }
    ),
    "ban.test": Host(otherwise=silent(), bans=True),
}


@pytest.fixture
def farm() -> Iterator[Farm]:
    with farming(HOSTS) as made:
        yield made


@contextmanager
def asking(farm: Farm, path: str, host: str = "a.test", method: str = "GET") -> Iterator[Any]:
    """A connection that has asked and not yet read."""
    with socket.create_connection((HERE, farm.ground.plain), timeout=5) as made:
        made.sendall(f"{method} {path} HTTP/1.1\r\nHost: {host}:80\r\n\r\n".encode())
        yield made


def asked(farm: Farm, path: str, host: str = "a.test", method: str = "GET") -> str:
    """An answer of few bytes; once it is here, the farm knows of all that happened before."""
    with asking(farm, path, host, method) as made:
        return str(made.recv(4096).decode())


def test_a_host_plays_at_its_paths_and_answers_404_elsewhere(farm: Farm) -> None:
    assert asked(farm, "/page").endswith("\r\n\r\nflour")
    assert asked(farm, "/page", method="HEAD").endswith("\r\n\r\n")
    assert [asked(farm, "/turns")[-3:] for _ in range(3)] == ["one", "two", "two"]
    assert asked(farm, "/none").startswith("HTTP/1.1 404")
    assert asked(farm, "/page", "nobody.test").startswith("HTTP/1.1 404")
    assert farm.record("a.test").asked["GET /turns"] == 3


def test_a_connection_may_ask_again(farm: Farm) -> None:
    with asking(farm, "/page") as made:
        first = made.recv(4096)
        made.sendall(b"GET /turns HTTP/1.1\r\nHost: a.test\r\n\r\n")
        assert (first[-5:], made.recv(4096)[-3:]) == (b"flour", b"one")
    assert farm.record("a.test").most == 1


def test_who_has_left_does_not_count_as_asking_at_once(farm: Farm) -> None:
    for _ in range(3):
        with asking(farm, "/silent"), asking(farm, "/silent"):
            assert asked(farm, "/page")
    assert farm.record("a.test").most == 3
    assert asked(farm, "/page")
    assert farm.record("a.test").now == 0


def test_a_host_that_bans_does_so_for_good(farm: Farm) -> None:
    with ExitStack() as all_at_once:
        for _ in range(4):
            all_at_once.enter_context(asking(farm, "/", "ban.test"))
        assert not farm.record("ban.test").banned
        assert asked(farm, "/", "ban.test").startswith("HTTP/1.1 429")
    assert asked(farm, "/", "ban.test").startswith("HTTP/1.1 429")
    assert farm.record("ban.test").rudeness() == {"over 4 at once": 1}


def test_only_what_was_taken_of_a_flood_counts(farm: Farm) -> None:
    with asking(farm, "/flood") as made:
        taken = len(made.recv(1_000_000, socket.MSG_WAITALL))
    assert asked(farm, "/page")
    sent = farm.record("a.test").sent[0]
    assert taken <= sent < 20_000_000


def test_a_reset_comes_after_its_start(farm: Farm) -> None:
    with asking(farm, "/reset") as made:
        assert made.recv(4096) == HEAD
        with pytest.raises(ConnectionResetError):
            made.recv(1)


def test_names_lead_to_the_farm_and_nowhere_else(farm: Farm) -> None:
    with resolving(farm.ground) as outside:
        for name in ("a.test", "a.closed.test", "wiki.private.test", "localhost"):
            with suppress(ConnectionRefusedError), socket.create_connection((name, 80)) as made:
                assert made.getpeername()[0] == (HERE if name == "a.test" else PRIVATE)
        with pytest.raises(socket.gaierror):
            socket.create_connection(("a.lost.test", 80))
        with pytest.raises(OSError, match="not on the farm"):
            socket.create_connection(("10.0.0.1", 80))
    assert asked(farm, "/page")
    assert (farm.touched, outside) == (2, ["10.0.0.1"])


def test_a_bomb_is_small_until_it_is_unpacked() -> None:
    packed = packed_bomb(1_000_000_000)
    assert len(packed) < 2_000_000
    assert zlib.decompressobj(31).decompress(packed, 2_500_000) == b"a" * 2_500_000
