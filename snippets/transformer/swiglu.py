"""The network inside a Transformer layer, with a gate: one product of the input is multiplied,
number by number, by another that went through SiLU. Three matrices, not two, so they are thinner.

Source: Shazeer, "GLU Variants Improve Transformer", 2020, section 2, equations 5 and 6.
"""

# %% [markdown]
# # SwiGLU
#
# The network of 2017, and the gated one, both without biases as in the paper:
#
# $$
# \begin{aligned}
# \text{FFN}(x) &= \max(0, x W_1) W_2 \\
# \text{FFN}_\text{SwiGLU}(x) &= (\text{Swish}_1(x W) \odot x V) \, W_2, \qquad
# \text{Swish}_1(z) = z \, \sigma(z)
# \end{aligned}
# $$
#
# $x W$ says how far the gate opens, $x V$ is what may pass. Swish with $\beta = 1$ is torch's SiLU.
# Three matrices of width $\frac23 \cdot 4d$ have as many weights as two of $4d$.

# %%
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn


# --8<-- [start:model]
# --8<-- [start:step]
def swiglu(x: Tensor, W: Tensor, V: Tensor, W2: Tensor) -> Tensor:
    """x (…, d) with W, V (d, f) and W2 (f, d) -> (…, d)."""
    z = x @ W  # (…, f), how far each gate opens
    gate = z * z.sigmoid()  # (…, f), SiLU: near 0 for z < 0, near z above
    return (gate * (x @ V)) @ W2  # (…, d)


# --8<-- [end:step]


class SwiGLU(nn.Module):
    """The network of one layer; its width is 8/3 d if not given, rounded up to a multiple of 8."""

    def __init__(self, d: int, width: int | None = None) -> None:
        super().__init__()
        f = -(-8 * d // 24) * 8 if width is None else width
        if d < 1 or f < 1:
            raise ValueError(f"expected sizes of at least 1, got {d} and {f}")
        self.W, self.V = (nn.Parameter(torch.randn(d, f) / d**0.5) for _ in range(2))
        self.W2 = nn.Parameter(torch.randn(f, d) / f**0.5)

    def forward(self, x: Tensor) -> Tensor:
        """x (…, d) -> (…, d). Raises ValueError for another last size."""
        if x.shape[-1:] != self.W.shape[:1]:
            raise ValueError(f"expected {len(self.W)} features, got {tuple(x.shape)}")
        return swiglu(x, self.W, self.V, self.W2)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How well the task was learnt, and the error of each update."""

    metric: float
    errors: list[float]
    expected: float = 0.02
    chance: float = 1.0  # the variance of a product of two numbers of variance 1
    measure: str = "mean squared error"


def error_of(model: nn.Module, B: int) -> Tensor:
    """The error on new rows of eight numbers: their first four times their last four."""
    x = torch.randn(B, 8)
    return (model(x)[:, :4] - x[:, :4] * x[:, 4:]).square().mean()


def train(model: nn.Module) -> list[float]:
    """The error of each update; the model has learnt."""
    adam, errors = torch.optim.Adam(model.parameters(), lr=0.01), []
    for _ in range(600):
        error = error_of(model, 128)
        adam.zero_grad()
        error.backward()
        adam.step()
        errors.append(error.item())
    return errors


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Multiply four pairs of numbers, with 384 weights."""
    torch.default_generator.manual_seed(seed)
    model = SwiGLU(8, 16)
    errors = train(model)
    return Result(error_of(model, 4000).item(), errors)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.4f}, bar {result.expected}, chance {result.chance:.3f}")
    figure, axis = plt.subplots()
    one = torch.ones(1, 1)
    z = torch.linspace(-4, 4, 41)[:, None]
    axis.plot(z, z.relu(), "C3:", label="ReLU")
    for v, style in ((2.0, "C0-"), (1.0, "C0--"), (-1.0, "C2--")):
        # Two inputs, z and v, of which the first opens the gate and the second passes it.
        x = torch.cat([z, torch.full_like(z, v)], dim=1)  # (41, 2)
        W, V = torch.tensor([[1.0], [0.0]]), torch.tensor([[0.0], [1.0]])
        axis.plot(z, swiglu(x, W, V, one), style, label=f"SwiGLU, v = {v:.0f}")
    axis.set(xlabel="z, what opens the gate", ylabel="one unit", xticks=[-4, 0, 4])
    axis.legend()

# --8<-- [end:picture]


# %%
# --8<-- [start:no-gate]
class Plain(nn.Module):
    """max(0, x W1) W2, with as many weights as SwiGLU(8, 16)."""

    def __init__(self) -> None:
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(8, 24) / 8**0.5)
        self.W2 = nn.Parameter(torch.randn(24, 8) / 24**0.5)

    def forward(self, x: Tensor) -> Tensor:
        """x (B, 8) -> (B, 8)."""
        return (x @ self.W1).relu() @ self.W2


if __name__ == "__main__":
    figure, axis = plt.subplots()
    for kind, style in ((partial(SwiGLU, 8, 16), "C0-"), (Plain, "C2--")):
        torch.manual_seed(0)
        model = kind()
        errors = train(model)
        name = type(model).__name__.replace("Plain", "ReLU, no gate")
        axis.plot(range(0, 600, 10), errors[::10], style, label=name)
        count = sum(weight.numel() for weight in model.parameters())
        print(f"{name}: {sum(errors[-20:]) / 20:.4f} with {count} weights")
    axis.set(xlabel="update", ylabel="mean squared error", yscale="log")
    axis.legend()

# --8<-- [end:no-gate]
