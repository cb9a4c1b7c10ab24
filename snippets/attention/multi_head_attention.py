"""Several small attentions side by side, each with queries, keys and values of its own, so that one
layer can look at several places at once and keep what it found there apart.

Source: Vaswani et al., "Attention Is All You Need", 2017, section 3.2.2.
"""

# %% [markdown]
# # Multi-head attention
#
# Each of $h$ heads has $d = D / h$ of the $D$ numbers, and its own rows of one large matrix. What
# the heads found is written one after the other and mixed once more:
#
# $$
# \begin{aligned}
# \mathrm{head}_i &= \mathrm{Attention}(Q W_i^Q, K W_i^K, V W_i^V) \\
# \mathrm{MultiHead}(Q, K, V) &= \mathrm{Concat}(\mathrm{head}_1, \ldots, \mathrm{head}_h)\, W^O
# \end{aligned}
# $$
#
# A mask is **True where a query may look**; in `nn.MultiheadAttention` True means the opposite.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:step]
def split(x: Tensor, heads: int) -> Tensor:
    """(B, T, D) -> (B, h, T, d): first cut D, then swap the axes."""
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def attention(
    q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """q (B, h, T, d), k and v (B, h, S, d) -> out, weights."""
    scores = q / q.shape[-1] ** 0.5 @ k.transpose(-2, -1)  # (B, h, T, S)
    if mask is not None:
        scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    weights = scores.softmax(dim=-1)  # rows of sum 1
    if mask is not None:
        weights = weights.masked_fill(~mask, 0)  # exactly 0
    return weights @ v, weights  # (B, h, T, d), (B, h, T, S)


# --8<-- [end:step]


def fused_attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> Tensor:
    """The same output from torch's own kernel, which keeps no weights (B, h, T, S) in memory."""
    if mask is None:
        return F.scaled_dot_product_attention(q, k, v)
    # What torch makes of a row that may look nowhere is not settled, so here it looks everywhere,
    # and what it found is thrown away.
    sees = mask.any(dim=-1, keepdim=True)
    mask = (mask | ~sees).expand(*q.shape[:3], k.shape[2])  # (B, h, T, S), no copy
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask).masked_fill(~sees, 0)


# %%
# --8<-- [start:model]
class MultiHeadAttention(nn.Module):
    """nn.MultiheadAttention(batch_first=True), with masks that are True where one may look."""

    def __init__(self, d_model: int, heads: int) -> None:
        super().__init__()
        if min(d_model, heads) < 1 or d_model % heads:
            raise ValueError(f"expected heads that divide d_model, got {heads} of {d_model}")
        self.d_model, self.heads = d_model, heads
        self.W_qkv = nn.Linear(d_model, 3 * d_model)  # rows of q, then k, then v, each by heads
        self.W_o = nn.Linear(d_model, d_model)  # biases as in torch; the paper has none
        nn.init.xavier_uniform_(self.W_qkv.weight)

    def forward(
        self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None, *,
        fused: bool = False,
    ) -> tuple[Tensor, Tensor | None]:  # fmt: skip
        """query (B, T, D), key and value (B, S, D) -> out (B, T, D), weights (B, h, T, S).

        The mask is True where a query may look and broadcasts to (B, h, T, S); rows that may look
        nowhere attend to nothing. `fused` is faster and has no weights to show: None.
        """
        B, T, S, D = len(query), query.shape[1:2], key.shape[1:2], self.d_model
        found = [tuple(x.shape) for x in (query, key, value)]
        if found != [(B, *T, D), (B, *S, D), (B, *S, D)]:
            raise ValueError(f"expected (B, T, {D}), (B, S, {D}), (B, S, {D}), got {found}")
        most = (B, self.heads, *T, *S)
        if mask is not None:
            pairs = zip(mask.shape[::-1], most[::-1], strict=False)
            fits = mask.dim() <= 4 and all(size in (1, whole) for size, whole in pairs)
            if mask.dtype != torch.bool or not fits:
                raise ValueError(f"expected bools for {most}, got {mask.dtype} {tuple(mask.shape)}")

        if query is key is value:  # one product for all three
            qkv = self.W_qkv(query).chunk(3, dim=-1)  # 3 × (B, T, D)
        else:
            W, b = self.W_qkv.weight.chunk(3), self.W_qkv.bias.chunk(3)
            qkv = tuple(map(F.linear, (query, key, value), W, b))
        q, k, v = (split(x, self.heads) for x in qkv)  # (B, h, T, d), 2 × (B, h, S, d)
        out, weights = (fused_attention(q, k, v, mask), None) if fused else attention(q, k, v, mask)
        return self.W_o(out.transpose(1, 2).flatten(2)), weights  # (B, T, D), heads side by side

    @torch.no_grad()
    def load_torch(self, twin: nn.MultiheadAttention) -> None:
        """Copies the weights of a twin of the same sizes, whose packed rows are q, k, v as here."""
        names = ("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias")
        found, theirs = (twin.embed_dim, twin.num_heads), twin.state_dict()
        if found != (ours := (self.d_model, self.heads)) or sorted(theirs) != sorted(names):
            raise ValueError(f"expected {names} of {ours}, got {tuple(theirs)} of {found}")
        for weight, name in zip(self.parameters(), names, strict=True):
            weight.copy_(theirs[name])


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
SHOWN = torch.tensor([[0, 1, 1, 2, 3, 0, 3, 2]])  # the letters of the row in the picture


