"""An LSTM whose gates may look into the cell itself, not only at what the output gate let out.
So a gate can act on a count while the cell keeps quiet.

Source: Gers & Schmidhuber, "Recurrent Nets that Time and Count", 2000, section 3; Gers,
Schraudolph & Schmidhuber, "Learning Precise Timing with LSTM Recurrent Networks", 2002.
"""

# %% [markdown]
# # Peepholes
#
# The LSTM, and in three places a weight $p$ for each unit, a peephole onto its own cell. The input
# and forget gates look at the old cell $c_{t-1}$, the output gate at the new one, $c_t$:
#
# $$
# \begin{aligned}
# i_t &= \sigma(W_i x_t + U_i h_{t-1} + b_i + p_i \odot c_{t-1}) \\
# f_t &= \sigma(W_f x_t + U_f h_{t-1} + b_f + p_f \odot c_{t-1}) \\
# c_t &= f_t \odot c_{t-1} + i_t \odot \tanh(W_g x_t + U_g h_{t-1} + b_g) \\
# o_t &= \sigma(W_o x_t + U_o h_{t-1} + b_o + p_o \odot c_t) \\
# h_t &= o_t \odot \tanh(c_t)
# \end{aligned}
# $$

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:step]
def unroll(wx: Tensor, h: Tensor, c: Tensor, U: Tensor, p: Tensor) -> tuple[Tensor, Tensor, list]:
    """From wx = W x + b (T, B, 4H): all h and c (T+1, B, H), and i, f, o of each step."""
    states, gates = [(h, c)], []
    for wx_t in wx:
        i, f, g, o = (wx_t + h @ U.T).chunk(4, dim=1)  # 4 × (B, H)
        i = (i + p[0] * c).sigmoid()  # (B, H), a look at the old cell
        f = (f + p[1] * c).sigmoid()  # (B, H)
        c = f * c + i * g.tanh()  # (B, H)
        o = (o + p[2] * c).sigmoid()  # (B, H), a look at the new one
        h = o * c.tanh()  # (B, H)
        states.append((h, c))
        gates.append((i, f, o))
    hs, cs = (torch.stack(each) for each in zip(*states, strict=True))
    return hs, cs, gates


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class PeepholeLSTM(nn.Module):
    """One layer, read one way. With `p` at zero it is nn.LSTM(batch_first=True)."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.sizes = D, H = input_size, hidden_size
        if min(self.sizes) < 1:
            raise ValueError(f"expected sizes of at least 1, got {self.sizes}")
        self.W = nn.Parameter(torch.empty(4 * H, D).uniform_(-1, 1) / D**0.5)
        self.U = nn.Parameter(torch.empty(4 * H, H).uniform_(-1, 1) / H**0.5)
        # The forget gate starts open, as in our LSTM. Peepholes start shut: it begins as an LSTM.
        self.b = nn.Parameter(torch.tensor([0.0, 1.0, 0.0, 0.0]).repeat_interleave(H))  # (4H,)
        self.p = nn.Parameter(torch.zeros(3, H))  # of i, f, o

    def forward(
        self, x: Tensor, state: tuple[Tensor, Tensor] | None = None, lengths: Tensor | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """x (B, T, D) -> out (B, T, H), (h, c) each (1, B, H), as nn.LSTM.

        Of row b the first lengths[b] steps are read. Beyond them `out` is 0, and the state is that
        of the last step read; where none is, it is the initial one (zeros unless given).
        Raises ValueError for whatever does not fit.
        """
        D, H = self.sizes
        if x.dim() != 3 or x.shape[2] != D:
            raise ValueError(f"expected {D} input features, x (B, T, {D}), got {tuple(x.shape)}")
        B, T, shape = *x.shape[:2], (1, len(x), H)
        h, c = (x.new_zeros(shape), x.new_zeros(shape)) if state is None else state
        if h.shape != shape or c.shape != shape:
            raise ValueError(f"expected h and c {shape}, got {tuple(h.shape)}, {tuple(c.shape)}")
        ends = torch.full((B,), T) if lengths is None else lengths
        if ends.shape != (B,) or ends.is_floating_point() or ((ends < 0) | (ends > T)).any():
            raise ValueError(f"expected {B} whole lengths from 0 to {T}, got {ends.tolist()}")

        ends, row = ends.to(x.device), torch.arange(B, device=x.device)
        beyond = (torch.arange(T, device=x.device)[:, None] >= ends)[..., None]  # (T, B, 1)
        wx = F.linear(x.transpose(0, 1).masked_fill(beyond, 0), self.W, self.b)  # (T, B, 4H)
        hs, cs, _ = unroll(wx, h[0], c[0], self.U, self.p)  # (T+1, B, H) each
        out = hs[1:].masked_fill(beyond, 0).transpose(0, 1)  # (B, T, H)
        return out, (hs[ends, row][None], cs[ends, row][None])

    @torch.no_grad()
    def load_torch(self, twin: nn.LSTM) -> None:
        """Copies the weights of a twin of the same sizes and shuts the peepholes."""
        fits = (twin.input_size, twin.hidden_size) == self.sizes and len(twin.all_weights) == 1
        if not fits or twin.proj_size or not twin.bias:
            raise ValueError(f"expected an nn.LSTM of {self.sizes} and one layer, got {twin}")
        W, U, *both = twin.all_weights[0]
        for ours, theirs in ((self.W, W), (self.U, U), (self.b, sum(both))):
            ours.copy_(theirs)
        self.p.zero_()


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How many new rows were right at every step, with peepholes; the rest is for the picture."""

    metric: float
    longer: tuple[float, float]  # on rows of 9 to 12 of each letter: with and without peepholes
    steps: Tensor  # (2, 4, T): with and without, i, f, o and c of the unit that counts
    expected: float = 0.95
    chance: float = 1 / 8  # always naming the same one of eight counts
    measure: str = "exact match"


