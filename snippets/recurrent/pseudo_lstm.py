"""A cell that is only scaled and added to, like the LSTM's, but read at the start of a step: all
gates see the whole state through tanh, and a read gate limits what goes into the new content alone.

Source: Pitis, "Written Memories: Understanding, Deriving and Extending the LSTM", 2016, the section
on three working models. His name for it is the pseudo LSTM.
"""

# %% [markdown]
# # The pseudo LSTM
#
# One state $s$ without bound, squashed, $a_t = \tanh(s_{t-1})$, wherever it is looked at:
#
# $$
# \begin{aligned}
# i_t, f_t, o_t &= \sigma(W_{i,f,o}\, x_t + U_{i,f,o}\, a_t + b_{i,f,o})
#   & \text{write, keep, read} \\
# \tilde s_t &= \tanh(W x_t + U (o_t \odot a_t) + b) & \text{what to write} \\
# s_t &= f_t \odot s_{t-1} + i_t \odot \tilde s_t & \text{the state} \\
# h_t &= \tanh(s_t) & \text{the output}
# \end{aligned}
# $$
#
# The LSTM reads at the end, $h_t = o_t \odot \tanh(c_t)$, and its next gates see $h_t$ alone.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:step]
def unroll(wx: Tensor, s: Tensor, U: Tensor) -> Tensor:
    """From wx = W x + b (T, B, 4H) and s (B, H): all states (T+1, B, H)."""
    H, states = s.shape[1], [s]
    for gates, write in zip(*wx.split((3 * H, H), dim=2), strict=True):
        a = s.tanh()  # (B, H)
        i, f, o = (gates + a @ U[: 3 * H].T).sigmoid().chunk(3, dim=1)
        new = (write + (o * a) @ U[3 * H :].T).tanh()  # (B, H)
        s = f * s + i * new  # (B, H)
        states.append(s)
    return torch.stack(states)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class PseudoLSTM(nn.Module):
    """One layer, read one way, batch first; its only state is s."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.sizes = D, H = input_size, hidden_size
        if min(self.sizes) < 1:
            raise ValueError(f"expected sizes of at least 1, got {self.sizes}")
        self.W = nn.Parameter(torch.empty(4 * H, D).uniform_(-1, 1) / D**0.5)  # of i, f, o, new
        self.U = nn.Parameter(torch.empty(4 * H, H).uniform_(-1, 1) / H**0.5)
        # The forget gate starts open, as in our LSTM.
        self.b = nn.Parameter(torch.tensor([0.0, 1.0, 0.0, 0.0]).repeat_interleave(H))  # (4H,)

    def forward(
        self, x: Tensor, s: Tensor | None = None, lengths: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """x (B, T, D) -> out (B, T, H), s (1, B, H).

        Of row b the first lengths[b] steps are read. Beyond them `out` is 0, and the state is that
        of the last step read; where none is, it is the initial one (zeros unless given).
        Raises ValueError for whatever does not fit.
        """
        D, H = self.sizes
        if x.dim() != 3 or x.shape[2] != D:
            raise ValueError(f"expected {D} input features, x (B, T, {D}), got {tuple(x.shape)}")
        B, T, shape = *x.shape[:2], (1, len(x), H)
        s = x.new_zeros(shape) if s is None else s
        if s.shape != shape:
            raise ValueError(f"expected a state of shape {shape}, got {tuple(s.shape)}")
        ends = torch.full((B,), T) if lengths is None else lengths
        if ends.shape != (B,) or ends.is_floating_point() or ((ends < 0) | (ends > T)).any():
            raise ValueError(f"expected {B} whole lengths from 0 to {T}, got {ends.tolist()}")

        ends, row = ends.to(x.device), torch.arange(B, device=x.device)
        beyond = (torch.arange(T, device=x.device)[:, None] >= ends)[..., None]  # (T, B, 1)
        wx = F.linear(x.transpose(0, 1).masked_fill(beyond, 0), self.W, self.b)  # (T, B, 4H)
        states = unroll(wx, s[0], self.U)  # (T+1, B, H)
        out = states[1:].tanh().masked_fill(beyond, 0).transpose(0, 1)  # (B, T, H)
        return out, states[ends, row][None]


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How well the task was learnt; `steps` is for the picture, one row and one unit of many."""

    metric: float
    steps: Tensor  # (4, T): the numbers, their marks, and s, tanh(s)
    expected: float = 0.02
    chance: float = 1 / 6  # the variance of a sum of two numbers, each anywhere in [0, 1]
    measure: str = "mean squared error"


def error_of(model: PseudoLSTM, head: nn.Linear, rows: int) -> Tensor:
    """The mean squared error on new rows of thirty, two of them marked, asked for at the end."""
    numbers, marks = torch.rand(rows, 30), torch.rand(rows, 30).argsort(dim=1) < 2
    out, _ = model(torch.stack([numbers, marks], dim=-1))  # (B, T, H), from (B, T, 2)
    return (head(out[:, -1])[:, 0] - (numbers * marks).sum(dim=1)).square().mean()


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """The adding problem of the LSTM's paper: thirty numbers, two of them marked; say their sum."""
    torch.default_generator.manual_seed(seed)
    model, head = PseudoLSTM(2, 16), nn.Linear(16, 1)
    adam = torch.optim.Adam([*model.parameters(), *head.parameters()], lr=0.02)
    for _ in range(300):
        error = error_of(model, head, rows=64)
        adam.zero_grad()
        error.backward()
        nn.utils.clip_grad_norm_([*model.parameters(), *head.parameters()], 0.3)
        adam.step()
    metric = error_of(model, head, rows=1000).item()

    marks = torch.arange(30) % 15 == 7  # one more row to look into, marked at steps 8 and 23
    x = torch.stack([torch.rand(30).where(~marks, 0.9), marks], dim=-1)  # (T, 2)
    wx = F.linear(x, model.W, model.b)[:, None]  # (T, 1, 4H)
    s = unroll(wx, torch.zeros(1, 16), model.U)[1:, 0].detach()  # (T, H)
    s = s[:, s.abs().amax(dim=0).argmax()]  # of the unit that goes farthest, (T,)
    return Result(metric, torch.cat([x.T, torch.stack([s, s.tanh()])]))


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.4f}, bar {result.expected}, chance {result.chance:.3f}")
    numbers, marks, s, h = result.steps
    figure, (above, below) = plt.subplots(2, figsize=(6.6, 4.8), sharex=True, height_ratios=(1, 2))
    above.stairs(numbers, torch.arange(31) + 0.5, fill=True, color="C0", alpha=0.35)
    above.stairs(numbers * marks, torch.arange(31) + 0.5, fill=True, color="C0")
    above.set_title("number")
    below.plot(range(1, 31), s, "C0", label="state s")
    below.plot(range(1, 31), h, "C2--", label="output tanh(s)")
    for bound in (-1, 1):
        below.axhline(bound, color="C3", linestyle=":")
    below.set_xlabel("step")
    below.legend()

# --8<-- [end:picture]
