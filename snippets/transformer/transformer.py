"""An encoder reads a whole sequence at once, and a decoder writes another, token by token: it
looks back at what it wrote and across at what the encoder made. Here it learns to sort digits.

Source: Vaswani et al., "Attention Is All You Need", 2017, section 3 and figure 1.
"""

# %% [markdown]
# # The Transformer
#
# Tokens become vectors, scaled, with their place added, and pass $N$ layers of either kind. In
# training the decoder is given the right tokens, shifted by one, and a mask hides what is ahead:
#
# $$
# \begin{aligned}
# x_t &= \sqrt{d}\, E_{s_t} + p_t & \text{source, and target alike} \\
# p_{t, 2i} &= \sin(t / 10000^{2i/d}), \quad p_{t, 2i+1} = \cos(t / 10000^{2i/d}) \\
# m &= \mathrm{Encoder}(x) & \text{everything sees everything} \\
# z_t &= \mathrm{Decoder}(y_{< t}, m) & \text{sees } y_{< t} \text{ and all of } m \\
# P(y_t \mid y_{< t}, s) &= \mathrm{softmax}(W z_t + b)
# \end{aligned}
# $$

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def positions(like: Tensor) -> Tensor:
    """Sines and cosines of angles (T, D/2), side by side, for x (B, T, D), in its dtype: (T, D)."""
    (T, D), wide = like.shape[1:], {"dtype": torch.float64, "device": like.device}
    angles = torch.arange(T, **wide)[:, None] / 10000 ** (torch.arange(0, D, 2, **wide) / D)
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)[:, :D].to(like.dtype)


