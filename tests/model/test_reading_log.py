"""The order in which people see their progress, and the names they see."""

from pathlib import Path

import pytest

from tests.builders import read_catalog, resource_data, snippet_data, topic_data, write_catalog
from tools.model.catalog import Catalog
from tools.model.progress import STATUSES, ProgressEvent
from tools.model.reading_log import STATUS_ORDER, reading_log, subjects


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """Two topics whose order is not that of their names."""
    folder = write_catalog(
        tmp_path / "catalog",
        {
            "a": resource_data("a", topics=["dough", "crumb"], former_ids=["once-a"]),
            "b": resource_data("b", topics=["crumb"], language="zh", titles={"en": "Bee"}),
            "c": resource_data("c", topics=["dough"]),
        },
        topics=[topic_data("dough"), topic_data("crumb")],
        snippets=[snippet_data("mixing/fold", topics=["crumb"]), snippet_data("mixing/rest")],
    )
    return read_catalog(folder)


def events(*said: tuple[str, str | None]) -> list[ProgressEvent]:
    return [
        ProgressEvent({"device": "d", "n": n, "subject": subject, "status": status, "spent": 1})
        for n, (subject, status) in enumerate(said, start=1)
    ]


def test_every_status_has_its_place() -> None:
    assert len(STATUS_ORDER) == len(set(STATUS_ORDER))
    assert set(STATUS_ORDER) == {*STATUSES, None}


def test_what_is_under_way_comes_first_and_topics_in_teaching_order(catalog: Catalog) -> None:
    log = reading_log(catalog, events(
        ("resource/gone", "reading"), ("resource/b", "reading"), ("resource/c", "done"),
        ("snippet/mixing/rest", "reading"), ("topic/dough", "reading"), ("resource/a", None),
        ("snippet/mixing/fold", "reading"), ("resource/once-a", "reading"),
    ))  # fmt: skip
    told = [(one.state.status, one.topic and one.topic.id, one.subject) for one in log]
    assert told == [
        ("reading", "dough", "resource/a"),
        ("reading", "dough", "topic/dough"),
        ("reading", "crumb", "resource/b"),
        ("reading", "crumb", "snippet/mixing/fold"),
        ("reading", None, "snippet/mixing/rest"),
        ("reading", None, "resource/gone"),
        ("done", "dough", "resource/c"),
    ]
    assert log[0].state.spent == 2


def test_of_one_topic_the_earlier_day_comes_first(catalog: Catalog) -> None:
    days = {"resource/a": "2026-11-22T10:00Z", "resource/c": "2026-11-21", "topic/dough": None}
    said = [
        ProgressEvent({"device": "d", "n": n, "at": at, "subject": subject, "status": "done"})
        for n, (subject, at) in enumerate(days.items(), start=1)
    ]
    log = reading_log(catalog, said)
    assert [(one.subject, one.day) for one in log] == [
        ("topic/dough", ""), ("resource/c", "2026-11-21"), ("resource/a", "2026-11-22")
    ]  # fmt: skip


def test_each_has_the_name_that_its_readers_know(catalog: Catalog) -> None:
    log = reading_log(
        catalog, events(("resource/b", "done"), ("topic/dough", "done"), ("topic/gone", "done"))
    )
    assert {one.subject: (one.title("en"), one.title("zh")) for one in log} == {
        "resource/b": ("Bee", "All about b"),
        "topic/dough": ("dough in English", "dough，中文"),
        "topic/gone": ("topic/gone", "topic/gone"),
    }


def test_subjects_are_all_things_of_the_catalog(catalog: Catalog) -> None:
    assert [*subjects(catalog)] == [
        "topic/dough", "topic/crumb", "resource/a", "resource/b", "resource/c",
        "snippet/mixing/fold", "snippet/mixing/rest",
    ]  # fmt: skip
