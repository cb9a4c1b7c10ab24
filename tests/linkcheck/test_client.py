"""One GET through the door: what comes back, and that nothing a server does hangs or escapes it."""

import gzip
import socket
import threading
import zlib
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest

from tests.linkcheck.servers import CERTIFICATE, Server, answer, serving
from tools.linkcheck.answer import Answer, Hop
from tools.linkcheck.client import Bounds, Client
from tools.linkcheck.networks import networks_of

HERE = networks_of(["127.0.0.1/32"])
SOON, LONG = Bounds(seconds=0.3), Bounds(seconds=5)


def client(bounds: Bounds = LONG) -> Client:
    return Client(bounds, HERE)


def replying(content: bytes) -> Callable[[socket.socket, str], None]:
    return lambda connection, path: connection.sendall(content)


def got(content: bytes, bounds: Bounds = LONG) -> Answer:
    """What the client makes of exactly these bytes."""
    with serving(replying(content)) as server:
        return client(bounds).get(server.at())


def test_an_answer_has_its_status_its_headers_and_its_body() -> None:
    content = answer(b"<p>flour</p>", content_type="text/html; charset=GBK", X_One="1")
    with serving(replying(content)) as server:
        found = client().get(server.at("/bread?a=1#crust"))
    assert (found.status, found.body, found.cut) == (200, b"<p>flour</p>", False)
    assert (found.failure, found.reason, found.hops) == (None, "", ())
    assert (found.charset, found.headers["x-one"]) == ("gbk", "1")
    assert found.address == server.at("/bread?a=1#crust")
    assert server.paths == ["/bread?a=1"]


def test_it_says_who_asks_and_otherwise_what_a_browser_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with serving(replying(answer())) as server:
        client().get(server.at())
    head = server.heads[0].lower()
    assert "\r\nuser-agent: unrolled/" in head
    assert "link" not in head
    assert "\r\naccept: text/html," in head
    assert "\r\naccept-encoding: gzip, deflate\r\n" in head
    assert "authorization" not in head


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("204 No Content", ""),
        ("404 Not Found", "it answers with status 404"),
        ("503 Busy", "it answers with status 503"),
        ("304 Not Modified", "it answers with status 304"),
    ],
)
def test_any_status_is_an_answer(status: str, reason: str) -> None:
    found = got(answer(status=status))
    assert (found.failure, found.reason) == (None, reason)


def redirecting(ways: dict[str, tuple[str, str]]) -> Callable[[socket.socket, str], None]:
    """Sends each path on, with a status; all others are the end."""

    def reply(connection: socket.socket, path: str) -> None:
        status, target = ways.get(path, ("200 OK", ""))
        connection.sendall(answer(b"end", status, **({"Location": target} if target else {})))

    return reply


def test_redirects_are_followed_one_by_one_and_told() -> None:
    ways = {"/a": ("301 M", "/b?x=1"), "/b?x=1": ("308 P", "c"), "/c": ("302 F", "/d")}
    with serving(redirecting(ways)) as server:
        found = client().get(server.at("/a#part"))
    assert found.hops == (
        Hop(server.at("/a#part"), 301),
        Hop(server.at("/b?x=1#part"), 308),
        Hop(server.at("/c#part"), 302),
    )
    assert (found.address, found.body) == (server.at("/d#part"), b"end")
    assert found.permanent == server.at("/c#part")


@pytest.mark.parametrize(
    ("location", "path"),
    [("/new#there", "/new#there"), ("/面", "/%E9%9D%A2#part"), ("?q=a b", "/a?q=a%20b#part")],
)
def test_where_a_redirect_leads(location: str, path: str) -> None:
    with serving(redirecting({"/a": ("301 M", location)})) as server:
        found = client().get(server.at("/a#part"))
    assert found.address == found.permanent == server.at(path)


@pytest.mark.parametrize("status", ["300 Many", "200 OK"])
def test_only_redirects_redirect(status: str) -> None:
    with serving(redirecting({"/a": (status, "/b")})) as server:
        assert client().get(server.at("/a")).hops == ()
    assert server.paths == ["/a"]


def leading_on(wait: float = 0) -> Callable[[socket.socket, str], None]:
    """Every address redirects to a longer one."""

    def reply(connection: socket.socket, path: str) -> None:
        threading.Event().wait(wait)
        connection.sendall(answer(b"", "302 F", Location=f"{path}x"))

    return reply


def test_redirects_without_end_are_ended() -> None:
    with serving(leading_on()) as server:
        found = client().get(server.at())
    assert (found.failure, found.status) == ("hops", None)
    assert len(server.heads) == len(found.hops) == Bounds().hops + 1


