"""What frames every page: the sections of the site and the files that stand beside the pages."""

from pathlib import PurePosixPath
from typing import Any

from tools.model.catalog import Catalog
from tools.model.words import SiteLanguage
from tools.pages.render import interface_words

SECTIONS = ("learn", "catalog", "questions", "contribute", "data")


def navigation(catalog: Catalog, paths: list[str], language: SiteLanguage) -> list[Any]:
    """The sections with their pages, topics in teaching order; resources are never in it."""
    words = interface_words()
    sections: list[Any] = ["index.md"]
    for name in SECTIONS:
        pages = [f"{name}/index.md"] if f"{name}/index.md" in paths else []
        if name == "learn":
            pages += [f"learn/{topic.id}.md" for topic in catalog.topics]
        pages += sorted(path for path in paths if path.startswith(f"{name}/") and path not in pages)
        title = words[f"tab-{name}"].to(language)
        sections += [{title: pages if len(pages) > 1 else pages[0]}] if pages else []
    return sections


def footer_links(paths: list[str], language: SiteLanguage) -> list[dict[str, str]]:
    """The quiet links below every page, as `href` from the language's root and `title`."""
    words = interface_words()
    return [
        {"href": f"{name}/", "title": words[f"tab-{name}"].to(language)}
        for name in ("contribute", "data")
        if f"{name}/index.md" in paths
    ]


def partner_address(address: str, language: SiteLanguage) -> str:
    """The way from a page to the same page in the other language: `../../zh/learn/lstm/`."""
    up = "../" * len(PurePosixPath(address).parts)
    return f"{up}zh/{address}" if language == "en" else f"{up}../{address}"
