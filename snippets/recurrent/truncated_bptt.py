"""Cut a long row every k steps: values cross the cut, gradients do not. Memory is then that of k
steps, the gradient leaves out all that reaches farther back, and so does what can be learnt.

Source: Williams & Peng, "An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent
Network Trajectories", 1990.
"""

# %% [markdown]
# # Truncated backpropagation through time
#
# The whole gradient adds up, for every error $E_s$ of a row, what it says of each earlier step $t$:
#
# $$
# \frac{\partial E}{\partial U} = \sum_{s} \sum_{t \le s} \varepsilon_t^{(s)} h_{t-1}^\top
# $$
#
# where $\varepsilon_t^{(s)}$ is the error of step $s$ where it reaches step $t$. Cut every $k$
# steps, only those pairs are left that no cut parts:
#
# $$
# \left\lceil s / k \right\rceil = \left\lceil t / k \right\rceil
# $$
#
# So the farthest reach is $k - 1$ steps, and the first error behind a cut reaches nothing but its
# own step.

# %%
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:model]
def cut(state: Any) -> Any:
    """The same values, of which autograd knows no past."""
    if isinstance(state, tuple):  # the h and c of an LSTM
        return tuple(cut(part) for part in state)
    return None if state is None else state.detach()


def truncated_bptt(
    model: Callable[[Tensor, Any], tuple[Tensor, Any]],
    error_of: Callable[[Tensor, Tensor], Tensor],
    weights: Sequence[Tensor],
    x: Tensor, y: Tensor, k: int, state: Any = None,
) -> tuple[list[Tensor], Tensor, Any]:  # fmt: skip
    """The gradients by `weights`, cut every k steps, the error of all steps, and the last state.

    `model` is called as nn.RNN is, batch first; error_of(out, y) is to be a sum over steps, so that
    the errors of pieces add up. x (B, T, …) and y (B, T, …). Raises ValueError if they do not fit.
    """
    if k < 1 or x.shape[:2] != y.shape[:2] or 0 in x.shape[:2]:
        found = f"{k}, {tuple(x.shape)}, {tuple(y.shape)}"
        raise ValueError(f"expected k of at least 1, x and y (B, T, …) of equal steps, got {found}")
    # --8<-- [start:step]
    gradients, errors = [torch.zeros_like(w) for w in weights], []
    pieces = zip(x.split(k, dim=1), y.split(k, dim=1), strict=True)
    for x_k, y_k in pieces:  # (B, k, …), the last may be shorter
        out, state = model(x_k, cut(state))  # (B, k, H)
        error = error_of(out, y_k)
        parts = torch.autograd.grad(error, weights)  # frees the graph
        both = zip(gradients, parts, strict=True)
        gradients = [g + part for g, part in both]
        errors.append(error.detach())
    # --8<-- [end:step]
    return gradients, torch.stack(errors).sum(), cut(state)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
LAG, STEPS, CUTS = 6, 24, (1, 2, 4, 6, 8, 12, 18, 24)


@dataclass(frozen=True)
class Result:
    """How often the echo was right; `metric` with cuts every 12 steps, the rest by k."""

    metric: float
    left_out: dict[int, float]  # by k: how far the first gradient is from the whole one, in parts
    right: dict[int, float]  # by k: how often right after training
    expected: float = 0.95
    chance: float = 0.5
    measure: str = "accuracy"


def echo(rows: int) -> tuple[Tensor, Tensor]:
    """Bits x (B, T, 1) as -1 and 1, and y (B, T), 0 or 1: the bit that was read LAG steps ago."""
    bits = torch.randint(2, (rows, LAG + STEPS)).float()
    return 2 * bits[:, LAG:, None] - 1, bits[:, :STEPS]


class Echo(nn.RNN):
    """An RNN with its head; the head's logits, (B, T), take the place of its states."""

    def __init__(self) -> None:
        super().__init__(1, 16, batch_first=True)
        self.head = nn.Linear(16, 1)

    def gradients(self, x: Tensor, y: Tensor, k: int) -> list[Tensor]:
        """Of the mean error, cut every k steps."""

        def error_of(out: Tensor, y_k: Tensor) -> Tensor:
            z = self.head(out)[..., 0]  # (B, k)
            return F.binary_cross_entropy_with_logits(z, y_k, reduction="sum") / y.numel()

        return truncated_bptt(self, error_of, list(self.parameters()), x, y, k)[0]

    def right(self, x: Tensor, y: Tensor) -> float:
        """How often it is, at the steps that have an answer in their row."""
        return ((self.head(self(x)[0])[..., 0] > 0) == (y > 0))[:, LAG:].float().mean().item()


def train(k: int) -> Echo:
    """A model that has seen 150 batches, cut every k steps."""
    model = Echo()
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(150):
        for weight, gradient in zip(model.parameters(), model.gradients(*echo(32), k), strict=True):
            weight.grad = gradient
        adam.step()
    return model


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Echo the bit of six steps ago, learnt with cuts after every 4 to 24 of 24 steps."""
    torch.default_generator.manual_seed(seed)
    model, (x, y) = Echo(), echo(256)
    first = {k: torch.cat([g.flatten() for g in model.gradients(x, y, k)]) for k in CUTS}
    whole = first[STEPS]
    left_out = {k: ((g - whole).norm() / whole.norm()).item() for k, g in first.items()}
    right = {}
    for k in (4, 6, 7, 12, 24):
        torch.default_generator.manual_seed(seed)  # equal weights and rows for each
        right[k] = train(k).right(x, y)
    return Result(right[12], left_out, right)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.4f}, bar {result.expected}, chance {result.chance}")
    print("by k:", ", ".join(f"{k}: {right:.2f}" for k, right in result.right.items()))
    figure, (top, below) = plt.subplots(2, figsize=(6.6, 6), sharex=True)
    top.plot(list(result.left_out), list(result.left_out.values()), "o-", color="C0")
    top.set(title="first gradient: share left out", ylim=(0, 1))
    below.plot(list(result.right), list(result.right.values()), "o-", color="C0")
    below.axvline(LAG + 0.5, linestyle="--", color="C2")
    below.set(title=f"after training: right about {LAG} steps ago", ylim=(0.4, 1.04))
    below.set(xlabel="cut every k steps", xticks=[1, 6, 12, 18, 24])

# --8<-- [end:picture]
