"""The built site as one value: its pages, its files, its own address, and the visits paid to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from tools.audit.html import Facts, read
from tools.audit.verdicts import CannotRun
from tools.audit.visit import Visit

# A host that cannot exist stands for "here" while addresses are joined.
_HERE = "http://here.invalid"
_BOOKMARKS = b"<!DOCTYPE NETSCAPE-Bookmark-file-1>"


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML file: its path in the folder, its address below the mount path, its facts."""

    path: str
    address: str
    text: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Target:
    """Where an address leads: a file of this site, another host, or out of the mount path."""

    host: str = ""
    path: str = ""
    fragment: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """The folder as read, plus what was seen when its pages were opened."""

    root: Path
    base_path: str
    published: str
    pages: Mapping[str, Page]
    files: frozenset[str]
    visits: tuple[Visit, ...] = ()

    def resolve(self, page: str, address: str) -> Target | None:
        """Where an address written on a page (or in a file) leads; None for mail, data and such."""
        try:
            url = urljoin(f"{_HERE}{self.base_path}{shown(page)}", address)
        except ValueError:
            # Not an address at all, such as `http://[`: no file will have this name.
            return Target(path=address)
        if self.published and url.startswith(self.published):
            url = _HERE + self.base_path + url.removeprefix(self.published)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            return None
        if f"{parts.scheme}://{parts.netloc}" != _HERE:
            return Target(host=parts.netloc)
        return Target(path=self._file(parts.path), fragment=unquote(parts.fragment))

    def _file(self, url_path: str) -> str:
        inside = unquote(url_path).removeprefix(self.base_path)
        if not url_path.startswith(self.base_path):
            return f"..{url_path}"
        return f"{inside}index.html" if inside == "" or inside.endswith("/") else inside

    def size(self, path: str) -> int:
        """Bytes of a file on disk."""
        return (self.root / path).stat().st_size


def load(root: Path, base_path: str = "/") -> Site:
    """The site in a folder, served below `base_path`."""
    if not (root / "index.html").is_file():
        raise CannotRun(f"{root} holds no index.html; build the site first: make site")
    files = frozenset(f.relative_to(root).as_posix() for f in root.rglob("*") if f.is_file())
    pages = {path: _page(root, path) for path in sorted(files) if _is_page(root, path)}
    return Site(root, mount(base_path), _published(pages["index.html"]), pages, files)


def mount(base_path: str) -> str:
    """A mount path with both its slashes: `/`, `/unrolled/`."""
    inner = base_path.strip("/")
    return f"/{inner}/" if inner else "/"


def _is_page(root: Path, path: str) -> bool:
    """Whether a file is a page; a bookmark file is called like one and is a download."""
    if not path.endswith(".html"):
        return False
    with (root / path).open("rb") as file:
        return file.read(len(_BOOKMARKS)) != _BOOKMARKS


def _page(root: Path, path: str) -> Page:
    text = (root / path).read_text(encoding="utf-8")
    return Page(path, shown(path), text, read(text))


def _published(home: Page) -> str:
    """The address the site says it has, from its home page's canonical link; may be empty."""
    canonical = (r.address for r in home.facts.references if "canonical" in r.rel)
    address = next(canonical, "")
    return address.rstrip("/") + "/" if urlsplit(address).netloc else ""


@lru_cache(maxsize=4096)
def shown(path: str) -> str:
    """The address of a file as a reader sees it: a folder for its index page."""
    folder, _, name = path.rpartition("/")
    return (f"{folder}/" if folder else "") if name == "index.html" else path
