"""CodeGeeX puts one more attention on top of its layers. There the place to be filled asks, by a
vector learnt for position t + 1, and the states of all tokens up to t answer.

Source: Zheng et al., "CodeGeeX: A Pre-Trained Model for Code Generation with Multilingual
Benchmarking on HumanEval-X", 2023, section 2.1; the idea came with PanGu-α (Zeng et al., 2021).
"""

# %% [markdown]
# # The top query layer
#
# Attention as everywhere, but the query is not made from what was read. With $x_1 \dots x_t$ the
# states that the layers below have made, and $p_{t+1}$ the learnt vector of the next position:
#
# $$
# q_t = W_q \, p_{t+1}, \qquad k_j = W_k x_j, \qquad v_j = W_v x_j
# $$
#
# $$
# y_t = W_o \sum_{j \le t} \text{softmax}_j \left( \frac{q_t \cdot k_j}{\sqrt{d_h}} \right) v_j
# $$
#
# with heads as usual. $y_t$ is what the next token is read from.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:step]
def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """q, k, v (…, T, d); mask, True = may be looked at: y and weights."""
    scores = q @ k.mT / q.shape[-1] ** 0.5  # (…, T, T)
    least = torch.finfo(scores.dtype).min
    weights = scores.masked_fill(~mask, least).softmax(-1)
    weights = weights.masked_fill(~mask, 0)  # where all is masked, 0
    return weights @ v, weights  # (…, T, d), (…, T, T)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class CodeGeeXTopQuery(nn.Module):
    """One causal attention whose queries are learnt vectors of the positions to be filled."""

    def __init__(self, d: int, heads: int, length: int) -> None:
        super().__init__()
        if heads < 1 or d < 1 or d % heads or length < 1:
            wanted = "expected heads that divide d, and a length from 1"
            raise ValueError(f"{wanted}, got d {d}, heads {heads}, length {length}")
        self.heads = heads
        self.places = nn.Embedding(length, d)  # row 0 is p of position 2, and so on
        self.q, self.k, self.v, self.out = (nn.Linear(d, d) for _ in range(4))

    def forward(self, x: Tensor, real: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """x (B, T, d), real (B, T) False for padding -> y (B, T, d), weights (B, h, T, T).

        y[:, t] is for the token after x[:, t]. Where no real token has come yet, weights are 0.
        Raises ValueError for another width, or more tokens than places.
        """
        length, d = self.places.weight.shape
        if x.dim() != 3 or x.shape[2] != d or x.shape[1] > length:
            raise ValueError(f"expected x (B, up to {length}, {d}), got {tuple(x.shape)}")
        B, T, _ = x.shape
        if real is not None and (real.shape != (B, T) or real.dtype != torch.bool):
            raise ValueError(f"expected booleans {(B, T)}, got {real.dtype} {tuple(real.shape)}")
        p = self.places.weight[:T].expand(B, T, d)
        q, k, v = (
            W(each).unflatten(-1, (self.heads, -1)).transpose(1, 2)  # 3 × (B, h, T, d/h)
            for W, each in ((self.q, p), (self.k, x), (self.v, x))
        )
        mask = torch.ones(T, T, dtype=torch.bool, device=x.device).tril()
        if real is not None:
            mask = mask & real[:, None, None]  # (B, 1, T, T)
        y, weights = attend(q, k, v, mask)
        return self.out(y.transpose(1, 2).flatten(2)), weights

    @torch.no_grad()
    def load_torch(self, twin: nn.MultiheadAttention) -> None:
        """Copies the weights of a twin of the same sizes; it has no places."""
        d = self.places.weight.shape[1]
        if (twin.embed_dim, twin.num_heads) != (d, self.heads) or twin.in_proj_bias is None:
            raise ValueError(f"expected a width of {d}, {self.heads} heads, biases, got {twin}")
        W, b = twin.in_proj_weight.chunk(3), twin.in_proj_bias.chunk(3)
        for ours, weight, bias in zip((self.q, self.k, self.v), W, b, strict=True):
            ours.weight.copy_(weight)
            ours.bias.copy_(bias)
        self.out.load_state_dict(twin.out_proj.state_dict())


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How well the task was learnt, and who looks at what."""

    metric: float
    weights: Tensor  # (5, 10): of positions 6 to 10, the weight of each letter before
    expected: float = 0.95
    chance: float = 1 / 8
    measure: str = "accuracy"


class Mirror(nn.Module):
    """Letters with their places, the top query layer, an answer: the layers below are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.letters, self.places = nn.Embedding(8, 32), nn.Embedding(9, 32)
        self.top, self.answer = CodeGeeXTopQuery(32, 2, 9), nn.Linear(32, 8)

    def forward(self, row: Tensor) -> tuple[Tensor, Tensor]:
        """Row (B, T) -> scores of the next letter (B, T, 8), weights (B, h, T, T)."""
        y, weights = self.top(self.letters(row) + self.places.weight[: row.shape[1]])
        return self.answer(y), weights


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Five letters, then the same backwards: say each letter of the second half in advance."""
    torch.default_generator.manual_seed(seed)
    model = Mirror()
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(200):
        half = torch.randint(8, (64, 5))
        row = torch.cat([half, half.flip(1)], dim=1)  # (B, 10)
        loss = F.cross_entropy(model(row[:, :-1])[0][:, 4:].flatten(0, 1), row[:, 5:].flatten())
        adam.zero_grad()
        loss.backward()
        adam.step()
    half = torch.randint(8, (2000, 5))
    row = torch.cat([half, half.flip(1)], dim=1)
    with torch.no_grad():
        scores, weights = model(row[:, :-1])
    right = scores[:, 4:].argmax(dim=-1) == row[:, 5:]
    return Result(right.float().mean().item(), weights.mean(dim=(0, 1))[4:])


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.4f}, bar {result.expected}, chance {result.chance:.3f}")
    figure, axis = plt.subplots(figsize=(6.6, 3.6))
    for t, row in enumerate(result.weights.tolist(), start=6):
        for j, weight in enumerate(row, start=1):
            if weight > 0.03:
                axis.plot([j, t], [0, 1], "C0-", alpha=min(weight, 1), linewidth=4 * weight)
    axis.plot(range(1, 10), [0] * 9, "C0o", markersize=16)
    axis.plot(range(6, 11), [1] * 5, "C2s", markersize=16)
    axis.text(1, 1, "the place asks", va="center")
    axis.text(1, -0.4, "letters read so far answer", va="center")
    axis.set(xlabel="position", xticks=range(1, 11), yticks=[], ylim=(-0.6, 1.3))

# --8<-- [end:picture]
