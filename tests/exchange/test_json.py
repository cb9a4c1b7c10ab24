"""The JSON export: one record a resource, all it promises and nothing else."""

import json
from pathlib import Path

from tests.builders import read_catalog, resource_data, words, write_catalog
from tools.exchange.exporters.json import to_json

DONE = {"device": "a", "n": 1, "at": None, "subject": "resource/old", "status": "done"}
READING = DONE | {"n": 2, "subject": "resource/bare", "status": "reading"}


def test_a_record_holds_what_the_catalog_knows(tmp_path: Path) -> None:
    full = resource_data(
        "full",
        aliases=["https://example.org/old"],
        topics=["baking", "dough"],
        authors=["Ann", "王一"],
        published="2018-06",
        minutes=40,
        mentions=[
            {"note": "shelf", "rating": 2},
            {"note": "shelf", "rating": 4},
            {"note": "shelf", "highlight": True},
        ],
        former_ids=["old"],
    )
    folder = write_catalog(
        tmp_path,
        {"full": full, "bare": resource_data("bare")},
        progress={"format": "unrolled-progress/1", "events": [DONE, READING]},
    )
    text = to_json(read_catalog(folder))
    bare = {
        "id": "bare",
        "url": "https://example.org/bare",
        "alternates": [],
        "title": "All about bare",
        "kind": "article",
        "language": "en",
        "topics": ["dough"],
        "rating": None,
        "highlight": False,
        "progress": None,
        "authors": [],
        "published": None,
        "minutes": None,
        "level": "beginner",
        "summary": words("bare"),
    }
    assert json.loads(text) == [
        bare,
        bare
        | {
            "id": "full",
            "url": "https://example.org/full",
            "alternates": ["https://example.org/old"],
            "title": "All about full",
            "topics": ["baking", "dough"],
            "rating": 4,
            "highlight": True,
            "progress": "done",
            "authors": ["Ann", "王一"],
            "published": "2018-06",
            "minutes": 40,
            "summary": words("full"),
        },
    ]
    assert text.endswith("]\n")
    assert "王一" in text
    assert list(json.loads(text)[0]) == list(bare)
