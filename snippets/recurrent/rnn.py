"""A recurrent network reads one element at a time and hands a state, a vector that stands for all
it has read, to itself. The weights are the same at every step, so it reads rows of any length.

Source: Elman, "Finding Structure in Time", Cognitive Science 14, 1990, figure 2.
"""

# %% [markdown]
# # The RNN
#
# One step. $W$ reads the input $x_t$, $U$ reads the state that the step before has left:
#
# $$
# \begin{aligned}
# h_0 &= 0 \\
# h_t &= \tanh(W x_t + U h_{t-1} + b)
# \end{aligned}
# $$
#
# The parity of bits shows what such a state is good for. Whether the ones so far are odd or even
# is one bit to carry along, and every 1 has to turn it over:
#
# $$
# y_t = y_{t-1} \oplus x_t
# $$

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:step]
def unroll(wx: Tensor, h: Tensor, U: Tensor) -> Tensor:
    """All h, (T+1, B, H), the first one included.

    wx = W x + b is (T, B, H), the first h (B, H).
    """
    hs = [h]
    for wx_t in wx:
        h = (wx_t + h @ U.T).tanh()  # (B, H)
        hs.append(h)
    return torch.stack(hs)  # (T+1, B, H)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class RNN(nn.Module):
    """nn.RNN(batch_first=True) with tanh: num_layers of them, each read one way or both ways."""

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
            # Bounds by the number of inputs of each; nn.RNN bounds W by H as well.
            self.W.append(torch.empty(H, D).uniform_(-1, 1) / D**0.5)
            self.U.append(torch.empty(H, H).uniform_(-1, 1) / H**0.5)
            self.b.append(torch.zeros(H))  # one; nn.RNN has two, and only their sum counts

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

        t, row, ends = (n.to(x.device) for n in (torch.arange(T)[:, None], torch.arange(B), ends))
        real = t < ends  # (T, B)
        # Ways to read: as it is, and each row from its last real step back to its first.
        ways = (..., (torch.where(real, ends - 1 - t, t), row))[: self.directions]
        x, last = x.transpose(0, 1).masked_fill(~real[..., None], 0), []  # (T, B, D)
        for layer in range(layers):
            sides = []
            for k, way in enumerate(ways, layer * self.directions):
                # W x + b of all steps at once, (T, B, H), outside the loop -> (T+1, B, H)
                hs = unroll(x[way] @ self.W[k].T + self.b[k], h[k], self.U[k])
                sides.append(hs[1:][way])  # (T, B, H)
                last.append(hs[ends, row])  # (B, H)
            x = torch.cat(sides, dim=-1).masked_fill(~real[..., None], 0)  # (T, B, H · directions)
        return x.transpose(0, 1), torch.stack(last)

    @torch.no_grad()
    def load_torch(self, twin: nn.RNN) -> None:
        """Copies the weights of a twin of the same sizes; its two biases are added up."""
        found = (twin.input_size, twin.hidden_size, twin.num_layers), 1 + twin.bidirectional
        fits = found == (self.sizes, self.directions) and twin.bias and twin.nonlinearity == "tanh"
        if not fits:
            raise ValueError(f"expected a tanh RNN of {self.sizes, self.directions}, got {twin}")
        for k, (W, U, *both) in enumerate(twin.all_weights):
            for ours, theirs in ((self.W[k], W), (self.U[k], U), (self.b[k], sum(both))):
                ours.copy_(theirs)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How well the task was learnt; the rest is for the picture, one row three times as long."""

    metric: float
    bits: Tensor  # (T,)
    states: Tensor  # (T, 6), the units that move the answer most
    odd: Tensor  # (T,), how likely the model holds the ones so far to be odd
    expected: float = 0.95
    chance: float = 0.5
    measure: str = "accuracy"


def train(every_step: bool = True) -> tuple[RNN, nn.Linear, list[float]]:
    """A model, its head, and how often it was right at the last step, by update."""
    model, head, right = RNN(1, 16), nn.Linear(16, 1), []
    adam = torch.optim.Adam([*model.parameters(), *head.parameters()], lr=0.01)
    for _ in range(600):
        bits = torch.randint(2, (64, 8)).float()  # (B, T)
        y = bits.cumsum(dim=1) % 2  # (B, T), the parity so far
        z = head(model(bits[..., None])[0])[..., 0]  # (B, T)
        told = slice(None) if every_step else slice(-1, None)  # all steps, or the last alone
        error = F.binary_cross_entropy_with_logits(z[:, told], y[:, told])
        adam.zero_grad()
        error.backward()
        adam.step()
        right.append(((z > 0) == (y > 0))[:, -1].float().mean().item())
    return model, head, right


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Parity of eight bits, told after every one; measured is the last answer, on all 256 rows."""
    torch.default_generator.manual_seed(seed)
    model, head, _ = train()
    rows = torch.arange(256)[:, None] >> torch.arange(8) & 1  # (256, 8)
    answers = head(model(rows[..., None].float())[0][:, -1])[:, 0] > 0
    metric = (answers == rows.sum(dim=1) % 2).float().mean().item()

    bits = torch.randint(2, (24,))
    states = model(bits[None, :, None].float())[0][0].detach()  # (T, H)
    units = (head.weight[0] * states.std(dim=0)).abs().argsort()[-6:]
    return Result(metric, bits, states[:, units], head(states)[:, 0].sigmoid().detach())


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.4f}, bar {result.expected}, chance {result.chance}")
    edges, odd = torch.arange(25) + 0.5, result.bits.cumsum(dim=0) % 2
    figure, axes = plt.subplots(
        3, figsize=(6.6, 6), sharex=True, gridspec_kw={"height_ratios": (1, 3, 1.3)}
    )
    axes[0].stairs(result.bits, edges, fill=True, color="C3")
    axes[0].set(title="bits read", yticks=[])
    axes[1].pcolormesh(edges, torch.arange(7) + 0.5, result.states.T, vmin=-1, vmax=1)
    axes[1].set(title="state h, six of its units", yticks=[1, 6])
    axes[2].stairs(odd, edges, fill=True, color="C0", alpha=0.35)
    axes[2].plot(range(1, 25), result.odd, ".", color="C0")
    axes[2].axvline(8.5, linestyle="--", color="C2")
    axes[2].set(title="odd number of ones: true, and said", xlabel="step", yticks=[0, 1])

# --8<-- [end:picture]


# %%
# --8<-- [start:last-step-only]
if __name__ == "__main__":
    figure, axis = plt.subplots()
    for every_step, dashes in ((True, "-"), (False, "--")):
        torch.manual_seed(0)  # equal weights and rows
        right = torch.tensor(train(every_step)[2]).view(-1, 20).mean(dim=1)  # of 20 updates each
        told = "told at every step" if every_step else "told at the end"
        axis.plot(range(20, 601, 20), right, dashes, color=f"C{2 * (not every_step)}", label=told)
        print(f"{told}: {right[-1]:.4f} right in the last 20 updates")
    axis.set(xlabel="update", ylabel="right at the last step", ylim=(0.4, 1.03))
    axis.legend()

# --8<-- [end:last-step-only]
