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
from dataclasses import dataclass

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

    def __init__(self, size: int, heads: int = 2, placed: bool = True) -> None:
        super().__init__()
        self.placed = placed  # whether positions are added at all
        if size % (2 * heads):
            raise ValueError(f"expected a size divisible by {2 * heads}, got {size}")
        self.heads, self.qkv, self.out = heads, nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.up, self.down = nn.Linear(size, 2 * size), nn.Linear(2 * size, size)
        self.norm1, self.norm2 = nn.LayerNorm(size), nn.LayerNorm(size)

    def forward(self, x: Tensor) -> Tensor:
        """All steps at once, each looking at all."""
        if self.placed:
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
    """How CNN and RNN, the weaker of the two, order neighbours; the rest is for the picture."""

    metric: float
    by_distance: Tensor  # (3, 8): of CNN, RNN and Transformer, one to eight steps apart
    expected: float = 0.95
    chance: float = 0.5
    measure: str = "accuracy"


def pairs(rows: int, least: int, most: int) -> tuple[Tensor, Tensor]:
    """Rows (B, 24) of noise with one 0 and one 1, `least` to `most` apart; is the 0 first? (B,)"""
    x, row = torch.randint(2, 8, (rows, 24)), torch.arange(rows)  # (B, T), (B,)
    apart, y = torch.randint(least, most + 1, (rows,)), torch.rand(rows) < 0.5
    first = 2 + (torch.rand(rows) * (20 - apart)).long()  # never where a window feels the edge
    x[row, first], x[row, first + apart] = (~y).long(), y.long()
    return x, y


def train(extractor: nn.Module) -> Tensor:
    """Trains on pairs up to eight apart; the accuracy at each distance, on 500 new rows, (8,)."""
    model = Reader(extractor, 8, 16)
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(200):
        x, y = pairs(64, 1, 8)
        error = F.binary_cross_entropy_with_logits(model(x), y.float())
        adam.zero_grad()
        error.backward()
        adam.step()
    new = [pairs(500, apart, apart) for apart in range(1, 9)]
    return torch.stack([((model(x) > 0) == y).float().mean() for x, y in new])


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Two marks among noise, one to eight steps apart: which comes first?"""
    torch.default_generator.manual_seed(seed)
    shares = torch.stack([train(extractor(16)) for extractor in KINDS.values()])  # (3, 8)
    return Result(shares[:2, 0].min().item(), shares)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance:.3f}")
    figure, axes = plt.subplots(3, figsize=(6.6, 5.4), sharex=True)
    for axis, name, line in zip(axes, KINDS, result.by_distance, strict=True):
        print(f"{name:12}", *(f"{share:.2f}" for share in line.tolist()))
        axis.bar(range(1, 9), line, color="C0")
        axis.axhline(0.5, color="C3", linestyle=":")
        axis.set(title=name, ylim=(0, 1.05), yticks=[0, 0.5, 1])
    axes[-1].set_xlabel("steps between the two marks")

# --8<-- [end:picture]


# %%
# --8<-- [start:no-positions]
if __name__ == "__main__":
    torch.manual_seed(0)
    without = train(TransformerExtractor(16, placed=False))
    print("without positions", *(f"{share:.2f}" for share in without.tolist()))
    figure, axis = plt.subplots(figsize=(6.6, 4.4))
    axis.plot(range(1, 9), result.by_distance[2], "C0-", label="with positions")
    axis.plot(range(1, 9), without, "C2--", label="without")
    axis.set(xlabel="steps between the two marks", ylabel="accuracy", ylim=(0.4, 1.03))
    axis.legend()

# --8<-- [end:no-positions]
