"""Cells as markup: what mkdocs-jupyter makes of them, without all it brings along."""

import os
import re
from pathlib import Path

import pytest

from tools.notebooks.markup import cells_of
from tools.notebooks.notebook import notebook_text
from tools.notebooks.parts import parts_of

CODE = "import torch\n\n\ndef f(x: torch.Tensor) -> None:  # (B, <T>)\n    print('a & b $x$')"
WORDS = {
    "plain": ("A *cell* and `code`.", "<p>A <em>cell</em> and <code>code</code>.</p>"),
    "inline": (
        "With $a_i < b_i$ or $c_i$.",
        '<p>With <span class="arithmatex">\\(a_i &lt; b_i\\)</span> or '
        '<span class="arithmatex">\\(c_i\\)</span>.</p>',
    ),
    "display": ("$$a \\\\ b$$", '<div class="arithmatex">\\[a \\\\ b\\]</div>'),
    "amid": (
        "So\n$$a * b * c$$\nholds.",
        '<p>So</p>\n<div class="arithmatex">\\[a * b * c\\]</div>\n<p>holds.</p>',
    ),
    "in code": ("Costs `$5 and $6`.", "<p>Costs <code>$5 and $6</code>.</p>"),
    "title": ("# Equations", "<h3>Equations</h3>"),
    "script": ("a <script>alert(1)</script> b", "<p>a  b</p>"),
    "handler": ('<b onclick="x()" id="c">b</b>', "<p><b>b</b></p>"),
}


@pytest.fixture(scope="module")
def cells() -> tuple[str, ...]:
    """All of them in one notebook: a conversion takes longer than a test should."""
    quoted = [
        "# %% [markdown]\n" + re.sub("^", "# ", said, flags=re.M) for said, _ in WORDS.values()
    ]
    return cells_of(notebook_text(parts_of("\n\n".join([*quoted, f"# %%\n{CODE}"]))))


@pytest.mark.parametrize("name", WORDS)
def test_words_come_out_as_plain_markup(cells: tuple[str, ...], name: str) -> None:
    assert cells[list(WORDS).index(name)] == WORDS[name][1]


def test_code_is_marked_as_the_theme_does_and_says_the_same(cells: tuple[str, ...]) -> None:
    code = cells[-1]
    assert code.startswith('<div class="highlight"><pre><code><span class="kn">import</span> ')
    assert '<span class="c1"># (B, &lt;T&gt;)</span>' in code
    text = re.sub("<[^>]+>", "", code)
    assert text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == CODE


def test_nothing_of_the_notebook_tool_is_left(cells: tuple[str, ...]) -> None:
    whole = "".join(cells)
    for part in ("<style", "<script", " id=", "jp-", "ipynb", "clipboard", "style="):
        assert part not in whole, part


def test_settings_of_whoever_builds_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "jupyter_nbconvert_config.py").write_text("raise SystemExit('read')")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    monkeypatch.delenv("JUPYTER_NO_CONFIG", raising=False)
    assert cells_of(notebook_text(parts_of("# %%\nx = 1\n")))
    assert os.environ["JUPYTER_CONFIG_DIR"] == str(tmp_path)
    assert "JUPYTER_NO_CONFIG" not in os.environ
