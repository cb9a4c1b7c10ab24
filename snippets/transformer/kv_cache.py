"""Keys and values of what was read do not change when more is read, as nothing looks ahead. Kept in
a cache, they make the next token cost one place's work and a look back, in place of all again.

Source: Vaswani et al., "Attention Is All You Need", 2017, section 3.2, whose decoder allows it; the
cost of reading the cache is the subject of Shazeer, "Fast Transformer Decoding", 2019.
"""

# %% [markdown]
# # The KV cache
#
# Of $T$ new places after $P$ old ones, in every layer, with $[\,;]$ for one below the other:
#
# $$
# \begin{aligned}
# Q &= X W^Q & \text{of the new places only} \\
# K &= [K_{\text{old}}; X W^K], \quad V = [V_{\text{old}}; X W^V] & P + T \text{ rows} \\
# A_{ij} &= Q_i \cdot K_j / \sqrt{d} \text{ where } j \le P + i, \text{ else } -\infty \\
# Y &= \mathrm{softmax}(A)\, V
# \end{aligned}
# $$
#
# $A$ is $T$ by $P + T$, and the triangle that may be seen ends in its **bottom right** corner.

# %%
from dataclasses import dataclass
from time import perf_counter

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

Pair = tuple[Tensor, Tensor]


# --8<-- [start:step]
def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """The last T of S places look back: q (B, h, T, d)."""
    T, S = q.shape[2], k.shape[2]
    scores = q @ k.mT / q.shape[3] ** 0.5  # (B, h, T, S)
    seen = torch.ones_like(scores, dtype=torch.bool).tril(S - T)
    return scores.masked_fill(~seen, -torch.inf).softmax(dim=3) @ v


def append(old: Pair | None, k: Tensor, v: Tensor) -> Pair:
    """Old keys and values (B, h, P, d) before the new ones."""
    if old is None:
        return k, v
    return torch.cat([old[0], k], dim=2), torch.cat([old[1], v], dim=2)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
@dataclass(frozen=True)
class KVCache:
    """The keys and values (B, h, P, d) of all P places so far, a pair for each layer."""

    pairs: tuple[Pair, ...] = ()

    def __len__(self) -> int:
        """P."""
        return self.pairs[0][0].shape[2] if self.pairs else 0


class Block(nn.Module):
    """A pre-norm layer that is given what it kept, and says what to keep."""

    def __init__(self, D: int, heads: int) -> None:
        super().__init__()
        self.heads, self.norm1, self.norm2 = heads, nn.LayerNorm(D), nn.LayerNorm(D)
        self.qkv, self.out = nn.Linear(D, 3 * D), nn.Linear(D, D)
        self.ffn = nn.Sequential(nn.Linear(D, 4 * D), nn.ReLU(), nn.Linear(4 * D, D))

    def forward(self, h: Tensor, old: Pair | None) -> tuple[Tensor, Pair]:
        """h (B, T, D), of the new places -> (B, T, D), and k and v of all."""
        split = self.qkv(self.norm1(h)).unflatten(2, (3, self.heads, -1))
        q, k, v = split.permute(2, 0, 3, 1, 4)  # 3 × (B, h, T, d)
        k, v = append(old, k, v)  # 2 × (B, h, P + T, d)
        h = h + self.out(attend(q, k, v).transpose(1, 2).flatten(2))
        return h + self.ffn(self.norm2(h)), (k, v)


