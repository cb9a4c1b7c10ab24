"""The thin door to MkDocs: hands it the pages, files and words that `tools.pages` makes.

Beside the live server the only file that imports mkdocs; for another engine, `catalog pages OUT`
writes the same pages.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import mkdocs.plugins
from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File as MkDocsFile
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page as MkDocsPage

from tools.model.progress import STATUSES
from tools.model.words import SiteLanguage
from tools.pages.build import with_blocks
from tools.pages.code import out_of_search, readable
from tools.pages.mathematics import FormulaError, with_mathml
from tools.pages.page import File, Page
from tools.pages.render import PLAIN_JSON, interface_words, script_words
from tools.pages.search import in_plain_letters, search_entries
from tools.pages.shell import SHEETS, footer_links, navigation, one_sheet, partner_address
from tools.source import LanguageSite, SourceProblems, read_site

_LOCAL = "http://127.0.0.1:8000/"


@dataclass(slots=True)
class _Build:
    """What a build keeps between MkDocs' events."""

    site: LanguageSite
    pages: dict[str, Page] = field(default_factory=dict)


_current: _Build


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Read the catalog and the pages; names, addresses and navigation follow from them."""
    global _current
    language: SiteLanguage = "zh" if config.theme["language"] == "zh" else "en"
    root = Path(config.docs_dir).parent.parent
    base = _base()
    config.site_url = f"{base}zh/" if language == "zh" else base
    try:
        site = read_site(root, language, base=config.site_url)
    except SourceProblems as found:
        raise Abort("\n".join(str(problem) for problem in found.problems)) from None
    _current = _Build(site, {part.path: part for part in site.parts if isinstance(part, Page)})
    names = site.catalog.site
    config.site_name = f"{names.name.to(language)} · {names.tagline.to(language)}"
    config.site_description = names.tagline.to(language)
    config.nav = navigation(site.catalog, list(_current.pages), language)
    config.extra |= {
        "site": {"id": names.id, "name_en": names.name.en, "name_zh": names.name.zh},
        "words": {key: said.to(language) for key, said in interface_words().items()},
        "footer": footer_links(list(_current.pages), language),
        "home": urlsplit(config.site_url).path,
        "statuses": STATUSES,
        "renamed": site.catalog.renamed,
        "progress_words": script_words("progress-say-", language),
        "partner_home": urlsplit(base).path + ("zh/" if language == "en" else ""),
    }
    config.extra_css.append("assets/unrolled.css")
    return config


def _base() -> str:
    """Where the English site will stand, with the last slash."""
    return os.environ.get("SITE_URL", _LOCAL).rstrip("/") + "/"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add pages without a file of their own, the downloads, and the assets both languages share."""
    docs = Path(config.docs_dir).parent
    for part in _current.site.parts:
        if not isinstance(part, Page):
            files.append(_copied(part, config))
        elif files.get_file_from_path(part.path) is None:
            files.append(MkDocsFile.generated(config, part.path, content=part.text))
    for path in sorted((docs / "assets").rglob("*")):
        if path.is_file() and path.suffix != ".css":
            name = path.relative_to(docs).as_posix()
            files.append(MkDocsFile(name, str(docs), config.site_dir, config.use_directory_urls))
    styles = one_sheet((docs / "assets/stylesheets" / name).read_text("utf-8") for name in SHEETS)
    files.append(MkDocsFile.generated(config, "assets/unrolled.css", content=styles))
    return files


def on_env(env: Environment, **_: Any) -> Environment:
    """Have the theme's templates write JSON as ours do."""
    env.policies["json.dumps_kwargs"] = PLAIN_JSON
    return env


def _copied(part: File, config: MkDocsConfig) -> MkDocsFile:
    """A file as it is: of one that it knows by a name in `.md`, MkDocs would make a page."""
    name = part.path.replace(".md", ".md.txt")
    file = MkDocsFile.generated(config, name, content=part.content)
    file.dest_uri = part.path
    return file


def on_page_content(html: str, page: MkDocsPage, **_: Any) -> str:
    """Formulas become MathML; markers stay, so that the search index holds prose alone."""
    return out_of_search(_with_mathml(html, page))


def _with_mathml(html: str, page: MkDocsPage) -> str:
    try:
        return with_mathml(html)
    except FormulaError as error:
        raise Abort(f"{page.file.src_uri}: {error}") from None


def on_page_context(context: dict[str, Any], page: MkDocsPage, **_: Any) -> dict[str, Any]:
    """Tell the templates where the same page stands in the other language."""
    language = _current.site.language
    # MkDocs declares no such names; its templates read whatever a page has.
    page.partner_url = partner_address(page.url, language)  # type: ignore[attr-defined]
    partner = f"zh/{page.url}" if language == "en" else page.url
    page.partner_canonical = _base() + partner  # type: ignore[attr-defined]
    return context


def on_post_page(output: str, page: MkDocsPage, **_: Any) -> str:
    """Put the blocks in, after Markdown and after the search index."""
    blocks = _current.pages[page.file.src_uri].blocks
    return readable(_with_mathml(with_blocks(output, blocks), page))


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of a page as Material's search index takes it."""

    id: str
    title: list[str]
    text: list[str]


@mkdocs.plugins.event_priority(100)
def on_post_build(config: MkDocsConfig) -> None:
    """Add resources and questions to the search index, before the search plugin writes it."""
    plugin = config.plugins.get("material/search")
    if plugin is None:
        return
    write = plugin.search_index.generate_search_index
    plugin.search_index.generate_search_index = lambda before: in_plain_letters(write(before))
    page = SimpleNamespace(meta={})  # As far as the index asks for one.
    for entry in search_entries(_current.site.catalog, _current.site.language):
        section = _Section(entry.anchor, [entry.title], [entry.text])
        plugin.search_index.create_entry_for_section(section, [], entry.page, page)
