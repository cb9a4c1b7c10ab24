"""A layer that adds to its input instead of replacing it leaves a way past itself, for what flows
forward and for the gradient. A highway layer has a gate that says how much of each.

Source: He, Zhang, Ren & Sun, "Deep Residual Learning for Image Recognition", 2015, section 3.2;
Srivastava, Greff & Schmidhuber, "Highway Networks", 2015, section 2.
"""

# %% [markdown]
# # Residual and highway layers
#
# With $F$ and $H$ for what a layer computes, here both $\tanh(W x + b)$:
#
# $$
# \begin{aligned}
# y &= \tanh(W x + b) & \text{a plain layer} \\
# y &= F(x) + x & \text{residual} \\
# y &= H(x) \odot T(x) + x \odot (1 - T(x)), \quad T(x) = \sigma(W_T x + b_T) & \text{highway}
# \end{aligned}
# $$
#
# By the input, the residual layer has the derivative $I + \partial F / \partial x$: whatever $F$
# does, the gradient also comes through unchanged. A highway whose gate is shut, $T = 0$, is the
# identity; one whose gate is open, $T = 1$, is the plain layer.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn


# --8<-- [start:step]
def residual(x: Tensor, fx: Tensor) -> Tensor:
    """x and F(x) (…, D) -> (…, D)."""
    alike(x, fx)
    return fx + x


def highway(x: Tensor, hx: Tensor, t: Tensor) -> Tensor:
    """x, H(x) and the gate T(x) (…, D) -> (…, D)."""
    alike(x, hx, t)
    return hx * t + x * (1 - t)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
def alike(x: Tensor, *others: Tensor) -> None:
    """Raises ValueError for what would be broadcast, as a layer of another width might be."""
    for other in others:
        if other.shape != x.shape:
            raise ValueError(f"expected the shape of x, {tuple(x.shape)}, got {tuple(other.shape)}")


class Plain(nn.Linear):
    """tanh(W x + b), from D features to D."""

    def __init__(self, D: int) -> None:
        super().__init__(D, D)

    def forward(self, x: Tensor) -> Tensor:
        """x (…, D) -> (…, D)."""
        if x.dim() < 1 or x.shape[-1] != self.in_features:
            raise ValueError(f"expected {self.in_features} features, got {tuple(x.shape)}")
        return super().forward(x).tanh()


class Residual(Plain):
    """The same weights, and the way past them."""

    def forward(self, x: Tensor) -> Tensor:
        """x (…, D) -> (…, D)."""
        return residual(x, super().forward(x))


class Highway(Plain):
    """The same weights and those of a gate, which starts almost shut; the deeper, the more so."""

    def __init__(self, D: int, gate_bias: float = -3) -> None:
        super().__init__(D)
        self.gate = nn.Linear(D, D)
        nn.init.constant_(self.gate.bias, gate_bias)

    def forward(self, x: Tensor) -> Tensor:
        """x (…, D) -> (…, D)."""
        return highway(x, super().forward(x), self.gate(x).sigmoid())


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
KINDS: dict[str, type[Plain]] = {"plain": Plain, "residual": Residual, "highway": Highway}


def corners(count: int) -> tuple[Tensor, Tensor]:
    """Points near the corners of a square, x (count, 2); y (count,) is 1 where both signs agree."""
    x = torch.randint(0, 2, (count, 2)) * 2.0 - 1  # (count, 2)
    return x + 0.3 * torch.randn(count, 2), (x.prod(dim=1) > 0).long()


def network(kind: str, depth: int = 30, D: int = 16) -> nn.Sequential:
    """Two numbers to D, `depth` layers of one kind, and D to two classes."""
    return nn.Sequential(nn.Linear(2, D), *(KINDS[kind](D) for _ in range(depth)), nn.Linear(D, 2))


def gradient_by_depth(model: nn.Sequential) -> Tensor:
    """The norm of the gradient by what each layer hands on, (depth + 1,), from layer 0 on."""
    a, (x, y) = [], corners(256)
    for layer in model:
        x = layer(x)  # (B, D), and (B, 2) from the last
        a.append(x)
    loss = nn.functional.cross_entropy(x, y)
    return torch.stack([each.norm() for each in torch.autograd.grad(loss, a[:-1])])


def train(model: nn.Sequential, updates: int = 90) -> tuple[float, list[float]]:
    """How much of new points is told rightly at the end, and the loss of each update."""
    losses, adam = [], torch.optim.Adam(model.parameters(), lr=0.005)
    for _ in range(updates):
        x, y = corners(128)
        loss = nn.functional.cross_entropy(model(x), y)
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(loss.item())
    x, y = corners(1000)
    return (model(x).argmax(dim=1) == y).float().mean().item(), losses


@dataclass(frozen=True)
class Result:
    """How well the worse of the two kinds learnt; gradients by depth before any learning."""

    metric: float
    right: dict[str, float]
    gradients: dict[str, Tensor]  # of each kind, (31,)
    expected: float = 0.95
    chance: float = 0.5
    measure: str = "accuracy"


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Thirty layers are to learn exclusive or, for which one hidden layer would do."""
    torch.default_generator.manual_seed(seed)
    models = {kind: network(kind) for kind in KINDS}
    gradients = {kind: gradient_by_depth(model) for kind, model in models.items()}
    right = {kind: train(model)[0] for kind, model in models.items()}
    return Result(min(right["residual"], right["highway"]), right, gradients)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance}")
    print(*(f"{kind} {right:.3f}" for kind, right in result.right.items()), sep=", ")
    figure, axis = plt.subplots(figsize=(6.6, 4))
    for (kind, norms), style in zip(result.gradients.items(), ("C2--", "C0-", "C1-"), strict=True):
        axis.plot(norms, style, label=kind)
    axis.set(xlabel="layer", ylabel="gradient norm", yscale="log", title="before any learning")
    axis.legend()

# --8<-- [end:picture]


# %%
# --8<-- [start:no-skip]
if __name__ == "__main__":
    figure, axis = plt.subplots()
    runs = (("residual", "C0-", False), ("plain", "C2--", False), ("plain", "C3:", True))
    for kind, style, careful in runs:
        torch.manual_seed(0)
        model = network(kind)
        if careful:  # Matrices that turn and hardly shrink, against what tanh takes away.
            for layer in model[1:-1]:
                nn.init.orthogonal_(layer.weight, gain=1.1)
        right, losses = train(model)
        name = kind + careful * ", orthogonal"
        axis.plot(range(0, 90, 3), losses[::3], style, label=name)
        print(f"{name}: accuracy {right:.3f}")
    axis.set(xlabel="update", ylabel="loss", ylim=(0, 2.4))
    axis.legend(loc="upper right")

# --8<-- [end:no-skip]