def test_a_circle_is_seen_at_once() -> None:
    with serving(redirecting({"/": ("302 F", "/a"), "/a": ("302 F", "/")})) as server:
        found = client().get(server.at())
    assert (found.failure, found.detail) == ("hops", f"it comes back to {server.at()}")
    assert server.paths == ["/", "/a"]


def test_cookies_last_as_long_as_the_chain() -> None:
    def reply(connection: socket.socket, path: str) -> None:
        if "cookie: seen=1" in server.heads[-1].lower():
            connection.sendall(answer(b"in"))
        else:
            connection.sendall(answer(b"", "302 F", Location="/", Set_Cookie="seen=1"))

    with serving(reply) as server:
        asking = client()
        assert [asking.get(server.at()).body for _ in "12"] == [b"in", b"in"]
    assert len(server.heads) == 4


@pytest.mark.parametrize(
    "location",
    ["ftp://127.0.0.1/x", "file:///etc/passwd", "javascript:alert(1)", "http://["],
)
def test_a_redirect_to_no_web_address_is_not_followed(location: str) -> None:
    found = got(answer(b"", "302 F", Location=location))
    assert (found.failure, found.body) == ("address", b"")
    assert "no web address" in found.reason


@pytest.mark.parametrize("address", ["", "ftp://example.org", "example.org", "http://a b"])
def test_what_is_no_web_address_is_not_asked(address: str) -> None:
    assert client().get(address).failure == "address"


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "-..-", "%00.example"])
def test_an_odd_host_is_an_answer_too(host: str) -> None:
    assert client(SOON).get(f"http://{host}/").failure in ("name", "address")


def looked_up(places: dict[str, list[str]]) -> Callable[..., Any]:
    """A resolver that knows these names, and numbers."""
    asked = socket.getaddrinfo

    def resolve(host: str, port: Any, *more: Any, **named: Any) -> Any:
        found = [asked(place, port, *more, **named) for place in places.get(host, [host])]
        return [one for several in found for one in several]

    return resolve


