"""The BibTeX file as bibtexparser reads it, with TeX's commands turned back into signs."""

import bibtexparser
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors
from pylatexenc.latex2text import (
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)

from tests.builders import resource
from tests.exchange.conftest import one_line
from tools.exchange.exporters.bibtex import to_bibtex
from tools.model.catalog import Catalog

# Three signs by names that pylatexenc lacks or draws as a look-alike; LaTeX itself defines them.
_SIGNS = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}


def decoder() -> LatexNodes2Text:
    known = get_default_latex_context_db()
    macros = [MacroTextSpec(name, simplify_repl=sign) for name, sign in _SIGNS.items()]
    known.add_context_category("ours", prepend=True, macros=macros)
    return LatexNodes2Text(latex_context=known)


def read(text: str) -> bibtexparser.Library:
    chain = [SeparateCoAuthors(), LatexDecodingMiddleware(decoder=decoder())]
    return bibtexparser.parse_string(text, append_middleware=chain)


def names(entry: bibtexparser.model.Entry) -> list[str]:
    """The authors; the chain takes them apart but decodes only what is one text."""
    return [decoder().latex_to_text(name) for name in entry["author"]]


def test_every_resource_is_an_entry_in_order(hostile: Catalog, bread: Catalog) -> None:
    for catalog in (hostile, bread):
        library = read(to_bibtex(catalog))
        assert library.failed_blocks == []
        assert [entry.key for entry in library.entries] == sorted(catalog.resources)
        assert len(library.blocks) == len(catalog.resources)


def test_titles_authors_and_addresses_survive(hostile: Catalog) -> None:
    for entry in read(to_bibtex(hostile)).entries:
        resource = hostile.resources[entry.key]
        assert entry["title"] == one_line(resource.title)
        assert names(entry) == [one_line(name) for name in resource.authors]


def test_chinese_survives(bread: Catalog) -> None:
    assert read(to_bibtex(bread)).entries_dict["rye-film"]["title"] == "黑麦面包"


def test_every_field_closes_for_a_reader_that_counts_every_brace(hostile: Catalog) -> None:
    depth = 0
    for sign in to_bibtex(hostile):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize("name", ["Dive AND Learn", "A, B", "others"])
def test_a_name_is_never_taken_apart(name: str, bread: Catalog) -> None:
    catalog = Catalog(site=bread.site, resources={"one": resource("one", authors=[name])})
    assert names(read(to_bibtex(catalog)).entries[0]) == [name]
