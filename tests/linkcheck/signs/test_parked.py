"""Parked domains, beside the table: where chains end, and what is never called parked."""

import pytest

from tests.linkcheck.signs.refused import seen_of
from tools.linkcheck.signs.landers import SELLERS
from tools.linkcheck.signs.parked import leads_to_seller, parked

LINK = "http://bread.example/dough"


@pytest.mark.parametrize("seller", SELLERS)
def test_a_chain_that_ends_at_a_seller(seller: str) -> None:
    at = f"https://www.{seller}/bread.example"
    assert leads_to_seller(seen_of(LINK, at=at))
    assert not leads_to_seller(seen_of(at, at=at))
    assert not leads_to_seller(seen_of(LINK, at=f"https://not{seller}/"))


@pytest.mark.parametrize("path", ["/lander", "/lander/", "/cgi-sys/suspendedpage.cgi"])
def test_paths_of_landers(path: str) -> None:
    assert parked(seen_of(LINK, at=f"http://bread.example{path}"))


def test_a_page_that_refreshes_to_a_seller() -> None:
    body = '<meta http-equiv="refresh" content="0;url=https://sedo.com/search/details/?domain=b">'
    assert parked(seen_of(LINK, body))


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_missing_is_missing(status: int) -> None:
    body = "<title>This domain is for sale</title>"
    assert parked(seen_of(LINK, body, status)) is None
    assert parked(seen_of(LINK, body)) is not None


def test_a_known_title_speaks_for_the_page() -> None:
    body = "<title>Buy this domain: a history of bread.example</title>"
    assert parked(seen_of(LINK, body)) is not None
    assert parked(seen_of(LINK, body, title="A history of bread.example")) is None


def test_an_unknown_page_needs_more_than_a_title_to_be_a_casino() -> None:
    body = "<title>Online casino</title><p>{}</p>"
    assert parked(seen_of(LINK, body.format("Dough."))) is None
    assert parked(seen_of(LINK, body.format("Free spins, no deposit bonus.")))
    assert parked(seen_of(LINK, body.format("Dough."), title="All about dough"))
