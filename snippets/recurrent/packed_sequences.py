"""Rows of unequal length, laid one step after the other with no padding between: first the first
step of every row, then the second of those that have one. The recurrent loop then never reads
padding, and its batch shrinks as rows end.

Source: torch.nn.utils.rnn, the PackedSequence that pack_padded_sequence makes.
"""

# %% [markdown]
# # Packed sequences
#
# With rows sorted by length, longest first, $n_t$ of them have a step $t$:
#
# $$
# n_t = \left| \{\, b : \ell_b \ge t \,\} \right|, \qquad \sum_t n_t = \sum_b \ell_b
# $$
#
# They are the first $n_t$ rows, so a step takes the next $n_t$ vectors of the data and the first
# $n_t$ rows of the state; the rest are states of rows that have ended, and stay as they are:
#
# $$
# h_t = \tanh(W x_t + U h_{t-1} + b) \quad \text{for the first } n_t \text{ rows}
# $$

# %%
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:model]
class Packed(NamedTuple):
    """What pack_padded_sequence(enforce_sorted=False) holds, by its names where it has them."""

    data: Tensor  # (all steps, D)
    batch_sizes: Tensor  # (longest,), how many rows have a step t
    sorted_indices: Tensor  # (B,), the rows from the longest to the shortest


# --8<-- [start:step]
def pack(x: Tensor, lengths: Tensor) -> Packed:
    """The first lengths[b] steps of every row b of x (B, T, D).
    Raises ValueError unless each row has a step of its own."""
    B, T = x.shape[:2]
    whole = lengths.shape == (B,) and not lengths.is_floating_point()
    if not whole or not B or ((lengths < 1) | (lengths > T)).any():
        found = f"lengths {lengths.tolist()}, {tuple(x.shape)}"
        raise ValueError(f"expected {B} from 1 to {T}, got {found}")
    order = lengths.argsort(descending=True, stable=True)  # (B,)
    t = torch.arange(int(lengths.max()), device=lengths.device)
    real = t[:, None] < lengths[order]  # (longest, B)
    steps = x[order, : len(t)].transpose(0, 1)  # (longest, B, D)
    return Packed(steps[real], real.sum(dim=1), order)


def unpack(packed: Packed, total: int = 0) -> tuple[Tensor, Tensor]:
    """The rows as they were, 0 behind them, at least `total` steps
    wide, and their lengths."""
    data, sizes, order = packed
    B, T = len(order), max(total, len(sizes))
    row = torch.arange(B, device=order.device)
    real = row < F.pad(sizes, (0, T - len(sizes)))[:, None]  # (T, B)
    steps = data.new_zeros(T, B, *data.shape[1:])  # (T, B, D)
    steps = steps.index_put((real,), data)  # the real ones, in order
    back = order.argsort()  # (B,)
    return steps.transpose(0, 1)[back], real.sum(dim=0)[back]


# --8<-- [end:step]


def run(packed: Packed, h: Tensor, W: Tensor, U: Tensor, b: Tensor) -> tuple[Packed, Tensor]:
    """A tanh RNN over real steps alone: its states, packed as the data are, and the last of each
    row. The rows of h (B, H) are in the order before packing, and so are those given back.
    """
    data, sizes, order = packed
    if h.shape != (len(order), len(U)) or data.shape[1:] != W.shape[1:]:
        found = f"{tuple(h.shape)} and {tuple(data.shape)}"
        raise ValueError(f"expected h {(len(order), len(U))}, {W.shape[1]} features, got {found}")
    # --8<-- [start:loop]
    wx = data @ W.T + b  # (all steps, H), and not one of padding
    h, out = h[order], []  # (B, H), the longest row first
    for wx_t in wx.split(sizes.tolist()):
        n = len(wx_t)
        h_t = (wx_t + h[:n] @ U.T).tanh()  # (n, H)
        h = torch.cat([h_t, h[n:]])  # rows that have ended stay
        out.append(h_t)
    # --8<-- [end:loop]
    return Packed(torch.cat(out), sizes, order), h[order.argsort()]


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
T = 20


