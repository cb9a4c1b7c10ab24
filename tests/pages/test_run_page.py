"""What pages show of a snippet: what was run and proven, and plainly what was not."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders import (
    question_data,
    read_catalog,
    site_data,
    snippet_data,
    words,
    write_catalog,
)
from tests.pages.findings import PICTURE, cell, comparison, proof, ratio, record, run
from tools.model.catalog import Catalog
from tools.model.ratio import PathRatio
from tools.model.record import SnippetRecord
from tools.model.run import Metric
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.pages.blocks import asked_for
from tools.pages.build import build
from tools.pages.page import File, Html, Page
from tools.pages.run_page import record_problems

CRUST = {"id": "crust", "title": words("no crust"), "says": words("soft"), "noticed_by": "test_x"}
ID = "mixing/fold"


def a_catalog(folder: Path, **changed: Any) -> Catalog:
    return read_catalog(write_catalog(folder, snippets=[snippet_data(ID, **changed)]))


def made(
    catalog: Catalog,
    found: SnippetRecord | None = None,
    *,
    asked: str = f"run {ID}",
    language: SiteLanguage = "en",
    **more: Any,
) -> Html:
    """What a page gets that asks for a block."""
    prose = {"x.md": f"<!-- block: {asked} -->"}
    records = {ID: found} if found else {}
    parts = build(catalog, prose, language, records=records, **more)
    (page,) = (part for part in parts if isinstance(part, Page) and part.path == "x.md")
    return page.blocks[asked]


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_every_snippet_has_a_page_before_it_is_run(language: SiteLanguage, tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    pages = {part.path: part for part in build(catalog, {}, language) if isinstance(part, Page)}
    (block,) = pages["snippets/mixing/fold.md"].blocks.values()
    says = {"en": ("Not run yet", "Not proven yet"), "zh": ("尚未运行", "尚未检验")}[language]
    assert all(said in block for said in says)
    assert "u-metric" not in block and "<table" not in block


def test_a_page_shows_cells_in_order_with_what_they_printed_and_drew(tmp_path: Path) -> None:
    block = made(a_catalog(tmp_path), record())
    places = [block.index(part) for part in ("<p>bake</p>", "risen", PICTURE, 'id="proof"')]
    assert places == sorted(places)
    assert "l in English" in block[block.index(PICTURE) :].partition("</figure>")[0]


def test_what_was_printed_keeps_its_lines(tmp_path: Path) -> None:
    printed = "a\n\n  b <i>\n"
    block = made(a_catalog(tmp_path), record(run=run(cell("picture", printed=printed))))
    assert "a\n\n  b &lt;i&gt;\n</pre>" in block


def test_an_ablation_stands_apart_with_its_picture_and_its_test(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path, ablations=[CRUST])
    cells = cell("crust", picture=PICTURE.replace("Loaf", "Soft")), cell("picture", picture=PICTURE)
    block = made(catalog, record(run=run(*cells)))
    assert block.count("Soft") == 1
    assert block.index("Loaf") < block.index('id="crust"') < block.index("Soft")
    assert block.index("Soft") < block.index("<code>test_<wbr>x</code>") < block.index('id="proof"')
    alone = made(catalog, record(run=run(*cells)), asked=f"ablation {ID}/crust")
    assert "Soft" in alone and "Loaf" not in alone and "test_<wbr>x" in alone


@pytest.mark.parametrize("asked", ["metric", "picture", "proof", "ablation"])
def test_a_block_of_what_is_not_known_says_so(asked: str, tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path, ablations=[CRUST])
    subject = f"{ID}/crust" if asked == "ablation" else ID
    block = made(catalog, asked=f"{asked} {subject}")
    assert ("Not proven yet" if asked == "proof" else "Not run yet") in block
    assert "<figure" not in block and "u-proof" not in block


@pytest.mark.parametrize(
    ("metric", "shown"),
    [
        (Metric(name="accuracy", value=0.98765, bar=0.95, chance=0.5),
         ["accuracy", "0.988", "must be at least", "0.95", "0.5"]),
        (Metric(name="mean squared error", value=0.00123, bar=0.02, chance=0.167),
         ["mean squared error", "0.00123", "must be at most", "0.02", "0.167"]),
        (Metric(name="loaves", value=3.0, bar=5.0, chance=1.0),
         ["loaves", "3", "must be at least", "The bar was not reached"]),
    ],
)  # fmt: skip
def test_a_number_stands_beside_its_bar_and_guessing(
    metric: Metric, shown: list[str], tmp_path: Path
) -> None:
    block = made(a_catalog(tmp_path), record(run=run(metric=metric)), asked=f"metric {ID}")
    places = [block.index(part) for part in shown]
    assert places == sorted(places)
    assert ("not reached" in block) == (not metric.reached)


def test_the_proof_of_a_topic_page_sums_up_the_first_oracle_in_its_first_dtype(
    tmp_path: Path,
) -> None:
    proven = proof(
        comparison(cases=5, largest=3.2e-15),
        comparison(cases=7, largest=1e-16, oracle="scales, warm"),
        comparison(what="colour", cases=3, largest=0.0),
        comparison(cases=100, largest=1e-8, dtype="float32"),
        comparison(cases=100, largest=1e-9, oracle="two pairs of eyes"),
    )
    block = made(a_catalog(tmp_path), record(proof=proven), asked=f"proof {ID}")
    assert "Equal to <code>scales</code>" in block and "warm" not in block and "eyes" not in block
    assert "<dt>forward</dt><dd>3.2e-15</dd>" in block
    assert "<dt>colour</dt><dd>0</dd>" in block
    assert "<dt>cases</dt><dd>15</dd>" in block
    assert "<dd>float64</dd>" in block and "float32" not in block
    assert 'href="../snippets/mixing/fold/#proof"' in block
    page = made(a_catalog(tmp_path), record(proof=proven))
    for row in (
        "<code>scales</code>, <span>warm</span>",
        "<span>two pairs of eyes</span>",
        "1.0e-08",
    ):
        assert row in page


def test_a_failed_proof_claims_nothing_and_tells_where(tmp_path: Path) -> None:
    failed = proof(comparison(), failures=(("tests/x.py:3", "found 1, expected 2"),))
    for asked in (f"proof {ID}", f"run {ID}"):
        block = made(a_catalog(tmp_path), record(proof=failed), asked=asked)
        assert "The proof failed" in block
        assert "Equal to" not in block and "2.5e-16" not in block
    assert "tests/x.py:3" in block and "found 1, expected 2" in block


def test_speed_is_shown_with_its_machine_or_not_at_all(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    block = made(catalog, record())
    assert '<td class="num">1.3</td>' in block and "wood fire" in block
    assert 'id="speed"' not in made(catalog, record(ratio=None))


def test_every_way_through_a_snippet_has_its_column(tmp_path: Path) -> None:
    ways = (
        PathRatio(name="fused", forward=0.5, both=0.6),
        PathRatio(name="slow", forward=3, both=4),
    )
    block = made(a_catalog(tmp_path), record(ratio=ratio(paths=ways)))
    assert '<th scope="col" class="num">fused</th><th scope="col" class="num">slow</th>' in block
    assert '<td class="num">0.5</td><td class="num">3.0</td>' in block
    assert '<td class="num">0.6</td><td class="num">4.0</td>' in block


def test_files_to_take_away_are_linked_and_passed_on(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    files = (File("snippets/mixing/fold.py", b"x" * 2600), File("snippets/mixing/fold.ipynb", b""))
    block = made(catalog, record(), codes={ID: files})
    assert '<a class="u-btn" href="../snippets/mixing/fold.py" download>' in block
    assert "3 kB" in block and "1 kB, with its output" in block
    parts = [*build(catalog, {}, "en", codes={ID: files})]
    assert all(file in parts for file in files)


def test_the_list_of_all_tells_what_was_reached_and_what_was_proven(tmp_path: Path) -> None:
    snippets = [snippet_data(id) for id in ("mixing/fold", "mixing/turn", "oven/steam")]
    catalog = read_catalog(write_catalog(tmp_path, snippets=snippets))
    failed = record(proof=proof(failures=(("x", "y"),)))
    records = {"mixing/fold": record(), "mixing/turn": failed}
    prose = {"snippets/index.md": "<!-- block: all-snippets -->"}
    parts = build(catalog, prose, "en", records=records)
    (page,) = (part for part in parts if part.path == "snippets/index.md")
    assert isinstance(page, Page)
    fold, turn, steam = page.blocks["all-snippets"].split('<th scope="row"')[1:]
    assert "0.988" in fold and "proven" in fold and 'href="../snippets/mixing/fold/"' in fold
    assert "The proof failed" in turn
    assert "Not run yet" in steam and "Not proven yet" in steam
    assert page.blocks["all-snippets"].count("rowgroup") == 2


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_pictures_are_marked_as_english_where_the_page_is_not(
    language: SiteLanguage, tmp_path: Path
) -> None:
    block = made(a_catalog(tmp_path), record(), asked=f"picture {ID}", language=language)
    assert ('class="u-figure__art" lang="en"' in block) == (language == "zh")


def test_a_figure_is_drawn_in_the_language_of_the_page(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    figures = {"loaf": lambda language: f"<svg>{language}</svg>"}
    assert "<svg>zh</svg>" in made(catalog, asked="figure loaf", language="zh", figures=figures)
    assert asked_for(a_catalog(tmp_path, ablations=[CRUST]), figures) == {
        f"run {ID}", f"proof {ID}", f"picture {ID}", f"metric {ID}", f"ablation {ID}/crust",
        "figure loaf",
    }  # fmt: skip


def test_a_run_without_a_picture_that_pages_ask_for_is_told(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path, ablations=[CRUST])
    drawn = cell("picture", picture=PICTURE)
    assert record_problems(catalog, {ID: SnippetRecord()}, "snippets") == []
    whole = record(run=run(drawn, cell("crust", picture=PICTURE)))
    assert record_problems(catalog, {ID: whole}, "snippets") == []
    without = {ID: record(run=run(drawn, cell("crust")))}
    assert [str(problem) for problem in record_problems(catalog, without, "snippets")] == [
        "snippets/mixing/fold.py: found no 'crust', expected a cell of that name that draws a "
        "picture; those that do: picture"
    ]


def test_home_counts_what_tests_proved_and_nothing_else(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    proven = "<dt>of them proven by tests</dt><dd>1</dd>"
    assert proven in made(catalog, record(), asked="counts")
    failed = proof(failures=(("tests/x.py:3", "found 1"),))
    for other in (None, record(proof=None), record(proof=failed)):
        assert "proven" not in made(catalog, other, asked="counts")


def test_a_question_leads_to_the_snippet_that_shows_its_answer(tmp_path: Path) -> None:
    asked, other = question_data("rest", snippet=ID), question_data("salt")
    snippets = [snippet_data(ID), snippet_data("mixing/knead")]
    folder = write_catalog(tmp_path, snippets=snippets, questions=[asked, other])
    block = made(read_catalog(folder), asked="questions")
    assert block.count("See it run") == 1
    assert f'See it run: <a href="../snippets/{ID}/">{ID} in English</a>' in block
    assert block.index('id="rest"') < block.index("See it run") < block.index('id="salt"')


def test_chinese_pages_say_in_chinese_what_proofs_name_in_words(tmp_path: Path) -> None:
    oracles = {"two pairs of eyes": "两双眼睛", "warm": "温的"}
    site = site_data(oracles=oracles)
    folder = write_catalog(tmp_path, snippets=[snippet_data(ID)], site=site)
    seen = [comparison(oracle=of) for of in ("two pairs of eyes", "scales, warm", "a third hand")]
    found = record(proof=proof(*seen))
    chinese, english = (made(read_catalog(folder), found, language=one) for one in ("zh", "en"))
    assert "<td>两双眼睛</td>" in chinese and "<td><code>scales</code>（温的）</td>" in chinese
    assert '<td><span lang="en">a third hand</span></td>' in chinese
    assert "<td><span>two pairs of eyes</span></td>" in english
    assert "<td><code>scales</code>, <span>warm</span></td>" in english


def test_every_proof_on_a_page_has_a_name_of_its_own(tmp_path: Path) -> None:
    block = made(a_catalog(tmp_path), record(), asked=f"proof {ID}")
    assert f'<section class="u-proof" aria-label="Proof: {ID} in English">' in block
