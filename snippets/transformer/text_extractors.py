"""Three ways to turn a row of vectors into a row of vectors that know their surroundings: a window
that slides, a state that is carried, and attention. One and the same head then reads the answer.

Source: Kim, "Convolutional Neural Networks for Sentence Classification", 2014; Cho et al., 2014,
for the GRU; Vaswani et al., "Attention Is All You Need", 2017, for the encoder layer.
"""

# %% [markdown]
# # CNN, RNN and Transformer under one head
#
# From $x_1, \dots, x_T$, each extractor makes $z_1, \dots, z_T$:
#
# $$
# \begin{aligned}
# \text{CNN} \quad z_t &= \mathrm{relu}(W_{-1} x_{t-1} + W_0 x_t + W_1 x_{t+1} + b) \\
# \text{RNN} \quad z_t &= \mathrm{GRU}(x_t, z_{t-1}) \\
# \text{Transformer} \quad z_t &= \mathrm{layer}(x_1 + p_1, \dots, x_T + p_T)_t
# \end{aligned}
# $$
#
# with positions $p$ and one encoder layer. The head is $w^\top \max_t z_t + a$.

# %%
from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:step]
class CNNExtractor(nn.Module):
    """x (B, T, D) -> (B, T, D): of each step and its two neighbours; zeros stand beyond."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.W = nn.Parameter(torch.randn(size, size, 3) / (3 * size) ** 0.5)
        self.b = nn.Parameter(torch.zeros(size))

    def forward(self, x: Tensor) -> Tensor:
        """One product for the three places of a window."""
        windows = F.pad(x, (0, 0, 1, 1)).unfold(1, 3, 1)  # (B, T, D, 3)
        return (windows.flatten(2) @ self.W.flatten(1).T + self.b).relu()  # (B, T, D)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class RNNExtractor(nn.Module):
    """x (B, T, D) -> (B, T, D): a GRU, whose state at each step has read all steps up to it."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.W, self.U = (nn.Parameter(torch.randn(3 * size, size) / size**0.5) for _ in "WU")
        self.b = nn.Parameter(torch.zeros(2, 3 * size))

    def forward(self, x: Tensor) -> Tensor:
        """One step after another."""
        w = F.linear(x.transpose(0, 1), self.W, self.b[0])  # (T, B, 3D)
        h, hs = torch.zeros_like(x[:, 0]), []
        for w_r, w_z, w_n in zip(*w.chunk(3, dim=2), strict=True):  # (B, D) each
            u_r, u_z, u_n = F.linear(h, self.U, self.b[1]).chunk(3, dim=1)
            z = (w_z + u_z).sigmoid()
            h = (1 - z) * (w_n + (w_r + u_r).sigmoid() * u_n).tanh() + z * h  # (B, D)
            hs.append(h)
        return torch.stack(hs, dim=1)  # (B, T, D)


class TransformerExtractor(nn.Module):
    """x (B, T, D) -> (B, T, D): positions, then one encoder layer, normalised after each sum."""

    def __init__(self, size: int, heads: int = 2) -> None:
        super().__init__()
        if size % (2 * heads):
            raise ValueError(f"expected a size divisible by {2 * heads}, got {size}")
        self.heads, self.qkv, self.out = heads, nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.up, self.down = nn.Linear(size, 2 * size), nn.Linear(2 * size, size)
        self.norm1, self.norm2 = nn.LayerNorm(size), nn.LayerNorm(size)

    def forward(self, x: Tensor) -> Tensor:
        """All steps at once, each looking at all."""
        x = x + positions(x.shape[1], x.shape[2]).to(x)  # (B, T, D)
        parts = self.qkv(x).unflatten(2, (3, self.heads, -1))  # (B, T, 3, h, d)
        q, k, v = parts.permute(2, 0, 3, 1, 4)  # 3 × (B, h, T, d)
        weights = (q @ k.transpose(-2, -1) / k.shape[-1] ** 0.5).softmax(dim=-1)  # (B, h, T, T)
        x = self.norm1(x + self.out((weights @ v).transpose(1, 2).flatten(2)))  # (B, T, D)
        return self.norm2(x + self.down(self.up(x).relu()))  # (B, T, D)


def positions(T: int, D: int) -> Tensor:
    """Sines and cosines by turns (T, D), in float64: each pair turns more slowly than the last."""
    rates = 10000 ** (-torch.arange(0, D, 2, dtype=torch.float64) / D)  # (D/2,)
    angles = torch.arange(T, dtype=torch.float64)[:, None] * rates  # (T, D/2)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)  # (T, D)


class Reader(nn.Module):
    """Symbols (B, T) -> one logit a row, (B,): a table, an extractor, and the head they share."""

    def __init__(self, extractor: nn.Module, symbols: int, size: int) -> None:
        super().__init__()
        self.table, self.extractor = nn.Embedding(symbols, size), extractor
        self.head = nn.Linear(size, 1)

    def forward(self, symbols: Tensor) -> Tensor:
        """The largest of each feature over all steps, weighed and added up."""
        if symbols.dim() != 2 or symbols.shape[1] < 1:
            raise ValueError(f"expected (B, T), T of at least 1, got {tuple(symbols.shape)}")
        z = self.extractor(self.table(symbols))  # (B, T, D)
        return self.head(z.amax(dim=1))[:, 0]  # (B,)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