@dataclass(frozen=True)
class Result:
    """How well the task was learnt, and the weights of the row in the picture."""

    metric: float
    weights: Tensor  # (h, 8, 8)
    expected: float = 0.004
    chance: float = 1 / 12  # the variance of a number anywhere in [0, 1]
    measure: str = "mean squared error"


def rows(letters: Tensor) -> tuple[Tensor, Tensor]:
    """Places, letters and numbers, x (B, 8, 13), and four numbers wanted at each, y (B, 8, 4)."""
    number, letter = torch.rand(letters.shape), F.one_hot(letters, 4).float()
    place = torch.eye(8).expand(len(letters), 8, 8)
    partner = (letter @ letter.transpose(1, 2) - place) @ number[..., None]  # (B, 8, 1)
    before, mirror, first = number.roll(1, 1), number.flip(1), number[:, :1].expand_as(number)
    spelt = 2 * torch.cat([place, letter], dim=-1)
    y = torch.cat([torch.stack([before, mirror, first], dim=-1), partner], dim=-1)
    return torch.cat([spelt, number[..., None]], dim=-1), y


def error_of(layers: nn.ModuleList, letters: Tensor) -> tuple[Tensor, Tensor]:
    """The mean squared error on rows of these letters, and the weights (B, h, 8, 8)."""
    x, y = rows(letters)
    x = layers[0](x)  # (B, 8, 32)
    out, weights = layers[1](x, x, x)
    return (layers[2](out) - y).square().mean(), weights


def train(heads: int = 4) -> tuple[nn.ModuleList, list[float]]:
    """A layer, the attention and a layer, and the error of each update."""
    layers = nn.ModuleList([nn.Linear(13, 32), MultiHeadAttention(32, heads), nn.Linear(32, 4)])
    adam, errors = torch.optim.Adam(layers.parameters(), lr=0.01), []
    for _ in range(300):
        error, _ = error_of(layers, torch.rand(64, 8).argsort(dim=1) % 4)  # each letter twice
        adam.zero_grad()
        error.backward()
        adam.step()
        errors.append(error.item())
    return layers, errors


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Say at each place four numbers: the one before, the mirrored, the first, the partner's."""
    torch.default_generator.manual_seed(seed)
    layers, _ = train()
    metric = error_of(layers, torch.rand(1000, 8).argsort(dim=1) % 4)[0].item()
    return Result(metric, error_of(layers, SHOWN)[1][0].detach())


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.5f}, bar {result.expected}, chance {result.chance:.3f}")
    names = ["ABCD"[letter] for letter in SHOWN[0]]
    figure, axes = plt.subplots(2, 2, figsize=(6.6, 6.6), sharex=True, sharey=True)
    for n, (axis, head) in enumerate(zip(axes.flat, result.weights, strict=True), start=1):
        axis.pcolormesh(head.where(head > 0.05, torch.nan), vmin=0, vmax=1, clip_on=False)
        for lines in (axis.hlines, axis.vlines):
            lines(range(9), 0, 8, colors="C3", linewidth=0.3, clip_on=False)
        axis.set_xticks(torch.arange(8) + 0.5, names)
        axis.set_yticks(torch.arange(8) + 0.5, names)
        axis.set(title=f"head {n}", aspect="equal", ylim=(8, 0))
# --8<-- [end:picture]


# %%
# --8<-- [start:fewer-heads]
if __name__ == "__main__":
    figure, axis = plt.subplots()
    for heads, style in ((4, "C0-"), (2, "C2--"), (1, "C3:")):
        torch.manual_seed(0)
        _, errors = train(heads)
        axis.plot(range(0, 300, 6), errors[::6], style, label=f"heads: {heads}")
        print(f"heads {heads}: {sum(errors[-20:]) / 20:.5f}, mean of the last 20 updates")
    axis.set(xlabel="update", ylabel="mean squared error", yscale="log")
    axis.legend()

# --8<-- [end:fewer-heads]