class CachedGPT(nn.Module):
    """A small GPT that reads in pieces of any size, and may go on where it stopped."""

    def __init__(
        self, vocabulary: int, context: int, d_model: int, heads: int, layers: int
    ) -> None:  # fmt: skip
        super().__init__()
        sizes = vocabulary, context, d_model, heads, layers
        if min(sizes) < 1 or d_model % heads:
            raise ValueError(f"expected sizes of 1 or more, heads dividing d_model, got {sizes}")
        self.tokens = nn.Parameter(torch.randn(vocabulary, d_model) / d_model**0.5)
        self.places = nn.Parameter(torch.randn(context, d_model) / d_model**0.5)
        self.blocks = nn.ModuleList(Block(d_model, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(d_model)

    def forward(self, u: Tensor, cache: KVCache | None = None) -> tuple[Tensor, KVCache]:
        """New tokens u (B, T) -> logits (B, T, V) of what follows each, and the longer cache.

        The cache that was given stays as it is. Raises ValueError for more places than there are.
        """
        cache = KVCache() if cache is None else cache
        olds = cache.pairs or (None,) * len(self.blocks)
        batch, P = (len(cache.pairs[0][0]) if cache.pairs else len(u)), len(cache)
        if u.dim() != 2 or len(u) != batch or P + u.shape[1] > len(self.places):
            wanted = f"({batch}, T), T up to {len(self.places) - P} after {P}"
            raise ValueError(f"expected u {wanted}, got {tuple(u.shape)}")
        h = self.tokens[u] + self.places[P : P + u.shape[1]]  # (B, T, D): new places, not 0, 1, …
        pairs = []
        for block, old in zip(self.blocks, olds, strict=True):
            h, pair = block(h, old)
            pairs.append(pair)
        return self.norm(h) @ self.tokens.T, KVCache(tuple(pairs))

    # --8<-- [start:greedy]
    @torch.no_grad()
    def greedy(self, u: Tensor, n: int) -> Tensor:
        """Appends the n likeliest tokens to u (B, T)."""
        if n and not u.numel():
            raise ValueError(f"expected at least one token, got {tuple(u.shape)}")
        new, cache = u, None
        for _ in range(n):
            z, cache = self(new, cache)  # the prompt, then one at a time
            new = z[:, -1:].argmax(dim=2)  # (B, 1)
            u = torch.cat([u, new], dim=1)
        return u

    # --8<-- [end:greedy]


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Costs:
    """What one more token costs after P others, in millions of multiplications."""

    lengths: list[int]
    again: list[float]  # everything read again
    cached: list[float]
    seconds: list[float]  # measured after the most others, the median: again, cached


def multiplications(model: CachedGPT, u: Tensor, cache: KVCache | None) -> float:
    """Counted by torch while the model reads u; in millions."""
    with FlopCounterMode(display=False) as counter:
        model(u, cache)
    return counter.get_total_flops() / 2e6  # torch counts a product and a sum as two


@torch.random.fork_rng(devices=[])
@torch.no_grad()
def demo(seed: int = 0) -> Costs:
    """An untrained model; what it says does not matter here."""
    torch.default_generator.manual_seed(seed)
    model, u = CachedGPT(64, 256, 64, 4, 4), torch.randint(64, (1, 256))
    lengths, again, cached = list(range(31, 256, 32)), [], []
    for P in lengths:
        _, cache = model(u[:, :P])
        again.append(multiplications(model, u[:, : P + 1], None))
        cached.append(multiplications(model, u[:, P : P + 1], cache))
    seconds = []
    for given in ((u[:, : P + 1], None), (u[:, P : P + 1], cache)):
        times = []
        for _ in range(5):
            start = perf_counter()
            model(*given)
            times.append(perf_counter() - start)
        seconds.append(sorted(times)[2])
    return Costs(lengths, again, cached, seconds)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    costs = demo()
    figure, axis = plt.subplots()
    axis.plot(costs.lengths, costs.again, "--", color="C2", label="all again")
    axis.plot(costs.lengths, costs.cached, color="C0", label="with the cache")
    axis.set(xlabel="tokens before", ylabel="million products a token")
    axis.legend()
    print(f"all again: {costs.again[-1]:.2f} million products, {costs.seconds[0] * 1e3:.1f} ms")
    print(f"cached:    {costs.cached[-1]:.2f} million products, {costs.seconds[1] * 1e3:.1f} ms")

# --8<-- [end:picture]
