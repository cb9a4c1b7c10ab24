"""What the Wayback Machine is asked for, and what is made of its answer."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.linkcheck.answer import Answer
from tools.linkcheck.snapshots import snapshot_from, snapshot_query
from tools.model.link import Link

URL = "https://a.example/rye?x=1&y=面#crust"
COPY = "https://web.archive.org/web/20180627101010/http://a.example:80/rye?x=1&y=面"
FOUND = '[["timestamp","original"],\n["20180627101010","http://a.example:80/rye?x=1&y=面"]]\n'


def answer(body: str, status: int | None = 200) -> Answer:
    return Answer(address="https://web.archive.org/cdx", status=status, body=body.encode())


@pytest.mark.parametrize(
    ("published", "closest"),
    [
        ("2018-06-27", ["20180627000000"]),
        ("2018-06", ["20180615000000"]),
        ("2018", ["20180701000000"]),
        ("", None),
        ("last year", None),
    ],
)
def test_asked_is_for_the_good_capture_nearest_to_the_day(
    published: str, closest: list[str] | None
) -> None:
    query = snapshot_query(Link(url=URL, published=published))
    asked = parse_qs(urlsplit(query).query)
    assert query.startswith("https://web.archive.org/cdx/search/cdx?")
    assert asked["url"] == ["https://a.example/rye?x=1&y=面"]
    assert asked["filter"] == ["statuscode:200"]
    assert asked["limit"] == ["1"]
    assert asked.get("closest") == closest
    assert asked.get("sort") == (["closest"] if closest else None)


def test_the_copy_keeps_the_part_of_the_page() -> None:
    assert snapshot_from(answer(FOUND), Link(url=URL)) == f"{COPY}#crust"
    assert snapshot_from(answer(FOUND), Link(url="https://a.example/rye")) == COPY


@pytest.mark.parametrize(
    "body",
    ["", "[]\n", "{}", "null", "<html>", "[" * 100_000, '[["timestamp","original"]]',
     '[[], ["2018", "http://a.example"]]', '[[], ["20180627101010", "javascript:x"]]',
     '[[], [20180627101010, "http://a.example"]]', '[[], ["20180627101010", null]]',
     '[[], ["20180627101010"]]', '[[], 5]', '[[], ["²0180627101010", "http://a.example"]]'],
)  # fmt: skip
def test_what_holds_no_copy_gives_none(body: str) -> None:
    assert snapshot_from(answer(body), Link(url=URL)) == ""


def test_an_answer_that_failed_gives_none() -> None:
    assert snapshot_from(answer(FOUND, 503), Link(url=URL)) == ""
    broken = Answer(address="x", status=200, body=FOUND.encode(), failure="broken")
    assert snapshot_from(broken, Link(url=URL)) == ""


@given(st.binary(max_size=60))
def test_no_answer_is_too_odd(body: bytes) -> None:
    assert snapshot_from(Answer(address="x", status=200, body=body), Link(url=URL)) == ""
