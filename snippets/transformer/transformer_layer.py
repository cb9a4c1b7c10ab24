"""A Transformer layer lets positions exchange what they hold, by attention, and then works on each
alone, with a small network; each of these is added to what was there, with a norm after or before.

Source: Vaswani et al., "Attention Is All You Need", 2017, sections 3.1 to 3.3, norm after; norm
before: Xiong et al., "On Layer Normalization in the Transformer Architecture", 2020, table 1.
"""

# %% [markdown]
# # The Transformer layer
#
# Every **sublayer** $f$ is wrapped in the same way, with its norm after the sum or before it:
#
# $$
# \begin{aligned}
# x &\leftarrow \mathrm{norm}(x + f(x)) & \text{post-norm, 2017} \\
# x &\leftarrow x + f(\mathrm{norm}(x)) & \text{pre-norm}
# \end{aligned}
# $$
#
# An encoder layer has two of them, a decoder layer three: attention to itself, attention to what
# the encoder says, and the feed-forward network, which sees one position at a time:
#
# $$
# \begin{aligned}
# \mathrm{Attention}(Q, K, V) &= \mathrm{softmax}(Q K^\top / \sqrt{d_k})\, V \\
# \mathrm{FFN}(x) &= \max(0, x W_1 + b_1) W_2 + b_2
# \end{aligned}
# $$

# %%
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Map, Mask = Callable[[Tensor], Tensor], Tensor | None


# --8<-- [start:step]
def attend(q: Tensor, k: Tensor, v: Tensor, mask: Mask) -> Tensor:
    """softmax(q kᵀ / √d) v; one may look where mask is True."""
    if mask is None:  # the same in one call, which keeps no scores
        return F.scaled_dot_product_attention(q, k, v)
    scores = q @ k.mT / q.shape[-1] ** 0.5  # (B, h, T, S)
    low = torch.finfo(scores.dtype).min
    weights = scores.masked_fill(~mask, low).softmax(dim=-1)
    return weights.masked_fill(~mask, 0) @ v  # sees nothing: 0


