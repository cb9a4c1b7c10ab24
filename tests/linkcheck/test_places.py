"""What addresses say of their places, and which new ones may be written back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.linkcheck.answer import Answer, Hop
from tools.linkcheck.page import PageView
from tools.linkcheck.places import file_name, is_home, says_error, segments, site_of
from tools.linkcheck.rewrites import safe_rewrite
from tools.model.link import Link

HOST = "https://site.example"


@pytest.mark.parametrize(
    "path",
    ["", "/", "/index.html", "/en/", "/zh-CN/index.php", "/home", "/?lang=en", "/?utm_source=a"],
)
def test_front_pages(path: str) -> None:
    assert is_home(HOST + path)


@pytest.mark.parametrize("path", ["/a", "/?p=1", "/en/a", "/index/a", "/#/a", "/#!a", "/english/"])
def test_other_pages(path: str) -> None:
    assert not is_home(HOST + path)


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/404", True),
        ("/404.html", True),
        ("/en/not-found/", True),
        ("/Error.aspx?aspxerrorpath=/a", True),
        ("/page_not_found.php", True),
        ("/search?error=404", True),
        ("/?status=notfound", True),
        ("/errors-and-residuals", False),
        ("/posts/404-pages", False),
        ("/?page=404", False),
        ("/found", False),
    ],
)
def test_addresses_that_say_that_another_is_wrong(path: str, error: bool) -> None:
    assert says_error(HOST + path) is error


@pytest.mark.parametrize(
    ("address", "site", "name"),
    [
        ("https://zhuanlan.zhihu.com/p/1", "zhihu.com", ""),
        ("https://me.github.io/a.PDF", "me.github.io", "a.pdf"),
        ("https://a.ac.example.co.uk/x.tar.gz?y", "example.co.uk", "x.tar.gz"),
        ("http://127.0.0.1/a.html", "127.0.0.1", ""),
        ("http://[", "", ""),
    ],
)
def test_sites_and_files(address: str, site: str, name: str) -> None:
    assert (site_of(address), file_name(address)) == (site, name)


def test_names_in_a_path() -> None:
    assert segments("https://e.org/A//%E5%BE%AA/?x") == ("a", "循")


def rewritten(old: str, *hops: tuple[int, str], title: str = "", language: str = "en") -> str:
    """What is suggested for a link after these redirects; the last of them names the end."""
    chain, addresses = [], [old, *(target for _, target in hops)]
    for (status, _), address in zip(hops, addresses, strict=False):
        chain.append(Hop(address, status))
    answer = Answer(address=addresses[-1], status=200, hops=tuple(chain))
    link = Link(url=old, titles=("A guide to RNNs",), language=language)
    return safe_rewrite(link, answer, PageView(titles=(title,) if title else ()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("http://site.example/a", "https://site.example/a"),
        ("https://site.example/a", "https://site.example/a/"),
        ("https://site.example/a", "https://docs.site.example/b?page=2"),
        ("https://site.example/docs/a", "https://site.example/en/latest/docs/a"),
        ("https://site.example/login-forms", "https://site.example/posts/login-forms"),
        ("http://site.example", "https://site.example/"),
    ],
)
def test_a_move_within_a_site_is_written_back(old: str, new: str) -> None:
    assert rewritten(old, (301, new)) == new


@pytest.mark.parametrize(
    "new",
    [
        "https://site.example/login?next=/a",
        "https://accounts.site.example/a",
        "https://passport.site.example/x",
        "https://site.example/",
        "https://site.example/en/",
        "https://site.example/404.html",
        "https://site.example/b?sessionid=1",
        "https://site.example/b;jsessionid=1",
        "https://site.example/b?country=de",
        "https://site.example/de/a",
        "https://m.site.example/a",
        "https://site.example:8443/a",
        "https://me@site.example/a",
        "http://site.example/b",
        "https://other.test/a",
        "https://site.example/" + "b" * 500,
        "mailto:me@site.example",
        "https://site.example/a?utm_source=b",
    ],
)
def test_harm_is_not_written_back(new: str) -> None:
    assert rewritten("https://site.example/a", (301, new)) == ""


def test_another_site_has_to_show_the_known_title() -> None:
    move = (301, "https://other.test/a")
    assert rewritten("https://site.example/a", move, title="A Guide to RNNs - Other") == move[1]
    assert rewritten("https://site.example/a", move, title="Shoes") == ""


def test_only_the_permanent_beginning_is_written_back_and_the_part_is_kept() -> None:
    old, there, then = f"{HOST}/a#part", f"{HOST}/b", f"{HOST}/c"
    assert rewritten(old, (301, there), (302, then)) == f"{HOST}/b#part"
    assert rewritten(old, (301, there), (308, then)) == f"{HOST}/c#part"
    assert rewritten(old, (302, there), (301, then)) == ""


PATHS = st.sampled_from(["/", "/a", "/a/b", "/login", "/404", "/en/", "/a?sid=1", "/x#y"])
HOSTS = st.sampled_from(
    ["http://site.example", HOST, "https://other.test", "http://a.site.example"]
)


@given(
    HOSTS, PATHS, st.lists(st.tuples(st.sampled_from([301, 302, 308]), HOSTS, PATHS), max_size=3)
)
def test_a_suggestion_is_always_a_permanent_step_of_the_same_site(
    host: str, path: str, steps: list[tuple[int, str, str]]
) -> None:
    old = host + path
    new = rewritten(old, *((status, where + name) for status, where, name in steps))
    if not new:
        return
    first = [one for one in steps if one[0] != 302]
    assert steps[0] in first
    assert new.split("#")[0] in {(where + name).split("#")[0] for _, where, name in first}
    assert site_of(new) == site_of(old)
    assert is_home(old) or not is_home(new)
