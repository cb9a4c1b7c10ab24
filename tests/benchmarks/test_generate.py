"""The catalogs to measure with are valid, of the size asked for, and the same every time."""

from pathlib import Path

import pytest

from benchmarks.generate import write_catalog
from tools.storage.catalog import load_catalog

FILES = {
    "site.yml": """
        id: tiny
        name: {en: Tiny, zh: 小}
        tagline: {en: A tiny catalog., zh: 小目录。}
        eras: [{id: all, title: {en: All, zh: 全部}}]
        frameworks: [pytorch]
    """,
    "topics.yml": """
        - id: gates
          era: all
          title: {en: Gates, zh: 门}
          summary: {en: What they keep., zh: 留下什么。}
          reading: [{resource: real, why: {en: First., zh: 先读。}}]
        - id: attention
          era: all
          title: {en: Attention, zh: 注意力}
          summary: {en: Where to look., zh: 往哪里看。}
    """,
    "questions.yml": """
        - id: why
          topic: gates
          question: {en: Why?, zh: 为什么？}
          answer: {en: Because., zh: 因为。}
    """,
    "snippets.yml": "[]",
    "notes/own.yml": """
        title: {en: Own, zh: 自己的}
        language: en
    """,
    "resources/real.yml": """
        title: Real
        url: https://example.org/real
        kind: article
        language: en
        topics: [gates]
        level: beginner
        summary: {en: It is there., zh: 本来就有。}
        added: "2026-11-20"
    """,
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def written(source: Path, name: str, size: int, **more: int) -> dict[str, str]:
    target = source.parent / name
    write_catalog(source, target, size, **more)
    return {
        path.stem: path.read_text(encoding="utf-8") for path in (target / "resources").iterdir()
    }


def test_a_written_catalog_is_valid_and_of_the_size_asked_for(source: Path) -> None:
    files = written(source, "large", 200)
    loaded = load_catalog(source.parent / "large")
    assert loaded.problems == ()
    assert len(loaded.catalog.resources) == len(files) == 200


def test_the_real_resources_stay_as_they_are(source: Path) -> None:
    assert written(source, "large", 5)["real"] == FILES["resources/real.yml"]


def test_the_resources_use_all_that_the_format_offers(source: Path) -> None:
    written(source, "large", 200)
    resources = load_catalog(source.parent / "large").catalog.resources.values()
    assert {topic for resource in resources for topic in resource.topics} == {"gates", "attention"}
    assert {resource.language for resource in resources} == {"en", "zh"}
    assert len({resource.kind for resource in resources}) > 5
    for part in ("aliases", "frameworks", "caveats", "relations", "answers", "mentions", "stars"):
        having = sum(bool(getattr(resource, part)) for resource in resources)
        assert 0 < having < 200, part


def test_the_files_weigh_what_real_ones_do(source: Path) -> None:
    sizes = [len(text.encode()) for text in written(source, "large", 200).values()]
    assert 800 < sum(sizes) / len(sizes) < 1600


def test_one_seed_writes_the_same_files_and_another_seed_others(source: Path) -> None:
    first = written(source, "first", 30)
    assert written(source, "second", 30) == first
    assert written(source, "third", 30, seed=1) != first


def test_a_larger_catalog_holds_a_smaller_one(source: Path) -> None:
    small, large = written(source, "small", 20), written(source, "large", 40)
    assert small.items() <= large.items()


def test_a_source_larger_than_asked_for_is_refused(source: Path) -> None:
    with pytest.raises(ValueError, match="found 1 resources"):
        write_catalog(source, source.parent / "none", 0)


def test_a_source_with_problems_is_refused(source: Path) -> None:
    (source / "questions.yml").write_text("- id: lost", encoding="utf-8")
    with pytest.raises(ValueError, match="problems in"):
        write_catalog(source, source.parent / "large", 10)
