"""A mask says who may look at whom. Three kinds are enough, for padding, for the future and for
what is too far away; they are tables of True and False, so `&` joins any of them.

Source: Vaswani et al., "Attention Is All You Need", 2017, sections 3.2.1 and 3.2.3.
"""

# %% [markdown]
# # Attention masks
#
# Of $S$ keys and $T$ queries **the last ones stand at the same place**, so query $t$ stands at
# $p_t = t + S - T$. **True is where a query may look**:
#
# $$
# \begin{aligned}
# \text{padding} &: \; s < \mathrm{length}_b \\
# \text{causal} &: \; s \le p_t \\
# \text{window} &: \; |s - p_t| < w
# \end{aligned}
# $$
#
# Scores where the mask is False become the lowest number there is, and their weights exactly 0.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn


# --8<-- [start:step]
def padding_mask(lengths: Tensor, S: int) -> Tensor:
    """Row b may look at its first lengths[b] keys: (B, 1, 1, S)."""
    check(lengths, S)
    keys = torch.arange(S).to(lengths.device)
    return (keys < lengths[:, None])[:, None, None]


def causal_mask(T: int, S: int | None = None) -> Tensor:
    """T queries at the end of S keys see no later key: (T, S)."""
    places, keys = places_of(T, S)
    return keys <= places[:, None]


def window_mask(width: int, T: int, S: int | None = None) -> Tensor:
    """Fewer than `width` steps away, to either side: (T, S)."""
    if width < 1:
        raise ValueError(f"expected a width of at least 1, got {width}")
    places, keys = places_of(T, S)
    return (keys - places[:, None]).abs() < width


# --8<-- [end:step]


# %%
# --8<-- [start:model]
def check(lengths: Tensor, S: int) -> None:
    """Raises ValueError for what is no whole length from 0 to S."""
    whole = not lengths.is_floating_point() and lengths.dim() == 1
    if not whole or ((lengths < 0) | (lengths > S)).any():
        raise ValueError(f"expected whole lengths from 0 to {S}, got {lengths.tolist()}")


def places_of(T: int, S: int | None = None) -> tuple[Tensor, Tensor]:
    """Where T queries (T,) and S keys (S,) stand, the last of both at the same place."""
    S = T if S is None else S
    if min(T, S) < 0:
        raise ValueError(f"expected lengths of at least 0, got {T} and {S}")
    # torch's is_causal=True lets the first ones meet instead: the same for T = S, wrong for new
    # queries after cached keys.
    return torch.arange(T) + S - T, torch.arange(S)


def masked_attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """q (…, T, d), k (…, S, d), v (…, S, e), mask for (…, T, S) -> out (…, T, e), weights."""
    if mask.dtype != torch.bool:
        raise ValueError(f"expected a mask of torch.bool, got {mask.dtype}")
    scores = q / q.shape[-1] ** 0.5 @ k.transpose(-2, -1)  # (…, T, S)
    lowest = torch.finfo(scores.dtype).min  # where -1e9 has no place, in float16, too
    weights = scores.masked_fill(~mask, lowest).softmax(dim=-1)
    weights = weights.masked_fill(~mask, 0)  # rows that may look nowhere were uniform: now 0
    return weights @ v, weights


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Gallery:
    """Masks by name, and of each how much of its six or two rows may look nowhere."""

    masks: dict[str, Tensor]
    blind: dict[str, int]


def demo(seed: int = 0) -> Gallery:
    """Each kind alone, then joined; nothing here is random."""
    real = padding_mask(torch.tensor([4]), 6)[0, 0]  # (1, 6)
    masks = {
        "padding: 4 of 6 real": real.expand(6, 6),
        "causal": causal_mask(6),
        "window of 2": window_mask(2, 6),
        "causal & window of 3": causal_mask(6) & window_mask(3, 6),
        "causal & left padding": causal_mask(6) & real.flip(1),
        "causal, 2 new of 6": causal_mask(2, 6),
    }
    return Gallery(masks, {name: int((~mask.any(dim=1)).sum()) for name, mask in masks.items()})


