"""Page kinds, read off the address, and the sample that holds one page of each."""

from collections.abc import Iterable, Mapping

from tools.audit.site import Page

# English stands at the root; every other language has a folder.
LANGUAGE_FOLDERS = ("zh",)


def language_folder(path: str) -> str:
    """The folder a page's language lives in: `zh/`, or nothing for English."""
    first, slash, _ = path.partition("/")
    return first + slash if slash and first in LANGUAGE_FOLDERS else ""


def kind_of(address: str) -> str:
    """What kind of page an address shows: `home`, `404`, `catalog/`, `learn/*`, `runs/*/*`."""
    inner = address.removeprefix(language_folder(address))
    if inner in ("", "404.html"):
        return inner.removesuffix(".html") or "home"
    first, *rest = inner.rstrip("/").split("/")
    return "/".join([first, *("*" for _ in rest)]) if rest else f"{first}/"


def sample(pages: Mapping[str, Page]) -> tuple[Page, ...]:
    """One page of every kind in every language: the longest, which has most that can go wrong."""
    chosen: dict[tuple[str, str], Page] = {}
    for page in _longest_first(pages.values()):
        chosen.setdefault((language_folder(page.path), kind_of(page.address)), page)
    return tuple(chosen[key] for key in sorted(chosen))


def _longest_first(pages: Iterable[Page]) -> list[Page]:
    return sorted(pages, key=lambda page: (-len(page.text), page.path))
