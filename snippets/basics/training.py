"""Three additions to the loop that trains every model: targets that leave a little room, a learning
rate that starts near zero, and gradients that are never longer than a limit.

Source: Vaswani et al., "Attention Is All You Need", 2017, equation 3 and section 5.4; Szegedy et
al., "Rethinking the Inception Architecture", 2015, section 7; Pascanu, Mikolov & Bengio, "On the
Difficulty of Training Recurrent Neural Networks", 2013, algorithm 1.
"""

# %% [markdown]
# # Label smoothing, warm-up, clipping
#
# With $K$ classes of which $y$ is right, the step $n$ from 1 on, a model of $d$ features, and all
# gradients together as one long vector $g$:
#
# $$
# \begin{aligned}
# L &= -(1 - \epsilon) \ln p_y - \frac{\epsilon}{K} \sum_k \ln p_k & \text{label smoothing} \\
# \mathrm{rate}(n) &= d^{-1/2} \cdot \min(n^{-1/2},\; n \cdot W^{-3/2}) & \text{warm-up over } W \\
# g &\leftarrow g \cdot \min\left(1, \frac{c}{\lVert g \rVert}\right) & \text{clipping at } c
# \end{aligned}
# $$

# %%
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn


# --8<-- [start:model]
def label_smoothing(logits: Tensor, y: Tensor, eps: float, ignore: int = -100) -> Tensor:
    """The mean loss of logits (…, K) where y (…) is right; where y is `ignore` nothing counts."""
    K, real = logits.shape[-1] if logits.dim() else 0, y != ignore  # (…)
    if logits.shape[:-1] != y.shape or not K:
        raise ValueError(f"expected {(*y.shape, 'K')} logits, got {tuple(logits.shape)}")
    if not 0 <= eps <= 1 or (real & ((y < 0) | (y >= K))).any():
        raise ValueError(f"expected eps in 0 to 1, classes 0 to {K - 1}, got {eps}, {y.tolist()}")
    log_p = logits.log_softmax(dim=-1)  # (…, K)
    right = log_p.gather(-1, y.where(real, 0)[..., None])[..., 0]  # (…)
    loss = -(1 - eps) * right - eps * log_p.mean(dim=-1)  # (…)
    return loss.where(real, 0).sum() / real.sum().clamp(min=1)


def warmup(n: int, d: int, W: int) -> float:
    """The rate of step n: up in a line to its peak, 1 / sqrt(d W), at n = W, then down."""
    if min(n, d, W) < 1:
        raise ValueError(f"expected step, features and warm-up of at least 1, got {n}, {d}, {W}")
    return d**-0.5 * min(n**-0.5, n * W**-1.5)


def clip_gradients(weights: Iterable[Tensor], c: float) -> Tensor:
    """Gives every weight the clipped gradient, and returns how long all of them were, ()."""
    learning = [weight for weight in weights if weight.grad is not None]
    if not learning or c <= 0:
        raise ValueError(f"expected gradients and a limit above 0, got {len(learning)}, {c}")
    norm = torch.stack([weight.grad.norm() for weight in learning]).norm()  # ()
    for weight in learning:  # A new tensor each; torch adds the 1e-6, the paper does not.
        weight.grad = weight.grad * (c / (norm + 1e-6)).clamp(max=1)
    return norm


# --8<-- [end:model]


# %%
# --8<-- [start:loop]
def train(model: nn.Module, steps: int, first: int = 1) -> Tensor:
    """Loss, rate and gradient norm of each step, (3, steps).

    With first=60 nothing climbs: the rate starts at its peak.
    """
    weights, seen = list(model.parameters()), []
    adam = torch.optim.Adam(weights, betas=(0.9, 0.98), eps=1e-9)
    for n in range(1, steps + 1):
        x, y = digits(32)
        rate = warmup(max(n, first), d=32, W=60)
        adam.param_groups[0]["lr"] = rate

        loss = label_smoothing(model(x), y, eps=0.1)
        adam.zero_grad()
        loss.backward()
        norm = clip_gradients(weights, c=0.5)
        adam.step()
        seen.append([loss.item(), rate, norm.item()])
    return torch.tensor(seen).T


# --8<-- [end:loop]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How well the task was learnt, and what each update saw."""

    metric: float
    seen: Tensor  # (3, steps): loss, rate, norm
    expected: float = 0.95
    chance: float = 0.1
    measure: str = "accuracy"


def digits(count: int) -> tuple[Tensor, Tensor]:
    """Eight digits, x (count, 8), and the same from the last to the first, y (count, 8)."""
    x = torch.randint(10, (count, 8))
    return x, x.flip(1)


class Encoder(nn.Module):
    """Four layers of a Transformer of 2017, which is to say: normed after each sum."""

    def __init__(self, d: int = 32) -> None:
        super().__init__()
        self.digit, self.place = nn.Embedding(10, d), nn.Embedding(8, d)
        layers = (nn.TransformerEncoderLayer(d, 4, 2 * d, 0, batch_first=True) for _ in range(4))
        self.layers, self.head = nn.Sequential(*layers), nn.Linear(d, 10)

    def forward(self, x: Tensor) -> Tensor:
        """x (B, 8) -> logits (B, 8, 10)."""
        return self.head(self.layers(self.digit(x) + self.place.weight / 2))


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Says eight digits backwards."""
    torch.default_generator.manual_seed(seed)
    model = Encoder()
    seen = train(model, steps=140)
    x, y = digits(500)
    return Result((model(x).argmax(dim=-1) == y).float().mean().item(), seen)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance}")
    # No loss can be lower than this: the targets themselves are not certain.
    sure, rest = torch.tensor(0.91), torch.tensor(0.01)
    lowest = -(sure * sure.log() + 9 * rest * rest.log()).item()
    loss, rate, norm = result.seen
    n = torch.arange(1, 141)
    figure, axes = plt.subplots(3, figsize=(6.6, 6.6), sharex=True)
    for axis, line in zip(axes, (rate, norm, loss), strict=True):
        axis.plot(n[::2], line[::2], color="C0")
    axes[0].set_title("learning rate")
    axes[1].axhline(0.5, color="C2", linestyle="--")
    axes[1].set(title="gradient norm, clipped at the dashes", ylim=(0, None))
    axes[2].axhline(lowest, color="C2", linestyle="--")
    axes[2].set(title="loss, and the lowest there can be", xlabel="update", ylim=(0, None))

# --8<-- [end:picture]


# %%
# --8<-- [start:no-warmup]
if __name__ == "__main__":
    figure, axis = plt.subplots()
    axis.plot(n[::2], loss[::2], "C0-", label="with warm-up")
    # At the peak until step 60, then as above; and at a quarter of the peak all the time.
    for first, style, name in ((60, "C2--", "without"), (16 * 60, "C3:", "without, a quarter")):
        torch.manual_seed(0)
        seen = train(Encoder(), 140, first)
        axis.plot(n[::2], seen[0, ::2], style, label=name)
        print(f"{name}: highest rate {seen[1].max():.4f}, loss {seen[0, -20:].mean():.3f}")
    axis.set(xlabel="update", ylabel="loss", ylim=(0, 2.7))
    axis.legend()

# --8<-- [end:no-warmup]
