"""What a cell drew: every open figure, named by what is written in it."""

import io
from typing import Any

from tools.notebooks.style import svg_of


def pictures(id: str) -> tuple[str, tuple[str, ...]]:
    """Every open figure, for the page and for the notebook; all are closed."""
    import matplotlib.pyplot as plt

    themed, drawn = [], []
    for number in plt.get_fignums():
        figure = plt.figure(number)
        title, description = _described(figure)
        themed.append(svg_of(figure, title=title, description=description, id=f"{id}-{number}"))
        svg = io.StringIO()
        figure.savefig(svg, format="svg", metadata={"Date": None})
        drawn.append(svg.getvalue())
    plt.close("all")
    return "\n".join(themed), tuple(drawn)


def _described(figure: Any) -> tuple[str, str]:
    """A figure's name and description, from what is written in it."""
    names = [figure.get_suptitle(), *(axes.get_title(loc="left") for axes in figure.axes)]
    names += [axes.get_title() for axes in figure.axes]
    lines = []
    for axes in figure.axes:
        said = (axes.get_ylabel(), axes.get_xlabel())
        lines.append(" over ".join(word for word in said if word))
        legend = axes.get_legend()
        lines += [text.get_text() for text in legend.get_texts()] if legend else []
    title = next((name for name in names if name), "Picture")
    return title, "; ".join(dict.fromkeys(line for line in lines if line))