@pytest.mark.parametrize(
    "address",
    [
        "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/", "http://127.0.0.2/",
        "http://169.254.169.254/latest/meta-data/", "http://100.100.100.200/", "http://0.0.0.0/",
        "http://168.63.129.16/", "http://198.18.0.1/", "http://224.0.0.1/", "http://240.0.0.1/",
        "http://[::1]/", "http://[::]/", "http://[fe80::1]/", "http://[fd00:ec2::254]/",
        "http://[fec0::1]/", "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::a00:1]/",
        "http://[2002:a00:1::]/", "http://0x7f.2/", "http://2130706434/", "https://10.0.0.1/",
        "http://inner.example/", "http://localhost./",
    ],
)  # fmt: skip
def test_no_connection_is_even_tried_into_a_private_network(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(self: socket.socket, place: Any) -> None:
        raise AssertionError(f"connected to {place}")

    names = {"inner.example": ["10.0.0.7", "fd00::7"], "localhost.": ["127.0.0.5"]}
    monkeypatch.setattr(socket, "getaddrinfo", looked_up(names))
    monkeypatch.setattr(socket.socket, "connect", connect)
    found = client().get(address)
    assert found.failure == "private"
    assert "private network" in found.reason


def test_a_redirect_into_a_private_network_is_refused() -> None:
    with serving(replying(answer(b"secret")), "127.0.0.2") as inner:
        found = got(answer(b"", "302 F", Location=inner.at("/admin")))
    assert (found.failure, found.body, found.address) == ("private", b"", inner.at("/admin"))
    assert inner.heads == []


def test_of_several_addresses_only_the_public_ones_are_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = {"two.example": ["127.0.0.3", "127.0.0.1"]}
    monkeypatch.setattr(socket, "getaddrinfo", looked_up(names))
    with (
        serving(replying(answer(b"open"))) as server,
        socket.create_server(("127.0.0.3", server.port)) as inner,
    ):
        inner.settimeout(0.01)
        assert client().get(f"http://two.example:{server.port}/").body == b"open"
        with pytest.raises(TimeoutError):
            inner.accept()


def test_an_address_that_swallows_everything_leaves_time_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits = []

    def connect(self: socket.socket, place: Any) -> None:
        waits.append(self.gettimeout() or 0)
        raise TimeoutError

    names = {"two.example": ["192.0.66.1", "192.0.66.2"]}
    monkeypatch.setattr(socket, "getaddrinfo", looked_up(names))
    monkeypatch.setattr(socket.socket, "connect", connect)
    assert client().get("http://two.example/").failure == "connect"
    assert LONG.seconds / 3 < waits[0] <= LONG.seconds / 2 < waits[1] <= LONG.seconds


def test_nobody_there_and_no_such_host(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert client().get(f"http://127.0.0.1:{port}/").failure == "connect"

    def unknown(*asked: Any, **named: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    found = client().get("http://nobody.example/")
    assert (found.failure, found.reason) == ("name", "no such host was found (nobody.example)")


HEAD = b"HTTP/1.1 200 OK\r\n"
EMPTY = b"\0\0\0\xff\xff"  # A deflate block of nothing: bytes that unpack to none.


def drip(start: bytes, drop: bytes) -> Callable[[socket.socket, str], None]:
    """Sends a start, then one drop every few milliseconds until nobody listens any more."""

    def reply(connection: socket.socket, path: str) -> None:
        stop = threading.Event()
        connection.sendall(start)
        if not drop:
            connection.recv(1)
        while drop and not stop.wait(0.01):
            connection.sendall(drop)

    return reply


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"", b""),
        (b"", b"H"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (HEAD, b"X-Drip: 1\r\n"),
        (HEAD + b"X-Long: ", b"x"),
        (HEAD + b"Content-Length: 100000\r\n\r\n", b"x"),
        (HEAD + b"\r\n", b"x"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
        (HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"x", mtime=0)[:10], EMPTY),
    ],
)
def test_no_drip_outlives_the_deadline(start: bytes, drop: bytes) -> None:
    with serving(drip(start, drop)) as server:
        began = monotonic()
        found = client(SOON).get(server.at())
        took = monotonic() - began
    assert found.failure == "deadline"
    assert SOON.seconds - 0.01 <= took < SOON.seconds + 0.5


def test_a_body_that_drips_is_kept_as_far_as_it_came() -> None:
    with serving(drip(HEAD + b"\r\n<title>a</title>", b"")) as server:
        found = client(SOON).get(server.at())
    assert (found.status, found.body, found.failure) == (200, b"<title>a</title>", "deadline")


def test_the_deadline_is_one_for_all_redirects() -> None:
    with serving(leading_on(0.12)) as server:
        found = client(SOON).get(server.at())
    assert (found.failure, len(found.hops)) == ("deadline", 2)


def silent() -> socket.socket:
    """A socket that takes connections and never says a word."""
    return socket.create_server(("127.0.0.1", 0))


def test_a_handshake_that_never_comes_ends_too() -> None:
    with silent() as server:
        began = monotonic()
        found = client(SOON).get(f"https://127.0.0.1:{server.getsockname()[1]}/")
    assert found.failure == "deadline"
    assert monotonic() - began < SOON.seconds + 0.5


def test_a_resolver_that_hangs_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    forever = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **named: [forever.wait(5)] * 0)
    began = monotonic()
    found = client(SOON).get("http://slow.example/")
    forever.set()
    assert (found.failure, monotonic() - began < 1) == ("deadline", True)


@pytest.mark.parametrize("length", [5, 50])
def test_neither_threads_nor_connections_are_left_behind(length: int) -> None:
    ends = []

    def reply(connection: socket.socket, path: str) -> None:
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % length + b"flour")
        connection.settimeout(2)
        ends.append(connection.recv(1))

    with serving(reply) as server:
        client(SOON).get(server.at())
        timers = [one for one in threading.enumerate() if isinstance(one, threading.Timer)]
    assert (timers, ends) == ([], [b""])


SMALL = Bounds(seconds=5, wire=10_000, unpacked=20_000)


def test_a_long_body_is_cut_on_the_wire() -> None:
    found = got(answer(b"x" * 500_000), SMALL)
    assert (found.status, found.failure, found.cut) == (200, None, True)
    assert found.body == b"x" * SMALL.wire


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_a_bomb_is_cut_while_it_unpacks(pack: Callable[[bytes], bytes]) -> None:
    name = "gzip" if pack is gzip.compress else "deflate"
    found = got(answer(pack(b"x" * 5_000_000), Content_Encoding=name), SMALL)
    assert (found.cut, len(found.body), found.failure) == (True, SMALL.unpacked, None)


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("gzip", gzip.compress(b"flour" * 4000, mtime=0)),
        ("X-GZip", gzip.compress(b"flour" * 4000, mtime=0)),
        ("deflate", zlib.compress(b"flour" * 4000)),
        ("deflate", zlib.compress(b"flour" * 4000)[2:-4]),
        ("identity", b"flour" * 4000),
    ],
)
def test_what_just_fits_is_whole(name: str, packed: bytes) -> None:
    bounds = Bounds(seconds=5, wire=len(packed) + 1, unpacked=20_000)
    found = got(answer(packed, Content_Encoding=name), bounds)
    assert (found.body, found.cut, found.failure) == (b"flour" * 4000, False, None)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "gzip, gzip"])
