"""Each position looks at itself and the few before it. Cut into blocks as long as the window, a
query needs its own block and the one before, so the work grows with the length, not its square.

Source: Beltagy, Peters & Cohan, "Longformer: The Long-Document Transformer", 2020, section 3.1.
"""

# %% [markdown]
# # Local attention
#
# With a window of $w$, query $t$ looks at $w$ keys, or fewer at the beginning:
#
# $$
# \begin{aligned}
# \mathrm{out}_t &= \sum_{s = t - w + 1}^{t} a_{ts}\, v_s, \qquad
# a_t = \mathrm{softmax}_s\left(\frac{q_t \cdot k_s}{\sqrt{d}}\right) \\
# \text{scores} &: \; 2 w \, T \;\text{ instead of }\; T^2
# \end{aligned}
# $$
#
# After $L$ layers a position has heard from up to $L (w - 1)$ steps back.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:step]
def local_attention(
    q: Tensor, k: Tensor, v: Tensor, window: int
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """q, k, v (B, h, T, d) -> out (B, h, T, d), weights in blocks."""
    check(q, k, v, window)
    T, w = q.shape[2], window
    q, k, v = (blocks(x, w) for x in (q, k, v))  # (B, h, n, w, d)
    k, v = (torch.cat([before(x), x], dim=3) for x in (k, v))
    scores = q / q.shape[-1] ** 0.5 @ k.transpose(-2, -1)
    mask = band(q.shape[2], w).to(q.device)  # (n, w, 2w)
    # All see at least themselves, so no row is left without keys.
    lowest = torch.finfo(scores.dtype).min
    scores = scores.masked_fill(~mask, lowest)
    weights = scores.softmax(dim=-1)  # (B, h, n, w, 2w)
    return (weights @ v).flatten(2, 3)[:, :, :T], weights


def band(n: int, w: int) -> Tensor:
    """Of the 2w keys beside each of n blocks, those in the window."""
    t, s = torch.arange(w, 2 * w)[:, None], torch.arange(2 * w)
    near = (s <= t) & (s > t - w)  # (w, 2w)
    return near & ((s >= w) | (torch.arange(n)[:, None, None] > 0))


# --8<-- [end:step]


# %%
# --8<-- [start:model]
def check(q: Tensor, k: Tensor, v: Tensor, window: int) -> None:
    """Raises ValueError for what does not fit."""
    shapes = [tuple(x.shape) for x in (q, k, v)]
    if len(shapes[0]) != 4 or not all(shape == shapes[0] for shape in shapes):
        raise ValueError(f"expected q, k, v (B, h, T, d), all the same, got {shapes}")
    if window < 1:
        raise ValueError(f"expected a window of at least 1, got {window}")


def blocks(x: Tensor, w: int) -> Tensor:
    """(B, h, T, d) -> (B, h, n, w, d), the last one filled up with zeros that nobody looks at."""
    return F.pad(x, (0, 0, 0, -x.shape[2] % w)).unflatten(2, (-(-x.shape[2] // w), w))


def before(x: Tensor) -> Tensor:
    """For each of n blocks (B, h, n, w, d) the one before it; zeros for the first."""
    return F.pad(x, (0, 0, 0, 0, 1, 0))[:, :, : x.shape[2]]


class LocalAttention(nn.Module):
    """Causal self-attention of `heads` heads in which no one looks back `window` steps or more."""

    def __init__(self, d_model: int, heads: int, window: int) -> None:
        super().__init__()
        if min(d_model, heads, window) < 1 or d_model % heads:
            found = (d_model, heads, window)
            raise ValueError(f"expected d_model, heads that divide it and a window, got {found}")
        self.d_model, self.heads, self.window = d_model, heads, window
        self.W_qkv = nn.Linear(d_model, 3 * d_model)
        self.W_o = nn.Linear(d_model, d_model)

    def forward(self, x: Tensor) -> Tensor:
        """x (B, T, d_model) -> out (B, T, d_model)."""
        if x.dim() != 3 or x.shape[2] != self.d_model:
            D = self.d_model
            raise ValueError(f"expected {D} input features, x (B, T, {D}), got {tuple(x.shape)}")
        qkv = self.W_qkv(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        out, _ = local_attention(*qkv, window=self.window)  # (B, h, T, d)
        return self.W_o(out.transpose(1, 2).flatten(2))


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Reach:
    """Scores of a whole table, computed or not and looked at or not; and how far layers hear."""

    table: Tensor  # (T, T): 0 never computed, 1 computed and thrown away, 2 looked at
    heard: list[int]  # by layers, from one up: steps back


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0, T: int = 12, window: int = 4) -> Reach:
    """Which scores the blocks compute, and from how far back a gradient comes through 1, 2, 3."""
    torch.default_generator.manual_seed(seed)
    table = torch.zeros(T, T)
    for n, block in enumerate(band(T // window, window)):
        for t, s in torch.cartesian_prod(torch.arange(window), torch.arange(2 * window)).tolist():
            if (n - 1) * window + s >= 0:
                table[n * window + t, (n - 1) * window + s] = 1 + int(block[t, s])
    x, heard = torch.randn(1, T, 8, requires_grad=True), []
    out = x
    for _ in range(3):
        out = LocalAttention(8, 2, window)(out)
        (slope,) = torch.autograd.grad(out[0, -1].sum(), x, retain_graph=True)
        heard.append(T - 1 - int(slope[0].any(dim=1).nonzero()[0]))
    return Reach(table, heard)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    reach = demo()
    counts = [int((reach.table >= least).sum()) for least in (0, 1, 2)]
    print(f"scores of the table {counts[0]}, computed {counts[1]}, looked at {counts[2]}")
    print(f"steps back heard after 1, 2, 3 layers: {reach.heard}")
    figure, axis = plt.subplots(figsize=(6.6, 5.6))
    shade = torch.tensor([torch.nan, 0.15, 0.8])[reach.table.long()]
    axis.pcolormesh(shade, vmin=0, vmax=1, clip_on=False)
    for lines in (axis.hlines, axis.vlines):
        lines(range(13), 0, 12, colors="C3", linewidth=0.3, clip_on=False)
        lines([0, 4, 8, 12], 0, 12, colors="C2", linewidth=1.2, clip_on=False)
    axis.set(xlabel="keys", ylabel="queries", xticks=[], yticks=[], aspect="equal", ylim=(12, 0))
# --8<-- [end:picture]
