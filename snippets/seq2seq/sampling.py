"""Three ways to reshape or cut the probabilities of the next symbol before one is drawn: a low
temperature makes the likely likelier, top-k keeps the k likeliest, top-p as many as reach p.

Source: Fan, Lewis & Dauphin, "Hierarchical Neural Story Generation", 2018, section 5.4 (top-k);
Holtzman et al., "The Curious Case of Neural Text Degeneration", 2020, section 3 (top-p).
"""

# %% [markdown]
# # Drawing the next symbol
#
# From scores $u_1, \dots, u_V$, or log probabilities, which are scores too:
#
# $$
# \begin{aligned}
# p_i &= \frac{\exp(u_i / \tau)}{\sum_j \exp(u_j / \tau)} & \text{temperature} \\
# p_i &\propto p_i \, [\text{rank}(i) \le k] & \text{top-}k \\
# p_i &\propto p_i \, [p_{(1)} + \dots + p_{(\text{rank}(i) - 1)} < p] & \text{top-}p
# \end{aligned}
# $$
#
# with $p_{(1)} \ge p_{(2)} \ge \dots$ in order; of equals the smaller symbol ranks first.

# %%
import math
from dataclasses import dataclass

import torch
from torch import Tensor


# --8<-- [start:step]
def temperature(u: Tensor, tau: float) -> Tensor:
    """log p (…, V) of u / tau; at tau = 0 only the best are left."""
    below = u - u.amax(dim=-1, keepdim=True)  # (…, V), the best is 0
    scaled = (below / tau).where(below < 0, 0)  # also for tau = 0
    return scaled.where(below > -math.inf, -math.inf).log_softmax(-1)


def top_k(u: Tensor, k: int) -> Tensor:
    """log p (…, V) of the k best alone, of all if k >= V."""
    return u.where(ranks(u) < k, -math.inf).log_softmax(dim=-1)


def top_p(u: Tensor, p: float) -> Tensor:
    """log p (…, V) of the fewest that reach p together."""
    rank = ranks(u)  # (…, V)
    falling = u.softmax(-1).sort(dim=-1, descending=True).values
    before = (falling.cumsum(-1) - falling).gather(-1, rank)
    keep = (before < p) | (rank == 0) | (p >= 1)  # (…, V)
    return u.where(keep, -math.inf).log_softmax(dim=-1)


# --8<-- [end:step]


def ranks(u: Tensor) -> Tensor:
    """The place of each (…, V), 0 for the best; first come of equals."""
    order = u.argsort(dim=-1, descending=True, stable=True)
    return order.argsort(dim=-1)


# %%
# --8<-- [start:model]
def sample(
    u: Tensor, tau: float = 1, k: int | None = None, p: float = 1,
    generator: torch.Generator | None = None,
) -> Tensor:  # fmt: skip
    """One symbol (…) of each row of scores (…, V), by temperature, then top-k, then top-p.

    A score of -inf is never drawn. Raises ValueError where nothing could be, and for a negative
    tau, a k below 1, a p outside [0, 1].
    """
    k = u.shape[-1] if k is None else k
    if not tau >= 0 or k < 1 or not 0 <= p <= 1:
        raise ValueError(f"expected tau >= 0, k >= 1 and 0 <= p <= 1, got {tau}, {k} and {p}")
    if not u.shape[-1] or u.isnan().any() or not u.amax(dim=-1).isfinite().all():
        raise ValueError(f"expected a finite best score in every row (…, V), got {u}")
    log_p = top_p(top_k(temperature(u, tau), k), p)  # (…, V)
    drawn = log_p.double().exp().reshape(-1, u.shape[-1]).multinomial(1, generator=generator)
    return drawn.view(u.shape[:-1])


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Cuts:
    """Probabilities of eight symbols, where a model is sure and where it is not."""

    before: Tensor  # (2, 8)
    after: Tensor  # (3, 2, 8): by temperature 0.5, top-k with k = 3, top-p with p = 0.9


def demo(seed: int = 0) -> Cuts:
    """The three, each alone. Nothing is drawn at random."""
    u = -torch.arange(8.0) * torch.tensor([[1.2], [0.15]])  # (2, 8)
    after = torch.stack([temperature(u, 0.5), top_k(u, 3), top_p(u, 0.9)])  # (3, 2, 8)
    return Cuts(u.softmax(dim=-1), after.exp())


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    cuts = demo()
    figure, axes = plt.subplots(3, 2, figsize=(6.6, 6), sharex=True, sharey="col")
    names = ("temperature 0.5", "top-k, k = 3", "top-p, p = 0.9")
    sures = ("the model is sure", "it is not")
    for row, name, after in zip(axes, names, cuts.after, strict=True):
        for axis, sure, p, q in zip(row, sures, cuts.before, after, strict=True):
            axis.bar(range(1, 9), q, color="C0")
            axis.stairs(p, torch.arange(9) + 0.5, color="C2", linestyle="--")
            axis.set(xlabel=sure if name == names[-1] else "", xticks=[1, 8])
            print(f"{name}, {sure}: {(q > 0).sum()} symbols left, the first has {q[0]:.2f}")
        row[0].set_title(name)
# --8<-- [end:picture]
