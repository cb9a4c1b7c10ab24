"""What speaks against an address before it is written into a file."""

import pytest

from tools.linkcheck.targets import objection, site_of

POST = "https://blog.bread.example/2018/06/rye"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://bread.example/rye", "https://bread.example/rye"),
        ("http://bread.example", "https://www.bread.example/"),
        (POST, "https://www.bread.example/blog/rye/"),
        (POST, "https://blog.bread.example/en/rye.html"),
        (f"{POST}/", POST),
        (f"{POST}/index.html", f"{POST}/"),
        (f"{POST}.html", f"{POST}?lang=en"),
        (f"{POST}#crust", "https://bread.example/rye#crust"),
        (POST, "https://bread.example/rye#start"),
        ("https://bread.example/archives/7", "https://bread.example/?p=7"),
        (f"{POST}?from=oven", "https://bread.example/rye?from=oven"),
        ("https://bread.example/login/how", "https://bread.example/posts/login"),
        ("https://auth.bread.example/spec", "https://auth.bread.example/v2"),
        ("https://bread.example/404", "https://bread.example/posts/404"),
        ("https://bread.example/", "https://bread.example/zh/"),
        ("https://bread.example/cs", "https://bread.example/cs/index.html"),
        ("https://x.co.uk/a", "https://y.x.co.uk/a"),
        ("https://ada.github.io/rye", "https://ada.github.io/breads/rye"),
        ("https://github.com/ada/rye", "https://github.com/bakery/rye"),
    ],
)
def test_nothing_speaks_against_a_page_that_went_elsewhere_on_its_site(
    url: str, target: str
) -> None:
    assert objection(url, target) == ""


@pytest.mark.parametrize(
    ("url", "target", "reason"),
    [
        (POST, "ftp://bread.example/rye", "is no web address"),
        (POST, "https://bread.example/a b", "is no web address"),
        (POST, "/rye", "is no web address"),
        (POST, "http://bread.example/rye", "gives up https"),
        (POST, "https://flour.example/2018/06/rye", "leads to another site"),
        ("https://x.co.uk/a", "https://y.co.uk/a", "leads to another site"),
        ("https://ada.github.io/rye", "https://bo.github.io/rye", "leads to another site"),
        ("http://192.0.2.1/rye", "http://192.0.2.2/rye", "leads to another site"),
        (POST, "https://bread.example/login.html", "leads to a login"),
        (POST, "https://bread.example/users/sign_in", "leads to a login"),
        (POST, "https://passport.bread.example/x", "leads to a login"),
        (POST, "https://bread.example/404.html", "leads to an error page"),
        (POST, "https://bread.example/en/page-not-found/", "leads to an error page"),
        (POST, "https://bread.example/rye?error=1", "is of one visit only"),
        (POST, "https://consent.bread.example/m", "leads to a question, not to the page"),
        (POST, "https://bread.example", "leads to the home page"),
        (POST, "https://bread.example/zh-cn/index.html", "leads to the home page"),
        ("https://bread.example/?p=7", "https://bread.example/", "leads to the home page"),
        (POST, "https://blog.bread.example/2018", "leads to the page above"),
        (
            "https://zhihu.example/question/1/answer/2",
            "https://zhihu.example/question/1",
            "leads to the page above",
        ),
        (POST, f"{POST}?PHPSESSID=1", "is of one visit only"),
        (POST, "https://bread.example/rye?returnUrl=%2F2018", "is of one visit only"),
        (f"{POST}#crust", "https://bread.example/rye", "loses the part after #"),
        (f"{POST}#crust", "https://bread.example/rye#top", "loses the part after #"),
    ],
)
def test_what_speaks_against_it_is_said(url: str, target: str, reason: str) -> None:
    assert objection(url, target) == reason


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("WWW.cs.Ox.ac.uk.", "ox.ac.uk"),
        ("a.b.github.io", "b.github.io"),
        ("localhost", "localhost"),
        ("a.bread.example", "bread.example"),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("github.io", "github.io"),
        ("", ""),
    ],
)
def test_the_site_of_a_host(host: str, site: str) -> None:
    assert site_of(host) == site
