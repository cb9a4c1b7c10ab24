"""The addresses of a Markdown page: all that lead somewhere, none of code, each at its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.linkcheck.prose import prose_addresses

CASES = [
    ("[a](https://x.example/a)", [(1, "https://x.example/a")]),
    ("<https://x.example/a>", [(1, "https://x.example/a")]),
    ("HTTP too: http://x.example/a.", [(1, "http://x.example/a")]),
    ("![p](https://x.example/p.png)", [(1, "https://x.example/p.png")]),
    ("[![p](https://p.example/)](https://x.example/)",
     [(1, "https://x.example/"), (1, "https://p.example/")]),
    ("[https://x.example/](https://x.example/)", [(1, "https://x.example/")]),
    ("[a](../b.md) [c](#d) [e](mailto:e@f.example) x.example", []),
    ("`https://x.example/`", []),
    ("```sh\nopen https://x.example/\n```", []),
    ("a\n\n    https://x.example/", []),
    ("<!-- https://x.example/ -->", []),
    ('<a title="https://x.example/" href>a</a>', []),
    ("---\nsource: https://x.example/\n---\ntext", []),
    ("| a |\n|---|\n| https://x.example/a_b_c |", [(3, "https://x.example/a_b_c")]),
    ("<div>\n<a href='https://x.example/'>a</a>\n</div>", [(2, "https://x.example/")]),
    ("so <img src=\"https://x.example/i\"> it is", [(1, "https://x.example/i")]),
    ("[a](https://x.example/?a&amp;b)", [(1, "https://x.example/?a&b")]),
    ("[a](https://x.example/长 )", [(1, "https://x.example/长")]),
    ("[a](https://x.example/长)", [(1, "https://x.example/长")]),
    ("见https://x.example/a，以及（https://y.example/）。",
     [(1, "https://x.example/a"), (1, "https://y.example/")]),
    ("> one\n> <https://x.example/a>\n> https://x.example/b",
     [(2, "https://x.example/a"), (3, "https://x.example/b")]),
    ("`https://x.example/`\nhttps://x.example/", [(2, "https://x.example/")]),
    ("https://x.example/ab\nhttps://x.example/a",
     [(1, "https://x.example/ab"), (2, "https://x.example/a")]),
    ("[a][r] and\n[b][r]\n\n[r]: https://x.example/",
     [(4, "https://x.example/"), (4, "https://x.example/")]),
    ("[r]: https://x.example/unused", []),
    ("a\r\nb https://x.example/", [(2, "https://x.example/")]),
    ("[a](http://[broken)", [(1, "http://[broken")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[ascii(text) for text, _ in CASES])
def test_a_page_links_to(text: str, expected: list[tuple[int, str]]) -> None:
    assert list(prose_addresses(text)) == expected


@given(
    st.lists(
        st.sampled_from(
            [
                "https://x.example/{n}",
                "[a](https://x.example/{n})",
                "",
                "- `https://c.example/`",
                "## <https://x.example/{n}>",
            ]
        )
    )
)
def test_every_address_has_the_line_that_it_stands_on(kinds: list[str]) -> None:
    lines = [kind.format(n=f"n{n}") for n, kind in enumerate(kinds, start=1)]
    found = list(prose_addresses("\n".join(lines)))
    assert found == [
        (n, f"https://x.example/n{n}") for n, kind in enumerate(kinds, start=1) if "{n}" in kind
    ]


@given(st.text(alphabet="[]()<>`#!|-\n htps:/x.例，\"'&;\\", max_size=60))
def test_any_text_has_lines_of_its_own(text: str) -> None:
    last = text.count("\n") + 1
    assert all(1 <= line <= last for line, _ in prose_addresses(text))
