"""An LSTM carries a second state, the cell, that is only ever scaled and added to, so what it
holds can last over many steps, and so can the gradient. Gates decide what to keep, write and show.

Source: Hochreiter & Schmidhuber, "Long Short-Term Memory", 1997, section 4; the forget gate was
added by Gers, Schmidhuber & Cummins, "Learning to Forget", 2000.
"""

# %% [markdown]
# # The LSTM
#
# One step. The first four lines read the same two things, the input $x_t$ and the last output
# $h_{t-1}$, so their weights are stacked into one $W$, one $U$ and one $b$:
#
# $$
# \begin{aligned}
# i_t &= \sigma(W_i x_t + U_i h_{t-1} + b_i) & \text{how much to write} \\
# f_t &= \sigma(W_f x_t + U_f h_{t-1} + b_f) & \text{how much to keep} \\
# g_t &= \tanh(W_g x_t + U_g h_{t-1} + b_g) & \text{what to write} \\
# o_t &= \sigma(W_o x_t + U_o h_{t-1} + b_o) & \text{how much to show} \\
# c_t &= f_t \odot c_{t-1} + i_t \odot g_t & \text{the cell} \\
# h_t &= o_t \odot \tanh(c_t) & \text{the output}
# \end{aligned}
# $$

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn


# --8<-- [start:step]
def gates(z: Tensor) -> tuple[Tensor, ...]:
    """i, f, g, o from z (…, 4H), in torch's order.

    The gates lie in (0, 1), the proposal g in (-1, 1).
    """
    i, f, g, o = z.chunk(4, dim=-1)  # 4 × (…, H)
    return i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()


