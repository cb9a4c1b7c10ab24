"""What frames every page: navigation, the footer, and the way to the other language."""

from pathlib import Path

import pytest

from tests.builders import read_catalog, snippet_data, write_catalog
from tests.conftest import ROOT
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.pages.shell import SHEETS, footer_links, navigation, one_sheet, partner_address

STYLES = ROOT / "docs/assets/stylesheets"

PAGES = [
    "catalog/index.md", "data/index.md", "index.md", "learn/baking.md", "learn/dough.md",
    "learn/index.md", "learn/appendix.md",
]  # fmt: skip


def test_sections_hold_topics_in_teaching_order_and_no_resource(tmp_path: Path) -> None:
    home, learn, *others = navigation(read_catalog(write_catalog(tmp_path)), PAGES, "en")
    assert home == "index.md"
    assert list(learn.values()) == [
        ["learn/index.md", "learn/dough.md", "learn/baking.md", "learn/appendix.md"]
    ]
    assert [list(section.values()) for section in others] == [
        ["catalog/index.md"], ["data/index.md"],
    ]  # fmt: skip


def test_link_health_stands_with_the_pages_on_how_to_help(tmp_path: Path) -> None:
    catalog = read_catalog(write_catalog(tmp_path))
    help_pages = ["contribute/index.md", "contribute/command.md"]
    *_, contribute = navigation(catalog, ["health/index.md", *help_pages], "en")
    assert contribute == {"Contribute": [*help_pages, "health/index.md"]}
    assert "health" not in str(navigation(catalog, ["health/index.md", "index.md"], "en"))


def test_single_snippets_are_left_to_their_list(tmp_path: Path) -> None:
    catalog = read_catalog(write_catalog(tmp_path, snippets=[snippet_data("mixing/fold")]))
    paths = ["snippets/index.md", "snippets/mixing/fold.md"]
    assert {"Snippets": "snippets/index.md"} in navigation(catalog, paths, "en")
    assert not [one for one in navigation(catalog, paths[1:], "en") if "Snippets" in one]


def test_style_sheets_are_joined_without_their_comments() -> None:
    assert one_sheet(["/* a\nb */\np { top: 0; }\n", "q{}/* c */"]) == "p { top: 0; }\nq{}"
    assert {path.name for path in STYLES.glob("*.css")} == set(SHEETS)


def test_section_names_follow_the_language(tmp_path: Path) -> None:
    catalog = read_catalog(write_catalog(tmp_path))
    english, chinese = (
        [title for section in navigation(catalog, PAGES, language)[1:] for title in section]
        for language in SITE_LANGUAGES
    )
    assert all(title.isascii() for title in english)
    assert not any(title.isascii() for title in chinese)


def test_the_footer_links_only_to_pages_there_are() -> None:
    assert [link["href"] for link in footer_links(PAGES, "en")] == ["data/"]
    both = [*PAGES, "contribute/index.md"]
    assert [link["href"] for link in footer_links(both, "zh")] == ["contribute/", "data/"]
    health, *_ = footer_links([*both, "health/index.md"], "zh")
    assert health == {"href": "health/", "title": "链接状况"}


@pytest.mark.parametrize(
    ("address", "language", "partner"),
    [
        ("", "en", "zh/"),
        ("", "zh", "../"),
        ("learn/", "en", "../zh/learn/"),
        ("learn/lstm/", "en", "../../zh/learn/lstm/"),
        ("learn/lstm/", "zh", "../../../learn/lstm/"),
    ],
)
def test_a_page_knows_the_way_to_its_partner(
    address: str, language: SiteLanguage, partner: str
) -> None:
    assert partner_address(address, language) == partner
