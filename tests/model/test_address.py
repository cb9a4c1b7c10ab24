"""When two addresses are one place: the table, and what holds for every address."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tools.model.address import AddressRules, address_key, without_tracking
from tools.storage.yaml import read_yaml

CASES = read_yaml((Path(__file__).parents[1] / "cases/address.yml").read_text(encoding="utf-8"))
RULES = AddressRules.of(
    [
        ["kexue.fm", "spaces.ac.cn"],
        ["docs.pytorch.org/tutorials", "pytorch.org/tutorials"],
        ["names.example", "www.namen.example"],
    ],
    ["baker"],
)
TRACKERS = ("utm_source", "utm_campaign", "vd_source", "spm", "fbclid", "ab_channel", "baker")

hosts = st.sampled_from(
    ["example.org", "www.example.org:8080", "bücher.example", "arxiv.org", "github.com", "doi.org",
     "youtube.com", "youtu.be", "bilibili.com", "pytorch.org", "spaces.ac.cn", "[::1]"]
)  # fmt: skip
pieces = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["index.html", "abs", "pdf", "watch", "video", "tutorials", "1706.03762v2", "a.git", "%2F",
         "%", "%41", "%25", ".."]
    ),
)  # fmt: skip
queries = st.lists(st.tuples(pieces, pieces), max_size=3).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
addresses = st.builds(
    lambda host, path, query: f"https://{host}/{'/'.join(path)}{'?' + query if query else ''}",
    hosts,
    st.lists(pieces, max_size=4),
    queries,
)


def key_or_nothing(address: str) -> str | None:
    try:
        return address_key(address, RULES)
    except ValueError:
        return None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_two_addresses_are_one_place_or_two(case: dict[str, Any]) -> None:
    keys = address_key(case["a"], RULES), address_key(case["b"], RULES)
    assert (keys[0] == keys[1]) is case["same"], keys


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_a_key_is_an_address_of_the_same_place(case: dict[str, Any]) -> None:
    for address in (case["a"], case["b"]):
        key = address_key(address, RULES)
        assert address_key(f"https://{key}", RULES) == key


@given(addresses)
@example("https://example.org/index.html/index.html")
@example("https://example.org:80/")
@example("https://github.com/a/b.git.git")
@example("https://youtu.be/a b")
@example("https://www.bilibili.com/video/x?p=1%262")
def test_a_key_leads_to_itself(address: str) -> None:
    key = key_or_nothing(address)
    if key is not None:
        assert address_key(f"https://{key}", RULES) == key


@given(st.one_of(st.text(), st.text().map("https://{}".format)))
@example("https://[::1")
@example("https://a:b/")
@example("https://./")
@example("https://\u2100/")
@example("https://" + "a" * 70 + ".org")
def test_any_text_has_a_key_or_is_no_address(text: str) -> None:
    key = key_or_nothing(text)
    assert key is None or key


@pytest.mark.parametrize("text", ["", "example.org", "javascript:alert(1)", "file:///x", "http://"])
def test_what_is_no_web_address_has_no_key(text: str) -> None:
    with pytest.raises(ValueError, match="expected an http or https address"):
        address_key(text)


@given(addresses, st.sampled_from(TRACKERS), st.sampled_from(["", "1", "%20", "a=b"]))
def test_what_only_tracks_never_matters(address: str, name: str, value: str) -> None:
    bare = address.split("#", 1)[0].strip()
    tracked = f"{bare}{'&' if '?' in bare else '?'}{name}={value}"
    assert key_or_nothing(tracked) == key_or_nothing(bare)


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("https://a.org/x?utm_source=b&q=%E5&baker=1#part", "https://a.org/x?q=%E5#part"),
        ("https://a.org/x?spm=1", "https://a.org/x"),
        ("http://WWW.a.org/X?b=2&a=1", "http://WWW.a.org/X?b=2&a=1"),
    ],
)
def test_without_tracking_nothing_else_changes(address: str, clean: str) -> None:
    assert without_tracking(address, RULES) == clean
