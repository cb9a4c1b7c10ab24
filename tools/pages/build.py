"""All pages of one language, from the words in `docs/` and the catalog."""

import re
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from tools.model.catalog import Catalog
from tools.model.problem import Problem, found, listed
from tools.model.record import SnippetRecord
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.pages.blocks import BLOCKS, TOPIC_BLOCKS, block_for
from tools.pages.catalog_page import catalog_files
from tools.pages.context import Context, Drawing
from tools.pages.page import File, Html, Page
from tools.pages.path_page import gists_file, path_file
from tools.pages.progress_page import subjects_file
from tools.pages.render import render
from tools.pages.rows import Cite
from tools.storage.yaml import YamlError, read_yaml

Prose = Mapping[str, str]

_MARKER = re.compile(r"<!-- block: ([a-z-]+(?: [\w/.-]+)?) -->")
_FENCED = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.MULTILINE | re.DOTALL)
# What Markdown or its preprocessors could take for their own inside a block's text; the `#` of a
# reference that stands there already is left alone.
_MARKDOWN = re.compile(r"(?<!&)#|[\\`*_{}\[\]()+\-.!|~:$^='\"@]")
_HEAD = re.compile(r"---\n(.*?)^---$", re.MULTILINE | re.DOTALL)
_BLANK_LINES = re.compile(r"\n([^\S\n]*\n)+")
_TAG = re.compile(r"(<[^>]*>)")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def build(
    catalog: Catalog,
    prose: Prose,
    language: SiteLanguage,
    *,
    downloads: tuple[File, ...] = (),
    cite: Cite | None = None,
    records: Mapping[str, SnippetRecord] = _NOTHING,
    codes: Mapping[str, tuple[File, ...]] = _NOTHING,
    figures: Mapping[str, Drawing] = _NOTHING,
) -> Iterator[Page | File]:
    """Every page and file of a language; `prose` are its hand-written pages by path.

    `downloads` are files of other services to offer, `cite` writes a resource's citation.
    `records` and `codes` are what machines found of the snippets and the files to take away, by
    snippet id; `figures` draw by name.

    A topic or snippet without a page of its own gets the plain one. Call `prose_problems` first.
    """
    for path, text in sorted(_all_prose(catalog, prose, language).items()):
        context = Context(catalog, language, path, downloads, cite, records, codes, figures)
        yield _page(context, text)
    yield from catalog_files(catalog, language, cite=cite)
    yield path_file(catalog)
    yield gists_file(catalog, language)
    yield subjects_file(catalog, language)
    yield from downloads
    for snippet in catalog.snippets:
        yield from codes.get(snippet.id, ())


def prose_problems(
    prose_by_language: Mapping[SiteLanguage, Prose],
    topics: Collection[str],
    folder: str,
    subjects: Collection[str] = (),
) -> list[Problem]:
    """What keeps hand-written pages from being built: wrong blocks, pages without a partner.

    `subjects` are the blocks with a subject that may be asked for, see `blocks.asked_for`.
    """
    problems = []
    for language, prose in prose_by_language.items():
        for path, text in prose.items():
            place = f"{folder}/{language}/{path}"
            for line, message in _head_faults(text):
                problems.append(Problem(place, line, "head", message))
            for line, message in _block_faults(path, text, topics, subjects):
                problems.append(Problem(place, line, "block", message))
            for other in SITE_LANGUAGES:
                if path not in prose_by_language[other]:
                    missing = f"{folder}/{other}/{path}"
                    message = f"found no {missing}, expected the page in both languages"
                    problems.append(Problem(place, 0, "", message))
    return sorted(problems)


def _head_faults(text: str) -> Iterator[tuple[int, str]]:
    """What is wrong with the YAML on top of a page: MkDocs would pass over all of it in silence."""
    head = _HEAD.match(text)
    try:
        said = read_yaml(head[1]) if head else {}
    except YamlError as error:
        yield from ((line + 1, message) for line, message in error.faults)
        return
    if not isinstance(said, dict):
        yield 2, found(said, "keys with values, such as title: …")


def _block_faults(
    path: str, text: str, topics: Collection[str], subjects: Collection[str]
) -> Iterator[tuple[int, str]]:
    """Blocks that do not exist, and a topic's blocks on a page that is no topic's."""
    of_topic = path in {f"learn/{id}.md" for id in topics}
    plain = BLOCKS if of_topic else BLOCKS.keys() - TOPIC_BLOCKS.keys()
    for marker in _markers(text):
        asked = marker[1]
        if asked not in plain and asked not in subjects:
            name = asked.partition(" ")[0]
            alike = [known for known in subjects if known.startswith(f"{name} ")]
            line = text.count("\n", 0, marker.start()) + 1
            yield line, found(asked, listed(sorted(alike or plain)))


def with_blocks(html: Html, blocks: Mapping[str, Html]) -> Html:
    """A page after Markdown, its markers replaced in one pass: a block cannot ask for another."""
    return _MARKER.sub(lambda marker: blocks.get(marker[1], marker[0]), html)


def whole_text(page: Page) -> str:
    """The page as Markdown for any engine: blocks in place, their text safe from Markdown."""
    safe = {name: _safe_from_markdown(block) for name, block in page.blocks.items()}
    pieces, at = [], 0
    for marker in _markers(page.text):
        pieces += [page.text[at : marker.start()], safe[marker[1]]]
        at = marker.end()
    return "".join([*pieces, page.text[at:]])


def _all_prose(catalog: Catalog, prose: Prose, language: SiteLanguage) -> dict[str, str]:
    pages = dict(prose)
    for topic in catalog.topics:
        path = f"learn/{topic.id}.md"
        if path not in pages:
            pages[path] = render("topic.md", language, topic=topic)
    for snippet in catalog.snippets:
        path = f"snippets/{snippet.id}.md"
        if path not in pages:
            pages[path] = render("run.md", language, snippet=snippet)
    return pages


def _page(context: Context, text: str) -> Page:
    names = [marker[1] for marker in _markers(text)]
    return Page(context.path, text, {asked: block_for(context, asked) for asked in names})


def _markers(text: str) -> Iterator[re.Match[str]]:
    """The markers of a page's text, apart from those that a code block shows."""
    return _MARKER.finditer(_FENCED.sub(lambda code: " " * len(code[0]), text))


def _safe_from_markdown(block: Html) -> Html:
    """The same markup with every character that Markdown reads written as a reference.

    Inside tags only line ends can do harm. Blank lines would end a raw block, and belong to code.
    """
    pieces = _TAG.split(_BLANK_LINES.sub(_filled, block))
    tags = [tag.replace("\n", "&#10;") for tag in pieces[1::2]]
    texts = [_MARKDOWN.sub(lambda found: f"&#{ord(found[0])};", text) for text in pieces[::2]]
    return "".join(text + tag for text, tag in zip(texts, [*tags, ""], strict=True))


def _filled(blank_lines: re.Match[str]) -> str:
    """The same line ends, with no line between them empty."""
    return "\n" + blank_lines[0][1:].replace("\n", "&#10;")
