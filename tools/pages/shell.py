"""What frames every page: the sections of the site and the files that stand beside the pages."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from tools.model.catalog import Catalog
from tools.model.words import SiteLanguage
from tools.pages.render import interface_words

# In the order of the cascade; joined into one file, since a dozen would weigh a third more.
SHEETS = (
    "tokens.css", "material.css", "shell.css", "reading.css", "code.css", "figures.css",
    "plots.css", "lists.css", "home.css", "topic.css", "runs.css", "catalog.css", "path.css",
    "health.css", "progress.css", "dashboard.css", "print.css",
)  # fmt: skip
_COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)

# What needs a hand, so it stands with the pages on how to lend one.
_HEALTH = "health/index.md"
SECTIONS = (
    "learn", "snippets", "catalog", "path", "progress", "questions", "contribute", "data",
)  # fmt: skip


def navigation(catalog: Catalog, paths: list[str], language: SiteLanguage) -> list[Any]:
    """The sections with their pages, topics in teaching order.

    Resources and the pages of single snippets are never in it: it is written into every page.
    """
    words = interface_words()
    runs = {f"snippets/{snippet.id}.md" for snippet in catalog.snippets}
    sections: list[Any] = ["index.md"]
    for name in SECTIONS:
        pages = [f"{name}/index.md"] if f"{name}/index.md" in paths else []
        if name == "learn":
            pages += [f"learn/{topic.id}.md" for topic in catalog.topics]
        listed = runs.union(pages)
        pages += sorted(
            path for path in paths if path.startswith(f"{name}/") and path not in listed
        )
        if name == "contribute" and pages and _HEALTH in paths:
            pages.append(_HEALTH)
        title = words[f"tab-{name}"].to(language)
        sections += [{title: pages if len(pages) > 1 else pages[0]}] if pages else []
    return sections


def footer_links(paths: list[str], language: SiteLanguage) -> list[dict[str, str]]:
    """The quiet links below every page, as `href` from the language's root and `title`."""
    words = interface_words()
    return [
        {"href": f"{name}/", "title": words[f"tab-{name}"].to(language)}
        for name in ("health", "contribute", "data")
        if f"{name}/index.md" in paths
    ]


def partner_address(address: str, language: SiteLanguage) -> str:
    """The way from a page to the same page in the other language: `../../zh/learn/lstm/`."""
    up = "../" * len(PurePosixPath(address).parts)
    return f"{up}zh/{address}" if language == "en" else f"{up}../{address}"


def one_sheet(sheets: Iterable[str]) -> str:
    """All style sheets as one, without their comments."""
    return _COMMENT.sub("", "".join(sheets))
