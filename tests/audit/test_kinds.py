import pytest

from tools.audit.kinds import kind_of, sample


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("", "home"),
        ("zh/", "home"),
        ("404.html", "404"),
        ("zh/404.html", "404"),
        ("catalog/", "catalog/"),
        ("zh/catalog/", "catalog/"),
        ("learn/lstm/", "learn/*"),
        ("zh/learn/lstm/", "learn/*"),
        ("runs/recurrent/lstm/", "runs/*/*"),
        ("about.html", "about.html/"),
    ],
)
def test_the_address_tells_the_kind(address, kind):
    assert kind_of(address) == kind


def test_the_sample_has_one_page_of_each_kind_and_language_the_longest(build, page):
    site = build(
        {
            "learn/a/index.html": page("short"),
            "learn/b/index.html": page("rather longer"),
            "zh/learn/a/index.html": page("short", lang="zh"),
        }
    )
    addresses = {chosen.address for chosen in sample(site.pages)}
    assert addresses == {"", "zh/", "404.html", "learn/b/", "zh/learn/a/"}