def letters(n: Tensor) -> tuple[Tensor, Tensor]:
    """n times a, then b (-1, then 1), x (B, T, 1); y (B, T) is 1 at the n-th b and nowhere else."""
    t = torch.arange(2 * int(n.max()))
    return 2.0 * (t >= n[:, None])[..., None] - 1, (t == 2 * n[:, None] - 1).float()


def exact(model: PeepholeLSTM, head: nn.Linear, least: int, most: int) -> float:
    """The share of 1000 rows of `least` to `most` of each letter that are right at every step."""
    x, y = letters(torch.randint(least, most + 1, (1000,)))
    return ((head(model(x)[0])[..., 0] > 0) == (y > 0)).all(dim=1).float().mean().item()


def train(peepholes: bool) -> tuple[PeepholeLSTM, nn.Linear]:
    """A model that counts up to eight, and its head; without peepholes p stays at zero."""
    model, head = PeepholeLSTM(1, 8), nn.Linear(8, 1)
    weights = [model.W, model.U, model.b, *head.parameters(), *[model.p] * peepholes]
    adam = torch.optim.Adam(weights, lr=0.03)
    for _ in range(250):
        x, y = letters(torch.randint(1, 9, (64,)))
        error = F.binary_cross_entropy_with_logits(head(model(x)[0])[..., 0], y)
        adam.zero_grad()
        error.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        adam.step()
    return model, head


@torch.no_grad()
def look(model: PeepholeLSTM) -> Tensor:
    """i, f, o, c (4, T) while it reads eight of each, of the unit that turns most at half-way."""
    x, _ = letters(torch.tensor([8]))
    wx = F.linear(x.transpose(0, 1), model.W, model.b)  # (T, 1, 4H)
    _, cs, gates = unroll(wx, *torch.zeros(2, 1, 8), model.U, model.p)
    seen = torch.stack([*map(torch.stack, zip(*gates, strict=True)), cs[1:]])[:, :, 0]  # (4, T, H)
    c = seen[3]  # (T, H)
    unit = seen[..., (2 * c[7] - c[0] - c[15]).abs().argmax()]  # (4, T)
    return torch.cat([unit[:3], unit[3:] * unit[3, 7].sign()])  # some count below zero: turned over


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """As many b as there were a: read them and say at which b the count is reached."""
    found = []
    for peepholes in (True, False):
        torch.default_generator.manual_seed(seed)  # equal rows and first weights
        model, head = train(peepholes)
        found.append((exact(model, head, 1, 8), exact(model, head, 9, 12), look(model)))
    right, longer, steps = zip(*found, strict=True)
    return Result(right[0], longer, torch.stack(steps))


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance:.3f}")
    print("counts of 9 to 12, with and without: {:.3f}, {:.3f}".format(*result.longer))
    figure, axes = plt.subplots(4, figsize=(6.6, 7), sharex=True)
    names = ["input gate i", "forget gate f", "output gate o", "cell c"]
    for axis, name, hue, lines in zip(
        axes, names, "1110", result.steps.transpose(0, 1), strict=True
    ):
        axis.plot(range(1, 17), lines[0], color=f"C{hue}", label="peepholes")
        axis.plot(range(1, 17), lines[1], "--", color="C2", label="without")
        axis.set(title=name, ylim=(-0.05, 1.05) if hue == "1" else None)
    axes[1].legend()
    axes[-1].set_xlabel("8 times a, then 8 times b")

# --8<-- [end:picture]
