"""Whole builds of a small project: what the hook hands over, and what a failure leaves."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.projects import bread_project
from tools.engine import BuildFailed, build_languages, swap

HOSTILE = '<b>bold</b> *stars* --8<-- "secret" {: onclick=x } <!-- block: road --> {{ 7*7 }} $x$'


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def text_of(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    return parser.text


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The bread site in both languages, one of its titles hostile."""
    project = bread_project(tmp_path_factory.mktemp("bread"))
    film = project / "catalog" / "resources" / "rye-film.yml"
    film.write_text(film.read_text().replace("title: 黑麦面包", f"title: '{HOSTILE}'"))
    site = project / ".build" / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_URL", "https://bread.example/school/")
        build_languages(project, site)
    yield site


PAGES = ("", "learn/", "learn/kneading/", "learn/baking/", "catalog/", "questions/")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_stands_in_both_languages_and_points_at_its_partner(
    built: Path, page: str
) -> None:
    for here, there in (("", "zh/"), ("zh/", "")):
        html = (built / here / page / "index.html").read_text()
        assert f'href="https://bread.example/school/{there}{page}"' in html
        assert f'rel="canonical" href="https://bread.example/school/{here}{page}"' in html


def test_a_lost_reader_finds_both_languages_below_the_sites_own_address(built: Path) -> None:
    for here, there in (("", "/school/zh/"), ("zh/", "/school/")):
        assert (
            f'<a class="md-header__button" href="{there}"'
            in (built / here / "404.html").read_text()
        )


def test_no_marker_is_left_in_a_page(built: Path) -> None:
    for path in built.rglob("*.html"):
        assert "<!-- block:" not in path.read_text(), path


@pytest.mark.parametrize("page", ["catalog/", "learn/baking/", "zh/catalog/"])
def test_a_hostile_title_comes_out_as_its_own_characters(built: Path, page: str) -> None:
    html = (built / page / "index.html").read_text()
    assert HOSTILE in text_of(html)
    assert "<b>bold</b>" not in html


def test_resources_and_questions_are_found_in_the_index_after_their_page(built: Path) -> None:
    docs = json.loads((built / "zh/search/search_index.json").read_text())["docs"]
    places = [doc["location"] for doc in docs]
    assert places.index("catalog/") < places.index("catalog/#on-gluten")
    assert "questions/#why-rest" in places
    gluten = next(doc for doc in docs if doc["location"] == "catalog/#on-gluten")
    assert gluten["title"].replace("\u200b", "") == "On Gluten · 谈面筋"


def test_the_index_holds_prose_and_no_table(built: Path) -> None:
    docs = json.loads((built / "search/search_index.json").read_text())["docs"]
    assert not [doc for doc in docs if "It says why before how." in doc["text"]]


def test_styles_are_one_file_without_comments(built: Path) -> None:
    page = (built / "index.html").read_text()
    assert len(re.findall(r'<link rel="stylesheet" href="[^"]*unrolled\.css"', page)) == 1
    assert "/*" not in (built / "assets/unrolled.css").read_text()
    assert not list((built / "assets").rglob("tokens.css"))


def test_a_note_to_download_is_no_page_and_a_feed_is_named_on_every_page(built: Path) -> None:
    for language, name in (("", "New resources · Risen"), ("zh/", "新收入的资源 · 发起来")):
        assert (built / language / "data/catalog.md").read_text().startswith("# ")
        assert not (built / language / "data/catalog").exists()
        assert "data/catalog" not in (built / language / "sitemap.xml").read_text()
        feed = (built / language / "feed.xml").read_text()
        assert f'href="https://bread.example/school/{language}catalog/#oven-book"' in feed
        page = (built / language / "learn/baking/index.html").read_text()
        assert (
            '<link rel="alternate" type="application/atom+xml" '
            f'title="{name}" href="../../feed.xml">' in page
        )
        assert f"<title>{name}</title>" in feed


def test_downloads_and_facets_lie_beside_both_languages(built: Path) -> None:
    for language in ("", "zh/"):
        assert json.loads((built / language / "data/catalog.json").read_text())
        assert json.loads((built / language / "catalog/facets.json").read_text())


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("catalog/topics.yml", "- a: b: c", "catalog/topics.yml:1: not YAML"),
        ("docs/en/extra.md", "# Alone", "found no docs/zh/extra.md, expected the page in both"),
        ("docs/en/index.md", "x\n\n<!-- block: raod -->", "docs/en/index.md:3: block: found"),
        ("docs/en/index.md", "# x\n\n$\\frac{1}$", "index.md: found the formula '\\\\frac{1}'"),
    ],
)
def test_a_broken_source_stops_the_build_with_its_place(
    tmp_path: Path, file: str, content: str, said: str
) -> None:
    project = bread_project(tmp_path)
    (project / file).write_text(content)
    with pytest.raises(BuildFailed) as failure:
        build_languages(project, project / ".build" / "site")
    assert said in str(failure.value)
    assert "Traceback" not in str(failure.value)


def test_a_new_site_takes_the_place_of_the_old_one_whole(tmp_path: Path) -> None:
    old, new = tmp_path / "site", tmp_path / "work"
    for folder, name in ((old, "old.html"), (new, "new.html")):
        folder.mkdir()
        (folder / name).touch()
    swap(new, old)
    assert [path.name for path in old.iterdir()] == ["new.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_properdocs_builds_the_same_pages(built: Path, tmp_path: Path) -> None:
    project = bread_project(tmp_path)
    other = project / ".build" / "site"
    build_languages(project, other, "properdocs")
    names = {path.relative_to(built) for path in built.rglob("*.html")}
    assert {path.relative_to(other) for path in other.rglob("*.html")} == names
    page = Path("questions/index.html")
    main = re.compile(r"<article.*</article>", re.DOTALL)
    ours, theirs = (main.search((site / page).read_text()) for site in (built, other))
    assert ours and theirs and ours[0] == theirs[0]
