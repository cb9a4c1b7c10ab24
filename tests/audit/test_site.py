from pathlib import Path

import pytest

from tools.audit.site import Target, load, mount
from tools.audit.verdicts import CannotRun


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", Target(path="learn/lstm/index.html")),
        ("#a%20b", Target(path="learn/lstm/index.html", fragment="a b")),
        ("../gru/", Target(path="learn/gru/index.html")),
        ("/x.css?v=1", Target(path="x.css")),
        ("https://site.example/zh/", Target(path="zh/index.html")),
        ("https://other.example/zh/", Target(host="other.example")),
        ("//other.example/x", Target(host="other.example")),
        ("http://[", Target(path="http://[")),
        ("mailto:a@b.example", None),
        ("data:image/png;base64,AA", None),
    ],
)
def test_resolves_addresses_as_a_browser_would(build, address, expected):
    assert build().resolve("learn/lstm/index.html", address) == expected


def test_a_mount_path_is_part_of_every_address(build):
    site = build(at="unrolled")
    assert site.resolve("index.html", "/unrolled/a.css") == Target(path="a.css")
    assert site.resolve("index.html", "/a.css") == Target(path="../a.css")


@pytest.mark.parametrize(("given", "expected"), [("/", "/"), ("", "/"), ("a/b", "/a/b/")])
def test_mount_paths_have_both_slashes(given, expected):
    assert mount(given) == expected


def test_a_bookmark_file_is_no_page(build):
    site = build({"data/marks.html": "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n</DL><p>\n"})
    assert "data/marks.html" in site.files
    assert "data/marks.html" not in site.pages
    assert "index.html" in site.pages


def test_a_folder_without_a_home_page_cannot_be_judged(tmp_path: Path):
    with pytest.raises(CannotRun, match="make site"):
        load(tmp_path)
