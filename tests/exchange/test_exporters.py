"""What all exports promise: the same bytes for the same catalog, a line end last, nothing lost."""

from dataclasses import replace

import pytest

from tests.exchange.conftest import golden
from tools.exchange.exporters import EXPORTERS
from tools.model.catalog import Catalog
from tools.model.site import Site
from tools.model.text import control_character
from tools.model.words import SITE_LANGUAGES, SiteLanguage, Words

CASES = [(name, language) for name in EXPORTERS for language in SITE_LANGUAGES]


def file_of(name: str, language: SiteLanguage) -> str:
    """Where the golden file lies; the formats that know no language have one."""
    file = EXPORTERS[name].file
    return f"zh/{file}" if language == "zh" and name in ("markdown", "opml", "bookmarks") else file


@pytest.mark.parametrize(("name", "language"), CASES)
def test_the_whole_file_is_as_it_should_be(
    name: str, language: SiteLanguage, bread: Catalog
) -> None:
    written = EXPORTERS[name].write(bread, language)
    assert written.encode() == golden(file_of(name, language))
    assert written.endswith("\n")


@pytest.mark.parametrize(("name", "language"), CASES)
def test_the_order_in_which_files_were_read_does_not_matter(
    name: str, language: SiteLanguage, bread: Catalog
) -> None:
    turned = replace(bread, resources=dict(reversed(bread.resources.items())))
    write = EXPORTERS[name].write
    assert write(turned, language) == write(bread, language)


@pytest.mark.parametrize(("name", "language"), CASES)
def test_a_catalog_without_resources_can_be_exported(name: str, language: SiteLanguage) -> None:
    empty = Words(en="Empty", zh="空")
    catalog = Catalog(site=Site(id="x", name=empty, tagline=empty, eras=()))
    assert EXPORTERS[name].write(catalog, language).endswith("\n") or name == "bibtex"


def test_no_two_formats_share_a_file() -> None:
    assert len({export.file for export in EXPORTERS.values()}) == len(EXPORTERS)


def test_what_xml_forbids_cannot_come_into_a_catalog() -> None:
    allowed = {0x9, 0xA, 0xD, *range(0x20, 0xD800), *range(0xE000, 0xFFFE)}
    # Halves of surrogate pairs are no characters: no UTF-8 file can hold one.
    forbidden = set(range(0x10000)) - allowed - set(range(0xD800, 0xE000))
    assert all(control_character(f"a{chr(code)}b") for code in forbidden)
