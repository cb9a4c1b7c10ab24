"""Which languages an edit touches."""

import pytest

from tools.serve import languages_to_build

BEFORE = {"docs/en/index.md": 1, "docs/zh/index.md": 1, "catalog/site.yml": 1}


@pytest.mark.parametrize(
    ("changed", "looked_at", "built"),
    [
        ({"docs/en/index.md": 2}, "en", ["en"]),
        ({"docs/en/index.md": 2}, "zh", ["en"]),
        ({"docs/zh/new.md": 1}, "en", ["zh"]),
        ({"mkdocs.zh.yml": 1}, "en", ["zh"]),
        ({"catalog/site.yml": 2}, "en", ["en", "zh"]),
        ({"catalog/site.yml": 2}, "zh", ["zh", "en"]),
        ({"docs/assets/stylesheets/home.css": 5}, "zh", ["zh", "en"]),
        ({"tools/pages/__pycache__/x.pyc": 5}, "en", []),
        ({}, "en", []),
    ],
)
def test_an_edit_builds_its_languages_the_one_looked_at_first(
    changed: dict[str, int], looked_at: str, built: list[str]
) -> None:
    assert languages_to_build(BEFORE, BEFORE | changed, looked_at) == built


def test_a_removed_page_builds_its_language() -> None:
    now = {path: time for path, time in BEFORE.items() if path != "docs/zh/index.md"}
    assert languages_to_build(BEFORE, now, "en") == ["zh"]


def test_the_first_time_builds_both() -> None:
    assert languages_to_build({}, BEFORE, "zh") == ["zh", "en"]
