"""The BibTeX of a resource: what stands in it, and that no title can break out of it."""

from typing import Any

import pytest

from tools.exchange.bibtex import bibtex, tex
from tools.model.resource import Resource
from tools.model.words import Words


def resource(**changed: Any) -> Resource:
    valid: dict[str, Any] = {
        "id": "illustrated-transformer",
        "title": "The Illustrated Transformer",
        "url": "https://jalammar.github.io/illustrated-transformer/",
        "kind": "article",
        "language": "en",
        "topics": ("transformer",),
        "level": "beginner",
        "summary": Words(en="A.", zh="甲。"),
        "added": "2026-11-20",
    }
    return Resource(**valid | changed)


def test_an_entry_holds_what_the_catalog_knows() -> None:
    assert bibtex(resource(authors=("Jay Alammar",), published="2018-06-27")) == (
        "@online{illustrated-transformer,\n"
        "  author = {Jay Alammar},\n"
        "  title  = {{The Illustrated Transformer}},\n"
        "  date   = {2018-06-27},\n"
        "  url    = {https://jalammar.github.io/illustrated-transformer/},\n"
        "}\n"
    )


def test_what_is_not_known_is_left_out() -> None:
    assert "author" not in bibtex(resource())
    assert "date" not in bibtex(resource())


@pytest.mark.parametrize(
    ("kind", "type"),
    [
        ("article", "online"),
        ("video", "online"),
        ("book", "book"),
        ("paper", "misc"),
        ("code", "misc"),
    ],
)
def test_the_type_follows_the_kind(kind: str, type: str) -> None:
    assert bibtex(resource(kind=kind)).startswith(f"@{type}{{illustrated-transformer,\n")


def test_arxiv_papers_carry_their_eprint() -> None:
    entry = bibtex(resource(kind="paper", url="https://arxiv.org/abs/1706.03762"))
    assert "eprint     = {1706.03762}," in entry
    assert "eprinttype = {arxiv}," in entry


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (("Ashish Vaswani", "Noam Shazeer"), "{Ashish Vaswani and Noam Shazeer}"),
        (("苏剑林",), "{{苏剑林}}"),
        (("r2rt",), "{{r2rt}}"),
        (("Google Brain, Research",), "{{Google Brain, Research}}"),
        (("Dive and Learn",), "{{Dive and Learn}}"),
    ],
)
def test_names_are_joined_or_kept_whole(names: tuple[str, ...], written: str) -> None:
    assert f"author = {written}," in bibtex(resource(authors=names))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("100% of R&D_1 #2 $3", r"100\% of R\&D\_1 \#2 \$3"),
        ("a{b}c", r"a\{b\}c"),
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ("x^2 ~ y", r"x\textasciicircum{}2 \textasciitilde{} y"),
        ("two\n lines", "two lines"),
        ("图解 Transformer", "图解 Transformer"),
    ],
)
def test_tex_specials_are_only_themselves(text: str, written: str) -> None:
    assert tex(text) == written


def test_no_address_closes_its_field() -> None:
    assert "url   = {https://x.org/%7Da%7B?q=1&b=%20}," in bibtex(
        resource(url="https://x.org/}a{?q=1&b=%20")
    )
