"""A Transformer of attention alone is a sum of paths. With two layers a head can find the earlier
place where the same token stood and copy what came next; with one layer it cannot.

Source: Elhage and others, "A Mathematical Framework for Transformer Circuits", 2021; Olsson and
others, "In-context Learning and Induction Heads", 2022.
"""

# %% [markdown]
# # Induction heads
#
# $x_0$ are the embedded tokens, $p$ the positions, $A^h$ the attention pattern of head $h$:
#
# $$
# \begin{aligned}
# A^h &= \operatorname{softmax}\left((x + p) W_Q^h \, ((x + p) W_K^h)^\top / \sqrt d\right)
#   & \text{where to look (QK), causal} \\
# x &\leftarrow x + \textstyle\sum_h A^h x W_V^h W_O^h & \text{what to carry over (OV)} \\
# \text{logits} &= x W_U & \text{after the last layer}
# \end{aligned}
# $$
#
# With the patterns held fixed all of this is linear, so it multiplies out: one path for every way
# from the embedding to the logits, through one head or none of each layer.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn

Path = tuple[tuple[int, int], ...]


# --8<-- [start:model]
class InductionHeads(nn.Module):
    """Attention only: no MLP, no LayerNorm, no bias; positions reach queries and keys alone."""

    def __init__(self, vocab: int, D: int, heads: int, layers: int, length: int) -> None:
        super().__init__()
        sizes = vocab, D, heads, layers, length
        if min(sizes) < 1 or D % heads:
            raise ValueError(f"expected sizes of at least 1 and D divisible by heads, got {sizes}")
        self.E, self.p = (nn.Parameter(torch.randn(n, D) * 0.3) for n in (vocab, length))
        shape = layers, heads, D, D // heads
        self.Q, self.K, self.V = (nn.Parameter(torch.randn(shape) / D**0.5) for _ in range(3))
        self.O = nn.Parameter(torch.randn(shape).mT / D**0.5)  # (layers, h, d, D)
        self.U = nn.Parameter(torch.randn(D, vocab) * 0.3)

    # --8<-- [start:step]
    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Tokens (B, T) -> logits (B, T, vocab), A (B, h, T, T) each.

        Raises ValueError for tokens that do not fit.
        """
        if x.dim() != 2 or x.shape[1] > len(self.p):
            expected = f"expected tokens (B, T <= {len(self.p)})"
            raise ValueError(f"{expected}, got {tuple(x.shape)}")
        T, d, patterns = x.shape[1], self.Q.shape[3], []
        past = x.new_ones(T, T).bool().tril()  # True = look
        x = self.E[x]  # (B, T, D), the residual stream
        weights = zip(self.Q, self.K, self.V, self.O, strict=True)
        for Q, K, V, out in weights:  # of one layer
            z = (x + self.p[:T])[:, None]  # (B, 1, T, D)
            e = (z @ Q) @ (z @ K).mT / d**0.5  # (B, h, T, T)
            lowest = torch.finfo(e.dtype).min
            A = e.masked_fill(~past, lowest).softmax(dim=-1)
            x = x + (A @ (x[:, None] @ V) @ out).sum(1)  # (B, T, D)
            patterns.append(A)
        return x @ self.U, patterns

    def path_sums(self, x: Tensor) -> dict[Path, Tensor]:
        """What each path adds to the logits, (B, T, vocab).

        A path names its heads, (layer, head) each; () is direct.
        """
        _, patterns = self(x)
        paths: dict[Path, Tensor] = {(): self.E[x]}  # (B, T, D)
        for layer, A in enumerate(patterns):
            OV = self.V[layer] @ self.O[layer]  # (h, D, D)
            for path, r in list(paths.items()):
                moved = A @ (r[:, None] @ OV)  # (B, h, T, D)
                for head, r in enumerate(moved.unbind(dim=1)):
                    paths[*path, (layer, head)] = r
        return {path: r @ self.U for path, r in paths.items()}

    # --8<-- [end:step]


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
def repeats(B: int, periods: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Tokens (B, 33): 24 shuffled ones, cut after a period drawn from a range, again and again.

    Beside them (B, 32), True where the next token can be known: the one before it came up before.
    """
    P, t = torch.randint(periods[0], periods[1] + 1, (B, 1)), torch.arange(33)
    return torch.rand(B, 24).argsort(dim=1).gather(1, t % P), t[1:] > P


