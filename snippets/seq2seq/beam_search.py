"""Greedy decoding takes the likeliest next symbol and may be led up a garden path. Beam search
keeps the few likeliest beginnings and grows them all, so what starts poorly may win in the end.

Source: Sutskever, Vinyals & Le, "Sequence to Sequence Learning with Neural Networks", 2014,
section 3.2; dividing by the length: Wu et al., "Google's Neural Machine Translation System", 2016,
section 7.
"""

# %% [markdown]
# # Beam search
#
# Of $k$ beginnings $y_{1:t-1}$ grow all continuations by one symbol, and keep the best $k$ by
#
# $$
# \log p(y_{1:t}) = \log p(y_{1:t-1}) + \log p(y_t \mid y_{1:t-1})
# $$
#
# One that ends leaves the beam. Every further symbol lowers the sum, so in the end answers of
# unequal length are compared as they are ($\alpha = 0$), by the mean ($\alpha = 1$) or in between:
#
# $$
# \text{score}(y) = \frac{\log p(y)}{|y|^\alpha}
# $$

# %%
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor

# (state, last symbol) -> log p of every next symbol (V,), the next state. It may be any model; what
# is grown twice is given the same state twice, so a step must not change it.
Step = Callable[[Any, int], tuple[Tensor, Any]]


# --8<-- [start:step]
class Hypothesis(NamedTuple):
    """A beginning, log p of it, and the state after."""

    tokens: tuple[int, ...]
    log_p: float
    state: Any

    def score(self, alpha: float) -> float:
        """log p over length^alpha, END counted as a symbol."""
        return self.log_p / max(len(self.tokens), 1) ** alpha


Beam = list[Hypothesis]


def grow(step: Step, beam: Beam, begin: int) -> Beam:
    """All that is possible, one symbol longer, likeliest first."""
    grown = []
    for tokens, log_p, state in beam:
        more, after = step(state, tokens[-1] if tokens else begin)
        if more.dim() != 1 or (more > 1e-3).any():
            raise ValueError(f"expected log p (V,), got {more}")
        for token, log in enumerate(more.tolist()):
            longer = (*tokens, token)
            grown.append(Hypothesis(longer, log_p + log, after))
    possible = [one for one in grown if one.log_p > -math.inf]
    return sorted(possible, key=lambda one: -one.log_p)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
def beam_search(
    step: Step, state: Any, begin: int, end: int, width: int, longest: int, alpha: float = 0
) -> list[Hypothesis]:
    """The best `width` answers that were found, best score first.

    Each ends with `end`, unless it was cut off after `longest` symbols. Of two that are equally
    likely the one found first goes first. Width 1 is greedy decoding.
    """
    if width < 1 or longest < 0:
        raise ValueError(f"expected width >= 1 and longest >= 0, got {width} and {longest}")
    beam, ended = [Hypothesis((), 0.0, state)], []
    for _ in range(longest):
        kept = grow(step, beam, begin)[:width]
        ended += [one for one in kept if one.tokens[-1] == end]
        beam = [one for one in kept if one.tokens[-1] != end]
    return sorted(ended + beam, key=lambda one: -one.score(alpha))[:width]


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
SYMBOLS = ".ABxymn"  # the first one ends
GARDEN = {
    "": {"A": 0.6, "B": 0.4},
    "A": {"x": 0.55, "y": 0.45},
    "B": {"x": 0.9, "y": 0.1},
    "Ax": {"m": 0.6, "n": 0.4},
    "Bx": {"m": 0.7, "n": 0.3},
}


def garden(state: str, token: int) -> tuple[Tensor, str]:
    """A model that is a table; what has no row in it ends."""
    state = state + SYMBOLS[token].strip(".")
    p = GARDEN.get(state, {".": 1.0})
    return torch.tensor([p.get(symbol, 0) for symbol in SYMBOLS], dtype=torch.float64).log(), state


@dataclass(frozen=True)
class Search:
    """What a beam of two looked at, and what it found beside greedy decoding."""

    kept: list[Hypothesis]
    cut: list[Hypothesis]
    best: Hypothesis
    greedy: Hypothesis


def demo(seed: int = 0) -> Search:
    """Greedy decoding is lured to A, since it is likelier than B. Nothing is drawn at random."""
    beam, kept, cut = [Hypothesis((), 0.0, "")], [], []
    for _ in range(3):
        grown = grow(garden, beam, begin=0)
        beam = grown[:2]
        kept, cut = kept + beam, cut + grown[2:]
    best, greedy = (beam_search(garden, "", 0, 0, width, 4)[0] for width in (2, 1))
    return Search(kept, cut, best, greedy)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    search = demo()
    for name, one in (("greedy", search.greedy), ("a beam of 2", search.best)):
        print(name, "".join(SYMBOLS[t] for t in one.tokens), f"{math.exp(one.log_p):.3f}")
    nodes = sorted(one.tokens for one in search.kept + search.cut)
    leaves = [n for n in nodes if not any(m[:-1] == n for m in nodes)]
    height = {n: -sum(i for i, m in enumerate(leaves) if m[: len(n)] == n) for n in [(), *nodes]}
    height = {n: y / sum(m[: len(n)] == n for m in leaves) for n, y in height.items()}
    figure, axis = plt.subplots(figsize=(6.6, 4.6))
    for group, style in ((search.kept, "C0-"), (search.cut, "C3:")):
        for tokens, log_p, _ in group:
            x, y, on = len(tokens), height[tokens], tokens == search.best.tokens[: len(tokens)]
            axis.plot([x - 0.55, x - 0.05], [height[tokens[:-1]], y], style, linewidth=2 + 3 * on)
            axis.text(x, y, f"{SYMBOLS[tokens[-1]]} {math.exp(log_p):.2f}", va="center")
    for name, one in (("greedy", search.greedy), ("best", search.best)):
        axis.text(3.5, height[one.tokens[:3]], name, va="center")
    axis.set(xlim=(0.4, 4), title="solid: kept, dotted: cut")
    axis.axis("off")
# --8<-- [end:picture]


# %%
# --8<-- [start:length]
if __name__ == "__main__":
    torch.manual_seed(0)
    tables = (1.5 * torch.randn(40, 8, 8)).log_softmax(dim=2)  # 40 models; 0 begins and ends
    figure, axis = plt.subplots()
    for alpha, style in ((1, "C0-"), (0, "C2--")):
        means = []
        for width in (1, 2, 4, 8):
            found = [beam_search(lambda s, t: (s[t], s), p, 0, 0, width, 20, alpha) for p in tables]
            means.append(sum(len(best.tokens) for best, *_ in found) / 40)
        axis.plot(range(4), means, style, label=f"alpha = {alpha}")
        print(f"alpha {alpha}: mean length", [round(mean, 1) for mean in means])
    at, drawn = (
        tables[:, :1].exp(),
        1.0,
    )  # where random draws are, (40, 1, 8), and how long they get
    for _ in range(19):
        at = at * (torch.arange(8) > 0)  # what has ended is gone
        at, drawn = at @ tables.exp(), drawn + at.sum().item() / 40
    axis.axhline(drawn, color="C3", linestyle=":", label="drawn at random")
    axis.set(xlabel="beam width", ylabel="symbols", ylim=(0, 17), yticks=[0, 5, 10, 15])
    axis.set_xticks(range(4), [1, 2, 4, 8])
    axis.legend()
# --8<-- [end:length]
