"""Three ways to score how well a source state fits: a plain dot product, one with a matrix between,
and a small network. The look comes after the decoder's step, so all steps can be scored at once.

Source: Luong, Pham & Manning, "Effective Approaches to Attention-based Neural Machine
Translation", EMNLP 2015, sections 3 and 3.1, equations 5 and 7.
"""

# %% [markdown]
# # Dot, general, concat
#
# $s_t$ is the decoder's state after step $t$ and $h_j$ are the encoder's; the paper writes $h_t$
# and $\bar h_s$.
#
# $$
# \begin{aligned}
# e_{tj} &= s_t^\top h_j & \text{dot} \\
# e_{tj} &= s_t^\top W h_j & \text{general} \\
# e_{tj} &= v^\top \tanh(W [s_t; h_j]) & \text{concat} \\
# \alpha_{tj} &= \exp(e_{tj}) \big/ \textstyle\sum_k \exp(e_{tk}) & \text{weights that sum to 1} \\
# c_t &= \textstyle\sum_j \alpha_{tj} h_j & \text{the context} \\
# \tilde s_t &= \tanh(W_c [c_t; s_t]) & \text{what predicts the next word}
# \end{aligned}
# $$

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn


# --8<-- [start:step]
def luong_scores(s: Tensor, h: Tensor, W: Tensor | None = None, v: Tensor | None = None) -> Tensor:
    """Scores (B, S, T) of every s (B, S, Q) with every h (B, T, K).

    No weights: dot, for Q = K. W (Q, K): general.
    W (H, Q + K) and v (H,): concat.
    """
    # --8<-- [start:scores]
    if W is None:
        return s @ h.mT  # (B, S, Q) @ (B, Q, T) -> (B, S, T)
    if v is None:
        return s @ W @ h.mT  # (B, S, K) @ (B, K, T) -> (B, S, T)
    S, T = s.shape[1], h.shape[1]
    every_s = s[:, :, None].expand(-1, -1, T, -1)  # (B, S, T, Q)
    every_h = h[:, None].expand(-1, S, -1, -1)  # (B, S, T, K)
    pairs = torch.cat([every_s, every_h], dim=-1)  # (B, S, T, Q + K)
    return (pairs @ W.T).tanh() @ v  # (B, S, T, H) -> (B, S, T)
    # --8<-- [end:scores]


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class LuongAttention(nn.Module):
    """Global attention for states of query_size and key_size; method: dot, general or concat."""

    def __init__(self, query_size: int, key_size: int, method: str = "general") -> None:
        super().__init__()
        Q, K = self.sizes = query_size, key_size
        shapes = {"dot": None, "general": (Q, K), "concat": (Q, Q + K)}
        if method not in shapes:
            raise ValueError(f"expected one of {', '.join(shapes)}, got {method!r}")
        if min(Q, K) < 1 or (method == "dot" and Q != K):
            raise ValueError(f"expected sizes of at least 1, equal for dot, got {self.sizes}")
        self.W = self.v = None
        if shape := shapes[method]:
            self.W = nn.Parameter(torch.empty(shape).uniform_(-1, 1) / shape[1] ** 0.5)
        if method == "concat":
            self.v = nn.Parameter(torch.empty(Q).uniform_(-1, 1) / Q**0.5)
        self.combine = nn.Linear(K + Q, Q, bias=False)  # W_c

    def forward(self, s: Tensor, h: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """s (B, S, Q), h (B, T, K), mask (B, T), True = look -> (B, S, Q), weights (B, S, T).

        A row that may look at nothing has weights and context of 0.
        Raises ValueError for whatever does not fit.
        """
        Q, K = self.sizes
        if s.dim() != 3 or s.shape[2] != Q:
            raise ValueError(f"expected s (B, S, {Q}), got {tuple(s.shape)}")
        if h.dim() != 3 or (h.shape[0], h.shape[2]) != (len(s), K):
            raise ValueError(f"expected h ({len(s)}, T, {K}), got {tuple(h.shape)}")
        mask = torch.ones_like(h[..., 0], dtype=torch.bool) if mask is None else mask
        if mask.shape != h.shape[:2] or mask.dtype != torch.bool:
            found = f"{tuple(mask.shape)}, {mask.dtype}"
            raise ValueError(f"expected a boolean mask {tuple(h.shape[:2])}, got {found}")
        e, mask = luong_scores(s, h, self.W, self.v), mask[:, None]  # (B, S, T), (B, 1, T)
        a = e.masked_fill(~mask, torch.finfo(e.dtype).min).softmax(dim=-1)  # (B, S, T)
        a = a.masked_fill(~mask, 0)
        c = a @ h  # (B, S, T) @ (B, T, K) -> (B, S, K)
        return self.combine(torch.cat([c, s], dim=-1)).tanh(), a  # (B, S, Q)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
class Reverser(nn.Module):
    """Encoder, decoder, attention, prediction; symbols are 0 to 9, and 10 starts an answer."""

    def __init__(self, method: str, H: int = 32) -> None:
        super().__init__()
        self.embed, self.predict = nn.Embedding(11, H), nn.Linear(H, 10)
        self.encoder, self.decoder = (nn.GRU(H, H, batch_first=True) for _ in range(2))
        self.attention = LuongAttention(H, H, method)

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """x (B, T), y (B, S), what stood before each -> scores (B, S, 10), weights (B, S, T)."""
        h, _ = self.encoder(self.embed(x))  # (B, T, H)
        # From zeros: all that is known of the source has to come by attention.
        s, _ = self.decoder(self.embed(y))  # (B, S, H), all steps before the first look
        out, a = self.attention(s, h)
        return self.predict(out), a


@dataclass(frozen=True)
class Result:
    """The worst of the three methods, then each; `weights` (3, S, T) are of one row."""

    metric: float
    each: dict[str, float]
    weights: Tensor
    expected: float = 0.95
    chance: float = 0.1**6
    measure: str = "exact match"


def train(method: str) -> tuple[float, Tensor]:
    """How many of 1000 new rows of six come out reversed, and the weights (6, 6) of the first."""
    model = Reverser(method)
    adam = torch.optim.Adam(model.parameters(), lr=0.02)
    falling = torch.optim.lr_scheduler.LinearLR(adam, 1, 0, 300)
    for x in torch.randint(10, (300, 64, 6)):
        y = x.flip(1)
        scores, _ = model(x, nn.functional.pad(y[:, :-1], (1, 0), value=10))
        loss = nn.functional.cross_entropy(scores.transpose(1, 2), y)
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1)
        adam.step()
        falling.step()
    x = torch.randint(10, (1000, 6))
    said = torch.full((1000, 1), 10)
    with torch.no_grad():
        for _ in range(6):  # each symbol from those that it wrote itself
            scores, a = model(x, said)
            said = torch.cat([said, scores[:, -1:].argmax(dim=2)], dim=1)
    return (said[:, 1:] == x.flip(1)).all(dim=1).double().mean().item(), a[0]


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Each method learns to write six random symbols in reverse."""
    each, weights = {}, []
    for method in ("dot", "general", "concat"):
        torch.default_generator.manual_seed(seed)
        each[method], a = train(method)
        weights.append(a)
    return Result(min(each.values()), each, torch.stack(weights))


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance:.0e}")
    figure, axes = plt.subplots(1, 3, figsize=(6.6, 2.9), sharey=True)
    for axis, name, a in zip(axes, result.each, result.weights, strict=True):
        axis.pcolormesh(a)
        axis.set(title=name, aspect="equal", xticks=[0.5, 5.5], xticklabels=["1", "6"])
        print(f"{name} {result.each[name]:.3f}")
    axes[0].set(ylabel="written", yticks=[0.5, 5.5], yticklabels=["1", "6"])
    axes[0].invert_yaxis()
    axes[1].set_xlabel("read")

# --8<-- [end:picture]
