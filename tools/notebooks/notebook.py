"""An executed notebook: the same bytes for the same run, and nothing of the site.

The format is Jupyter's 4.5, written plainly, so that whoever has no Jupyter can build pages;
tests hold it against nbformat.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tools.notebooks.cells import Seen
from tools.notebooks.parts import Part

_SVG = "image/svg+xml"
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook_text(parts: Sequence[Part], seen: Sequence[Seen] = ()) -> str:
    """The `.ipynb` of a snippet; with what its code cells left, where it was run."""
    left: Iterator[Seen | None] = iter(seen)
    cells: list[dict[str, Any]] = []
    codes = 0
    for n, part in enumerate(parts, start=1):
        cell = {"id": f"cell-{n}", "metadata": {}, "source": _lines(part.source)}
        if part.kind == "words":
            cells.append({"cell_type": "markdown", **cell})
        else:
            codes += 1
            cells.append({"cell_type": "code", **cell, **_result(next(left, None), codes)})
    whole = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def pictures_of(notebook: str, cell: int) -> tuple[str, ...]:
    """The pictures below one cell of a notebook, counted from 0, as matplotlib drew them."""
    outputs = json.loads(notebook)["cells"][cell].get("outputs", [])
    return tuple("".join(out["data"][_SVG]) for out in outputs if _SVG in out.get("data", {}))


def _result(seen: Seen | None, count: int) -> dict[str, Any]:
    if seen is None:
        return {"execution_count": None, "outputs": []}
    outputs: list[dict[str, Any]] = []
    if seen.printed:
        lines = _lines(seen.printed)
        outputs.append({"output_type": "stream", "name": "stdout", "text": lines})
    for svg in seen.drawn:
        drawn = {_SVG: _lines(svg)}
        outputs.append({"output_type": "display_data", "data": drawn, "metadata": {}})
    return {"execution_count": count, "outputs": outputs}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