def train(ahead: int = 0, updates: int = 250) -> tuple[list[float], float]:
    """The loss of each update, and the share of legal steps in what is then generated.

    Of eight symbols on a ring each is followed by the first or the third after it, at even odds;
    nobody can do better than ln 2. The causal mask lets everyone look `ahead` steps too far.
    """
    E, P, W, head = nn.Embedding(8, 32), nn.Embedding(12, 32), nn.Linear(32, 96), nn.Linear(32, 8)
    layers = nn.ModuleList([E, P, W, head])
    adam, losses = torch.optim.Adam(layers.parameters(), lr=0.01), []

    def logits(tokens: Tensor) -> Tensor:
        T = tokens.shape[1]
        x = E(tokens) + P(torch.arange(T))  # (B, T, 32)
        mask = causal_mask(T, T + ahead)[:, :T]
        return head(x + masked_attention(*W(x).chunk(3, dim=-1), mask)[0])  # (B, T, 8)

    for _ in range(updates):
        steps = 1 + 2 * torch.randint(2, (32, 13))
        tokens = steps.cumsum(dim=1) % 8
        guesses = logits(tokens[:, :12]).flatten(0, 1)
        loss = nn.functional.cross_entropy(guesses, tokens[:, 1:].flatten())
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(loss.item())
    said = torch.randint(8, (200, 1))
    while said.shape[1] < 12:
        said = torch.cat([said, logits(said)[:, -1].softmax(dim=-1).multinomial(1)], dim=1)
    return losses, ((said.diff(dim=1) % 8 == 1) | (said.diff(dim=1) % 8 == 3)).float().mean().item()


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    gallery = demo()
    figure, axes = plt.subplots(3, 2, figsize=(6.6, 8.4))
    for axis, (name, mask) in zip(axes.flat, gallery.masks.items(), strict=True):
        T, S = mask.shape
        axis.pcolormesh(torch.where(mask, 0.75, torch.nan), vmin=0, vmax=1, clip_on=False)
        axis.hlines(range(T + 1), 0, S, colors="C3", linewidth=0.3, clip_on=False)
        axis.vlines(range(S + 1), 0, T, colors="C3", linewidth=0.3, clip_on=False)
        axis.set(title=name, xticks=[], yticks=[], aspect="equal", ylim=(T, 0))
        print(f"{name}: {gallery.blind[name]} rows may look nowhere")
    axes[2, 0].set(xlabel="keys", ylabel="queries")
# --8<-- [end:picture]


# %%
# --8<-- [start:no-padding-mask]
if __name__ == "__main__":
    torch.manual_seed(0)
    words, pad = torch.randn(200, 5, 16), torch.randn(16)  # 200 sentences of five words
    alone, _ = masked_attention(words, words, words, torch.tensor(True))
    changes = []
    for n in range(21):
        padded = torch.cat([words, pad.expand(200, n, 16)], dim=1)  # (B, 5 + n, 16)
        mask = padding_mask(torch.tensor([5]), 5 + n)[0]  # (1, 1, 5 + n)
        with_mask, without = (
            masked_attention(words, padded, padded, each)[0] - alone for each in (mask, mask | True)
        )
        changes.append([(part.norm() / alone.norm()).item() for part in (with_mask, without)])
    figure, axis = plt.subplots()
    for column, (style, name) in enumerate([("C0-", "with the mask"), ("C2--", "without")]):
        axis.plot(range(21), [row[column] for row in changes], style, label=name)
        print(
            f"{name}: changed by {changes[20][column]:.2g} of its length after 20 words of padding"
        )
    axis.set(xlabel="words of padding", ylabel="change of the answer", xticks=[0, 10, 20])
    axis.legend()

# --8<-- [end:no-padding-mask]


# %%
# --8<-- [start:one-ahead]
if __name__ == "__main__":
    figure, (left, right) = plt.subplots(2, figsize=(6.6, 5.6), height_ratios=[3, 1])
    for ahead, (name, style) in enumerate([("causal", "C0-"), ("one ahead", "C2--")]):
        torch.manual_seed(0)
        losses, legal = train(ahead)
        left.plot(range(0, 250, 5), losses[::5], style, label=name)
        right.barh(name, legal, color=style[:2])
        print(f"{name}: loss {sum(losses[-20:]) / 20:.3f}, legal steps generated {legal:.2f}")
    left.axhline(0.6931, color="C3", linestyle=":", label="best possible")
    left.set(xlabel="update", ylabel="training loss", ylim=(0, None))
    left.legend()
    right.axvline(0.25, color="C3", linestyle=":")
    right.set(xlabel="legal steps when it writes itself", xlim=(0, 1))
    right.invert_yaxis()

# --8<-- [end:one-ahead]
