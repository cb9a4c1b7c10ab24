"""What is checked: every address once, in a stable order, everywhere it stands."""

from pathlib import Path
from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import read_catalog, resource_data, words, write_catalog
from tools.linkcheck.collect import AddressLines, collect, merged, page_links
from tools.model.link import Link, LinkPlace
from tools.storage.link_sources import address_lines, linked_pages


def links_of(folder: Path, pages: dict[str, str] | None = None) -> tuple[Link, ...]:
    catalog = read_catalog(folder)
    lines = address_lines(folder, catalog.resources.values())
    return collect(catalog, pages or {}, AddressLines(folder.name, lines))


def test_a_resource_gives_its_address_and_its_archive_and_no_alias(tmp_path: Path) -> None:
    changed = resource_data(
        title="面包", titles={"en": "Bread", "fr": "面包"}, language="zh", authors=["Ann"],
        published="2020-03", kind="paper", aliases=["https://old.example/a"],
        archive="https://archive.example/a",
    )  # fmt: skip
    first, second = links_of(write_catalog(tmp_path / "catalog", {"sourdough": changed}))
    known = {"titles": ("面包", "Bread"), "authors": ("Ann",), "published": "2020-03",
             "kind": "paper", "language": "zh", "resource": "sourdough"}  # fmt: skip
    path = "catalog/resources/sourdough.yml"
    assert first == Link(
        url="https://example.org/sourdough", where=(LinkPlace(path, 2),), role="url", **known
    )
    assert second == Link(
        url="https://archive.example/a", where=(LinkPlace(path, 20),), role="archive", **known
    )


def test_one_address_is_one_link_with_all_its_places(tmp_path: Path) -> None:
    folder = write_catalog(
        tmp_path / "catalog",
        {id: resource_data(id, archive="https://example.org/b") for id in ("a", "b")},
    )
    links = links_of(folder, {"docs/en/x.md": "https://example.org/a\n\n<https://example.org/b>"})
    assert [(link.url, link.role, [str(place) for place in link.where]) for link in links] == [
        ("https://example.org/a", "url", ["catalog/resources/a.yml:2", "docs/en/x.md:1"]),
        ("https://example.org/b", "url", [
            "catalog/resources/b.yml:2", "catalog/resources/a.yml:12",
            "catalog/resources/b.yml:12", "docs/en/x.md:3"]),
    ]  # fmt: skip
    assert links[1].resource == "b"


def test_a_catalog_whose_lines_are_not_known_still_names_its_files(tmp_path: Path) -> None:
    catalog = read_catalog(write_catalog(tmp_path / "catalog"))
    (link,) = collect(catalog, {})
    assert link.where == (LinkPlace("catalog/resources/sourdough.yml"),)


def test_what_stands_on_the_readers_own_machine_is_not_for_others() -> None:
    own = "http://127.0.0.1:8000/zh/ http://localhost/ http://a.localhost:1/ http://[::1]:2/"
    there = "http://10.0.0.1/ http://localhost.example/ http://[broken]/"
    text = "\n".join(f"[a]({address})" for address in f"{own} {there}".split())
    assert [link.url for link in page_links("a.md", text)] == there.split()


def test_pages_are_those_of_both_languages_and_the_guides(tmp_path: Path) -> None:
    for name in ("docs/en/a.md", "docs/en/b/c.md", "docs/zh/a.md", "docs/assets/x.md",
                 "README.md", "CONTRIBUTING.md", "NEWS.md"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "docs/zh/b.md").write_bytes(b"\xff")
    pages, problems = linked_pages(tmp_path)
    assert pages == {
        name: name
        for name in (
            "docs/en/a.md",
            "docs/en/b/c.md",
            "docs/zh/a.md",
            "README.md",
            "CONTRIBUTING.md",
        )
    }
    assert [str(problem) for problem in problems] == [
        "docs/zh/b.md: found the byte 0xff on line 1, expected UTF-8"
    ]


def test_an_unreadable_guide_is_told_and_a_missing_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "README.md").mkdir()
    pages, problems = linked_pages(tmp_path)
    assert pages == {}
    assert [str(problem) for problem in problems] == ["README.md: found no file here, expected one"]


def test_a_resource_that_cannot_be_read_again_has_no_lines(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "catalog")
    resources = read_catalog(folder).resources.values()
    (folder / "resources/sourdough.yml").write_text("a: [")
    assert address_lines(folder, resources) == {"sourdough": {}}
    (folder / "resources/sourdough.yml").unlink()
    assert address_lines(folder, resources) == {"sourdough": {}}


def test_lines_are_those_of_the_keys_at_the_left_edge(tmp_path: Path) -> None:
    changed = resource_data(summary=words("url: x"), caveats=[words("archive: x")])
    folder = write_catalog(tmp_path / "catalog", {"sourdough": changed})
    lines = address_lines(folder, read_catalog(folder).resources.values())
    assert lines["sourdough"]["url"] == 2
    assert set(lines["sourdough"]) == set(changed)


PLACES = st.builds(LinkPlace, st.sampled_from("ab"), st.integers(0, 3))
LINKS = st.lists(
    st.builds(
        Link,
        url=st.sampled_from(["https://x.example/1", "https://x.example/2", "https://X.example/1"]),
        where=st.tuples(PLACES),
    )
)


@given(LINKS)
def test_merging_keeps_every_place_once_and_the_order_of_first_sight(links: list[Link]) -> None:
    whole = merged(links)
    assert [link.url for link in whole] == list(dict.fromkeys(link.url for link in links))
    for link in whole:
        assert len(set(link.where)) == len(link.where)
        assert set(link.where) == {p for one in links if one.url == link.url for p in one.where}
    assert merged(whole) == whole


def test_ten_times_the_links_take_about_ten_times_as_long() -> None:
    def seconds(count: int) -> float:
        lines = [f"[a](https://x.example/{n % 7}) https://y.example/{n}?a&b" for n in range(count)]
        start = process_time()
        assert len(merged(page_links("a.md", "\n".join(lines)))) == count + 7
        return process_time() - start

    assert seconds(4000) < 30 * max(seconds(400), 0.01)
