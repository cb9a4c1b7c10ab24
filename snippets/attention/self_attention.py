"""Every position of a sequence asks all positions at once and takes a weighted mean of what they
hold. The weights come from the content alone: a query meets a key, a softmax shares out one whole.

Source: Vaswani et al., "Attention Is All You Need", 2017, section 3.2.1, equation 1.
"""

# %% [markdown]
# # Self-attention
#
# Three matrices turn each vector $x_t$ into a query, a key and a value. Each query meets every key
# in a dot product, and each row of scores becomes weights that add up to 1:
#
# $$
# \begin{aligned}
# Q &= X W_Q, \quad K = X W_K, \quad V = X W_V \\
# \mathrm{Attention}(Q, K, V) &= \mathrm{softmax}\left(\frac{Q K^\top}{\sqrt{d}}\right) V
# \end{aligned}
# $$
#
# A dot product of $d$ independent numbers of variance 1 has variance $d$; the root takes that back.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn


# --8<-- [start:step]
def attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    mask: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """q (…, T, d), k (…, S, d), v (…, S, e) -> out, weights.

    The mask (…, T, S) is True where a query may look. A row that
    may look nowhere gets 0, and so do its gradients.
    """
    check(q, k, v, mask)
    scores = q / q.shape[-1] ** 0.5 @ k.transpose(-2, -1)  # (…, T, S)
    if mask is None:
        weights = scores.softmax(dim=-1)  # (…, T, S), rows of sum 1
    else:
        lowest = torch.finfo(scores.dtype).min
        weights = scores.masked_fill(~mask, lowest).softmax(dim=-1)
        weights = weights.masked_fill(~mask, 0)  # exactly 0
    return weights @ v, weights  # (…, T, e), (…, T, S)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
