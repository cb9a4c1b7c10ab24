"""No resource of this catalog drifts from its own title, and most are told from all others."""

from itertools import permutations

import pytest

from tests.conftest import ROOT
from tests.linkcheck.signs.recorded import seen_of
from tools.linkcheck.signs.drift import drift
from tools.model.link import Link
from tools.model.resource import Resource
from tools.storage.catalog import load_catalog

# Of the other kinds no title is compared.
KINDS = ("article", "tutorial", "paper", "book", "course", "documentation")
JUDGED = [
    one for one in load_catalog(ROOT / "catalog").catalog.resources.values() if one.kind in KINDS
]


def link_to(one: Resource) -> Link:
    titles = one.title, *one.titles.values()
    return Link(url=one.url, titles=titles, kind=one.kind, language=one.language)


@pytest.mark.parametrize(
    "behind", ["", " - 知乎", " | by Someone | Medium", "_某人的博客-CSDN博客"]
)
def test_no_resource_drifts_from_its_own_title(behind: str) -> None:
    for one in JUDGED:
        half = one.title[: max(8, len(one.title) * 2 // 3)]
        for title in (one.title, one.title.upper(), half):
            seen = seen_of(link_to(one), title=title + behind, heading="Blog", text="Home About")
            assert drift(seen) is None, title


def test_most_resources_are_told_from_all_others_of_their_own_field() -> None:
    pairs = [(a, b) for a, b in permutations(JUDGED, 2) if a.language == b.language]
    told = [
        drift(
            seen_of(
                link_to(a), title=b.title, text=b.summary.en if b.language == "en" else b.summary.zh
            )
        )
        for a, b in pairs
    ]
    assert sum(map(bool, told)) / len(pairs) > 0.8