def test_what_cannot_be_unpacked_is_left_out(name: str) -> None:
    found = got(answer(b"no such thing", Content_Encoding=name))
    assert (found.status, found.body, found.cut, found.failure) == (200, b"", True, None)


@pytest.mark.parametrize(
    ("content", "status", "body"),
    [
        (b"", None, b""),
        (b"SSH-2.0-OpenSSH_9.6\r\n", None, b""),
        (HEAD + b"Content-Length: 9\r\n\r\nhalf", 200, b"half"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n", 200, b"half"),
        (HEAD + b"X: y\r\n" * 200 + b"\r\n", None, b""),
        (HEAD + b"X: " + b"y" * 70_000 + b"\r\n\r\n", None, b""),
    ],
)
def test_broken_http_is_told_and_what_came_is_kept(
    content: bytes, status: int | None, body: bytes
) -> None:
    found = got(content)
    assert (found.failure, found.status, found.body) == ("broken", status, body)


@pytest.mark.parametrize(
    "content",
    [
        HEAD + b"\r\nwhole",
        HEAD + b"no colon here\r\nX: \xff\xfe\r\n\r\nwhole",
        HEAD[:-2] + b"\n\nwhole",
    ],
)
def test_sloppy_http_that_a_browser_shows_is_read(content: bytes) -> None:
    found = got(content)
    assert (found.failure, found.status) == (None, 200)
    assert found.body.endswith(b"whole")


def test_plain_http_where_tls_was_asked_for_is_broken() -> None:
    with serving(replying(b""), greeting=answer(status="400 Bad Request")) as server:
        assert client().get(server.at(scheme="https")).failure == "broken"


def test_only_certificates_that_the_machine_trusts_are_trusted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(replying(answer(b"sealed")), tls=True) as server:
        found = client().get(server.at(scheme="https"))
        assert (found.failure, found.status) == ("tls", None)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
        assert client().get(server.at(scheme="https")).body == b"sealed"


def test_a_drip_inside_tls_ends_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with serving(drip(HEAD + b"X-Long: ", b"x"), tls=True) as server:
        began = monotonic()
        assert client(SOON).get(server.at(scheme="https")).failure == "deadline"
    assert monotonic() - began < SOON.seconds + 0.5


def through(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.at())
    monkeypatch.setenv("https_proxy", server.at())


def test_a_proxy_of_the_environment_is_used_and_asked_for_names_unknown_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(host: str, *more: Any, **named: Any) -> Any:
        if host == "far.example":
            raise socket.gaierror(-2, "unknown")
        return asked(host, *more, **named)

    asked = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with serving(replying(answer(b"from afar"))) as proxy:
        through(proxy, monkeypatch)
        found = Client(SOON).get("http://far.example/page")
    assert (found.body, proxy.paths) == (b"from afar", ["http://far.example/page"])


@pytest.mark.parametrize(
    "address",
    ["http://10.0.0.1/", "https://[::1]/", "http://127.1/", "http://mixed.example/",
     "http://router.local/", "https://intranet/", "http://meta.google.internal./"],
)  # fmt: skip
def test_a_proxy_is_not_sent_into_a_private_network(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(host: str, *more: Any, **named: Any) -> Any:
        if host.rstrip(".").endswith(("local", "internal", "intranet")):
            raise socket.gaierror(-2, "unknown")
        return known(host, *more, **named)

    known = looked_up({"mixed.example": ["192.0.66.1", "10.0.0.1"]})
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with serving(replying(answer(b"inner"))) as proxy:
        through(proxy, monkeypatch)
        assert Client(SOON).get(address).failure == "private"
    assert proxy.heads == []


def test_a_proxy_that_refuses_or_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(replying(answer(status="403 No"))) as proxy:
        through(proxy, monkeypatch)
        assert Client(SOON).get("https://192.0.66.1/").failure == "proxy"
    assert Client(SOON).get("https://192.0.66.1/").failure == "proxy"
    monkeypatch.setenv("https_proxy", "socks5://127.0.0.1:1")
    assert Client(SOON).get("https://192.0.66.1/").failure == "proxy"