KINDS = {"CNN": CNNExtractor, "RNN": RNNExtractor, "Transformer": TransformerExtractor}


@dataclass(frozen=True)
class Result:
    """How well CNN and RNN, the weaker of the two, know the pattern; the rest is for the pictures.

    The rows of the tables belong to CNN, RNN and Transformer.
    """

    metric: float
    local: Tensor  # (3,): is the pattern there?
    by_update: Tensor  # (3, 150): the same while it is learnt, each time on rows not seen before
    by_distance: Tensor  # (3, 8): which mark is first, one to eight steps apart?
    expected: float = 0.95
    chance: float = 0.5
    measure: str = "accuracy"


Task = Callable[[int], tuple[Tensor, Tensor]]


def patterns(rows: int) -> tuple[Tensor, Tensor]:
    """Noise (B, 24) with one 0, 1 and 2; do they stand side by side, in this order? (B,)

    They do in every second row. In the others they stand side by side in another order, or in
    order but with a gap: neither the symbols, nor their order, nor their being neighbours decides.
    """
    places = [*permutations(range(3)), (0, 1, 3), (0, 2, 3), (0, 2, 4)]  # of 0, 1 and 2
    x, row = torch.randint(3, 8, (rows, 24)), torch.arange(rows)  # (B, T), (B,)
    place = torch.tensor(places)[torch.randint(1, 9, (rows,)) * (row % 2)]  # (B, 3)
    x[row[:, None], torch.randint(20, (rows, 1)) + place] = torch.arange(3)
    return x, row % 2 == 0


def pairs(rows: int) -> tuple[Tensor, Tensor]:
    """Noise (B, 24) with one 0 and one 1, in turn one to eight apart; is the 0 first? (B,)"""
    x, row = torch.randint(2, 8, (rows, 24)), torch.arange(rows)  # (B, T), (B,)
    apart, y = 1 + row % 8, torch.rand(rows) < 0.5
    first = 2 + (torch.rand(rows) * (20 - apart)).long()  # never where a window feels the edge
    x[row, first], x[row, first + apart] = (~y).long(), y.long()
    return x, y


def train(extractor: nn.Module, task: Task, updates: int = 150) -> tuple[Tensor, Tensor]:
    """Learns from 64 new rows an update.

    Its accuracy afterwards on 4000 new rows, one row in eight together, (8,), and while learning,
    on the rows of each update before it learns from them, (updates,).
    """
    model, curve = Reader(extractor, 8, 16), []
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(updates):
        x, y = task(64)
        logits = model(x)  # (B,)
        curve.append(((logits > 0) == y).float().mean())
        adam.zero_grad()
        F.binary_cross_entropy_with_logits(logits, y.float()).backward()
        adam.step()
    x, y = task(4000)
    return ((model(x) > 0) == y).view(-1, 8).float().mean(dim=0), torch.stack(curve)


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Is a pattern there? Which of two marks comes first? Each extractor learns both, afresh."""
    torch.default_generator.manual_seed(seed)
    shares, curves = zip(*(train(kind(16), patterns) for kind in KINDS.values()), strict=True)
    local = torch.stack(shares).mean(dim=1)  # (3,)
    by_distance = torch.stack([train(kind(16), pairs)[0] for kind in KINDS.values()])  # (3, 8)
    return Result(local[:2].min().item(), local, torch.stack(curves), by_distance)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance:.3f}")
    figure, axes = plt.subplots(3, figsize=(6.6, 5.4), sharex=True)
    for axis, name, known, far in zip(axes, KINDS, result.local, result.by_distance, strict=True):
        print(f"{name:12}pattern {known:.2f}; pairs", *(f"{share:.2f}" for share in far.tolist()))
        axis.bar(range(1, 9), far, color="C0")
        axis.axhline(0.5, color="C3", linestyle=":")
        axis.set(title=name, ylim=(0, 1.05), yticks=[0, 0.5, 1])
    axes[-1].set_xlabel("steps between the two marks")

# --8<-- [end:picture]


# %%
# --8<-- [start:longer]
if __name__ == "__main__":
    torch.manual_seed(0)
    share, curve = train(TransformerExtractor(16), patterns, 600)
    print(f"Transformer, from other weights: pattern {share.mean():.2f} after 600 updates")
    figure, axis = plt.subplots(figsize=(6.6, 4.4))
    lines = [*result.by_update[:2], curve]
    for name, line, style in zip(KINDS, lines, ("C3:", "C2--", "C0-"), strict=True):
        axis.plot(range(13, len(line), 25), line.view(-1, 25).mean(dim=1), style, label=name)
    axis.set(xlabel="updates", ylabel="accuracy", ylim=(0.4, 1.03))
    axis.legend()

# --8<-- [end:longer]
