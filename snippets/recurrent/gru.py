"""A GRU keeps one state and lets one gate settle two questions: whatever share of the old state is
not kept is overwritten. A second gate decides how much of the past the new content may see.

Source: Cho et al., "Learning Phrase Representations using RNN Encoder–Decoder", 2014, section 2.3.
Its third version is the published one; nn.GRU computes what the first had.
"""

# %% [markdown]
# # The GRU
#
# One step, with $W$ for the input, $U$ for the state, and $\odot$ for a product of numbers in the
# same place. Of $w$ and $u$ there are three parts, stacked in torch's order $r, z, n$; the gates
# are $r$ (reset) and $z$ (update), and $z$ mixes the old state with a candidate $n$:
#
# $$
# \begin{aligned}
# w &= W x_t + b, \qquad u = U h_{t-1} + b' \\
# r, z &= \sigma(w_{r,z} + u_{r,z}) \\
# v &= r \odot u_n \\
# n &= \tanh(w_n + v) \\
# h_t &= (1 - z) \odot n + z \odot h_{t-1}
# \end{aligned}
# $$
#
# So nn.GRU resets what the matrix made of the state. The published paper resets the state before
# the matrix sees it, $v = U_n (r \odot h_{t-1}) + b'_n$, and this second product has to wait.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:step]
def unroll(w: Tensor, h: Tensor, U: Tensor, b: Tensor, reset_first: bool) -> Tensor:
    """All h, (T+1, B, H), the first one included.

    w = W x + b is (T, B, 3H), the first h (B, H); b is b'.
    """
    h, H = h.to(w.dtype), h.shape[1]  # under autocast w is of fewer digits
    hs, U_n, b_n = [h], U[2 * H :], b[2 * H :]
    for w_rz, w_n in zip(*w.split((2 * H, H), dim=2), strict=True):
        u_rz, u_n = F.linear(h, U, b).split((2 * H, H), dim=1)  # (B, 2H), (B, H)
        r, z = (w_rz + u_rz).sigmoid().chunk(2, dim=1)  # 2 × (B, H)
        v = F.linear(r * h, U_n, b_n) if reset_first else r * u_n  # (B, H)
        n = (w_n + v).tanh()  # (B, H)
        h = torch.lerp(n, h, z)  # (B, H): (1 - z) n + z h
        hs.append(h)
    return torch.stack(hs)  # (T+1, B, H)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class GRU(nn.Module):
    """nn.GRU(batch_first=True): num_layers of them, each read one way or both ways.

    With `reset_first` it is the GRU of the published paper, which torch does not have.
    """

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, bidirectional: bool = False,
        *, reset_first: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.sizes, self.directions = (input_size, hidden_size, num_layers), 1 + bidirectional
        if min(self.sizes) < 1:
            raise ValueError(f"expected sizes and layers of at least 1, got {self.sizes}")
        self.W, self.U, self.b = nn.ParameterList(), nn.ParameterList(), nn.ParameterList()
        self.reset_first = reset_first
        for k in range(num_layers * self.directions):  # of each layer forwards, then backwards
            D, H = input_size if k < self.directions else hidden_size * self.directions, hidden_size
            # Bounds by the number of inputs of each; nn.GRU bounds W by H as well.
            self.W.append(torch.empty(3 * H, D).uniform_(-1, 1) / D**0.5)
            self.U.append(torch.empty(3 * H, H).uniform_(-1, 1) / H**0.5)
            # b and b': the gates feel their sum only, but in n the reset scales one of the two.
            self.b.append(torch.zeros(2, 3 * H))

    def forward(
        self, x: Tensor, state: Tensor | None = None, lengths: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """x (B, T, D) -> out (B, T, H · directions), h (layers · directions, B, H).

        Of row b the first lengths[b] steps are read. Beyond them `out` is 0, and the state is that
        of the last step read; where none is, it is the initial one (zeros unless given).
        Raises ValueError for whatever does not fit.
        """
        D, H, layers = self.sizes
        if x.dim() != 3 or x.shape[2] != D:
            raise ValueError(f"expected {D} input features, x (B, T, {D}), got {tuple(x.shape)}")
        B, T, shape = *x.shape[:2], (layers * self.directions, len(x), H)
        h = x.new_zeros(shape) if state is None else state
        if h.shape != shape:
            raise ValueError(f"expected a state of shape {shape}, got {tuple(h.shape)}")
        ends = torch.full((B,), T) if lengths is None else lengths
        if ends.shape != (B,) or ends.is_floating_point() or ((ends < 0) | (ends > T)).any():
            raise ValueError(f"expected {B} whole lengths from 0 to {T}, got {ends.tolist()}")

        t, row, ends = torch.arange(T).to(x.device)[:, None], torch.arange(B), ends.to(x.device)
        real = t < ends  # (T, B)
        # Ways to read: as it is, and each row from its last real step back to its first.
        ways = (..., (torch.where(real, ends - 1 - t, t), row))[: self.directions]
        x, last = x.transpose(0, 1).masked_fill(~real[..., None], 0), []  # (T, B, D)
        for layer in range(layers):
            sides = []
            for k, way in enumerate(ways, layer * self.directions):
                w = F.linear(x[way], self.W[k], self.b[k][0])  # (T, B, 3H), of all steps at once
                hs = unroll(w, h[k], self.U[k], self.b[k][1], self.reset_first)  # (T+1, B, H)
                sides.append(hs[1:][way])  # (T, B, H)
                last.append(hs[ends, row])  # (B, H)
            x = torch.cat(sides, dim=-1).masked_fill(~real[..., None], 0)  # (T, B, H · directions)
        return x.transpose(0, 1), torch.stack(last)

    @torch.no_grad()
    def load_torch(self, twin: nn.GRU) -> None:
        """Copies the weights of a twin of the same sizes; none fit a model that resets first."""
        sizes = (twin.input_size, twin.hidden_size, twin.num_layers), 1 + twin.bidirectional
        if sizes != (self.sizes, self.directions) or not twin.bias or self.reset_first:
            raise ValueError(f"expected {self.sizes, self.directions}, reset after U, got {twin}")
        for k, (W, U, *both) in enumerate(twin.all_weights):
            for ours, theirs in ((self.W[k], W), (self.U[k], U), (self.b[k], torch.stack(both))):
                ours.copy_(theirs)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How well the task was learnt; `steps` is for the picture, one row and one unit of many."""

    metric: float
    steps: Tensor  # (4, T): the numbers, their marks, and z, h
    expected: float = 0.02
    chance: float = 1 / 6  # the variance of a sum of two numbers, each anywhere in [0, 1]
    measure: str = "mean squared error"


def error_of(model: GRU, head: nn.Linear, rows: int) -> Tensor:
    """The mean squared error on new rows of thirty, two of them marked, asked for at the end."""
    numbers, marks = torch.rand(rows, 30), torch.rand(rows, 30).argsort(dim=1) < 2
    out, _ = model(torch.stack([numbers, marks], dim=-1))  # (B, T, H), from (B, T, 2)
    return (head(out[:, -1])[:, 0] - (numbers * marks).sum(dim=1)).square().mean()


def train(reset_first: bool = False) -> tuple[GRU, nn.Linear, list[float]]:
    """A model, its head and the error of each update."""
    model, head, errors = GRU(2, 16, reset_first=reset_first), nn.Linear(16, 1), []
    adam = torch.optim.Adam([*model.parameters(), *head.parameters()], lr=0.02)
    for _ in range(300):
        error = error_of(model, head, rows=64)
        adam.zero_grad()
        error.backward()
        adam.step()
        errors.append(error.item())
    return model, head, errors


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """The adding problem of the LSTM's paper: thirty numbers, two of them marked; say their sum."""
    torch.default_generator.manual_seed(seed)
    model, head, _ = train()
    metric = error_of(model, head, rows=1000).item()

    marks = torch.arange(30) % 15 == 7  # one more row to look into, marked at steps 8 and 23
    x = torch.stack([torch.rand(30), marks], dim=-1)  # (T, 2)
    h = F.pad(model(x[None])[0][0], (0, 0, 1, 0))  # (T+1, H), from zeros on
    z = (x @ model.W[0].T + h[:-1] @ model.U[0].T + model.b[0].sum(dim=0))[:, 16:32].sigmoid()
    # Shown is the unit where the marks raise 1 - z most, the share of the new.
    unit = ((1 - z[marks]).amin(dim=0) / (1 - z[~marks]).mean(dim=0)).argmax()
    return Result(metric, torch.cat([x.T, torch.stack([z, h[1:]])[..., unit].detach()]))


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.4f}, bar {result.expected}, chance {result.chance:.3f}")
    numbers, marks, *unit = result.steps
    names = ["number", "update gate z", "state h"]
    figure, axes = plt.subplots(3, figsize=(6.6, 4.8), sharex=True)
    for axis, name, hue, line in zip(axes, names, "010", [numbers, *unit], strict=True):
        axis.stairs(line, torch.arange(31) + 0.5, fill=True, color=f"C{hue}", alpha=0.35)
        axis.stairs(line * marks, torch.arange(31) + 0.5, fill=True, color=f"C{hue}")
        axis.set_title(name)
    axes[-1].set_xlabel("step")
# --8<-- [end:picture]


# %%
# --8<-- [start:reset-first]
if __name__ == "__main__":
    figure, axis = plt.subplots()
    for n, name in enumerate(["after U (nn.GRU)", "before U (paper)"]):
        torch.manual_seed(0)  # equal weights and rows
        model, head, errors = train(reset_first=n == 1)
        model.reset_first = n == 0  # from here on the same weights, wired the other way
        errors += [error_of(model, head, rows=64).item() for _ in range(60)]
        axis.plot(errors, color=f"C{n}", linewidth=1, label=f"reset {name}")
        print(f"{name} {sum(errors[280:300]) / 20:.4f}, then {sum(errors[300:]) / 60:.4f}")
    axis.set(xlabel="update, rewired after 300", ylabel="mean squared error", yscale="log")
    axis.legend()

# --8<-- [end:reset-first]
