"""A snippet of a few lines that draws and measures, and a folder to run it in."""

from pathlib import Path
from textwrap import dedent

HEAD = '"""A slope. Source: *Gauss*, $y = a x$."""\n'
WORDS = "# %% [markdown]\n# ## Equations\n# With $a_i < b_i$ and `x`:\n#\n# $$a = \\frac{x}{y}$$\n"
MODEL = """\
# %%
from __future__ import annotations

import torch


# --8<-- [start:model]
def slope(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return (x * y).sum() / (x * x).sum()  # ()
# --8<-- [end:model]
"""
DEMO = """\
# %%
# --8<-- [start:demo]
class Result:
    metric, expected, chance, measure = 0.25, 0.5, 1.0, "mean squared error"


def demo(seed: int = 0) -> Result:
    return Result()
# --8<-- [end:demo]
"""
PICTURE = """\
# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print("<b> slope", float(slope(torch.ones(2), 2 * torch.ones(2))))
    plt.plot([0, 1], [0, 2])
    plt.title("A line & more")
    plt.show()
# --8<-- [end:picture]
"""
WHOLE = HEAD + WORDS + MODEL + "\n\n" + DEMO + "\n\n" + PICTURE


def with_demo(body: str) -> str:
    """The snippet with another body of its demo; the body begins on line 27."""
    indented = dedent(body).strip().replace("\n", "\n    ")
    return WHOLE.replace("    return Result()", f"    {indented}")


def line_of(text: str, part: str) -> int:
    """The number of the one line that holds this."""
    (number,) = [n for n, line in enumerate(text.splitlines(), start=1) if part in line]
    return number


def write_snippet(root: Path, id: str = "small/slope", text: str = WHOLE) -> Path:
    """Put a snippet where the project in `root` has its own."""
    path = root / "snippets" / f"{id}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
