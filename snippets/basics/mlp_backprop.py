"""A network computes layer by layer; its error, carried back through the same layers, tells every
weight how to change. Here both ways are written by hand, and training never calls autograd.

Source: Rumelhart, Hinton & Williams, "Learning Representations by Back-propagating Errors", 1986;
symbols and the four equations as in Nielsen, "Neural Networks and Deep Learning", chapter 2.
"""

# %% [markdown]
# # Backpropagation by hand
#
# Forward, layer by layer from $a^0 = x$ on, with $w^l$ of shape $(n_l, n_{l-1})$, and the cost, the
# cross-entropy of every output with what it should be, 0 or 1:
#
# $$
# z^l = w^l a^{l-1} + b^l, \qquad a^l = \sigma(z^l), \qquad
# C = -\sum_j y_j \ln a^L_j + (1 - y_j) \ln (1 - a^L_j)
# $$
#
# Back, with the error $\delta^l = \partial C / \partial z^l$ of each layer, and
# $\sigma'(z^l) = a^l \odot (1 - a^l)$:
#
# $$
# \begin{aligned}
# \delta^L &= \nabla_a C \odot \sigma'(z^L) = a^L - y & \text{(BP1)} \\
# \delta^l &= (w^{l+1})^\top \delta^{l+1} \odot \sigma'(z^l) & \text{(BP2)} \\
# \partial C / \partial b^l &= \delta^l & \text{(BP3)} \\
# \partial C / \partial w^l &= \delta^l (a^{l-1})^\top & \text{(BP4)}
# \end{aligned}
# $$
#
# In code each row of a batch is an example, so $w a$ becomes `a @ w.T`, and the mean over the batch
# is taken once, in BP1.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn

Tensors = list[Tensor]  # one a layer


# --8<-- [start:step]
def forward(x: Tensor, w: Tensors, b: Tensors) -> Tensors:
    """x (B, n_0) -> all activations a[l] (B, n_l), x first."""
    a = [x]
    for w_l, b_l in zip(w, b, strict=True):
        z = a[-1] @ w_l.T + b_l  # (B, n_l)
        a.append(z.sigmoid())
    return a


def backward(a: Tensors, y: Tensor, w: Tensors) -> Tensors:
    """The errors of layers 1 to L, (B, n_l) each."""
    delta = (a[-1] - y) / len(y)  # BP1: (B, n_L)
    deltas = [delta]
    for w_l, a_l in zip(w[:0:-1], a[-2:0:-1], strict=True):
        delta = delta @ w_l * a_l * (1 - a_l)  # BP2: (B, n_l)
        deltas.append(delta)
    return deltas[::-1]


def gradients(a: Tensors, deltas: Tensors) -> list[Tensors]:
    """By every w (n_l, n_{l-1}), and by every b (n_l,)."""
    db = [delta.sum(dim=0) for delta in deltas]  # BP3
    pairs = zip(deltas, a[:-1], strict=True)
    dw = [delta.T @ a_l for delta, a_l in pairs]  # BP4
    return [dw, db]


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class MLPBackprop:
    """A network of sigmoid layers, sizes n_0 to n_L, that learns without autograd."""

    def __init__(self, *sizes: int) -> None:
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(f"expected two sizes or more, each at least 1, got {sizes}")
        self.sizes, pairs = sizes, list(zip(sizes[1:], sizes[:-1], strict=True))
        # Chance sets the units apart; 1 / sqrt(m) keeps z small however many inputs there are.
        self.w = [torch.randn(n, m) / m**0.5 for n, m in pairs]  # (n_l, n_{l-1})
        self.b = [torch.zeros(n) for n, _ in pairs]  # (n_l,)

    def __call__(self, x: Tensor) -> Tensors:
        """x (B, n_0) -> what every layer says, a^0 = x to a^L (B, n_L)."""
        if x.dim() != 2 or x.shape[1] != self.sizes[0]:
            raise ValueError(f"expected x (B, {self.sizes[0]}), got {tuple(x.shape)}")
        return forward(x, self.w, self.b)

    def errors(self, a: Tensors, y: Tensor) -> Tensors:
        """The errors of the layers 1 to L where y (B, n_L) was wanted."""
        if y.shape != a[-1].shape or not len(y):
            raise ValueError(f"expected y {tuple(a[-1].shape)}, not empty, got {tuple(y.shape)}")
        return backward(a, y, self.w)

    def step(self, x: Tensor, y: Tensor, rate: float) -> None:
        """One step down the gradient of the mean cost, for x (B, n_0) and y (B, n_L)."""
        a = self(x)
        dw, db = gradients(a, self.errors(a, y))
        self.w = [w - rate * d for w, d in zip(self.w, dw, strict=True)]
        self.b = [b - rate * d for b, d in zip(self.b, db, strict=True)]

    def load_torch(self, twin: nn.Sequential) -> None:
        """Copies the weights of nn.Linear and nn.Sigmoid in turn, of the same sizes."""
        linear, kinds = list(twin)[::2], [nn.Linear, nn.Sigmoid] * len(self.w)
        fits = [type(layer) for layer in twin] == kinds
        if not fits or [layer.weight.shape for layer in linear] != [w.shape for w in self.w]:
            raise ValueError(f"expected sigmoid layers of sizes {self.sizes}, got {twin}")
        self.w = [layer.weight.detach().clone() for layer in linear]
        self.b = [layer.bias.detach().clone() for layer in linear]


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
DRAWN = """
 ###    #    ###   ###     #  #####  ###  #####  ###   ###
#   #  ##   #   # #   #   ##  #     #         # #   # #   #
#   #   #       #     #  # #  ####  #        #  #   # #   #
#   #   #     ##    ##  #  #      # ####    #    ###   ####
#   #   #    #        # #####     # #   #   #   #   #     #
#   #   #   #     #   #    #  #   # #   #  #    #   #     #
 ###   ###  #####  ###     #   ###   ###   #     ###   ###
"""


