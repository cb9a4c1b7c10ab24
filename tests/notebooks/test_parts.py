"""The cells of a snippet, with the lines they stand on, and what is wrong with its marks."""

import jupytext
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notebooks.tiny import HEAD, WHOLE, line_of
from tools.notebooks.parts import parts_of, problems_of, without_markers

WORDS_LINES = st.sampled_from(
    ["A gate.", "$i_t = 1$", "- one", "", "# Title", "    code", "#", "a # b"]
)
CODE_LINES = st.sampled_from(
    ["x = 1", "", "def f():", "    return 2", "# a comment", "'%%'", "#%", "y"]
)


@st.composite
def cells(draw: st.DrawFn) -> list[tuple[str, str]]:
    kinds = draw(st.lists(st.sampled_from(["markdown", "code"]), min_size=1, max_size=5))
    lines = {"markdown": WORDS_LINES, "code": CODE_LINES}
    made = [
        (kind, "\n".join(draw(st.lists(lines[kind], max_size=6))).strip("\n")) for kind in kinds
    ]
    return [(kind, source) for kind, source in made if source.strip()]


def percent(cells: list[tuple[str, str]]) -> str:
    texts = []
    for kind, source in cells:
        if kind == "markdown":
            lines = [f"# {line}" if line else "#" for line in source.split("\n")]
            texts.append("# %% [markdown]\n" + "\n".join(lines))
        else:
            texts.append(f"# %%\n{source}")
    return "\n\n".join(texts) + "\n"


@given(cells())
def test_cells_are_those_that_jupytext_reads(cells: list[tuple[str, str]]) -> None:
    text = percent(cells)
    read = jupytext.reads(text, fmt="py:percent").cells
    theirs = [(cell.cell_type, cell.source.rstrip()) for cell in read if cell.source.strip()]
    kinds = {"words": "markdown", "code": "code"}
    assert [(kinds[part.kind], part.source.rstrip()) for part in parts_of(text)] == theirs


@given(cells())
def test_every_cell_stands_in_the_file_where_its_line_says(cells: list[tuple[str, str]]) -> None:
    text = percent(cells)
    lines = text.split("\n")
    for part in parts_of(text):
        own = part.text.split("\n")
        assert lines[part.line - 1 : part.line - 1 + len(own)] == own


def test_the_docstring_is_the_first_cell_and_words() -> None:
    parts = parts_of(WHOLE)
    assert [(part.kind, part.name) for part in parts] == [
        ("words", ""), ("words", ""), ("code", "model"), ("code", "demo"), ("code", "picture"),
    ]  # fmt: skip
    assert parts[0].source == "A slope. Source: *Gauss*, $y = a x$."


def test_code_below_the_docstring_is_a_cell_of_its_own() -> None:
    words, code = parts_of('"""Two\n\n    lines."""\n\nimport torch\n')
    assert (words.source, code.source, code.line) == ("Two\n\nlines.", "import torch", 4)


def test_marks_show_nowhere() -> None:
    assert all("8<--" not in part.source for part in parts_of(WHOLE))
    download = without_markers(WHOLE)
    assert "8<--" not in download
    assert download.count("\n") == WHOLE.count("\n") - 6


def test_windows_line_ends_change_no_cell() -> None:
    assert parts_of(WHOLE.replace("\n", "\r\n")) == parts_of(WHOLE)


def test_only_python_counts_the_lines() -> None:
    text = HEAD + "# %%\nx = 'a\x0cb\u2028c'\ny = 1\n"
    assert parts_of(text)[1].text.split("\n")[1] == "y = 1"


def test_a_sound_snippet_has_no_problem() -> None:
    assert problems_of(WHOLE, "snippets/small/slope.py") == ()


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("[end:model]", "[end:modle]", "[end:modle]", "found the end of 'modle'"),
        ("# --8<-- [end:demo]\n", "", "[start:demo]", "found no end of the section 'demo'"),
        ("torch\n", "torch  # 8<--\n", "torch  # 8<--", "found 'import torch  # 8<--'"),
        ("[start:demo]", "[begin:demo]", "[begin:demo]", "found '# --8<-- [begin:demo]'"),
        ("import torch\n", "import pandas\n", "import pandas", "found the import of pandas"),
        ("import torch\n", "from .x import y\n", "from .x", "found the import of ."),
        ("import torch\n", "import torch as\n", "import torch as", "SyntaxError: "),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, place: str, said: str) -> None:
    text = WHOLE.replace(old, new, 1)
    problems = problems_of(text, "snippets/small/slope.py")
    told = [(problem.line, problem.message[: len(said)]) for problem in problems]
    assert (line_of(text, place), said) in told


def test_one_name_is_one_section() -> None:
    twice = "# --8<-- [start:model]\n# --8<-- [end:model]\n"
    (problem,) = problems_of(WHOLE + twice, "a.py")
    assert problem.line == WHOLE.count("\n") + 1
    assert problem.message == "found a second section 'model', expected another name"


def test_a_section_that_pages_ask_for_is_missed() -> None:
    text = WHOLE.replace(":picture]", ":drawing]")
    (problem,) = problems_of(text, "a.py")
    assert str(problem) == (
        "a.py:1: found no section 'picture', expected model, demo, picture in every snippet"
    )