def unroll(wx: Tensor, h: Tensor, c: Tensor, U: Tensor) -> tuple[Tensor, ...]:
    """All h and c, (T+1, B, H) each, the first ones included.

    wx = W x + b is (T, B, 4H); the first h and c are (B, H).
    """
    states = [(h, c)]
    for wx_t in wx:
        i, f, g, o = gates(wx_t + h @ U.T)  # 4 × (B, H)
        c = f * c + i * g  # (B, H)
        h = o * c.tanh()  # (B, H)
        states.append((h, c))
    hs, cs = zip(*states, strict=True)
    return torch.stack(hs), torch.stack(cs)  # 2 × (T+1, B, H)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class LSTM(nn.Module):
    """nn.LSTM(batch_first=True): num_layers of them, each read one way or both ways."""

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, bidirectional: bool = False
    ) -> None:
        super().__init__()
        self.sizes, self.directions = (input_size, hidden_size, num_layers), 1 + bidirectional
        if min(self.sizes) < 1:
            raise ValueError(f"expected sizes and layers of at least 1, got {self.sizes}")
        self.W, self.U, self.b = nn.ParameterList(), nn.ParameterList(), nn.ParameterList()
        for k in range(num_layers * self.directions):  # of each layer forwards, then backwards
            D, H = input_size if k < self.directions else hidden_size * self.directions, hidden_size
            # Bounds by the number of inputs of each; nn.LSTM bounds W by H as well.
            self.W.append(torch.empty(4 * H, D).uniform_(-1, 1) / D**0.5)
            self.U.append(torch.empty(4 * H, H).uniform_(-1, 1) / H**0.5)
            # The forget gate starts open: its bias is 1. That is 1 once; nn.LSTM adds up two
            # biases, and 1 in both would be 2.
            self.b.append(torch.tensor([0.0, 1.0, 0.0, 0.0]).repeat_interleave(H))  # (4H,)

    def forward(
        self, x: Tensor, state: tuple[Tensor, Tensor] | None = None, lengths: Tensor | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """x (B, T, D) -> out (B, T, H · directions), (h, c) each (layers · directions, B, H).

        Of row b the first lengths[b] steps are read. Beyond them `out` is 0, and the state is that
        of the last step read; where none is, it is the initial one (zeros unless given).
        Raises ValueError for whatever does not fit.
        """
        D, H, layers = self.sizes
        if x.dim() != 3 or x.shape[2] != D:
            raise ValueError(f"expected {D} input features, x (B, T, {D}), got {tuple(x.shape)}")
        B, T, shape = *x.shape[:2], (layers * self.directions, len(x), H)
        h, c = (x.new_zeros(shape), x.new_zeros(shape)) if state is None else state
        if h.shape != shape or c.shape != shape:
            raise ValueError(f"expected h and c {shape}, got {tuple(h.shape)}, {tuple(c.shape)}")
        ends = torch.full((B,), T) if lengths is None else lengths
        if ends.shape != (B,) or ends.is_floating_point() or ((ends < 0) | (ends > T)).any():
            raise ValueError(f"expected {B} whole lengths from 0 to {T}, got {ends.tolist()}")

        t, row, ends = (n.to(x.device) for n in (torch.arange(T)[:, None], torch.arange(B), ends))
        real = t < ends  # (T, B)
        # Ways to read: as it is, and each row from its last real step back to its first.
        ways = (..., (torch.where(real, ends - 1 - t, t), row))[: self.directions]
        x, last = x.transpose(0, 1).masked_fill(~real[..., None], 0), []  # (T, B, D)
        for layer in range(layers):
            sides = []
            for k, way in enumerate(ways, layer * self.directions):
                # W x + b of all steps at once, (T, B, 4H), outside the loop -> 2 × (T+1, B, H)
                hs, cs = unroll(x[way] @ self.W[k].T + self.b[k], h[k], c[k], self.U[k])
                sides.append(hs[1:][way])  # (T, B, H)
                last.append(torch.stack([hs[ends, row], cs[ends, row]]))  # (2, B, H)
            x = torch.cat(sides, dim=-1).masked_fill(~real[..., None], 0)  # (T, B, H · directions)
        return x.transpose(0, 1), tuple(torch.stack(last, dim=1))

    @torch.no_grad()
    def load_torch(self, twin: nn.LSTM) -> None:
        """Copies the weights of a twin of the same sizes; its two biases are added up."""
        found = (twin.input_size, twin.hidden_size, twin.num_layers), 1 + twin.bidirectional
        if found != (self.sizes, self.directions) or twin.proj_size or not twin.bias:
            raise ValueError(f"expected an nn.LSTM of {self.sizes, self.directions}, got {twin}")
        for k, (W, U, *both) in enumerate(twin.all_weights):
            for ours, theirs in ((self.W[k], W), (self.U[k], U), (self.b[k], sum(both))):
                ours.copy_(theirs)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How well the task was learnt; `steps` is for the picture, one row and one unit of many."""

    metric: float
    steps: Tensor  # (6, T): the numbers, their marks, and i, f, o, c
    expected: float = 0.02
    chance: float = 1 / 6  # the variance of a sum of two numbers, each anywhere in [0, 1]
    measure: str = "mean squared error"


def marked_sum(marks: Tensor) -> tuple[Tensor, Tensor]:
    """Numbers beside their marks, x (B, T, 2), and the sum of the marked ones, y (B,)."""
    numbers = torch.rand(marks.shape)
    return torch.stack([numbers, marks], dim=-1), (numbers * marks).sum(dim=1)


def train(updates: Tensor, forget_bias: float = 1) -> tuple[LSTM, nn.Linear, list[float]]:
    """A model, its head and the error of each update; `updates` are the marks, (updates, B, T)."""
    model, head, errors = LSTM(2, 16), nn.Linear(16, 1), []
    nn.init.constant_(model.b[0][16:32], forget_bias)
    weights = [*model.parameters(), *head.parameters()]
    adam = torch.optim.Adam(weights, lr=0.02)
    for marks in updates:
        x, y = marked_sum(marks)
        error = (head(model(x)[0][:, -1])[:, 0] - y).square().mean()  # asked for at the end only
        adam.zero_grad()
        error.backward()
        nn.utils.clip_grad_norm_(weights, 0.3)
        adam.step()
        errors.append(error.item())
    return model, head, errors


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """The adding problem (1997, section 5.4): thirty numbers, two of them marked; say their sum."""
    torch.default_generator.manual_seed(seed)
    marks = torch.arange(30) % 15 == 7  # a row to look into later: 0.9 is marked at steps 8 and 23
    row = torch.stack([torch.rand(30).where(~marks, 0.9), marks], dim=1)  # (T, 2)
    model, head, _ = train(torch.rand(300, 64, 30).argsort(dim=2) < 2)
    x, y = marked_sum(torch.rand(1000, 30).argsort(dim=1) < 2)
    metric = (head(model(x)[0][:, -1])[:, 0] - y).square().mean().item()

    W, U, b = (weight.detach() for weight in model.parameters())
    hs, cs = unroll(row @ W.T + b, torch.zeros(16), torch.zeros(16), U)  # 2 × (T+1, H)
    i, f, _, o = gates(row @ W.T + b + hs[:-1] @ U.T)  # (T, H) each
    # Of the units, the one that writes at the marks only and forgets least.
    unit = ((i[marks].amin(dim=0) - i[~marks].mean(dim=0)) * f.amin(dim=0)).argmax()
    return Result(metric, torch.cat([row.T, torch.stack([i, f, o, cs[1:]])[..., unit]]))


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.4f}, bar {result.expected}, chance {result.chance:.3f}")
    numbers, marks, *unit = result.steps
    names = ["number", "input gate i", "forget gate f", "output gate o", "cell c"]
    figure, axes = plt.subplots(5, figsize=(6.6, 7), sharex=True)
    for axis, name, hue, line in zip(axes, names, "01110", [numbers, *unit], strict=True):
        axis.stairs(line, torch.arange(31) + 0.5, fill=True, color=f"C{hue}", alpha=0.35)
        axis.stairs(line * marks, torch.arange(31) + 0.5, fill=True, color=f"C{hue}")
        axis.set_title(name)
    axes[-1].set_xlabel("step")

# --8<-- [end:picture]


# %%
# --8<-- [start:forget-bias]
if __name__ == "__main__":
    figure, axis = plt.subplots()
    for bias, dashes in ((1, "-"), (0, "--")):
        torch.manual_seed(0)
        # Now only the first of fifteen numbers is marked, and has to last to the end.
        *_, errors = train((torch.arange(15) < 1).expand(300, 64, 15), bias)
        axis.plot(range(0, 300, 5), errors[::5], dashes, color="C1", label=f"forget bias {bias}")
        print(f"forget bias {bias}: {sum(errors[-20:]) / 20:.4f}, mean of the last 20 updates")
    axis.set(xlabel="update", ylabel="mean squared error", yscale="log")
    axis.legend()

# --8<-- [end:forget-bias]
