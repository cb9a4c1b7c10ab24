"""The catalog page: whole without scripts, true counts, and the files its scripts fetch."""

import json
import re
from pathlib import Path

import pytest
from shelves import catalog, resource, topic

from tools.model.catalog import Catalog
from tools.model.facts import facts_of
from tools.model.resource import Mention
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.pages.catalog_page import (
    FIRST_ROWS,
    MOST_ROWS,
    RECORDS_EACH,
    ROWS_EACH,
    catalog_block,
    catalog_files,
)
from tools.pages.facets import minute_steps
from tools.pages.page import File
from tools.pages.render import interface_words

MANY = catalog(*(resource(f"r-{n}", title=f"{n:05}") for n in range(MOST_ROWS + 1)))
ORDER = [f"r-{n}" for n in range(MOST_ROWS + 1)]


def block(made: Catalog, language: SiteLanguage = "en") -> str:
    return catalog_block(made, language, "../", cite=lambda found: f"cite {found.id}")


def row_ids(html: str) -> list[str]:
    return re.findall(r'<tr class="u-row" id="([\w-]+)"', html)


def record_ids(html: str) -> list[str]:
    return re.findall(r'<tr class="u-detail" id="([\w-]+)--record"', html)


def counted(html: str, facet: str) -> dict[str, int]:
    inside = html.split(f'data-facet="{facet}"')[1].split("</fieldset>")[0]
    boxes = re.findall(r'value="([\w-]+)".*?data-part="n">(\d+)<', inside)
    return {value: int(n) for value, n in boxes}


def files(made: Catalog) -> dict[str, bytes]:
    return {file.path: file.content for file in catalog_files(made, "en")}


def test_every_row_stands_in_the_page_with_its_record_in_reading_order() -> None:
    made = catalog(resource("b"), resource("a"), resource("c"), topics=(topic("bread", "c"),))
    html = block(made)
    assert row_ids(html) == ["c", "a", "b"]
    for id in row_ids(html):
        assert f'aria-controls="{id}--record"' in html
        assert f'id="{id}--record"' in html
        assert f"cite {id}" in html
    assert not re.search(r"[ .]hidden\b", html.split("<tbody")[1].split("</tbody>")[0])


def test_the_rail_counts_what_there_is() -> None:
    made = catalog(
        resource("a", topics=("bread", "cake"), frameworks=("oven",)),
        resource("b", kind="video", language="zh-Hans", level="advanced"),
    )
    html = block(made)
    assert counted(html, "topic") == {"bread": 2, "cake": 1}
    assert counted(html, "kind") == {"article": 1, "video": 1}
    assert counted(html, "lang") == {"en": 1, "zh": 1}
    assert counted(html, "level") == {"beginner": 1, "intermediate": 0, "advanced": 1}
    assert counted(html, "with") == {"oven": 1}


def test_a_facet_that_divides_nothing_is_not_offered() -> None:
    html = block(catalog(resource("a")))
    assert 'data-facet="with"' not in html
    assert 'data-facet="max"' not in html
    assert 'data-facet="marks"' not in html


def test_marks_are_offered_up_to_the_most_stars_given() -> None:
    html = block(
        catalog(resource("a", mentions=(Mention(note="table", rating=2, highlight=True),)))
    )
    assert re.findall(r'<option value="(\d)">', html) == ["2", "1"]
    assert counted(html, "marks") == {"1": 1}


@pytest.mark.parametrize(
    ("minutes", "steps"),
    [((), ()), ((30,), ()), ((15, 60), (20, 30, 45)), ((10, 11), (10,)), ((5, 9), ())],
)
def test_the_slider_offers_what_leaves_something_out_and_something_in(
    minutes: tuple[int, ...], steps: tuple[int, ...]
) -> None:
    made = catalog(*(resource(f"r{n}", minutes=n) for n in minutes))
    assert minute_steps(facts_of(made)) == steps


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_no_text_of_the_catalog_becomes_markup(language: SiteLanguage) -> None:
    evil = '<img src=x onerror="alert(1)">\'{{ 7 * 7 }}'
    html = block(
        catalog(resource("a", title=evil, authors=(evil,), url="https://x.org/?'\"<>")), language
    )
    assert "<img" not in html
    assert "49" not in html
    assert 'href="https://x.org/?&#39;&#34;&lt;&gt;"' in html