@dataclass(frozen=True)
class Result:
    """How well new drawings were read; for the picture, one that was misread, and its errors."""

    metric: float
    drawing: Tensor  # (64,)
    errors: Tensors  # at the pixels (64,), the hidden units (H,), the outputs (10,)
    looks_for: Tensor  # (H, 64): the first layer's weights
    expected: float = 0.95
    chance: float = 0.1
    measure: str = "accuracy"


def drawings(count: int) -> tuple[Tensor, Tensor]:
    """Digits of 5 × 7 not quite in the middle of 8 × 8, in noise: x (count, 64), y (count,)."""
    lines = [line.ljust(60) for line in DRAWN.strip("\n").split("\n")]
    ink = torch.tensor([[letter == "#" for letter in line] for line in lines]).float()  # (7, 60)
    digits = ink.view(7, 10, 6)[..., :5].transpose(0, 1)  # (10, 7, 5)
    y, down, right = (torch.randint(n, (count,)) for n in (10, 2, 2))
    x = torch.randn(count, 8, 8) / 2 - 0.5  # paper
    for n in range(count):
        x[n, down[n] : down[n] + 7, right[n] + 1 : right[n] + 6] += 2 * digits[y[n]]  # ink
    return x.flatten(1), y


def train(model: MLPBackprop, updates: int = 600) -> list[float]:
    """How much of each new batch is read rightly, before the model learns from it."""
    (x, y), right = drawings(updates * 32), []
    for x_n, y_n in zip(x.split(32), y.split(32), strict=True):
        right.append((model(x_n)[-1].argmax(dim=1) == y_n).float().mean().item())
        model.step(x_n, torch.eye(10)[y_n], rate=3)
    return right


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Learns to read drawn digits, and looks for the new one that it reads worst."""
    torch.default_generator.manual_seed(seed)
    model = MLPBackprop(64, 32, 10)
    train(model)
    x, y = drawings(1000)
    a, one_hot = model(x), torch.eye(10)[y]
    deltas = model.errors(a, one_hot)
    metric = (a[-1].argmax(dim=1) == y).float().mean().item()
    worst = (a[-1] - one_hot).square().sum(dim=1).argmax()
    errors = [deltas[0] @ model.w[0], *deltas]  # x is no sum that is bent: BP2 without σ'
    return Result(metric, x[worst], [len(y) * each[worst] for each in errors], model.w[0])


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance}")
    pixels, hidden, outputs = result.errors
    figure, axes = plt.subplot_mosaic("oooo;hhhh;abcd", figsize=(6.6, 6.4))
    for name, place, error in (("o", "outputs", outputs), ("h", "hidden units", hidden)):
        axes[name].bar(range(len(error)), error)
        axes[name].set_title(f"error at the {place}")
    axes["o"].set_xticks(range(10))
    one, two = hidden.abs().topk(2).indices.tolist()
    maps = {"drawing": result.drawing, "error": pixels.abs()}
    maps |= {f"unit {n}": result.looks_for[n] for n in (one, two)}
    for name, (title, values) in zip("abcd", maps.items(), strict=True):
        axes[name].pcolormesh(values.where(values > values.max() / 5, 0).view(8, 8))
        axes[name].set(title=title, xticks=[], yticks=[], aspect="equal")
        axes[name].invert_yaxis()

# --8<-- [end:picture]


# %%
# --8<-- [start:equal-weights]
if __name__ == "__main__":
    figure, axis = plt.subplots()
    for name, hue, dashes in (("by chance", "C0", "-"), ("all equal", "C2", "--")):
        torch.manual_seed(0)
        model = MLPBackprop(64, 32, 10)
        if name == "all equal":
            model.w = [torch.full_like(w, 0.1) for w in model.w]
        right = torch.tensor(train(model, 60)).view(-1, 4).mean(dim=1)  # of 4 updates each
        axis.plot(range(4, 61, 4), right, dashes, color=hue, label=f"weights {name}")
        apart = model.w[0].std(dim=0).mean()
        print(f"weights {name}: {right[-1]:.3f}, units {apart:.3f} apart")
    axis.set(xlabel="update", ylabel="accuracy", ylim=(0, 1))
    axis.legend()

# --8<-- [end:equal-weights]
