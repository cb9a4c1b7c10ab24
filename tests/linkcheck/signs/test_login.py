"""Login pages by their address; the table of recorded answers has those by their page."""

import pytest

from tests.linkcheck.signs.refused import seen_of
from tools.linkcheck.signs.login import is_login, login


@pytest.mark.parametrize(
    "address",
    ["https://example.org/login", "https://example.org/users/sign_in?return=/a",
     "https://example.org/SignIn.aspx", "https://example.org/account/login.php",
     "https://login.example.org/", "https://passport.weibo.com/visitor", "https://sso.example.edu/",
     "https://www.linkedin.com/authwall?trk=x", "https://example.org/session/new",
     "https://open.weixin.qq.com/connect/qrconnect?appid=1",
     "https://example.org/oauth/authorize?client_id=1", "https://example.org/cas?service=x"],
)  # fmt: skip
def test_addresses_of_login_pages(address: str) -> None:
    assert is_login(address)


@pytest.mark.parametrize(
    "address",
    ["", "https://[broken", "https://example.org/", "https://example.org/login-forms-in-html",
     "https://example.org/blog/single-sign-on", "https://example.org/signing", "https://example.org/auth",
     "https://example.org/a?next=/login", "https://loginov.example.org/", "https://authors.example.org/",
     "https://example.org/catalog/index.html", "https://id.wikipedia.org/wiki/Roti"],
)  # fmt: skip
def test_other_addresses(address: str) -> None:
    assert not is_login(address)


def test_a_login_page_that_asks_for_a_password_is_one_whatever_title_it_shows() -> None:
    said = {
        "at": "https://example.org/login",
        "hops": ["302 https://example.org/a"],
        "title": "All about dough",
    }
    body = "<title>All about dough</title><p>Dough.</p>"
    assert login(seen_of("https://example.org/a", body, **said)) is None
    judgement = login(seen_of("https://example.org/a", f"{body}<input type='password'>", **said))
    assert judgement is not None
    assert judgement.evidence[0].value == "https://example.org/login"


def test_what_a_login_page_carries_back_is_not_told() -> None:
    at = "https://example.org/login?token=secret#x"
    judgement = login(seen_of("https://example.org/a", at=at))
    assert judgement is not None
    assert judgement.evidence[0].value == "https://example.org/login"