@dataclass(frozen=True)
class Result:
    """How well the task was learnt; the rest is for the picture, a batch of five short rows."""

    metric: float
    places: Tensor  # (5, 7): at which place of the data each step stands, from 1; 0 is padding
    sizes: Tensor  # (7,), the batch sizes
    expected: float = 0.95
    chance: float = 0.5
    measure: str = "accuracy"


def rows(B: int) -> tuple[Tensor, Tensor, Tensor]:
    """x (B, T, 1), 1 or -1 as far as a row goes and 0 behind, lengths (B,), and whether the last
    two steps of a row differ, y (B,)."""
    lengths = torch.randint(2, T + 1, (B,))
    real = torch.arange(T) < lengths[:, None]  # (B, T)
    x = (2 * torch.randint(2, (B, T)).float() - 1) * real
    last, before = (x[torch.arange(B), lengths - n] for n in (1, 2))  # 2 × (B,)
    return x[..., None], lengths, (last != before).float()


class Differ(nn.Module):
    """A tanh RNN and a head."""

    def __init__(self) -> None:
        super().__init__()
        self.cell, self.head = nn.RNNCell(1, 16), nn.Linear(16, 1)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """The logit that the last two steps of a row differ, from its last state."""
        W, U, b, c = self.cell.parameters()
        _, h = run(pack(x, lengths), x.new_zeros(len(x), 16), W, U, b + c)  # (B, H)
        return self.head(h)[:, 0]  # (B,)


def right(model: Differ, padding: int = 0) -> float:
    """How often it is on new rows, where it reads so many steps of padding behind each as well."""
    x, lengths, y = rows(2000)
    x = F.pad(x, (0, 0, 0, padding))  # (B, T + padding, 1)
    return ((model(x, lengths + padding) > 0) == (y > 0)).float().mean().item()


def train() -> Differ:
    """A model that has seen 200 batches."""
    model = Differ()
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(200):
        x, lengths, y = rows(64)
        error = F.binary_cross_entropy_with_logits(model(x, lengths), y)
        adam.zero_grad()
        error.backward()
        adam.step()
    return model


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Rows of 2 to 20 steps: do the last two differ? Only their own end tells."""
    torch.default_generator.manual_seed(seed)
    metric = right(train())
    lengths = torch.tensor([4, 7, 1, 5, 2])
    _, sizes, order = pack(torch.zeros(5, 7, 1), lengths)
    numbered = Packed(torch.arange(1, 20)[:, None], sizes, order)
    return Result(metric, unpack(numbered)[0][order, :, 0], sizes)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.4f}, bar {result.expected}, chance {result.chance}")
    edges = torch.arange(8) + 0.5
    figure, (top, below) = plt.subplots(
        2, figsize=(6.6, 5.4), sharex=True, gridspec_kw={"height_ratios": (2.4, 1)}
    )
    top.pcolormesh(edges, edges[:6], 0.35 * (result.places > 0), vmin=0, vmax=1, edgecolors="C3")
    for row, t in result.places.nonzero().tolist():
        place = int(result.places[row, t])
        top.text(t + 1, row + 1, place, ha="center", va="center")
    top.invert_yaxis()
    top.set(title="place of each step in the data", ylabel="row, by length", yticks=[1, 5])
    below.stairs(result.sizes, edges, fill=True, color="C0")
    below.set(title="batch size", xlabel="step", xticks=range(1, 8), yticks=[0, 5])

# --8<-- [end:picture]


# %%
# --8<-- [start:padded-end]
if __name__ == "__main__":
    torch.manual_seed(0)
    model = train()
    read = [right(model, padding) for padding in range(9)]
    print("by padding read:", " ".join(f"{share:.2f}" for share in read))
    figure, axis = plt.subplots()
    axis.plot(read, "o-", color="C0")
    axis.axhline(0.5, linestyle=":", color="C3")
    axis.set(xlabel="steps of padding read behind the row", ylabel="accuracy", ylim=(0.4, 1.04))

# --8<-- [end:padded-end]
