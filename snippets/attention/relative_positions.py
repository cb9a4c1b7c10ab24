"""Instead of where a word stands, attention learns what to make of how far apart two words stand: a
vector for each distance added to the key (Shaw), or one number a head and distance (T5).

Source: Shaw, Uszkoreit & Vaswani, "Self-Attention with Relative Position Representations", 2018,
section 3; Raffel et al., "Exploring the Limits of Transfer Learning with a Unified Text-to-Text
Transformer" (T5), 2020, section 2.1; Dai et al., "Transformer-XL", 2019, appendix B.
"""

# %% [markdown]
# # Relative positions
#
# Shaw learns a vector $w_r$ for each distance $r$, all beyond $\pm c$ sharing the last:
#
# $$
# e_{ij} = \frac{q_i \cdot (k_j + w_{\text{clip}(j - i, \, c)})}{\sqrt d}
# $$
#
# T5 learns one number for each head and bucket of distances, and adds it to the score. The nearest
# distances have a bucket each; farther ones share, in steps that grow like a logarithm.
#
# To compute the second product pair by pair would take $T \times T$ vectors. But all products of a
# query with a distance are one matrix product; row $i$ has then only to be shifted by $i$ places,
# and Transformer-XL found that padding and reshaping does it.

# %%
import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:model]
def relative_positions(length: int) -> Tensor:
    """How far key j stands from query i, j - i: (T, T)."""
    if length < 0:
        raise ValueError(f"expected a length from 0, got {length}")
    t = torch.arange(length)
    return t - t[:, None]  # (T, T)


def shift(products: Tensor) -> Tensor:
    """(…, T, 2T - 1), a column for each distance from 1 - T to T - 1
    -> (…, T, T), in row i and column j what is for j - i."""
    T, far = products.shape[-2:]
    if T < 1 or far != 2 * T - 1:
        raise ValueError(f"expected T rows of 2T - 1, got {(T, far)}")
    # Rows of 2T, read as rows of 2T - 1: each begins one later.
    flat = F.pad(products, (0, 1)).flatten(-2)[..., T - 1 : -1]
    return flat.unflatten(-1, (T, far))[..., :T]


# --8<-- [start:shaw]
def shaw_scores(q: Tensor, k: Tensor, w: Tensor) -> Tensor:
    """q, k (…, T, d), w (2c + 1, d) of distances -c to c: (…, T, T)."""
    T, d, c = *q.shape[-2:], len(w) // 2
    if q.shape != k.shape or w.shape != (2 * c + 1, d):
        sizes = [tuple(each.shape) for each in (q, k, w)]
        raise ValueError(f"expected (…, T, d) twice and (2c + 1, d), got {sizes}")
    r = torch.arange(1 - T, T, device=w.device).clamp(-c, c) + c
    by_distance = q @ w[r].mT  # (…, T, 2T - 1)
    return (q @ k.mT + shift(by_distance)) / d**0.5  # (…, T, T)


# --8<-- [end:shaw]


def t5_buckets(
    distance: Tensor, buckets: int = 32, farthest: int = 128, causal: bool = False
) -> Tensor:
    """The bucket of each distance j - i, of the same shape.

    Half of the buckets have one distance each, the rest grow; all from `farthest` on share the
    last. Keys ahead have buckets of their own; if `causal`, there are none and they count as 0.
    Raises ValueError if the buckets do not reach.
    """
    near = buckets // (2 if causal else 4)
    if near < 1 or buckets % (2 if causal else 4) or farthest <= near:
        raise ValueError(f"expected even halves below farthest, got {buckets} and {farthest}")
    away = (-distance).clamp(min=0) if causal else distance.abs()
    grown = (away.clamp(min=near).double() / near).log2() / math.log2(farthest / near)
    far = (near + (grown * near).long()).clamp(max=2 * near - 1)
    return torch.where(away < near, away, far) + (0 if causal else (distance > 0) * 2 * near)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How well the task is done on rows eight times as long as in training, and on others."""

    metric: float
    longer: dict[int, float]  # accuracy by length of the row
    bias: Tensor  # (h, 41): what each head learnt to add, by steps back
    expected: float = 0.7
    chance: float = 1 / 7
    measure: str = "accuracy at 128 steps"


class Reader(nn.Module):
    """One layer of causal attention with four heads and T5's bias, then an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.embed, self.qkv = nn.Embedding(8, 32), nn.Linear(32, 3 * 32)
        self.out, self.answer = nn.Linear(32, 32), nn.Linear(32, 8)
        self.table = nn.Parameter(torch.zeros(4, 16))  # (h, buckets)

    def bias(self, distance: Tensor) -> Tensor:
        """What is added for each distance: (h, …). Of sixteen buckets, the last from 15 on."""
        return self.table[:, t5_buckets(distance, 16, 16, causal=True)]

    def forward(self, letters: Tensor) -> Tensor:
        """Letters (B, T) -> scores of the answers (B, T, 8)."""
        B, T = letters.shape
        x = self.embed(letters)  # (B, T, D)
        q, k, v = self.qkv(x).view(B, T, 3, 4, 8).permute(2, 0, 3, 1, 4)  # 3 × (B, h, T, d)
        away = relative_positions(T).to(x.device)  # (T, T)
        bias = self.bias(away).masked_fill(away > 0, -torch.inf)  # (h, T, T)
        y = F.scaled_dot_product_attention(q, k, v, bias.to(q.dtype))  # (B, h, T, d)
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
    back = model.bias(-torch.arange(41)).detach()  # (h, 41)
    return Result(longer[128], longer, back)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.4f}, bar {result.expected}, chance {result.chance:.3f}")
    print("by length", {T: f"{share:.2f}" for T, share in result.longer.items()})
    figure, (top, below) = plt.subplots(2, figsize=(6.6, 6))
    away = torch.arange(-140, 141)
    top.step(away, t5_buckets(away), "C0-", where="mid")
    top.set(title="T5's 32 buckets", xlabel="distance of the key", ylabel="bucket", yticks=[0, 16])
    top.set(xticks=[-128, 0, 128])
    for head, style in zip(result.bias, ("C0-", "C0--", "C2--", "C3:"), strict=True):
        below.step(range(41), head, style, where="mid")
    below.set(title="learnt bias of four heads", xlabel="steps back", xticks=[0, 8, 16, 40])

# --8<-- [end:picture]
