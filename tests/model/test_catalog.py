"""The catalog as a whole: order within a topic, and ids that were retired."""

from pathlib import Path

from tests.builders import (
    read_catalog,
    resource_data,
    snippet_data,
    topic_data,
    words,
    write_catalog,
)


def test_a_topic_lists_its_reading_in_order_then_the_others_by_title(tmp_path: Path) -> None:
    reading = [{"resource": id, "why": words("x")} for id in ("d", "b")]
    folder = write_catalog(
        tmp_path,
        {
            "a": resource_data("a", title="zebra bread"),
            "b": resource_data("b"),
            "c": resource_data("c", title="Apple bread"),
            "d": resource_data("d", topics=["baking"]),
            "e": resource_data("e", topics=["baking", "dough"], title="apple bread"),
        },
        topics=[topic_data(reading=reading), topic_data("baking")],
    )
    by_topic = read_catalog(folder).resources_by_topic
    assert [resource.id for resource in by_topic["dough"]] == ["d", "b", "c", "e", "a"]
    assert [resource.id for resource in by_topic["baking"]] == ["d", "e"]


def test_retired_ids_lead_to_those_of_today(tmp_path: Path) -> None:
    folder = write_catalog(
        tmp_path,
        {"a": resource_data("a", former_ids=["b", "c"])},
        topics=[topic_data(former_ids=["flour"]), topic_data("baking")],
        snippets=[snippet_data(former_ids=["mixing/turn"])],
    )
    assert read_catalog(folder).renamed == {
        "resource/b": "resource/a",
        "resource/c": "resource/a",
        "topic/flour": "topic/dough",
        "snippet/mixing/turn": "snippet/mixing/fold",
    }
