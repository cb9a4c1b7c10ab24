"""ALiBi gives no positions to the words at all. Each head takes off its scores a little for every
step a key lies back, some heads much, some hardly anything, so nearer counts more at any length.

Source: Press, Smith & Lewis, "Train Short, Test Long: Attention with Linear Biases Enables Input
Length Extrapolation", 2022, section 3; slopes of other than 2, 4, 8, … heads as in their code.
"""

# %% [markdown]
# # Linear biases (ALiBi)
#
# To the score of query $i$ for key $j$ head $n$ of $h$ adds a bias that falls with distance, by a
# slope that is fixed, not learnt:
#
# $$
# \text{softmax}_j \left( \frac{q_i \cdot k_j}{\sqrt d} - m_n (i - j) \right), \qquad
# m_n = 2^{-8n/h}
# $$
#
# for eight heads $\frac12, \frac14, \ldots, \frac1{256}$. If $h$ is no power of two, take the
# slopes of the largest power $p$ below it, then every other slope of $2p$ heads, from the first.

# %%
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:model]
def alibi_slopes(heads: int) -> Tensor:
    """The slope of each head, (h,), in float64; any number of heads."""
    if heads < 1:
        raise ValueError(f"expected at least 1 head, got {heads}")
    p = 2 ** (heads.bit_length() - 1)  # the largest power of two within
    first = [2 ** (-8 * n / p) for n in range(1, p + 1)]
    between = [2 ** (-4 * n / p) for n in range(1, 2 * p, 2)]
    slopes = (first + between)[:heads]
    return torch.tensor(slopes, dtype=torch.float64)


# --8<-- [start:bias]
def alibi_bias(
    heads: int, length: int, queries: int | None = None,
    dtype: torch.dtype = torch.float32,
) -> Tensor:  # fmt: skip
    """What to add to scores: (h, T, T), or (h, queries, T) of the last.

    A key ahead pays for its distance too; the paper has none.
    Raises ValueError for no head, or more queries than keys.
    """
    T = length if queries is None else queries
    if not 0 <= T <= length:
        raise ValueError(f"expected 0 to {length} queries, got {T}")
    j = torch.arange(length)  # the keys
    distance = (j[length - T :, None] - j).abs()  # (T, S)
    m = alibi_slopes(heads)[:, None, None]  # (h, 1, 1)
    return (-m * distance).to(dtype)  # (h, T, S), rounded once


# --8<-- [end:bias]
# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How well the task is done on rows eight times as long as in training, and on others."""

    metric: float
    longer: dict[int, float]  # accuracy by length of the row
    expected: float = 0.85
    chance: float = 1 / 7
    measure: str = "accuracy at 128 steps"


class Reader(nn.Module):
    """One layer of causal attention with four heads, then an answer."""

    def __init__(self, bias: Callable[[int], Tensor] = lambda T: alibi_bias(4, T)) -> None:
        super().__init__()
        self.embed, self.qkv = nn.Embedding(8, 32), nn.Linear(32, 3 * 32)
        self.out, self.answer, self.bias = nn.Linear(32, 32), nn.Linear(32, 8), bias

    def forward(self, letters: Tensor) -> Tensor:
        """Letters (B, T) -> scores of the answers (B, T, 8)."""
        B, T = letters.shape
        x = self.embed(letters)  # (B, T, D)
        q, k, v = self.qkv(x).view(B, T, 3, 4, 8).permute(2, 0, 3, 1, 4)  # 3 × (B, h, T, d)
        ahead = torch.ones(T, T, dtype=torch.bool, device=x.device).triu(1)
        bias = self.bias(T).to(q).masked_fill(ahead, -torch.inf)  # (h, T, T)
        y = F.scaled_dot_product_attention(q, k, v, bias)  # (B, h, T, d)
        return self.answer(x + self.out(y.transpose(1, 2).flatten(2)))  # (B, T, 8)


def rows(B: int, T: int) -> tuple[Tensor, Tensor]:
    """Letters 1 to 7 among questions, 0, and the last letter so far, if any: (B, T) each."""
    letters = torch.randint(1, 8, (B, T)) * (torch.rand(B, T) < 0.3)
    last = torch.where(letters > 0, torch.arange(T), 0).cummax(dim=1).values
    return letters, letters.gather(1, last)


def train(model: Reader) -> Reader:
    """The same model, having read rows of sixteen."""
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(200):
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
    return Result(longer[128], longer)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.4f}, bar {result.expected}, chance {result.chance:.3f}")
    print("by length", {T: f"{share:.2f}" for T, share in result.longer.items()})
    figure, (top, below) = plt.subplots(2, figsize=(6.6, 6), height_ratios=(1.2, 1))
    top.pcolormesh(alibi_bias(8, 17, 1)[:, 0].exp(), clip_on=False)
    top.set(title="what the bias leaves of a weight", ylabel="head", xlabel="steps back")
    top.set(xticks=[0.5, 8.5, 16.5], xticklabels=[16, 8, 0])
    top.set(yticks=[0.5, 3.5, 7.5], yticklabels=[1, 4, 8])
    top.invert_yaxis()
    for heads, mark, size in ((8, "C0o", 11), (12, "C2.", 8)):
        slopes = alibi_slopes(heads)
        below.semilogy(range(1, heads + 1), slopes, mark, markersize=size, label=f"{heads} heads")
    below.set(title="slopes", xlabel="head", ylim=(2e-3, 2), xlim=(0.3, 12.7))
    below.legend(loc="lower right")

# --8<-- [end:picture]


# %%
# --8<-- [start:one-slope]
if __name__ == "__main__":
    figure, axis = plt.subplots()
    kinds = {"paper's four": lambda T: alibi_bias(4, T),
             "all 1/2": lambda T: alibi_bias(8, T)[:1],
             "all 1/256": lambda T: alibi_bias(1, T)}  # fmt: skip
    for (name, bias), style in zip(kinds.items(), ("C0-", "C2--", "C2-."), strict=True):
        torch.manual_seed(0)
        shares = by_step(train(Reader(bias)), 64)
        axis.plot(torch.arange(1, 65), shares, style, label=name)
        print(f"{name}: {shares[32:].mean():.2f} in the second half of 64")
    axis.axvline(16, color="C3", linestyle=":", label="end of training")
    axis.set(xlabel="step", ylabel="accuracy", ylim=(0, 1.02), xticks=[1, 16, 32, 48, 64])
    axis.legend()

# --8<-- [end:one-slope]
