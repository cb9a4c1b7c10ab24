"""Where a Neural Turing Machine reads and writes: by content, then kept or not, shifted by a few
places and sharpened. Four small steps, each differentiable, make a pointer that can also move.

Source: Graves, Wayne & Danihelka, "Neural Turing Machines", 2014, section 3.3, equations 5 to 9.
"""

# %% [markdown]
# # Addressing
#
# $M_t$ is the memory, $N$ rows of width $M$; $w_{t-1}$ are the weights of the step before. The
# controller emits a key $k$, its strength $\beta$, a gate $g$, shift weights $s$ and $\gamma$.
#
# $$
# \begin{aligned}
# w^c_t(i) &= \exp(\beta \cos(k, M_t(i))) \big/ \textstyle\sum_j \exp(\beta \cos(k, M_t(j)))
#   & \text{content} \\
# w^g_t &= g \, w^c_t + (1 - g) \, w_{t-1} & \text{gate} \\
# \tilde w_t(i) &= \textstyle\sum_j w^g_t(j) \, s(i - j) & \text{shift, around the ends} \\
# w_t(i) &= \tilde w_t(i)^\gamma \big/ \textstyle\sum_j \tilde w_t(j)^\gamma & \text{sharpen}
# \end{aligned}
# $$

# %%
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


# --8<-- [start:model]
# --8<-- [start:step]
def content(k: Tensor, beta: Tensor, memory: Tensor) -> Tensor:
    """k (B, M), beta (B, 1) >= 0, memory (B, N, M) -> (B, N)."""
    cos = F.cosine_similarity(k[:, None], memory, dim=-1)  # (B, N)
    return (beta * cos).softmax(dim=-1)


def gate(g: Tensor, found: Tensor, before: Tensor) -> Tensor:
    """g (B, 1): 1 takes what was found (B, N), 0 stays."""
    return g * found + (1 - g) * before


# --8<-- [start:move]
def shift(w: Tensor, s: Tensor) -> Tensor:
    """w (B, N), s (B, 2R + 1) for shifts of -R to R -> (B, N)."""
    R = s.shape[1] // 2
    moved = [w.roll(r, dims=1) for r in range(-R, R + 1)]
    return (torch.stack(moved, dim=2) @ s[..., None])[..., 0]


def sharpen(w: Tensor, gamma: Tensor) -> Tensor:
    """w (B, N), gamma (B, 1) >= 1 -> (B, N), its peaks higher."""
    # Divided by the largest first, so that no power underflows.
    w = (w / w.amax(dim=1, keepdim=True)) ** gamma
    return w / w.sum(dim=1, keepdim=True)


# --8<-- [end:move]
# --8<-- [end:step]


def ntm_addressing(
    k: Tensor, beta: Tensor, g: Tensor, s: Tensor, gamma: Tensor, memory: Tensor, before: Tensor
) -> Tensor:
    """The four steps: where to look now, (B, N), from where one looked before, (B, N).

    k (B, M) is the key, beta (B, 1) >= 0 its strength, g (B, 1) in [0, 1] trusts it, s (B, 2R + 1)
    are shift weights that sum to 1, gamma (B, 1) >= 1 sharpens; memory is (B, N, M).
    Raises ValueError for whatever does not fit.
    """
    B, N, M = memory.shape if memory.dim() == 3 else (-1, -1, -1)
    shapes = {"k": (k, (B, M)), "before": (before, (B, N))}
    shapes |= {name: (x, (B, 1)) for name, x in (("beta", beta), ("g", g), ("gamma", gamma))}
    if B < 0 or N < 1:
        raise ValueError(f"expected memory (B, N >= 1, M), got {tuple(memory.shape)}")
    for name, (x, shape) in shapes.items():
        if x.shape != shape:
            raise ValueError(f"expected {name} {shape}, got {tuple(x.shape)}")
    if s.dim() != 2 or len(s) != B or s.shape[1] % 2 == 0:
        raise ValueError(f"expected s ({B}, odd), got {tuple(s.shape)}")
    if (beta < 0).any() or (gamma < 1).any() or ((g < 0) | (g > 1)).any():
        raise ValueError("expected beta >= 0, gamma >= 1 and g from 0 to 1, got one beyond")
    return sharpen(shift(gate(g, content(k, beta, memory), before), s), gamma)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Trace:
    """Weights over time, (steps, N): with sharpening and without, under the same commands."""

    sharpened: Tensor
    blurred: Tensor


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Trace:
    """Finds row 0 by its content and walks on, one row a step; finds row 5, walks back and around.

    Nothing is learnt: the commands that a controller would give are written down by hand.
    """
    torch.default_generator.manual_seed(seed)
    memory = torch.randn(1, 12, 8)
    one, stay = torch.ones(1, 1), torch.tensor([[0.0, 1.0, 0.0]])
    ahead = torch.tensor([[0.0, 0.1, 0.9]])  # nine tenths go one row on, one tenth stays behind
    traces = []
    for gamma in (3.0, 1.0):
        w, steps = torch.full((1, 12), 1 / 12), []
        for t in range(16):
            finds, row = t in (0, 9), 0 if t < 9 else 5
            s = stay if finds else ahead if t < 9 else ahead.flip(1)
            w = ntm_addressing(memory[:, row], 20 * one, finds * one, s, gamma * one, memory, w)
            steps.append(w[0])
        traces.append(torch.stack(steps))
    return Trace(*traces)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    trace = demo()
    figure, axes = plt.subplots(2, figsize=(6.6, 6.4), sharex=True)
    for axis, name in zip(axes, ("sharpened", "blurred"), strict=True):
        w = getattr(trace, name)  # (steps, N)
        axis.pcolormesh(torch.arange(16), torch.arange(12), w.T, vmin=0, vmax=1)
        axis.set(title=name, ylabel="row of memory")
        print(f"{name}: largest weight at the last step {w[-1].max():.2f}")
    axes[1].set_xlabel("step")

# --8<-- [end:picture]
