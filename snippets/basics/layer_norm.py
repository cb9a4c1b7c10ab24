"""Layer norm brings the features of each place to mean 0 and deviation 1, so that what comes next
need not care how large its inputs have grown. RMS norm only divides by their size.

Source: Ba, Kiros & Hinton, "Layer Normalization", 2016, equation 4; Zhang & Sennrich, "Root Mean
Square Layer Normalization", 2019, equation 4.
"""

# %% [markdown]
# # Layer norm and RMS norm
#
# Of one place with the features $x_1, \dots, x_D$, each on its own, whatever the others hold:
#
# $$
# \begin{aligned}
# \mu &= \tfrac{1}{D} \sum_i x_i, \qquad \sigma^2 = \tfrac{1}{D} \sum_i (x_i - \mu)^2 \\
# \mathrm{LayerNorm}(x) &= g \odot \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + b \\
# \mathrm{RMSNorm}(x) &= g \odot \frac{x}{\sqrt{\tfrac{1}{D} \sum_i x_i^2 + \epsilon}}
# \end{aligned}
# $$
#
# The gain $g$ and the bias $b$ are learned, one number a feature. The variance is divided by $D$,
# not by $D - 1$; $\epsilon$, under the root, only matters where the features are all but equal (or
# all but zero), and neither paper has it in these equations.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn


# --8<-- [start:step]
def layer_norm(x: Tensor, g: Tensor, b: Tensor, eps: float = 1e-5) -> Tensor:
    """x (…, D), g and b (D,) -> (…, D): each place by itself."""
    wide = at_least_float32(x, g, b)  # (…, D)
    mean = wide.mean(-1, keepdim=True)  # (…, 1)
    var = (wide - mean).square().mean(-1, keepdim=True)  # (…, 1)
    return (g * (wide - mean) / (var + eps).sqrt() + b).to(x.dtype)


def rms_norm(x: Tensor, g: Tensor, eps: float = 1e-6) -> Tensor:
    """x (…, D), g (D,) -> (…, D): nothing is moved, only scaled."""
    wide = at_least_float32(x, g)  # (…, D)
    square = wide.square().mean(-1, keepdim=True)  # (…, 1)
    return (g * wide / (square + eps).sqrt()).to(x.dtype)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
def at_least_float32(x: Tensor, *weights: Tensor) -> Tensor:
    """x in a precision that its squares fit into: in float16 they overflow from 256 on.

    Raises ValueError where a weight is not of the width of x, since (1,) would fit anything.
    """
    shapes = [tuple(weight.shape) for weight in weights]
    if x.dim() < 1 or not x.is_floating_point() or x.shape[-1:].numel() < 1:
        raise ValueError(f"expected numbers x (…, D), got {tuple(x.shape)}, {x.dtype}")
    if shapes != [(x.shape[-1],)] * len(weights):
        raise ValueError(f"expected {x.shape[-1]} numbers in each of g and b, got {shapes}")
    return x.to(torch.promote_types(x.dtype, torch.float32))


class LayerNorm(nn.Module):
    """nn.LayerNorm(D): the last dimension only, with a gain of 1 and a bias of 0 to start with."""

    def __init__(self, D: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.g, self.b, self.eps = nn.Parameter(torch.ones(D)), nn.Parameter(torch.zeros(D)), eps

    def forward(self, x: Tensor) -> Tensor:
        """x (…, D) -> (…, D)."""
        return layer_norm(x, self.g, self.b, self.eps)

    @torch.no_grad()
    def load_torch(self, twin: nn.LayerNorm) -> None:
        """Copies the gain and the bias of a twin of the same width and eps."""
        if twin.weight.shape != self.g.shape or twin.bias is None or twin.eps != self.eps:
            raise ValueError(f"expected {len(self.g)} features, eps {self.eps}, got {twin}")
        self.g.copy_(twin.weight)
        self.b.copy_(twin.bias)


class RMSNorm(nn.Module):
    """nn.RMSNorm(D, eps): the last dimension only. torch's own eps depends on the precision."""

    def __init__(self, D: int, eps: float = 1e-6) -> None:
        super().__init__()
        self.g, self.eps = nn.Parameter(torch.ones(D)), eps

    def forward(self, x: Tensor) -> Tensor:
        """x (…, D) -> (…, D)."""
        return rms_norm(x, self.g, self.eps)

    @torch.no_grad()
    def load_torch(self, twin: nn.RMSNorm) -> None:
        """Copies the gain of a twin of the same width and eps."""
        if twin.weight.shape != self.g.shape or twin.eps != self.eps:
            raise ValueError(f"expected {len(self.g)} features, eps {self.eps}, got {twin}")
        self.g.copy_(twin.weight)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """Five places of sixteen features, for the picture."""

    before: Tensor  # (5, 16)
    layer: Tensor  # (5, 16)
    rms: Tensor  # (5, 16)


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Places that differ in where their features lie, in how far they spread, and in both."""
    torch.default_generator.manual_seed(seed)
    where, spread = torch.tensor([[0.0, -6, 6, 0, 4], [1, 1, 1, 4, 0.3]])[..., None]
    x = where + spread * torch.randn(5, 16)  # (T, D)
    return Result(x, LayerNorm(16)(x).detach(), RMSNorm(16)(x).detach())


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    shown = demo()
    names = {"before": shown.before, "layer norm": shown.layer, "RMS norm": shown.rms}
    figure, axes = plt.subplots(3, figsize=(6.6, 6.6))
    for axis, (name, x) in zip(axes, names.items(), strict=True):
        for marks, hue, half in ((x, "C0", 0.25), (x.mean(dim=1, keepdim=True), "C2", 0.45)):
            # Strokes as one line with gaps: down, up, and nan before the next.
            place = torch.arange(1, 6)[:, None, None] + half * torch.tensor([-1, 1, torch.nan])
            across = marks[..., None].expand(-1, -1, 3)
            axis.plot(across.flatten(), place.expand_as(across).flatten(), color=hue, linewidth=1.5)
        axis.set(title=name, ylabel="place", yticks=[1, 5], ylim=(5.7, 0.3))
        axis.set_xlim((-9, 9) if name == "before" else (-3, 3))
        print(f"{name:10}", "means", [round(m, 2) for m in x.mean(dim=1).tolist()])
        print(f"{'':10}", "deviations", [round(s, 2) for s in x.std(dim=1, correction=0).tolist()])

# --8<-- [end:picture]


# %%
# --8<-- [start:unbiased]
if __name__ == "__main__":
    widths, apart = [2, 4, 8, 16, 32, 64, 128, 256, 512], []
    torch.manual_seed(0)
    for D in widths:
        x = 3 * torch.randn(100, D, dtype=torch.float64)
        # Tensor.std divides by D - 1 unless told otherwise, and here eps is outside the root.
        other = (x - x.mean(dim=-1, keepdim=True)) / (x.std(dim=-1, keepdim=True) + 1e-6)
        ours = layer_norm(x, torch.ones(D), torch.zeros(D))
        apart.append(((other - ours).norm() / ours.norm()).item())
        print(f"{D:3} features: {100 * apart[-1]:.2f} % too small")
    figure, axis = plt.subplots()
    axis.plot(widths, [100 * part for part in apart], "o-", color="C0")
    axis.set(xlabel="features", ylabel="percent too small", xscale="log", yscale="log")
    axis.set_xticks([2, 8, 32, 128, 512], [2, 8, 32, 128, 512])
    axis.set_yticks([0.1, 1, 10], [0.1, 1, 10])
    axis.minorticks_off()

# --8<-- [end:unbiased]
