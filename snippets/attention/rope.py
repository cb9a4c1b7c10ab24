"""RoPE turns queries and keys by their position before they meet. A dot product knows only the
angle between them, so scores depend on how far apart they stand; nothing is added to the words.

Source: Su et al., "RoFormer: Enhanced Transformer with Rotary Position Embedding", 2021, section 3.
"""

# %% [markdown]
# # Rotary positions (RoPE)
#
# The dimensions of a head are taken in pairs. At position $m$ pair $i$ is turned by the angle
# $m \theta_i$, with $\theta_i = 10000^{-2i/d}$:
#
# $$
# \begin{pmatrix} x'_1 \\ x'_2 \end{pmatrix} =
# \begin{pmatrix} \cos m\theta_i & -\sin m\theta_i \\ \sin m\theta_i & \cos m\theta_i \end{pmatrix}
# \begin{pmatrix} x_1 \\ x_2 \end{pmatrix}
# $$
#
# Turning is linear and keeps lengths, so only the difference of two positions is left:
#
# $$
# (R_m q)^\top (R_n k) = q^\top R_{n-m} \, k
# $$
#
# Which two dimensions are a pair is a matter of taste, but not for trained weights. Here are both
# ways: neighbours (the paper, GPT-J), and one from each half (GPT-NeoX).

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:model]
def rope(
    x: Tensor, positions: Tensor | None = None, *,
    pairing: str = "neighbours", base: float = 10000,
) -> Tensor:  # fmt: skip
    """x (…, T, d), each row turned by its position: (…, T, d).

    `positions` (T,) or (B, 1, T) may be any numbers; 0, 1, … if not
    given. Pairs are "neighbours" (the paper) or "halves" (GPT-NeoX).
    Raises ValueError for whatever does not fit.
    """
    *_, T, d = x.shape
    if d % 2 or pairing not in ("neighbours", "halves"):
        raise ValueError(f"expected an even d, neighbours or halves, got {d}, {pairing}")
    m = torch.arange(T) if positions is None else positions
    if m.shape[-1:] != (T,):
        raise ValueError(f"expected {T} positions, got {tuple(m.shape)}")
    # In float64: a float32 angle loses 2e-5 at position 1 000.
    theta = base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = m.double()[..., None] * theta.to(m.device)  # (…, T, d/2)
    wide = torch.promote_types(x.dtype, torch.float32)
    cos, sin = (a.to(x.device, wide) for a in (angle.cos(), angle.sin()))
    neighbours = pairing == "neighbours"
    apart, pair = (-1, (d // 2, 2)) if neighbours else (-2, (2, d // 2))
    x1, x2 = x.unflatten(-1, pair).unbind(apart)  # 2 × (…, T, d/2)
    turned = x1 * cos - x2 * sin, x1 * sin + x2 * cos
    return torch.stack(turned, apart).flatten(-2).to(x.dtype)  # (…, T, d)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How well the task is done on rows twice as long as those of training, and on others."""

    metric: float
    longer: dict[int, float]  # accuracy by length of the row
    expected: float = 0.8
    chance: float = 1 / 7
    measure: str = "accuracy at 32 steps"


class Reader(nn.Module):
    """One layer of causal attention with four heads, then an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.embed, self.qkv = nn.Embedding(8, 32), nn.Linear(32, 3 * 32)
        self.out, self.answer = nn.Linear(32, 32), nn.Linear(32, 8)

    def forward(self, letters: Tensor, squeeze: float = 1, pairing: str = "neighbours") -> Tensor:
        """Letters (B, T) -> scores of the answers (B, T, 8)."""
        B, T = letters.shape
        x = self.embed(letters)  # (B, T, D)
        q, k, v = self.qkv(x).view(B, T, 3, 4, 8).permute(2, 0, 3, 1, 4)  # 3 × (B, h, T, d)
        m = torch.arange(T, device=x.device) / squeeze
        q, k = (rope(each, m, pairing=pairing) for each in (q, k))  # v stays as it is
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)  # (B, h, T, d)
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
def by_step(model: Reader, T: int, squeeze: float = 1, pairing: str = "neighbours") -> Tensor:
    """The share of right answers to the questions at each step, (T,)."""
    letters, y = rows(32_000 // T, T)
    asked = letters == 0
    right = (model(letters, squeeze, pairing).argmax(dim=-1) == y) & asked
    return right.sum(dim=0) / asked.sum(dim=0)


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """At every question, say the last letter. Trained on rows of 16, asked in later halves."""
    torch.default_generator.manual_seed(seed)
    model = train(Reader())
    longer = {T: by_step(model, T)[T // 2 :].mean().item() for T in (16, 32, 64, 128)}
    return Result(longer[32], longer)


# --8<-- [end:demo]

# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.4f}, bar {result.expected}, chance {result.chance:.3f}")
    print("by length", {T: f"{share:.2f}" for T, share in result.longer.items()})
    figure, axes = plt.subplots(2, figsize=(6.6, 4.4))
    ahead = torch.tensor([1.0, 0, 1, 0]).expand(6, 4)  # both pairs of each row point to the right
    for axis, name, pair in zip(axes, ("first pair", "second pair, slower"), (0, 1), strict=True):
        for back, hue, word in ((0, "C0", "query at m"), (2, "C2", "key at m - 2")):
            arrows = rope(ahead, torch.arange(2, 8) - back, base=9)[:, 2 * pair : 2 * pair + 2]
            axis.quiver(torch.arange(2, 8), torch.zeros(6), *arrows.T, color=hue, label=word,
                        angles="xy", scale_units="xy", scale=2.2, width=0.008)  # fmt: skip
        axis.set(title=name, xlim=(1.4, 7.6), ylim=(-0.55, 0.55), yticks=[], aspect="equal")
    axes[1].set_xlabel("position m of the query")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)

# --8<-- [end:picture]


# %%
# --8<-- [start:squeeze]
if __name__ == "__main__":
    figure, axis = plt.subplots()
    torch.manual_seed(0)
    model = train(Reader())
    for squeeze, style, name in ((1, "C2--", "as they are"), (4, "C0-", "positions / 4")):
        shares = by_step(model, 64, squeeze)
        axis.plot(torch.arange(1, 65), shares, style, label=name)
        print(f"{name}: {shares[32:].mean():.2f} in the second half of 64")
    axis.axvline(16, color="C3", linestyle=":", label="end of training")
    axis.set(xlabel="step", ylabel="accuracy", ylim=(0, 1.02), xticks=[1, 16, 32, 48, 64])
    axis.legend()

# --8<-- [end:squeeze]


# %%
# --8<-- [start:pairing]
if __name__ == "__main__":
    figure, axis = plt.subplots()
    for pairing, style in (("neighbours", "C0-"), ("halves", "C2--")):
        shares = by_step(model, 16, pairing=pairing)
        axis.plot(torch.arange(1, 17), shares, style, label=pairing)
        print(f"{pairing}: {shares[8:].mean():.2f}")
    axis.set(xlabel="step", ylabel="accuracy", ylim=(0, 1.02), xticks=[1, 8, 16])
    axis.legend(loc="lower left")

# --8<-- [end:pairing]
