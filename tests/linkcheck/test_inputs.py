"""Lists of links for one check: what is known is kept, what is no address is told at its line."""

from pathlib import Path

import pytest

from tools.linkcheck.inputs import read_inputs
from tools.model.link import Link, LinkPlace


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def told(folder: Path, name: str, text: str | bytes) -> list[str]:
    path = written(folder, name, text)
    _, problems = read_inputs([path])
    return [str(problem).removeprefix(f"{folder.as_posix()}/") for problem in problems]


def test_text_has_one_address_a_line(tmp_path: Path) -> None:
    text = "\ufeffhttps://x.example/a#part\n\n# remark\n  HTTP://x.example/长 b \r\nhttps://[x\n"
    path = written(tmp_path, "a.txt", text)
    links, problems = read_inputs([path])
    assert problems == []
    assert [(link.url, link.where[0].line, link.role) for link in links] == [
        ("https://x.example/a#part", 1, "input"),
        ("HTTP://x.example/长 b", 4, "input"),
        ("https://[x", 5, "input"),
    ]
    assert links[0].where[0].path == path.as_posix()


def test_yaml_has_what_is_known_and_mere_addresses(tmp_path: Path) -> None:
    text = (
        "# head\n- title: T\n  url: https://x.example/\n  kind: paper\n  language: zh\n"
        "  published: '2020'\n- https://y.example/\n"
    )
    path = written(tmp_path, "a.yaml", text)
    assert read_inputs([path]) == (
        (
            Link(url="https://x.example/", where=(LinkPlace(path.as_posix(), 3),), titles=("T",),
                 kind="paper", language="zh", published="2020"),
            Link(url="https://y.example/", where=(LinkPlace(path.as_posix(), 7),)),
        ),
        [],
    )  # fmt: skip


def test_markdown_has_its_links(tmp_path: Path) -> None:
    path = written(tmp_path, "a.MD", "`https://c.example/`\n[a](https://x.example/)")
    ((link,), problems) = read_inputs([path])
    assert (link.url, link.where, link.role, problems) == (
        "https://x.example/", (LinkPlace(path.as_posix(), 2),), "input", [],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "problems"),
    [
        ("a.txt", "x.example/a\nftp://x.example/", [
            "a.txt:1: found 'x.example/a', expected an http or https address",
            "a.txt:2: found 'ftp://x.example/', expected an http or https address"]),
        ("a.txt", b"https://x.example/\n\xff", [
            "a.txt: found the byte 0xff on line 2, expected UTF-8"]),
        ("a.yml", "- url: https://x.example/\n  titel: x\n- title: y\n- url: 7\n", [
            "a.yml:2: [0].titel: found the unknown key 'titel', expected a key of the format",
            "a.yml:3: [1]: url is missing",
            "a.yml:4: [2].url: found '7', expected an http or https address"]),
        ("a.yml", "- title: y\n  url: mailto:x@y.example\n- 7\n", [
            "a.yml:2: [0].url: found 'mailto:x@y.example', expected an http or https address",
            "a.yml:3: [1]: found 7, expected keys with values"]),
        ("a.yml", "url: https://x.example/", [
            "a.yml:1: found {'url': 'https://x.example/'}, expected a list of links"]),
        ("a.yml", "- [", ["a.yml:2: not YAML: while parsing a flow node, did not find expected "
                          "node content"]),
        ("a.csv", "", ["a.csv: found 'a.csv', expected a file name that ends in one of .txt, .yml,"
                       " .yaml, .md"]),
    ],
)  # fmt: skip
def test_what_is_no_link_is_told(
    name: str, text: str | bytes, problems: list[str], tmp_path: Path
) -> None:
    assert told(tmp_path, name, text) == problems


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    _, (problem,) = read_inputs([tmp_path / "a.txt"])
    assert problem.message == "found no file here, expected one"


def test_good_links_stay_beside_bad_ones_and_files_are_merged(tmp_path: Path) -> None:
    first = written(tmp_path, "a.txt", "https://x.example/\nnonsense\n")
    second = written(tmp_path, "b.yml", "- {url: https://x.example/, title: T}\n- {}\n")
    ((link,), problems) = read_inputs([first, second])
    assert [str(place) for place in link.where] == [f"{first}:1", f"{second}:1"]
    assert len(problems) == 2


def test_a_named_file_may_be_a_link_to_elsewhere_and_larger_than_a_page(tmp_path: Path) -> None:
    target = written(
        tmp_path, "real.txt", "".join(f"https://x.example/{n}\n" for n in range(50_000))
    )
    (tmp_path / "inner").mkdir()
    link = tmp_path / "inner" / "a.txt"
    link.symlink_to(target)
    links, problems = read_inputs([link])
    assert (len(links), problems) == (50_000, [])


def test_titles_and_dates_may_look_like_numbers_and_keys_may_hold_nothing(tmp_path: Path) -> None:
    file = tmp_path / "links.yml"
    file.write_text("- {url: https://example.org/, title: 1984, published: 2018, kind: null}\n")
    links, problems = read_inputs([file])
    assert problems == []
    assert (links[0].titles, links[0].published, links[0].kind) == (("1984",), "2018", "")
