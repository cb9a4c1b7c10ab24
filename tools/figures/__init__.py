"""Drawings by code: a small kit of shapes, and the figures made of it, by name."""

from collections.abc import Callable, Mapping

from tools.figures.lstm_cell import lstm_cell
from tools.figures.unrolled import unrolled

# A figure's markup for a page in a language of the site.
FIGURES: Mapping[str, Callable[[str], str]] = {
    "lstm-cell": lambda language: lstm_cell(language).svg(),
    "unrolled": lambda language: unrolled(language).svg(),
}
