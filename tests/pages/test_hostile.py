"""Catalog text is text: it reaches the page as its own characters, through blocks and Markdown.

A catalog that says `benign` everywhere and one that says something hostile must give pages of the
same elements and attributes, which differ in that text alone.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import markdown
import pytest
from mkdocs.config import load_config
from mkdocs.utils.meta import get_data

from tests.builders import (
    note_data,
    question_data,
    read_catalog,
    resource_data,
    site_data,
    snippet_data,
    topic_data,
    write_catalog,
)
from tests.pages.findings import cell, comparison, proof, ratio, record, run
from tools.model.catalog import Catalog
from tools.model.link import EVIDENCE_KINDS
from tools.model.ratio import PathRatio
from tools.model.record import SnippetRecord
from tools.model.run import Metric
from tools.model.words import SiteLanguage
from tools.pages.blocks import BLOCKS
from tools.pages.build import build, whole_text
from tools.pages.page import Page
from tools.storage.yaml import read_yaml

ROOT = Path(__file__).parents[2]
HOSTILE = read_yaml((ROOT / "tests/cases/hostile.yml").read_text(encoding="utf-8"))
BENIGN = "benign"
VOID = {"path", "rect", "input", "br", "hr", "img", "meta", "link", "use"}
TOPIC_BLOCKS = ("strip", "plain-head", "facts", "snippets", "reading", "neighbours")
SNIPPETS = ("mixing/fold", "mixing/turn")
OTHER_BLOCKS = tuple(name for name in BLOCKS if name not in TOPIC_BLOCKS)


def saying(text: str, folder: Path) -> Catalog:
    """A catalog that says the text wherever it may say what it likes."""
    said = {"en": text, "zh": text}
    mention = {"note": "shelf", "section": text, "label": text, "category": text, "rating": 4,
               "says": said}  # fmt: skip
    resource = resource_data(
        title=text, titles={"zh": text, "fr": text}, authors=[text, "Ann"], summary=said,
        caveats=[said], mentions=[mention, {"note": "shelf", "label": text, "highlight": True}],
        answers=["why-knead"], aliases=["https://example.org/old"],
    )  # fmt: skip
    topic = {"title": said, "short": said, "summary": said}
    reading = [{"resource": "sourdough", "why": said}]
    return read_catalog(
        write_catalog(
            folder / "catalog",
            {"sourdough": resource},
            site=site_data(
                name=said, tagline=said, eras=[{"id": "first", "title": said}], frameworks=[]
            ),
            topics=[
                topic_data(**topic, reading=reading, snippets=["mixing/fold"]),
                topic_data("baking", **topic, requires=["dough"]),
            ],
            questions=[question_data(question=said, answer=said, resources=["sourdough"],
                                     note="shelf", line=3)],
            snippets=[
                snippet_data(id, title=said, summary=said, look=said, departs=said,
                             ablations=[{"id": "less", "title": said, "says": said,
                                         "noticed_by": text}])
                for id in SNIPPETS
            ],
            **{"notes/shelf.yml": note_data(title=said, short=said,
                                            marks={"*": {"means": said}, "👉": {"means": said}}),
               "state/links.jsonl": remembered(text)},
        )
    )  # fmt: skip


def remembered(text: str) -> str:
    """The memory of checks that saw the text at the resource, and at a link of that address."""
    # With a Chinese sign in every text, so that each says its language on an English page.
    evidence = [{"kind": kind, "value": f"{text}字"} for kind in EVIDENCE_KINDS]
    days = {"since": "2026-11-09", "failures": ["2026-11-09", "2026-11-16"]}
    told = {"verdict": "drifted", **days, "evidence": evidence}
    addresses = {"example.org/sourdough": "https://example.org/new", f"prose.example/{text}": text}
    lines = [{"url": url, "suggest": suggest, **told} for url, suggest in addresses.items()]
    return "".join(f"{json.dumps(line)}\n" for line in lines)


def found_by_machines(text: str) -> dict[str, SnippetRecord]:
    """A snippet that passed and one that failed, whose runs, tests and machine say the text."""
    versions = {text: text}
    cells = cell("picture", printed=text, picture="<svg></svg>"), cell("less", printed=text)
    metric = Metric(name=text, value=1, bar=2, chance=0)
    compared = comparison(oracle=f"by eye, {text}", what=text, dtype=text)
    passed = record(
        run=run(*cells, metric=metric, versions=versions),
        proof=proof(compared, versions=versions),
        ratio=ratio(
            twin=text,
            shape=text,
            machine=text,
            day=text,
            versions=versions,
            paths=(PathRatio(name=text, forward=1, both=2),),
        ),
    )
    failed = record(proof=proof(compared, failures=((text, text),)))
    return dict(zip(SNIPPETS, (passed, failed), strict=True))


def pages(catalog: Catalog, language: SiteLanguage, text: str) -> Iterator[Page]:
    """The plain pages of topics and snippets, and a page that asks for every other block."""
    asked = [*OTHER_BLOCKS, *(f"{name} {SNIPPETS[0]}" for name in ("proof", "picture", "metric"))]
    asked.append(f"ablation {SNIPPETS[0]}/less")
    prose = {"index.md": "".join(f"<!-- block: {name} -->\n\n" for name in asked)}
    for part in build(catalog, prose, language, records=found_by_machines(text)):
        if isinstance(part, Page):
            yield part


@dataclass
class Seen(HTMLParser):
    """What a browser would see: elements with the names of their attributes, texts, and values."""

    elements: list[Any] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=lambda: [""])

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "wbr" and not attrs:
            return  # Says only where a line may end.
        self.elements.append((tag, *(name for name, _ in attrs)))
        self.values += [value or "" for _, value in attrs]
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.elements.append(f"/{tag}")
        self.texts.append("")

    def handle_comment(self, data: str) -> None:
        self.elements.append(f"<!--{data}-->")

    def handle_data(self, data: str) -> None:
        self.texts[-1] += data


def seen(html: str) -> Seen:
    parser = Seen()
    parser.feed(html)
    parser.close()
    return parser


@cache
def engine() -> markdown.Markdown:
    config = load_config(str(ROOT / "mkdocs.yml"))
    return markdown.Markdown(
        extensions=config.markdown_extensions, extension_configs=config.mdx_configs
    )


def as_a_page(text: str) -> str:
    return engine().reset().convert(get_data(text)[0])


def one_line(text: str) -> str:
    return " ".join(text.split())


def assert_alike(hostile: Seen, benign: Seen, text: str) -> None:
    assert hostile.elements == benign.elements
    assert [one_line(part) for part in hostile.texts] == [
        one_line(part.replace(BENIGN, text)) for part in benign.texts
    ]
    for there, here in zip(benign.values, hostile.values, strict=True):
        if BENIGN in there:
            assert one_line(here) == one_line(there.replace(BENIGN, text))


@pytest.fixture(scope="module")
def benign(tmp_path_factory: pytest.TempPathFactory) -> dict[SiteLanguage, list[Page]]:
    catalog = saying(BENIGN, tmp_path_factory.mktemp("benign"))
    return {"en": [*pages(catalog, "en", BENIGN)], "zh": [*pages(catalog, "zh", BENIGN)]}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_text_stays_text(
    text: str,
    language: SiteLanguage,
    benign: dict[SiteLanguage, list[Page]],
    tmp_path: Path,
) -> None:
    hostile = [*pages(saying(text, tmp_path), language, text)]
    assert [page.path for page in hostile] == [page.path for page in benign[language]]
    for said, plain in zip(hostile, benign[language], strict=True):
        for name in plain.blocks:
            assert_alike(seen(said.blocks[name]), seen(plain.blocks[name]), text)
        here, there = whole_text(said), whole_text(plain)
        assert_alike(seen(as_a_page(here)), seen(as_a_page(there)), text)
        assert str(get_data(here)[1]) == str(get_data(there)[1]).replace(repr(BENIGN), repr(text))


def test_the_benign_pages_hold_every_text(benign: dict[SiteLanguage, list[Page]]) -> None:
    for language, made in benign.items():
        said = {name for page in made for name, block in page.blocks.items() if BENIGN in block}
        assert said >= set(BLOCKS) - {"counts", "downloads", "now", "progress"}, language


def test_a_text_that_were_not_escaped_would_be_noticed(benign: Any) -> None:
    block = benign["en"][0].blocks["road"]
    with pytest.raises(AssertionError):
        assert_alike(seen(block.replace(BENIGN, "<b>x</b>")), seen(block), "<b>x</b>")
    with pytest.raises(AssertionError):
        assert_alike(seen(as_a_page("**x**")), seen(as_a_page(BENIGN)), "**x**")
