"""Drafts: what is missing, and an id that says what the thing is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.model.draft import Draft, missing_keys, proposed_id
from tools.model.resource import LONGEST_ID
from tools.model.text import is_id


def test_missing_is_what_a_resource_must_have_in_the_order_of_the_format() -> None:
    bare = Draft(id="rye", url="https://a.example/rye")
    assert missing_keys(bare) == [
        "title", "kind", "language", "topics", "level", "summary", "added",
    ]  # fmt: skip
    told = Draft(id="rye", url="https://a.example/rye", title="Rye", added="2026-11-20")
    assert missing_keys(told) == ["kind", "language", "topics", "level", "summary"]


@pytest.mark.parametrize(
    ("title", "address", "id"),
    [
        ("The Illustrated Loaf", "https://a.example/x", "the-illustrated-loaf"),
        ("Baker’s façade: a View", "https://a.example/x", "bakers-facade-a-view"),
        ("", "https://arxiv.org/abs/1706.03762", "arxiv-1706-03762"),
        ("黑麦", "https://www.rye.example/archives/7888", "rye-7888"),
        ("一文搞懂one-hot", "https://blog.csdn.net/x/article/details/114", "csdn-114-one-hot"),
        ("RNN", "https://blog.a.co.uk/posts/first.html", "a-first-rnn"),
        ("", "http://[::1]/", "1"),
        ("中", "https://例子.example/页", "resource"),
        ("word " * 40, "https://a.example/x", "word-" * 11 + "word"),
        ("x" * 80, "https://a.example/x", "x" * 60),
    ],
)
def test_an_id_is_made_of_the_title_else_of_the_address(title: str, address: str, id: str) -> None:
    assert proposed_id(title, address, ()) == id


def test_a_taken_id_gets_a_number() -> None:
    assert proposed_id("Rye bread", "https://a.example", {"rye-bread", "rye-bread-2"}) == (
        "rye-bread-3"
    )


@given(st.text(max_size=90), st.text(max_size=30), st.sets(st.just("resource")))
def test_every_proposed_id_is_one_and_is_free(title: str, path: str, taken: set[str]) -> None:
    id = proposed_id(title, f"https://a.example/{path}", taken)
    assert is_id(id)
    assert len(id) <= LONGEST_ID
    assert id not in taken