def accuracy(model: InductionHeads, periods: tuple[int, int], B: int = 500) -> float:
    """How many of the next tokens that can be known are the likeliest in the model's eyes."""
    x, known = repeats(B, periods)
    with torch.no_grad():
        return (model(x[:, :-1])[0].argmax(dim=2) == x[:, 1:])[known].double().mean().item()


def train(
    layers: int, periods: tuple[int, int] = (8, 20), updates: int = 300
) -> tuple[InductionHeads, list[float]]:
    """A model, and its accuracy on new rows after every tenth update."""
    model, curve = InductionHeads(24, 32, 2, layers, 32), []
    adam = torch.optim.Adam(model.parameters(), lr=0.01, betas=(0.9, 0.98))
    for update in range(updates):
        x, known = repeats(64, periods)
        loss = nn.functional.cross_entropy(model(x[:, :-1])[0][known], x[:, 1:][known])
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1)
        adam.step()
        if update % 10 == 9:
            curve.append(accuracy(model, periods, 50))
    return model, curve


@dataclass(frozen=True)
class Result:
    """The accuracy of two layers, and of one; `maps` are one head of each of the two layers."""

    metric: float
    one_layer: float
    curve: list[float]
    maps: Tensor  # (2, 26, 26), of a row of period 12
    model: InductionHeads
    expected: float = 0.5
    chance: float = 1 / 24
    measure: str = "accuracy"


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Rows that repeat with a random period: two layers learn to copy, one layer has to guess."""
    torch.default_generator.manual_seed(seed)
    model, _ = train(2)
    one, curve = train(1)
    _, (before, after) = model(repeats(1, (12, 12))[0][:, :26])  # (1, h, T, T) each
    # The head that looks at the token before, and the one that looks behind the earlier copy.
    scores = before[0].diagonal(-1, 1, 2).mean(dim=1), after[0].diagonal(-11, 1, 2).mean(dim=1)
    maps = [A[0, score.argmax()] for A, score in zip((before, after), scores, strict=True)]
    results = accuracy(model, (8, 20)), accuracy(one, (8, 20))
    return Result(*results, curve, torch.stack(maps).detach(), model)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance:.3f}")
    print(f"one layer {result.one_layer:.3f}")
    figure, axes = plt.subplots(2, figsize=(6.6, 8.6), sharex=True)
    names = ["layer 1: the token before", "layer 2: behind the earlier copy"]
    for axis, name, A in zip(axes, names, result.maps, strict=True):
        at, to = (A > 0.1).nonzero(as_tuple=True)
        axis.scatter(to, at, 70, A[at, to], marker="s", vmin=0, vmax=1)
        axis.plot([0, 25], [0, 25], color="C3", linewidth=1)
        axis.axhline(11.5, color="C2", linestyle="--", linewidth=1)
        axis.set(title=name, ylabel="position")
        axis.invert_yaxis()
    axes[0].text(25, 11, "here the row repeats", ha="right")
    axes[1].set_xlabel("looks at position")

# --8<-- [end:picture]


# %%
# --8<-- [start:fixed-period]
if __name__ == "__main__":
    torch.manual_seed(0)
    _, curve = train(1, periods=(14, 14))  # the middle of the range, in every row
    figure, axis = plt.subplots()
    axis.plot(range(10, 301, 10), curve, "--", color="C2", label="fixed period")
    axis.plot(range(10, 301, 10), result.curve, color="C0", label="random period")
    axis.set(title="one layer", xlabel="update", ylabel="accuracy", ylim=(0, 1.05))
    axis.legend()
    print(f"one layer, period of 14 in every row: {curve[-1]:.3f}, random {result.one_layer:.3f}")

# --8<-- [end:fixed-period]


# %%
# --8<-- [start:head-off]
if __name__ == "__main__":
    left = {"none": result.metric}
    for layer, head in ((0, 0), (0, 1), (1, 0), (1, 1)):
        weights = {name: value.clone() for name, value in result.model.state_dict().items()}
        weights["O"][layer, head] = 0  # it still looks, but carries nothing over
        cut = InductionHeads(24, 32, 2, 2, 32)
        cut.load_state_dict(weights)
        left[f"{layer + 1}.{head + 1}"] = accuracy(cut, (8, 20))
    figure, axis = plt.subplots(figsize=(6.6, 2.8))
    axis.bar(left.keys(), left.values(), color="C0")
    axis.set(xlabel="head switched off", ylabel="accuracy")
    print(*(f"{name} {value:.3f}" for name, value in left.items()), sep=", ")

# --8<-- [end:head-off]
