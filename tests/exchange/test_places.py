"""Hosts that tell the facts elsewhere: where they are asked, and what their answers say."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.exchange.page_facts.facts import PageFacts
from tools.exchange.page_facts.places import facts_of, place_of

PAGES = Path(__file__).parents[1] / "fixtures/pages"
YOUTUBE = (
    "https://www.youtube.com/oembed?url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ"
    "&format=json"
)
VIEW = "https://api.bilibili.com/x/web-interface/view"
BILIBILI = "https://www.bilibili.com/video/BV1xx411c7mD"


@pytest.mark.parametrize(
    ("address", "ask"),
    [
        ("https://arxiv.org/pdf/1706.03762v5.pdf", "https://arxiv.org/abs/1706.03762"),
        ("http://arxiv.org/abs/hep-th/9901001#x", "https://arxiv.org/abs/hep-th/9901001"),
        ("https://youtu.be/dQw4w9WgXcQ?t=4", YOUTUBE),
        ("https://www.youtube.com/watch?list=PL1&v=dQw4w9WgXcQ", YOUTUBE),
        (f"{BILIBILI}/?p=2&vd_source=1", f"{VIEW}?bvid=BV1xx411c7mD"),
        ("https://m.bilibili.com/video/av170001", f"{VIEW}?aid=170001"),
    ],
)
def test_some_are_asked_elsewhere(address: str, ask: str) -> None:
    assert place_of(address).ask == ask


@pytest.mark.parametrize(
    "address",
    [
        "https://oven.example/page#part", "https://www.youtube.com/playlist?list=PL1",
        "https://www.youtube.com/watch?v=short", "https://space.bilibili.com/2",
        "https://arxiv.org/list/cs.CL/recent", "https://github.com/owner/repo",
        "https://github.com/owner/repo/blob/main/a.py", "https://evil.example/youtube.com/watch?v=1",
    ],
)  # fmt: skip
def test_all_others_are_asked_where_they_are(address: str) -> None:
    assert place_of(address).ask == address


@pytest.mark.parametrize(
    ("address", "certain"),
    [
        ("https://github.com/Owner/My.Repo.git", PageFacts(title="Owner/My.Repo", kind="code")),
        ("http://www.github.com/Own/Repo/?tab=readme", PageFacts(title="Own/Repo", kind="code")),
        ("https://github.com/Owner", PageFacts()),
        ("https://github.com/topics/lstm", PageFacts()),
        ("https://github.com/Owner/Repo/issues", PageFacts()),
        ("https://youtu.be/dQw4w9WgXcQ", PageFacts(kind="video")),
        (BILIBILI, PageFacts(kind="video")),
        ("https://arxiv.org/pdf/1706.03762",
         PageFacts(kind="paper", address="https://arxiv.org/abs/1706.03762")),
        ("https://oven.example/", PageFacts()),
    ],
)  # fmt: skip
def test_what_the_address_alone_says(address: str, certain: PageFacts) -> None:
    assert place_of(address).certain == certain


def test_a_paper_is_read_from_its_abstract() -> None:
    place = place_of("https://arxiv.org/pdf/2001.00042")
    found = facts_of(place, (PAGES / "arxiv.html").read_bytes(), "utf-8")
    assert (found.title, found.kind) == ("Kneading $k$ Loaves at Once", "paper")
    assert found.address == "https://arxiv.org/abs/2001.00042"


def test_youtube_names_title_and_channel() -> None:
    place = place_of("https://youtu.be/dQw4w9WgXcQ")
    assert facts_of(place, (PAGES / "youtube.json").read_bytes(), "utf-8") == PageFacts(
        title="Shaping a Loaf, Step by Step", authors=("The Warm Oven",), kind="video"
    )


def bilibili(address: str = BILIBILI, **changed: Any) -> PageFacts:
    """The facts of the recorded answer with some of its video changed."""
    answer = json.loads((PAGES / "bilibili.json").read_text("utf-8"))
    answer["data"] |= changed
    return facts_of(place_of(address), json.dumps(answer).encode(), "")


def test_bilibili_names_title_owner_day_and_length() -> None:
    assert bilibili() == PageFacts(
        title="三种揉面手法对比",
        authors=("温热的烤箱",),
        published="2020-01-02",  # 16:20 of the day before in Greenwich.
        kind="video",
        minutes=11,
    )


@pytest.mark.parametrize(("part", "minutes"), [("2", 7), ("3", None), ("x", None), ("", 11)])
def test_a_part_of_a_video_has_its_own_length(part: str, minutes: int | None) -> None:
    assert bilibili(f"{BILIBILI}?p={part}").minutes == minutes


def test_who_uploads_the_video_of_another_is_not_its_author() -> None:
    assert bilibili(copyright=2).authors == ()


@pytest.mark.parametrize(
    "changed",
    [{"owner": None}, {"owner": {"name": 3}}, {"pubdate": "x"}, {"pubdate": 10**30},
     {"duration": []}, {"pages": {"a": 1}}, {"title": None}],
)  # fmt: skip
def test_an_odd_answer_leaves_open_what_it_spoils(changed: dict[str, Any]) -> None:
    assert bilibili(f"{BILIBILI}?p=2", **changed).kind == "video"


@pytest.mark.parametrize(
    "body",
    [b"", b"Unauthorized", b"[]", b"3", b"[" * 100_000, b'{"code": -404, "data": null}',
     b'{"code": 0, "data": []}', b'{"title": 5, "author_name": []}', b"<html><title>x</title>"],
)  # fmt: skip
@pytest.mark.parametrize("address", [BILIBILI, "https://youtu.be/dQw4w9WgXcQ"])
def test_no_answer_leaves_all_open_but_the_kind(body: bytes, address: str) -> None:
    assert facts_of(place_of(address), body, "") == PageFacts(kind="video")


@given(st.binary(max_size=500), st.sampled_from([BILIBILI, "https://youtu.be/dQw4w9WgXcQ"]))
def test_no_bytes_break_it(body: bytes, address: str) -> None:
    assert facts_of(place_of(address), body, "").kind == "video"