def check(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> None:
    """Raises ValueError for what does not fit, or fits only by broadcasting the scores."""
    if not 0 < q.shape[-1] == k.shape[-1] or k.shape[-2] != v.shape[-2]:
        shapes = ", ".join(str(tuple(each.shape)) for each in (q, k, v))
        raise ValueError(f"expected q (…, T, d), k (…, S, d), v (…, S, e), got {shapes}")
    if mask is not None:
        most = (*torch.broadcast_shapes(q.shape[:-2], k.shape[:-2]), q.shape[-2], k.shape[-2])
        pairs = zip(mask.shape[::-1], most[::-1], strict=False)
        fits = mask.dim() <= len(most) and all(size in (1, whole) for size, whole in pairs)
        if mask.dtype != torch.bool or not fits:
            found = f"{mask.dtype} {tuple(mask.shape)}"
            raise ValueError(f"expected a mask of torch.bool that fits {most}, got {found}")


class SelfAttention(nn.Module):
    """One head: x (B, T, d_model) attends to itself through queries and keys of d numbers."""

    def __init__(self, d_model: int, d: int) -> None:
        super().__init__()
        if min(d_model, d) < 1:
            raise ValueError(f"expected sizes of at least 1, got {d_model} and {d}")
        self.W_q, self.W_k, self.W_v = (nn.Linear(d_model, d, bias=False) for _ in range(3))
        for W in (self.W_q, self.W_k, self.W_v):  # entries of q and k as large as those of x
            nn.init.normal_(W.weight, std=d_model**-0.5)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """x (B, T, d_model), mask for (B, T, T) -> out (B, T, d), weights (B, T, T)."""
        D = self.W_q.in_features
        if x.dim() != 3 or x.shape[2] != D:
            raise ValueError(f"expected {D} input features, x (B, T, {D}), got {tuple(x.shape)}")
        return attention(self.W_q(x), self.W_k(x), self.W_v(x), mask)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
KINDS, LENGTH = 4, 10


@dataclass(frozen=True)
class Result:
    """How well the task was learnt; one row of letters and its weights are for the picture."""

    metric: float
    letters: Tensor  # (T,)
    weights: Tensor  # (T, T)
    expected: float = 0.002
    # The variance 1/12 of a number, by the mean of 1/n: n numbers have the same letter.
    chance: float = (1 - (1 - 1 / KINDS) ** LENGTH) / (LENGTH / KINDS) / 12
    measure: str = "mean squared error"


def rows(letters: Tensor) -> tuple[Tensor, Tensor]:
    """Letters beside random numbers, x (B, T, 5), and the mean number of each letter, y (B, T)."""
    numbers = torch.rand(letters.shape)
    same = letters[:, :, None] == letters[:, None, :]  # (B, T, T)
    y = (same * numbers[:, None]).sum(dim=2) / same.sum(dim=2)
    spelt = nn.functional.one_hot(letters, KINDS) * KINDS**0.5  # of mean square 1
    return torch.cat([spelt, numbers[..., None]], dim=-1), y


def train(d: int = 64, scaled: bool = True) -> tuple[SelfAttention, nn.Linear, list[float]]:
    """A model, its head and the error of each update."""
    model, head, errors = SelfAttention(KINDS + 1, d), nn.Linear(d, 1), []
    adam = torch.optim.Adam([*model.parameters(), *head.parameters()], lr=0.02)
    for _ in range(250):
        x, y = rows(torch.randint(KINDS, (64, LENGTH)))
        q = model.W_q(x) * (1 if scaled else d**0.5)  # takes the division back
        out, _ = attention(q, model.W_k(x), model.W_v(x))  # (B, T, d)
        error = (head(out)[..., 0] - y).square().mean()
        adam.zero_grad()
        error.backward()
        adam.step()
        errors.append(error.item())
    return model, head, errors


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Ten numbers, each with one of four letters: say at each the mean of those of its letter."""
    torch.default_generator.manual_seed(seed)
    model, head, _ = train()
    x, y = rows(torch.randint(KINDS, (1000, LENGTH)))
    metric = (head(model(x)[0])[..., 0] - y).square().mean().item()
    letters = torch.tensor([0, 1, 0, 2, 1, 3, 0, 2, 1, 0])
    return Result(metric, letters, model(rows(letters[None])[0])[1][0].detach())


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.5f}, bar {result.expected}, chance {result.chance:.4f}")
    figure, axis = plt.subplots(figsize=(6.6, 6))
    seen = result.weights.where(result.weights > 0.005, torch.nan)  # the rest is not drawn
    axis.pcolormesh(seen, vmin=0, vmax=1.6, clip_on=False)
    for t, s in seen.isfinite().nonzero().tolist():
        axis.text(s + 0.5, t + 0.5, f"{seen[t, s]:.2f}", ha="center", va="center")
    for lines in (axis.hlines, axis.vlines):
        lines(range(LENGTH + 1), 0, LENGTH, colors="C3", linewidth=0.3, clip_on=False)
    names, places = ["ABCD"[n] for n in result.letters], torch.arange(LENGTH) + 0.5
    axis.set_xticks(places, names)
    axis.set_yticks(places, names)
    axis.set(xlabel="looked at (key)", ylabel="looking (query)", aspect="equal")
    axis.invert_yaxis()
# --8<-- [end:picture]


# %%
# --8<-- [start:root-d]
if __name__ == "__main__":
    figure, (left, right) = plt.subplots(2, figsize=(6.6, 6.4))
    sizes = [2**n for n in range(1, 11)]
    for scaled, style in ((True, "C0-"), (False, "C2--")):
        torch.manual_seed(0)
        name, most = f"{'with' if scaled else 'without'} the root", []
        for d in sizes:  # before any training: the largest of ten weights
            q, k = torch.randn(2, 500, LENGTH, d) * (1 if scaled else d**0.25)
            most.append(attention(q, k, k)[1].amax(dim=-1).mean())
        left.plot(sizes, most, style, label=name)
        *_, errors = train(scaled=scaled)
        right.plot(range(0, 250, 5), errors[::5], style)
        print(f"{name}: {most[5]:.2f} for d = 64; {sum(errors[-20:]) / 20:.5f} in the last updates")
    left.set(xscale="log", xlabel="d, before training", ylabel="largest weight", ylim=(0, 1))
    right.set(yscale="log", xlabel="update, for d = 64", ylabel="mean squared error")
    left.legend()

# --8<-- [end:root-d]
