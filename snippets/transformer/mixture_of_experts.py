"""Many small networks, of which a router sends each token to a few. The layer holds the weights of
all of them and does the work of a few; a second loss keeps the router from loving only some.

Source: Shazeer et al., "Outrageously Large Neural Networks: The Sparsely-Gated Mixture-of-Experts
Layer", 2017, section 2; the loss is that of Fedus, Zoph & Shazeer, "Switch Transformers", 2021,
equation 4.
"""

# %% [markdown]
# # Mixture of experts
#
# A router gives each of $E$ experts a probability, and the $k$ best do the work:
#
# $$
# p(x) = \text{softmax}(x W_r), \qquad
# y = \sum_{e \in \text{top}_k} g_e \, \text{FFN}_e(x), \qquad
# g_e = \frac{p_e}{\sum_{e' \in \text{top}_k} p_{e'}}
# $$
#
# With $k = 1$ that would make $g_e = 1$, and the router would learn nothing from the task; then
# $g_e = p_e$ as in the Switch Transformer. So that all experts are used, one more loss,
#
# $$
# L = E \sum_e f_e \, P_e
# $$
#
# where $f_e$ is the share of choices that fell on $e$, and $P_e$ the mean of $p_e$. It is 1 where
# all are even, and grows towards $E$ (with $k = 1$) where one takes all.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn


# --8<-- [start:model]
# --8<-- [start:step]
def route(logits: Tensor, k: int) -> tuple[Tensor, Tensor, Tensor]:
    """logits (N, E) -> gates and experts of each token, (N, k)
    each, and the loss that is least where all are even."""
    N, E = logits.shape
    p = logits.softmax(-1)  # (N, E)
    gates, experts = p.topk(k, dim=-1)  # (N, k), (N, k)
    if k > 1:
        gates = gates / gates.sum(dim=-1, keepdim=True)  # (N, k)
    counts = experts.flatten().bincount(minlength=E)  # (E,)
    f = counts.to(p.dtype) / max(N * k, 1)  # (E,)
    P = p.sum(dim=0) / max(N, 1)  # (E,)
    return gates, experts, E * (f * P).sum()


# --8<-- [end:step]


class MixtureOfExperts(nn.Module):
    """Networks d -> width -> d with a ReLU between, and the router that picks k for each token."""

    def __init__(self, d: int, width: int, experts: int, k: int = 2) -> None:
        super().__init__()
        if min(d, width) < 1 or not 1 <= k <= experts:
            raise ValueError(f"expected sizes from 1, k in 1 to {experts}, got {d}, {width}, {k}")
        self.k, self.router = k, nn.Linear(d, experts, bias=False)
        self.W1 = nn.Parameter(torch.randn(experts, d, width) / d**0.5)
        self.W2 = nn.Parameter(torch.randn(experts, width, d) / width**0.5)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """x (…, d) -> out (…, d), the experts of each token (…, k), and the balance loss.

        No expert has a limit, so no token is dropped, as the papers do for speed.
        Raises ValueError for another last size.
        """
        d = self.W1.shape[1]
        if x.shape[-1:] != (d,):
            raise ValueError(f"expected {d} features, got {tuple(x.shape)}")
        tokens = x.reshape(-1, d)  # (N, d)
        gates, experts, balance = route(self.router(tokens), self.k)
        out = torch.zeros_like(tokens)
        for e in range(len(self.W1)):
            n, slot = (experts == e).nonzero(as_tuple=True)  # the tokens of this expert, (M,) each
            y = (tokens[n] @ self.W1[e]).relu() @ self.W2[e]  # (M, d)
            out = out.index_add(0, n, (gates[n, slot, None] * y).to(out.dtype))  # (N, d)
        return out.view_as(x), experts.view(*x.shape[:-1], self.k), balance


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How well the task was learnt, and which of the experts did the work."""

    metric: float
    shares: Tensor  # (8, E): of the choices for each kind of token, the share of each expert
    expected: float = 0.6
    chance: float = 1.0  # the mean square of what is asked for
    measure: str = "mean squared error"


def tokens(seed: int, N: int) -> tuple[Tensor, Tensor, Tensor]:
    """Tokens x (N, 16) of eight kinds (N,), and what is asked, y (N, 16): of each kind its own.

    They lie far from 0, as the states of a trained network do: that is what tempts a router.
    """
    world = torch.Generator().manual_seed(seed)
    centres, maps = (torch.randn(8, 16, *more, generator=world) for more in ((), (16,)))
    kinds, z = torch.randint(8, (N,)), torch.randn(N, 16)
    return z + centres[kinds] + 2, kinds, torch.einsum("nij,nj->ni", maps[kinds] / 4, z)


def train(seed: int, weight: float, updates: int = 400) -> tuple[float, Tensor]:
    """The error on new tokens and the shares (8, E); `weight` is that of the balance loss."""
    model = MixtureOfExperts(16, 16, experts=8)
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(updates):
        x, _, y = tokens(seed, 256)
        out, _, balance = model(x)
        loss = (out - y).square().mean() + weight * balance
        adam.zero_grad()
        loss.backward()
        adam.step()
    x, kinds, y = tokens(seed, 4000)
    out, experts, _ = model(x)
    counts = torch.zeros(8, 8).index_put((kinds[:, None], experts), torch.tensor(1.0), True)
    return (out - y).square().mean().item(), counts / experts.numel()


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Eight kinds of tokens, each with its own linear map, and eight experts too thin for two."""
    torch.default_generator.manual_seed(seed)
    return Result(*train(seed, weight=0.1))


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.4f}, bar {result.expected}, chance {result.chance:.3f}")
    figure, (top, below) = plt.subplots(2, figsize=(6.6, 6), height_ratios=(2, 1), sharex=True)
    numbers = torch.arange(1, 9)
    order = result.shares.argmax(dim=0).argsort()  # experts by the kind that each sees most
    top.pcolormesh(numbers, numbers, result.shares[:, order], clip_on=False)
    top.set(title="which expert gets which tokens", ylabel="kind of token", yticks=[1, 8])
    below.bar(numbers, result.shares.sum(dim=0)[order])
    below.axhline(1 / 8, color="C2", linestyle="--")
    below.set(title="load", xlabel="expert", xticks=numbers, ylim=(0, 0.25), yticks=[0, 0.125])

# --8<-- [end:picture]


# %%
# --8<-- [start:no-balance]
if __name__ == "__main__":
    figure, axes = plt.subplots(2, figsize=(6.6, 5), sharex=True, sharey=True)
    for axis, weight, hue in zip(axes, (0.1, 0.0), ("C0", "C3"), strict=True):
        torch.manual_seed(0)
        error, shares = train(0, weight)
        load = shares.sum(dim=0).sort(descending=True).values
        axis.bar(numbers, load, color=hue)
        axis.axhline(1 / 8, color="C2", linestyle="--")
        axis.set(title=f"load, weight of the balance loss {weight}", yticks=[0, 0.125])
        idle = (load < 0.01).sum()
        print(f"weight {weight}: error {error:.2f}, busiest {load[0]:.2f}, {idle} idle")
    axes[1].set(xlabel="experts, the busiest first", xticks=numbers)

# --8<-- [end:no-balance]