def test_downloads_of_the_catalog_are_linked_by_their_format() -> None:
    given = (
        File("data/catalog.json", b""),
        File("data/catalog.bib", b""),
        File("data/x.json", b""),
    )
    html = catalog_block(catalog(resource("a")), "en", "../", downloads=given)
    assert re.findall(r'<a href="\.\./data/([\w.]+)">(\w+)</a>', html) == [
        ("catalog.json", "JSON"),
        ("catalog.bib", "BibTeX"),
    ]


def test_scripts_get_their_phrases_and_the_facts_of_every_resource() -> None:
    made = catalog(resource("b", minutes=5), resource("a", former_ids=("old",)))
    said = json.loads(re.findall(r"data-words='(.*?)'", block(made, "zh"))[0])
    assert said["any"] == "不限"
    facts = json.loads(files(made)["catalog/facets.json"])
    assert [fact["id"] for fact in facts] == ["a", "b"]
    assert facts[0]["was"] == ["old"]
    assert facts[1]["minutes"] == 5
    assert "minutes" not in facts[0]


def test_up_to_the_limit_there_are_no_slices() -> None:
    assert list(files(catalog(resource("a")))) == ["catalog/facets.json"]


def test_beyond_it_the_page_holds_the_first_rows_with_their_records_and_says_so() -> None:
    html = block(MANY)
    assert row_ids(html) == ORDER[:FIRST_ROWS]
    assert record_ids(html) == ORDER[:FIRST_ROWS]
    assert f"first {FIRST_ROWS} of {MOST_ROWS + 1}" in html


def slices(kind: str) -> list[str]:
    found = files(MANY)
    names = [name for name in found if name.startswith(f"catalog/{kind}/")]
    assert names == [f"catalog/{kind}/{n}.html" for n in range(len(names))]
    return [found[name].decode() for name in names]


def test_slices_hold_all_rows_and_all_records_in_reading_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tools.pages.catalog_page.ROWS_EACH", 200)
    facts = json.loads(files(MANY)["catalog/facets.json"])
    assert [(fact["id"], fact["at"]) for fact in facts] == [(id, n) for n, id in enumerate(ORDER)]
    rows, records = slices("rows"), slices("records")
    assert [row_ids(html) for html in rows] == parts(200)
    assert [record_ids(html) for html in records] == parts(RECORDS_EACH)
    assert not any(record_ids(html) for html in rows)
    assert not any(row_ids(html) for html in records)


def parts(each: int) -> list[list[str]]:
    return [ORDER[start : start + each] for start in range(0, len(ORDER), each)]


def test_scripts_can_cut_the_slices_where_a_row_ends() -> None:
    for html in slices("rows") + slices("records"):
        *pieces, rest = html.split("</tr>")
        assert all(piece.strip().startswith("<tr ") for piece in pieces)
        assert all(piece.count("<tr ") == 1 for piece in pieces)
        assert not rest.strip()


def test_the_page_tells_scripts_where_the_slices_are_and_how_much_each_holds() -> None:
    html = block(MANY)
    assert 'data-slices="../catalog/"' in html
    assert f'data-rows-each="{ROWS_EACH}" data-records-each="{RECORDS_EACH}"' in html


def test_a_record_in_a_slice_is_the_one_a_page_would_hold() -> None:
    few = catalog(*list(MANY.resources.values())[:3])
    first = slices("records")[0].split("</tr>")[0].strip()
    assert first in catalog_block(few, "en", "../")


def test_every_phrase_is_there_in_both_languages() -> None:
    said = interface_words()
    assert all(words.en and words.zh for key, words in said.items() if key.startswith("catalog-"))


def test_the_scripts_ask_for_no_phrase_the_page_does_not_give() -> None:
    folder = Path(__file__).parents[2] / "docs" / "assets" / "javascripts" / "catalog"
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.js"))
    asked = set(re.findall(r'words\["([\w-]+)"\]|(?:tell|failed)\("([\w-]+)"|words\.(any)\b', code))
    given = json.loads(re.findall(r"data-words='(.*?)'", block(MANY))[0])
    assert {name for names in asked for name in names if name} == set(given)
