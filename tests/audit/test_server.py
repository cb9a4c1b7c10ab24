import gzip
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tools.audit.server import serve


def ask(origin: str, path: str, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(urlsplit(origin).netloc, timeout=5)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "learn").mkdir(parents=True)
    (folder / "index.html").write_text("home")
    (folder / "404.html").write_text("nothing here")
    (folder / "learn" / "index.html").write_text("learn")
    (folder / "mark.svg").write_text("<svg/>")
    (folder / "card.png").write_bytes(b"\x89PNG")
    (tmp_path / "secret.txt").write_text("not for you")
    return folder


def test_text_is_packed_and_named_by_its_type(root):
    with serve(root) as origin:
        answer, body = ask(origin, "/mark.svg?v=2")
    assert answer.getheader("Content-Type") == "image/svg+xml"
    assert answer.getheader("Content-Encoding") == "gzip"
    assert gzip.decompress(body) == b"<svg/>"


def test_pictures_go_as_they_are(root):
    with serve(root) as origin:
        answer, body = ask(origin, "/card.png")
    assert (answer.getheader("Content-Encoding"), body) == (None, b"\x89PNG")


def test_a_folder_shows_its_index_and_is_sent_its_slash(root):
    with serve(root) as origin:
        shown, body = ask(origin, "/learn/")
        sent, _ = ask(origin, "/learn")
    assert (shown.status, gzip.decompress(body)) == (200, b"learn")
    assert (sent.status, sent.getheader("Location")) == (301, "/learn/")


def test_what_is_missing_gets_the_404_page(root):
    with serve(root) as origin:
        answer, body = ask(origin, "/learn/nothing/")
    assert (answer.status, gzip.decompress(body)) == (404, b"nothing here")


def test_nothing_outside_the_folder_is_served(root):
    with serve(root) as origin:
        answer, _ = ask(origin, "/../secret.txt")
        escaped, _ = ask(origin, "/%2e%2e/secret.txt")
    assert (answer.status, escaped.status) == (404, 404)


def test_a_mount_path_leaves_the_root_empty(root):
    with serve(root, "unrolled") as origin:
        inside, _ = ask(origin, "/unrolled/")
        outside, _ = ask(origin, "/")
    assert (inside.status, outside.status) == (200, 404)


def test_head_answers_without_a_body(root):
    with serve(root) as origin:
        answer, body = ask(origin, "/", "HEAD")
    assert (answer.status, body) == (200, b"")


def test_a_rebuilt_file_is_served_anew(root):
    with serve(root) as origin:
        ask(origin, "/")
    (root / "index.html").write_text("rebuilt")
    with serve(root) as origin:
        _, body = ask(origin, "/")
    assert gzip.decompress(body) == b"rebuilt"
