"""A notebook's cells as markup: mkdocs-jupyter converts once a run, and this keeps the cells.

Its page brings 574 kB of styles and scripts; here a cell is what our own pages have, code as
Material marks it and formulas as `arithmatex` leaves them for the page to set.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

_FORMULA = re.compile(r"\$\$(?P<display>.+?)\$\$|\$(?P<inline>[^$]+?)\$", re.DOTALL)
_PARAGRAPH = re.compile(r"<p>.*?</p>", re.DOTALL)
_DISPLAY = re.compile(r'\s*(<div class="arithmatex">.*?</div>)\s*', re.DOTALL)
_KEPT = {"href", "class", "title", "start", "align"}


def cells_of(notebook: str) -> tuple[str, ...]:
    """The markup of every cell's source, in order; what cells printed and drew is left out."""
    whole = BeautifulSoup(_converted(notebook), "html.parser")
    return tuple(
        _code(cell) if cell.select_one(".highlight-ipynb") else _words(cell)
        for cell in whole.select(".jp-Notebook-cell .jp-InputArea")
    )


def _converted(notebook: str) -> str:
    from mkdocs_jupyter.nbconvert2 import nb2html  # Half a second; only a new run pays it.

    with tempfile.TemporaryDirectory() as folder, _no_one_s_settings(folder):
        path = Path(folder) / "notebook.ipynb"
        path.write_text(notebook, encoding="utf-8")
        page: str = nb2html(str(path))
    return page


@contextmanager
def _no_one_s_settings(folder: str) -> Iterator[None]:
    """Without what whoever builds here has set up for Jupyter."""
    ours = {"JUPYTER_NO_CONFIG": "1", "JUPYTER_CONFIG_DIR": folder}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _code(cell: Tag) -> str:
    pre = cell.select_one(".highlight-ipynb pre")
    assert pre is not None
    for blank in pre.select("span.w, span:empty"):
        blank.unwrap()  # Nothing colours a space.
    return f'<div class="highlight"><pre><code>{pre.decode_contents().rstrip()}</code></pre></div>'


def _words(cell: Tag) -> str:
    said = cell.select_one(".jp-RenderedMarkdown")
    assert said is not None
    for unwanted in said.select("script, style, .anchor-link"):
        unwanted.decompose()
    for tag in said.find_all(True):
        tag.attrs = {name: value for name, value in tag.attrs.items() if name in _KEPT}
        tag.name = re.sub(r"^h([1-4])$", lambda level: f"h{int(level[1]) + 2}", tag.name)
    for text in list(said.find_all(string=re.compile(r"\$"))):
        if not text.find_parent(["code", "pre"]):
            _mark_formulas(text)
    return _PARAGRAPH.sub(_with_room, said.decode_contents().strip())


def _with_room(paragraph: re.Match[str]) -> str:
    """A displayed formula ends its paragraph: HTML knows no block in one."""
    parts = _DISPLAY.sub(r"</p>\n\1\n<p>", paragraph[0]).split("\n")
    return "\n".join(part for part in parts if part != "<p></p>")


def _mark_formulas(text: NavigableString) -> None:
    marked = _FORMULA.sub(_formula, escape(str(text), quote=False))
    text.replace_with(BeautifulSoup(marked, "html.parser"))


def _formula(match: re.Match[str]) -> str:
    if match["display"]:
        return f'<div class="arithmatex">\\[{match["display"].strip()}\\]</div>'
    return f'<span class="arithmatex">\\({match["inline"]}\\)</span>'