def sublayer(x: Tensor, f: Map, norm: Map, pre: bool) -> Tensor:
    """x (B, T, D) and what f makes of it: (B, T, D)."""
    return x + f(norm(x)) if pre else norm(x + f(x))


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class Attention(nn.Module):
    """nn.MultiheadAttention: x asks, y answers, in `heads` parts of equal width."""

    def __init__(self, d_model: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(d_model, 3 * d_model), nn.Linear(d_model, d_model)

    def forward(self, x: Tensor, y: Tensor, mask: Mask) -> Tensor:
        """x (B, T, D), y (B, S, D), mask (T, S) or (B, T, S) -> (B, T, D)."""
        (B, T, D), S, W, b = x.shape, y.shape[1], self.qkv.weight, self.qkv.bias
        if mask is not None:
            fits = all(m in (1, n) for m, n in zip(mask.shape[::-1], (S, T, B), strict=False))
            if mask.dtype != torch.bool or mask.dim() not in (2, 3) or not fits:
                got = f"{mask.dtype} {tuple(mask.shape)}"
                raise ValueError(f"expected a bool mask ({T}, {S}) or ({B}, {T}, {S}), got {got}")
            mask = mask.unsqueeze(-3)  # (…, 1, T, S): the same for all heads
        qkv = F.linear(x, W[:D], b[:D]), *F.linear(y, W[D:], b[D:]).chunk(2, dim=-1)
        q, k, v = (z.unflatten(2, (self.heads, -1)).transpose(1, 2) for z in qkv)  # (B, h, …, d)
        return self.out(attend(q, k, v, mask).transpose(1, 2).flatten(2))  # (B, T, D)


class Layer(nn.Module):
    """What both layers share: their parts, in torch's order, and the way through them."""

    twin, attentions = nn.TransformerEncoderLayer, 1

    def __init__(self, d_model: int, heads: int, d_ff: int, pre_norm: bool = False) -> None:
        super().__init__()
        self.sizes, self.pre_norm = (d_model, heads, d_ff), pre_norm
        if min(self.sizes) < 1 or d_model % heads:
            raise ValueError(f"expected d_model, heads dividing it, and d_ff, got {self.sizes}")
        self.attention = nn.ModuleList(Attention(d_model, heads) for _ in range(self.attentions))
        self.ffn = nn.Sequential(nn.Linear(d_model, d_ff), nn.ReLU(), nn.Linear(d_ff, d_model))
        self.norms = nn.ModuleList(nn.LayerNorm(d_model) for _ in range(self.attentions + 1))
        for weight in (w for w in self.parameters() if w.dim() > 1):
            nn.init.xavier_uniform_(weight)  # as nn.Transformer does

    def through(self, fs: tuple[Map, ...], x: Tensor, *others: Tensor) -> Tensor:
        """x (B, T, D) through each sublayer in turn; raises ValueError for what does not fit."""
        B, D = len(x), self.sizes[0]
        for given in (x, *others):
            if given.dim() != 3 or given.shape[::2] != (B, D):
                raise ValueError(f"expected {D} features, ({B}, T, {D}), got {tuple(given.shape)}")
        for f, norm in zip(fs, self.norms, strict=True):
            x = sublayer(x, f, norm, self.pre_norm)  # (B, T, D)
        return x

    @torch.no_grad()
    def load_torch(self, twin: nn.Module) -> None:
        """Copies the weights of a twin of the same sizes, order of norms and activation."""
        kind = type(twin), twin.self_attn.num_heads, twin.norm_first, twin.activation
        pairs = list(zip(self.parameters(), twin.parameters(), strict=False))
        differ = any(mine.shape != its.shape for mine, its in pairs)
        if differ or kind != (self.twin, self.sizes[1], self.pre_norm, F.relu):
            raise ValueError(f"expected {self.sizes}, pre_norm={self.pre_norm}, got {twin}")
        for mine, its in pairs:
            mine.copy_(its)


class EncoderLayer(Layer):
    """nn.TransformerEncoderLayer(batch_first=True) without dropout."""

    def forward(self, x: Tensor, mask: Mask = None) -> Tensor:
        """x (B, T, D) -> (B, T, D); mask (T, T) or (B, T, T), or (B, 1, T) for padding."""
        return self.through((lambda x: self.attention[0](x, x, mask), self.ffn), x)


class DecoderLayer(Layer):
    """nn.TransformerDecoderLayer(batch_first=True) without dropout."""

    twin, attentions = nn.TransformerDecoderLayer, 2

    def forward(self, x: Tensor, memory: Tensor, mask: Mask = None, seen: Mask = None) -> Tensor:
        """x (B, T, D), memory (B, S, D) -> (B, T, D); seen (B, T, S) or (B, 1, S), of memory.

        Who predicts what comes next gives a causal mask, torch.ones(T, T).tril().bool().
        """
        own, other = self.attention
        fs = (lambda x: own(x, x, mask), lambda x: other(x, memory, seen), self.ffn)
        return self.through(fs, x, memory)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
class Stack(nn.Module):
    """Reverses six tokens of eight: many equal layers between an embedding and a head."""

    def __init__(self, layers: int, pre_norm: bool) -> None:
        super().__init__()
        self.tokens, self.places = nn.Embedding(8, 32), nn.Embedding(6, 32)
        self.layers = nn.ModuleList(EncoderLayer(32, 4, 128, pre_norm) for _ in range(layers))
        # Pre-norm leaves a sum of everything, which is normed once at the end.
        self.head = nn.Sequential(nn.LayerNorm(32) if pre_norm else nn.Identity(), nn.Linear(32, 8))

    def error(self, rows: int) -> Tensor:
        """The loss of guessing, on new rows of tokens, each row from its end to its start."""
        y = torch.randint(8, (rows, 6))  # (B, T)
        x = self.tokens(y.flip(1)) + self.places.weight  # (B, T, D)
        for layer in self.layers:
            x = layer(x)  # (B, T, D)
        return F.cross_entropy(self.head(x).flatten(0, 1), y.flatten())


@dataclass(frozen=True)
class Norms:
    """The norm of the gradient of each layer's weights, first layer first, before any training."""

    norms: Tensor  # (2, 24): norm after the sum, norm before


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Norms:
    """How much of the error reaches each of 24 layers, the mean of four stacks of either order."""
    torch.default_generator.manual_seed(seed)
    norms = []
    for model in (Stack(24, pre_norm) for pre_norm in [False] * 4 + [True] * 4):
        model.error(32).backward()
        grads = ([w.grad.flatten() for w in layer.parameters()] for layer in model.layers)
        norms.append(torch.stack([torch.cat(each).norm() for each in grads]))  # (24,)
    return Norms(torch.stack(norms).view(2, 4, 24).mean(dim=1))


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    norms = demo().norms
    figure, axis = plt.subplots()
    for name, look, each in zip(("after", "before"), ("C2--", "C0-"), norms, strict=True):
        axis.plot(range(1, 25), each, look, label=f"norm {name}")
        print(f"norm {name}: first layer {each[0]:.2f}, last layer {each[-1]:.2f}")
    axis.set(xlabel="layer, 24 is next to the loss", ylabel="gradient norm", ylim=(0, None))
    axis.legend()

# --8<-- [end:picture]


# %%
# --8<-- [start:norm-order]
if __name__ == "__main__":
    figure, axis = plt.subplots()
    runs = ("norm before", True, 1), ("norm after", False, 1), ("after, warm-up", False, 50)
    for (name, pre_norm, warm_up), look in zip(runs, ("C0-", "C2--", "C3:"), strict=True):
        torch.manual_seed(0)
        model, errors = Stack(8, pre_norm), []
        adam = torch.optim.Adam(model.parameters(), fused=True)
        for n in range(1, 101):
            adam.param_groups[0]["lr"] = 0.005 * min(1, n / warm_up)
            error = model.error(16)
            adam.zero_grad()
            error.backward()
            adam.step()
            errors.append(error.item())
        axis.plot(range(0, 100, 3), errors[::3], look, label=name)
        print(f"{name}: {sum(errors[-10:]) / 10:.2f} nats, mean of the last 10 updates")
    axis.set(xlabel="update", ylabel="loss, nats", ylim=(0, 3.4))
    axis.legend(loc="upper right")

# --8<-- [end:norm-order]
