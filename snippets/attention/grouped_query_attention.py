"""Queries keep their many heads, but a group of them shares one head of keys and values, so that
generating needs a cache several times smaller. One group for all is multi-query attention.

Source: Ainslie et al., "GQA: Training Generalized Multi-Query Transformer Models from Multi-Head
Checkpoints", 2023, section 2; a single group: Shazeer, "Fast Transformer Decoding", 2019.
"""

# %% [markdown]
# # Grouped-query attention
#
# Of $h$ heads of queries, $h / g$ neighbours at a time share one of $g$ heads of keys and values:
#
# $$
# \begin{aligned}
# \mathrm{head}_i &= \mathrm{softmax}\left(\frac{Q_i K_j^\top}{\sqrt{d}}\right) V_j,
# \qquad j = \left\lfloor \frac{i}{h / g} \right\rfloor \\
# \text{cache} &= 2 \cdot g \cdot d \text{ numbers a token and layer}
# \end{aligned}
# $$

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn


# --8<-- [start:step]
def grouped_attention(
    q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """q (B, h, T, d), k and v (B, g, S, d) -> out, weights."""
    check(q, k, v, mask)
    # The queries of a group go through one product, as if they
    # were more positions, and no key is copied.
    groups = q.unflatten(1, (k.shape[1], -1)).flatten(2, 3)
    groups = groups / q.shape[-1] ** 0.5  # (B, g, h/g · T, d)
    scores = groups @ k.transpose(-2, -1)  # (B, g, h/g · T, S)
    scores = scores.view(*q.shape[:3], k.shape[2])  # (B, h, T, S)
    if mask is not None:
        lowest = torch.finfo(scores.dtype).min
        scores = scores.masked_fill(~mask, lowest)
    weights = scores.softmax(dim=-1)
    if mask is not None:
        weights = weights.masked_fill(~mask, 0)
    out = weights.view(*groups.shape[:3], k.shape[2]) @ v
    return out.view_as(q), weights  # (B, h, T, d), (B, h, T, S)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
def check(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> None:
    """Raises ValueError for heads that do not divide and for what does not fit."""
    shapes = [tuple(x.shape) for x in (q, k, v)]
    four = all(len(shape) == 4 for shape in shapes) and shapes[1] == shapes[2]
    if not four or shapes[0][::3] != shapes[1][::3] or not shapes[1][1]:
        raise ValueError(f"expected q (B, h, T, d), k and v (B, g, S, d), got {shapes}")
    if shapes[0][1] % shapes[1][1]:
        found = f"{shapes[1][1]} for {shapes[0][1]}"
        raise ValueError(f"expected heads of keys that divide those of queries, got {found}")
    if mask is not None:
        most = (*shapes[0][:3], shapes[1][2])
        sizes = zip(mask.shape[::-1], most[::-1], strict=False)
        fits = mask.dim() <= 4 and all(size in (1, whole) for size, whole in sizes)
        if mask.dtype != torch.bool or not fits:
            raise ValueError(f"expected bools for {most}, got {mask.dtype} {tuple(mask.shape)}")


class GroupedQueryAttention(nn.Module):
    """Self-attention whose `heads` of queries share `kv_heads` of keys and values."""

    def __init__(self, d_model: int, heads: int, kv_heads: int) -> None:
        super().__init__()
        self.sizes = (d_model, heads, kv_heads)
        if min(self.sizes) < 1 or d_model % heads or heads % kv_heads:
            raise ValueError(f"expected each size to divide the one before, got {self.sizes}")
        self.W_q = nn.Linear(d_model, d_model)
        self.W_kv = nn.Linear(d_model, 2 * kv_heads * d_model // heads)  # rows of k, then of v
        self.W_o = nn.Linear(d_model, d_model)

    def forward(
        self, x: Tensor, mask: Tensor | None = None, cache: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """x (B, T, d_model) -> out (B, T, d_model), keys and values (B, g, S, d) so far.

        A cache from earlier calls is looked at too; the mask (B, h, T, S) covers all S keys.
        """
        D, h, g = self.sizes
        if x.dim() != 3 or x.shape[2] != D:
            raise ValueError(f"expected {D} input features, x (B, T, {D}), got {tuple(x.shape)}")
        q = self.W_q(x).unflatten(-1, (h, -1)).transpose(1, 2)  # (B, h, T, d)
        k, v = self.W_kv(x).unflatten(-1, (2 * g, -1)).transpose(1, 2).chunk(2, dim=1)
        if cache is not None:
            k, v = (torch.cat(pair, dim=2) for pair in zip(cache, (k, v), strict=True))
        out, _ = grouped_attention(q, k, v, mask)  # (B, h, T, d)
        return self.W_o(out.transpose(1, 2).flatten(2)), (k, v)

    @torch.no_grad()
    def load_torch(self, twin: nn.MultiheadAttention) -> None:
        """A twin of as many heads; the keys and values of a group are the mean of its heads."""
        D, h, g = self.sizes
        if (twin.embed_dim, twin.num_heads) != (D, h) or twin.in_proj_bias is None:
            raise ValueError(f"expected nn.MultiheadAttention{D, h} with biases, got {twin}")
        for name in ("weight", "bias"):
            packed = getattr(twin, f"in_proj_{name}")
            getattr(self.W_q, name).copy_(packed[:D])
            heads = packed[D:].unflatten(0, (2 * g, h // g, D // h))  # the paper's section 2.1
            getattr(self.W_kv, name).copy_(heads.mean(dim=1).flatten(0, 1))
        self.W_o.load_state_dict(twin.out_proj.state_dict())


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Caches:
    """How many numbers lie in the cache after each token, by heads of keys and values."""

    numbers: dict[int, list[int]]


@torch.random.fork_rng(devices=[])
@torch.no_grad()
def demo(seed: int = 0) -> Caches:
    """Generates 32 tokens, one at a time, with 8 heads of queries of 16 numbers."""
    torch.default_generator.manual_seed(seed)
    numbers: dict[int, list[int]] = {}
    for kv_heads in (8, 2, 1):
        model, x, cache = GroupedQueryAttention(128, 8, kv_heads), torch.randn(1, 1, 128), None
        numbers[kv_heads] = []
        for _ in range(32):
            x, cache = model(x, cache=cache)  # what comes out goes in next
            numbers[kv_heads].append(sum(part.numel() for part in cache))
    return Caches(numbers)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    caches = demo()
    figure, axis = plt.subplots(figsize=(6.6, 4.6))
    for style, (heads, line) in zip(("C2--", "C0-", "C3:"), caches.numbers.items(), strict=True):
        axis.plot(range(1, 33), line, style)
        axis.text(32.6, line[-1], f"{heads} for 8", va="center")
        print(f"{heads} for 8: {line[-1]} numbers after {len(line)} tokens")
    axis.set(xlabel="tokens generated", ylabel="numbers in the cache", xlim=(0, 40), ylim=(0, None))
    axis.set(title="heads of keys and values for 8 of queries", xticks=[0, 8, 16, 24, 32])
# --8<-- [end:picture]