# %%
class Attention(nn.Module):
    """nn.MultiheadAttention: x asks, y answers; a mask is True where one may look."""

    def __init__(self, D: int, heads: int) -> None:
        super().__init__()
        self.heads, self.qkv, self.out = heads, nn.Linear(D, 3 * D), nn.Linear(D, D)

    def forward(self, x: Tensor, y: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """x (B, T, D), y (B, S, D), mask (T, S) or (B, 1, 1, S) -> (B, T, D), weights."""
        D, W, b = x.shape[2], self.qkv.weight, self.qkv.bias
        qkv = F.linear(x, W[:D], b[:D]), *F.linear(y, W[D:], b[D:]).chunk(2, dim=-1)
        q, k, v = (z.unflatten(2, (self.heads, -1)).transpose(1, 2) for z in qkv)  # (B, h, …, d)
        scores = (q / q.shape[3] ** 0.5) @ k.mT  # (B, h, T, S)
        weights = scores.masked_fill(~mask, torch.finfo(scores.dtype).min).softmax(dim=-1)
        weights = weights.masked_fill(~mask, 0)  # where a row sees nothing
        return self.out((weights @ v).transpose(1, 2).flatten(2)), weights


class Layer(nn.Module):
    """An encoder layer, or with `cross` a decoder layer; the norm comes after the sum."""

    def __init__(self, d_model: int, heads: int, d_ff: int, cross: int) -> None:
        super().__init__()
        self.attention = nn.ModuleList(Attention(d_model, heads) for _ in range(1 + cross))
        self.ffn = nn.Sequential(nn.Linear(d_model, d_ff), nn.ReLU(), nn.Linear(d_ff, d_model))
        self.norms = nn.ModuleList(nn.LayerNorm(d_model) for _ in range(2 + cross))

    def forward(self, x: Tensor, mask: Tensor, *across: Tensor) -> Tensor:
        """x (B, T, D) -> (B, T, D); `across` is, for a decoder layer, the memory and its mask."""
        x = self.norms[0](x + self.attention[0](x, x, mask)[0])
        if across:
            x = self.norms[1](x + self.attention[1](x, *across)[0])
        return self.norms[-1](x + self.ffn(x))


# --8<-- [start:model]
class Transformer(nn.Module):
    """Reads tokens below `vocabulary` and writes such tokens; one more stands for the start."""

    def __init__(self, vocabulary: int, d_model: int, heads: int, d_ff: int, layers: int) -> None:
        super().__init__()
        D, self.start, self.sizes = d_model, vocabulary, (vocabulary, d_model, heads, d_ff, layers)
        if min(self.sizes) < 1 or D % heads:
            raise ValueError(f"expected sizes of 1 or more, heads dividing, got {self.sizes}")
        # In torch's order; like torch, each stack ends with one more norm.
        stacks = ([Layer(D, heads, d_ff, kind) for _ in range(layers)] for kind in (0, 1))
        self.encoder, self.decoder = (nn.ModuleList([*each, nn.LayerNorm(D)]) for each in stacks)
        self.table, self.head = nn.Embedding(vocabulary + 1, D), nn.Linear(D, vocabulary)
        nn.init.normal_(self.table.weight, std=D**-0.5)

    def embed(self, tokens: Tensor) -> Tensor:
        """tokens (B, T) -> (B, T, D)."""
        if tokens.dim() != 2 or (tokens > self.start).any() or (tokens < 0).any():
            raise ValueError(f"expected (B, T) of 0 to {self.start}, got {tuple(tokens.shape)}")
        x = self.table(tokens) * self.sizes[1] ** 0.5
        return x + positions(x)

    def encode(self, source: Tensor, real: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """source (B, S), `real` (B, S) False at padding -> memory (B, S, D) and its mask."""
        real = torch.ones_like(source, dtype=torch.bool) if real is None else real
        if real.shape != source.shape or real.dtype != torch.bool:
            raise ValueError(f"expected bools {tuple(source.shape)}, got {tuple(real.shape)}")
        (*layers, end), x, mask = self.encoder, self.embed(source), real[:, None, None]
        for layer in layers:
            x = layer(x, mask)  # (B, S, D)
        return end(x), mask

    def decode(self, y: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        """What comes after each of y (B, T), as logits (B, T, V)."""
        (*layers, end), x, T = self.decoder, self.embed(y), y.shape[1]
        causal = torch.ones(T, T, dtype=torch.bool, device=y.device).tril()
        for layer in layers:
            x = layer(x, causal, memory, mask)  # (B, T, D)
        return self.head(end(x))

    # --8<-- [start:step]
    def forward(self, source: Tensor, target: Tensor, real: Tensor | None = None) -> Tensor:
        """Training: given the target, one step late; all at once."""
        late = F.pad(target, (1, 0), value=self.start)[:, :-1]  # (B, T)
        return self.decode(late, *self.encode(source, real))

    @torch.no_grad()
    def greedy(self, source: Tensor, steps: int, real: Tensor | None = None) -> Tensor:
        """Use: a token at a time, always the likeliest."""
        seen = self.encode(source, real)  # once
        y = source.new_full((len(source), 1), self.start)
        for _ in range(steps):
            z = self.decode(y, *seen)[:, -1:]  # (B, 1, V)
            y = torch.cat([y, z.argmax(dim=2)], dim=1)  # (B, 1 + …)
        return y[:, 1:]

    # --8<-- [end:step]

    @torch.no_grad()
    def load_torch(self, twin: nn.Transformer) -> None:
        """Copies the two stacks of a twin of the same sizes, its norms after the sums."""
        ours, theirs = list(self.parameters())[:-3], list(twin.parameters())
        kind = twin.nhead, twin.encoder.layers[0].norm_first, [w.shape for w in theirs]
        if kind != (self.sizes[2], False, [w.shape for w in ours]):
            raise ValueError(f"expected sizes {self.sizes[1:]}, norm_first=False, got {twin}")
        for mine, its in zip(ours, theirs, strict=True):
            mine.copy_(its)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How many rows come out sorted as a whole; the rest is of one row, for the picture."""

    metric: float
    digits: Tensor  # (2, 8): as they are read, and as they are written
    looks: Tensor  # (2, 8, 8): at what was written and at what is read, of all heads the keenest
    expected: float = 0.95
    chance: float = 1e-4  # that the digits of one row, sorted, are those of another
    measure: str = "exact match"


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0, updates: int = 300) -> Result:
    """Eight digits in, the same eight out, in order: all of them right, or it does not count."""
    torch.default_generator.manual_seed(seed)
    model = Transformer(10, 32, 4, 64, 1)
    adam = torch.optim.Adam(model.parameters(), betas=(0.9, 0.98), fused=True)
    for n in range(updates):
        adam.param_groups[0]["lr"] = 0.005 * (1 - n / updates)
        source = torch.randint(10, (64, 8))
        target = source.sort(dim=1).values
        error = F.cross_entropy(model(source, target).flatten(0, 1), target.flatten())
        adam.zero_grad()
        error.backward()
        adam.step()
    source = torch.randint(10, (1000, 8))
    right = (model.greedy(source, 8) == source.sort(dim=1).values).all(dim=1)  # (1000,)

    row, looks = torch.tensor([[3, 8, 0, 6, 1, 9, 4, 7]]), []
    for attention in model.decoder[0].attention:
        attention.register_forward_hook(lambda *call: looks.append(call[2][1].amax(dim=1)))
    digits = torch.cat([row, model.greedy(row, 8)])
    return Result(right.double().mean().item(), digits, torch.cat(looks[-2:]))  # of the last pass


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance:.5f}")
    reads, writes = result.digits.tolist()
    figure, axes = plt.subplots(2, figsize=(6.6, 7.6))
    names = (["start", *writes[:-1]], "what it has written"), (reads, "what it reads")
    for axis, weights, (labels, name) in zip(axes, result.looks, names, strict=True):
        axis.pcolormesh(weights, vmin=0)
        axis.set_xticks(torch.arange(8) + 0.5, labels)
        axis.set_yticks(torch.arange(8) + 0.5, writes)
        axis.set(xlabel=name, ylabel="writes", ylim=(8, 0))

# --8<-- [end:picture]
