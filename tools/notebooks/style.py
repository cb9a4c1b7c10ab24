"""One look for every picture a snippet draws: matplotlib's settings, and its SVG for our pages.

Layout is done at the size letters have on a phone; wide rooms draw them smaller (plots.css), so
what has room on a phone has room everywhere. matplotlib is imported in functions only: whoever
builds pages from recorded runs never waits for it.
"""

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tools.notebooks.themed import UnfitPicture, themed

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["RC", "UnfitPicture", "apply_style", "svg_of", "themed"]

WIDTH = 480.0  # Units of the drawing; 390 px of phone leave 358 of them, so 15 units are 11 px.
SMALLEST_LETTERS = 15.0
_UNITS_AN_INCH = 72.0

_SIGNAL, _GATE, _INK, _MUTED = "#0B6E75", "#A34A14", "#1C1E21", "#5B6067"
_WIRE, _RULE = "#7D8187", "#E3DED3"

RC: Mapping[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "unrolled",
    "figure.figsize": (WIDTH / _UNITS_AN_INCH, 3.6),
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    # The face that comes with matplotlib: wider than the ones pages use, and the same everywhere.
    "font.family": ["DejaVu Sans"],
    "font.size": 16,
    "figure.titlesize": 16,
    "axes.titlesize": 16,
    "axes.labelsize": 16,
    "legend.fontsize": 15,
    "xtick.labelsize": SMALLEST_LETTERS,
    "ytick.labelsize": SMALLEST_LETTERS,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.titlecolor": _INK,
    "xtick.labelcolor": _MUTED,
    "ytick.labelcolor": _MUTED,
    "axes.titlelocation": "left",
    "axes.titleweight": "normal",
    "axes.facecolor": "none",
    "axes.edgecolor": _WIRE,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": _WIRE,
    "ytick.color": _WIRE,
    "grid.color": _RULE,
    "grid.linewidth": 0.8,
    "lines.linewidth": 2,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "patch.linewidth": 0.8,
    "hatch.linewidth": 0.8,
    "hatch.color": _WIRE,
    "legend.frameon": False,
    "legend.handlelength": 1.4,
    "image.cmap": "signal",
    # C0 what flows, C1 gates; then ink and grey, told apart by dashes as well.
    "axes.prop_cycle": (
        f"cycler('color', ['{_SIGNAL[1:]}', '{_GATE[1:]}', '{_INK[1:]}', '{_MUTED[1:]}'])"
        " + cycler('linestyle', ['-', '-', '--', ':'])"
    ),
}


def apply_style() -> None:
    """Make this the style of every figure drawn from now on; colour maps `signal`, `gate`."""
    import matplotlib
    from matplotlib.colors import LinearSegmentedColormap

    for name, hue in (("signal", _SIGNAL), ("gate", _GATE)):
        # From nothing to the full hue: strength is opacity, so dark pages need no other picture.
        # Under 50 steps, from where on a colour bar would become a bitmap.
        ends = [f"{hue}00", f"{hue}FF"]
        if name not in matplotlib.colormaps:
            matplotlib.colormaps.register(LinearSegmentedColormap.from_list(name, ends, N=41))
    matplotlib.rcParams.update(RC)


def svg_of(figure: "Figure", *, title: str, description: str, id: str) -> str:
    """A matplotlib figure as SVG for a page, whatever size and letters it was made with."""
    from matplotlib.text import Text

    wide, high = figure.get_size_inches()
    figure.set_size_inches(WIDTH / _UNITS_AN_INCH, high * WIDTH / _UNITS_AN_INCH / wide)
    figure.draw_without_rendering()  # Ticks, and with them their letters, exist only now.
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        text.set_fontsize(max(text.get_fontsize(), SMALLEST_LETTERS))
        text.set_gid(_place(text))
    svg = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(svg, format="svg", metadata=nothing)
    return themed(svg.getvalue(), title=title, description=description, id=id)


def _place(text: "Text") -> str:
    """How words hold on to their point, which matplotlib's SVG does not say of all of them."""
    middle = text.get_verticalalignment().startswith("center")
    return f"words-{text.get_horizontalalignment()}-{'middle' if middle else 'line'}"
