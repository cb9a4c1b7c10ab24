"""All pages of a language: which there are, where blocks stand, and what keeps them from being."""

from pathlib import Path

import pytest

from tests.builders import read_catalog, write_catalog
from tests.projects import BREAD, bread_project
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.pages.blocks import BLOCKS, TOPIC_BLOCKS
from tools.pages.build import build, prose_problems, whole_text, with_blocks
from tools.pages.context import address_of
from tools.pages.page import File, Page
from tools.source import SourceProblems, read_site


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_another_subject_is_built_in_both_languages(language: SiteLanguage) -> None:
    site = read_site(BREAD, language)
    pages = {part.path: part for part in site.parts if isinstance(part, Page)}
    assert sorted(pages) == [
        "catalog/index.md", "health/index.md", "index.md", "learn/baking.md", "learn/index.md",
        "learn/kneading.md", "path/index.md", "progress/index.md", "questions/index.md",
        "snippets/dough/window_pane.md",
    ]  # fmt: skip
    for page in pages.values():
        assert "<!-- block:" not in whole_text(page)
    kneading = whole_text(pages["learn/kneading.md"])
    assert {"en": "On Gluten", "zh": "面筋是怎么织成的"}[language] in kneading
    assert site.catalog.site.id == "bread"
    files = {part.path for part in site.parts if isinstance(part, File)}
    assert {"data/catalog.json", "data/resource.schema.json"} <= files


def test_nothing_of_this_subject_is_in_pages_of_another() -> None:
    whole = "".join(
        whole_text(part).lower()
        for language in SITE_LANGUAGES
        for part in read_site(BREAD, language).parts
        if isinstance(part, Page)
    )
    for word in ("lstm", "transformer", "pytorch", "recurrent", "循环神经网络"):
        assert word not in whole


def test_a_topic_keeps_the_page_that_was_written_for_it(tmp_path: Path) -> None:
    catalog = read_catalog(write_catalog(tmp_path))
    prose = {"learn/dough.md": "# Mine\n\n<!-- block: facts -->\n"}
    made = {part.path: part for part in build(catalog, prose, "en") if isinstance(part, Page)}
    assert made["learn/dough.md"].text == prose["learn/dough.md"]
    assert list(made["learn/dough.md"].blocks) == ["facts"]
    assert set(made["learn/baking.md"].blocks) == {
        "strip", "plain-head", "facts", "snippets", "reading", "neighbours",
    }  # fmt: skip


def test_downloads_are_passed_on_as_they_are(tmp_path: Path) -> None:
    catalog = read_catalog(write_catalog(tmp_path))
    download = File("data/catalog.json", b"[]")
    assert download in build(catalog, {}, "en", downloads=(download,))


def test_blocks_are_put_in_once_and_unknown_markers_stay() -> None:
    blocks = {"a": "<!-- block: b -->", "b": "B"}
    page = "<!-- block: a --> <!-- block: b --> <!-- block: c --> <!--block: a-->"
    assert with_blocks(page, blocks) == ("<!-- block: b --> B <!-- block: c --> <!--block: a-->")


@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_a_marker_that_a_code_block_shows_is_shown(fence: str, tmp_path: Path) -> None:
    catalog = read_catalog(write_catalog(tmp_path))
    shown = f"{fence}html\n<!-- block: nonsense -->\n<!-- block: counts -->\n{fence}\n"
    text = f"{shown}\n<!-- block: counts -->\n"
    (page,) = (part for part in build(catalog, {"x.md": text}, "en") if part.path == "x.md")
    assert isinstance(page, Page)
    assert list(page.blocks) == ["counts"]
    assert whole_text(page).startswith(shown)
    assert "<!--" not in whole_text(page).removeprefix(shown)
    assert prose_problems({"en": {"x.md": text}, "zh": {"x.md": text}}, (), "docs") == []


def _anywhere() -> str:
    return ", ".join(sorted(BLOCKS.keys() - TOPIC_BLOCKS.keys()))


def test_pages_without_partner_and_unknown_blocks_are_told() -> None:
    prose = {
        "en": {"a.md": "# A\n\n<!-- block: a-road -->\n", "both.md": ""},
        "zh": {"both.md": "", "b.md": ""},
    }
    assert [str(problem) for problem in prose_problems(prose, (), "docs")] == [
        "docs/en/a.md: found no docs/zh/a.md, expected the page in both languages",
        f"docs/en/a.md:3: block: found 'a-road', expected one of {_anywhere()}",
        "docs/zh/b.md: found no docs/en/b.md, expected the page in both languages",
    ]


