"""A small web server for the built site: loopback only, gzip as a real host would, 404.html."""

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from tools.audit.site import mount

_TYPES = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json", ".map": "application/json", ".ipynb": "application/json",
    ".svg": "image/svg+xml", ".xml": "application/xml", ".atom": "application/atom+xml",
    ".txt": "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8",
    ".py": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8",
    ".bib": "text/plain; charset=utf-8", ".webmanifest": "application/manifest+json",
    ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".gif": "image/gif",
    ".ico": "image/x-icon", ".woff2": "font/woff2", ".gz": "application/gzip",
    ".zip": "application/zip", ".pdf": "application/pdf",
}  # fmt: skip
_PACKED = (
    "text/",
    "application/json",
    "application/xml",
    "application/atom",
    "image/svg",
)
_LATE = (".js", ".mjs", ".json")
# How often the server looks whether it should stop, in seconds.
_POLL = 0.01


def content_type(path: Path) -> str:
    """The type a file is served with."""
    return _TYPES.get(path.suffix.lower(), "application/octet-stream")


@cache
def body(path: Path) -> tuple[bytes, bool]:
    """What goes over the wire for a file, and whether it is gzipped: text is, at level 6."""
    plain = path.read_bytes()
    if not content_type(path).startswith(_PACKED):
        return plain, False
    return gzip.compress(plain, compresslevel=6, mtime=0), True


@contextmanager
def serve(root: Path, base_path: str = "/", late: float = 0.0) -> Iterator[str]:
    """The origin at which a folder is served while the block runs.

    `late` holds scripts and their files back by so many seconds: on loopback everything else
    arrives before the first paint, and a layout that jumps when scripts arrive would go unseen.
    """
    # Bodies are remembered by path, and a folder may have been rebuilt since the last time.
    body.cache_clear()
    handler = partial(_Answer, root.resolve(), mount(base_path), late)
    server = _Server(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, args=(_POLL,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that closes a tab mid-answer is not worth a traceback."""


class _Answer(BaseHTTPRequestHandler):
    """Answers GET and HEAD for files below a folder."""

    # Otherwise every small answer waits some 40 ms for the one before to be acknowledged.
    disable_nagle_algorithm = True

    protocol_version = "HTTP/1.1"

    def __init__(self, root: Path, base_path: str, late: float, *connection: Any) -> None:
        self.root, self.base_path, self.late = root, base_path, late
        super().__init__(*connection)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the visits tell what was asked for."""

    def do_GET(self) -> None:
        wanted = self._wanted()
        if wanted is None:
            self._send(self.root / "404.html", HTTPStatus.NOT_FOUND)
        elif wanted.is_dir():
            self._redirect(urlsplit(self.path).path + "/")
        else:
            self._send(wanted, HTTPStatus.OK)

    do_HEAD = do_GET

    def _wanted(self) -> Path | None:
        """The file asked for, the folder if its slash is missing, or nothing."""
        path = unquote(urlsplit(self.path).path)
        if not path.startswith(self.base_path):
            return None
        found = (self.root / path.removeprefix(self.base_path)).resolve()
        if not found.is_relative_to(self.root):
            return None
        if path.endswith("/"):
            found /= "index.html"
        return found if found.exists() else None

    def _redirect(self, address: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, path: Path, status: HTTPStatus) -> None:
        if path.suffix in _LATE:
            time.sleep(self.late)
        content, packed = body(path) if path.is_file() else (b"", False)
        self.send_response(status)
        self.send_header("Content-Type", content_type(path))
        self.send_header("Content-Length", str(len(content)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)
