"""Attention takes a row as a set. So each position gets a vector of its own, waves from fast to
slow, added to what stands there; moving on by k positions is the same rotation everywhere.

Source: Vaswani et al., "Attention Is All You Need", 2017, section 3.5.
"""

# %% [markdown]
# # Sinusoidal positions
#
# Each pair of dimensions is the hand of a clock. The angle of pair $i$ at position $t$ grows by
# $\omega_i$ a position, a whole turn in $2\pi$ positions for the first pair, and ever slower:
#
# $$
# \omega_i = 10000^{-2i/d}, \qquad PE_{t, 2i} = \sin(\omega_i t), \qquad
# PE_{t, 2i+1} = \cos(\omega_i t)
# $$
#
# Moving on by $k$ positions turns every hand by the same angle, wherever $t$ is,
#
# $$
# \begin{pmatrix} PE_{t+k, 2i} \\ PE_{t+k, 2i+1} \end{pmatrix} =
# \begin{pmatrix} \cos \omega_i k & \sin \omega_i k \\ -\sin \omega_i k & \cos \omega_i k
# \end{pmatrix} \begin{pmatrix} PE_{t, 2i} \\ PE_{t, 2i+1} \end{pmatrix}
# $$
#
# so the dot product of two positions depends on their distance only.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:model]
def sinusoidal_positions(
    length: int, d: int, start: int = 0,
    dtype: torch.dtype = torch.float32,
) -> Tensor:  # fmt: skip
    """The vectors of positions start, start + 1, …: (length, d).

    No table ends, so none is too short; a part of a longer row
    gets its true positions by `start`; length 0 gives no rows.
    If d is odd, the last pair has its sine only.
    Raises ValueError for what is negative, or no dimension.
    """
    if length < 0 or start < 0 or d < 1:
        wanted = "expected length and start from 0 and d from 1"
        raise ValueError(f"{wanted}, got {length}, {start} and {d}")
    # In float64, rounded once, at the end: angles grow large.
    t = torch.arange(start, start + length).double()  # (T,)
    i = torch.arange((d + 1) // 2).double()  # (⌈d/2⌉,)
    angle = t[:, None] * 10000 ** (-2 * i / d)  # (T, ⌈d/2⌉)
    pairs = torch.stack([angle.sin(), angle.cos()], dim=-1)
    return pairs.flatten(1)[:, :d].to(dtype)  # (T, d), in turn


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How well the task was learnt at the length of training, and what becomes of it beyond."""

    metric: float
    longer: dict[int, float]  # accuracy by length of the row
    expected: float = 0.9
    chance: float = 1 / 7
    measure: str = "accuracy at 16 steps"


class Reader(nn.Module):
    """One layer of causal attention with four heads, then an answer."""

    def __init__(self, positions: bool = True) -> None:
        super().__init__()
        self.embed, self.qkv = nn.Embedding(8, 32), nn.Linear(32, 3 * 32)
        self.out, self.answer, self.positions = nn.Linear(32, 32), nn.Linear(32, 8), positions

    def forward(self, letters: Tensor) -> Tensor:
        """Letters (B, T) -> scores of the answers (B, T, 8)."""
        B, T = letters.shape
        x = self.embed(letters)  # (B, T, D)
        if self.positions:
            x = x + sinusoidal_positions(T, 32, dtype=x.dtype).to(x.device)  # (B, T, D)
        q, k, v = self.qkv(x).view(B, T, 3, 4, 8).permute(2, 0, 3, 1, 4)  # 3 × (B, h, T, d)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)  # (B, h, T, d)
        return self.answer(x + self.out(y.transpose(1, 2).flatten(2)))  # (B, T, 8)


def rows(B: int, T: int) -> tuple[Tensor, Tensor]:
    """Letters 1 to 7 among questions, 0, and the last letter so far, if any: (B, T) each."""
    letters = torch.randint(1, 8, (B, T)) * (torch.rand(B, T) < 0.3)
    last = torch.where(letters > 0, torch.arange(T), 0).cummax(dim=1).values
    return letters, letters.gather(1, last)


def train(model: Reader, updates: int = 200) -> Reader:
    """The same model, having read rows of sixteen."""
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(updates):
        letters, y = rows(64, 16)
        asked = letters == 0
        loss = F.cross_entropy(model(letters)[asked], y[asked])
        adam.zero_grad()
        loss.backward()
        adam.step()
    return model


@torch.no_grad()
def by_step(model: Reader, T: int) -> Tensor:
    """The share of right answers to the questions at each step, (T,)."""
    letters, y = rows(32_000 // T, T)
    asked = letters == 0
    right = (model(letters).argmax(dim=-1) == y) & asked
    return right.sum(dim=0) / asked.sum(dim=0)


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """At every question, say the last letter. Trained on rows of 16, asked in later halves."""
    torch.default_generator.manual_seed(seed)
    model = train(Reader())
    longer = {T: by_step(model, T)[T // 2 :].mean().item() for T in (16, 32, 64, 128)}
    return Result(longer[16], longer)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.4f}, bar {result.expected}, chance {result.chance:.3f}")
    print("by length", {T: f"{share:.2f}" for T, share in result.longer.items()})
    figure, (top, below) = plt.subplots(2, figsize=(6.6, 6.2), height_ratios=(1.1, 1))
    top.pcolormesh(sinusoidal_positions(24, 8).T, clip_on=False)
    top.set(title="24 positions, 8 dimensions", xlabel="position", ylabel="dimension")
    top.set(xticks=[0.5, 10.5, 20.5], xticklabels=[0, 10, 20])
    top.set(yticks=[0.5, 7.5], yticklabels=[0, 7])
    top.invert_yaxis()
    table = sinusoidal_positions(72, 16, dtype=torch.float64)
    for start, line in ((20, "C0-"), (40, "C2--")):
        apart = torch.arange(-20, 21)
        below.plot(apart, table[start + apart] @ table[start], line, label=f"with {start}")
    below.set(title="dot product, by distance", xlabel="positions apart", yticks=[0, 4, 8])
    below.legend()

# --8<-- [end:picture]


# %%
# --8<-- [start:no-positions]
if __name__ == "__main__":
    figure, axis = plt.subplots()
    for positions, style, name in ((True, "C0-", "with positions"), (False, "C2--", "without")):
        torch.manual_seed(0)
        shares = by_step(train(Reader(positions)), 16)
        axis.plot(torch.arange(1, 17), shares, style, label=name)
        print(f"{name} {shares[8:].mean():.2f}")
    letters, _ = rows(4000, 16)
    counts = F.one_hot(letters, 8).cumsum(dim=1)[..., 1:]  # (B, T, 7), how often each was seen
    best = counts.amax(dim=-1) / counts.sum(dim=-1)  # (B, T), 0 / 0 where no letter was
    best = best.nan_to_num(1).where(letters == 0, torch.nan).nanmean(dim=0)  # (T,), of questions
    axis.plot(torch.arange(1, 17), best, "C3:", label="counting letters")
    print(f"counting letters {best[8:].mean():.2f}")
    axis.set(xlabel="step", ylabel="accuracy", ylim=(0, 1.02), xticks=[1, 8, 16])
    axis.legend()

# --8<-- [end:no-positions]