def test_problems_of_catalog_and_prose_come_together(tmp_path: Path) -> None:
    project = bread_project(tmp_path / "bread")
    (project / "docs/en/extra.md").write_text("x")
    (project / "catalog/resources/bad.yml").write_text("[")
    with pytest.raises(SourceProblems) as caught:
        read_site(project, "en")
    assert [problem.path for problem in caught.value.problems] == [
        "catalog/resources/bad.yml", "docs/en/extra.md",
    ]  # fmt: skip


def test_a_page_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    project = bread_project(tmp_path / "bread")
    (project / "docs/zh/learn/index.md").write_bytes(b"\xff")
    with pytest.raises(SourceProblems) as caught:
        read_site(project, "en")
    assert "docs/zh/learn/index.md: found the byte 0xff on line 1, expected UTF-8" in map(
        str, caught.value.problems
    )


@pytest.mark.parametrize(
    ("path", "address"),
    [("index.md", ""), ("learn/index.md", "learn/"), ("learn/lstm.md", "learn/lstm/"),
     ("about.md", "about/")],
)  # fmt: skip
def test_a_page_stands_at_its_address(path: str, address: str) -> None:
    assert address_of(path) == address


def test_a_block_among_markdown_has_no_blank_line_and_nothing_markdown_reads() -> None:
    block = '<p title="a\n\n_b_">1 * 2\n \n"it\'s" &amp; &#39;_c_&#39;</p>'
    page = Page("x.md", "<!-- block: a -->\n\n_d_\n", {"a": block})
    safe = '<p title="a&#10;&#10;_b_">1 &#42; 2\n &#10;&#34;it&#39;s&#34; &amp; '
    safe += "&#39;&#95;c&#95;&#39;</p>"
    assert whole_text(page) == f"{safe}\n\n_d_\n"


def test_a_block_with_a_subject_is_known_by_both_words() -> None:
    text = "<!-- block: proof mixing/fold -->\n<!-- block: proof mixing/turn -->\n"
    text += "<!-- block: proof -->\n<!-- block: counts mixing/fold -->\n"
    prose: dict[SiteLanguage, dict[str, str]] = {"en": {"x.md": text}, "zh": {"x.md": ""}}
    subjects = ["proof mixing/fold", "figure loaf"]
    assert [str(problem) for problem in prose_problems(prose, (), "docs", subjects)] == [
        "docs/en/x.md:2: block: found 'proof mixing/turn', expected proof mixing/fold",
        "docs/en/x.md:3: block: found 'proof', expected proof mixing/fold",
        f"docs/en/x.md:4: block: found 'counts mixing/fold', expected one of {_anywhere()}",
    ]


def test_a_snippet_keeps_the_page_that_was_written_for_it(tmp_path: Path) -> None:
    catalog = read_catalog(write_catalog(tmp_path))
    prose = {"snippets/mixing/fold.md": "# Mine\n\n<!-- block: proof mixing/fold -->\n"}
    made = {part.path: part for part in build(catalog, prose, "en") if isinstance(part, Page)}
    assert made["snippets/mixing/fold.md"].text == prose["snippets/mixing/fold.md"]


@pytest.mark.parametrize(
    ("path", "topics", "told"),
    [
        ("index.md", ("rye",), True),
        ("learn/wheat.md", ("rye",), True),
        ("learn/rye.md", ("rye",), False),
    ],
)
def test_a_block_about_a_topic_belongs_on_that_topics_page(
    path: str, topics: tuple[str, ...], told: bool
) -> None:
    prose: dict[SiteLanguage, dict[str, str]] = {
        "en": {path: "# Rye\n\n<!-- block: strip -->\n"},
        "zh": {path: "# 黑麦\n"},
    }
    problems = [str(problem) for problem in prose_problems(prose, topics, "docs")]
    assert [f"docs/en/{path}:3: block: found 'strip'" in text for text in problems] == [True] * told


@pytest.mark.parametrize(
    ("head", "problems"),
    [
        ("title: Rye\ndescription: Slow bread\n", []),
        ("title: Rye\ndescription: Rye: a slow bread\n", ["docs/{}/x.md:3: head: not YAML: "]),
        ("just words\n", ["docs/{}/x.md:2: head: found 'just words', expected keys with values"]),
    ],
)
def test_a_head_that_mkdocs_would_pass_over_is_a_problem(head: str, problems: list[str]) -> None:
    text = f"---\n{head}---\n\n# Rye\n"
    told = prose_problems({"en": {"x.md": text}, "zh": {"x.md": text}}, (), "docs")
    wanted = [problem.format(language) for language in ("en", "zh") for problem in problems]
    assert [str(one)[: len(start)] for one, start in zip(told, wanted, strict=True)] == wanted
