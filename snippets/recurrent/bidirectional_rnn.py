"""Two recurrent layers of their own weights read a row from both ends; at each step their states
are put side by side, so that the pair knows what came before and what comes after.

Source: Schuster & Paliwal, "Bidirectional Recurrent Neural Networks", 1997, section II.
"""

# %% [markdown]
# # The bidirectional RNN
#
# For a row of $\ell$ real steps, with an arrow for the way each side reads:
#
# $$
# \begin{aligned}
# \overrightarrow{h}_t &= \tanh(\overrightarrow{W} x_t
#   + \overrightarrow{U}\, \overrightarrow{h}_{t-1} + \overrightarrow{b})
#   & t = 1, \dots, \ell \\
# \overleftarrow{h}_t &= \tanh(\overleftarrow{W} x_t
#   + \overleftarrow{U}\, \overleftarrow{h}_{t+1} + \overleftarrow{b})
#   & t = \ell, \dots, 1 \\
# \text{out}_t &= [\overrightarrow{h}_t ; \overleftarrow{h}_t]
# \end{aligned}
# $$
#
# Either side may as well be a GRU or an LSTM. Nothing here can speak before the whole row is read.

# %%
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


# --8<-- [start:model]
def read(layer: nn.RNNBase, x: Tensor, state: Any, lengths: Tensor) -> tuple[Tensor, Any]:
    """What a layer makes of x (B, T, D), 0 behind each length, and its last real state."""
    packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
    out, state = layer(packed, state)
    return pad_packed_sequence(out, batch_first=True, total_length=x.shape[1])[0], state


def backwards(x: Tensor, lengths: Tensor) -> Tensor:
    """Each row of x (B, T, …) from its last real step to its first; padding stays behind."""
    t, ends = torch.arange(x.shape[1], device=x.device), lengths.to(x.device)[:, None]
    at = torch.where(t < ends, ends - 1 - t, t)  # (B, T), twice gives each step its old place
    return x[torch.arange(len(x), device=x.device)[:, None], at]


class BidirectionalRNN(nn.Module):
    """Two layers, nn.RNN, nn.GRU or nn.LSTM, of one kind and one way each, read from both ends."""

    def __init__(self, ahead: nn.RNNBase, back: nn.RNNBase) -> None:
        super().__init__()
        self.ahead, self.back = ahead, back
        for side in (ahead, back):
            if side.bidirectional or side.num_layers > 1 or not side.batch_first:
                raise ValueError(f"expected one layer, one way, batch first, got {side}")
        if repr(ahead) != repr(back) or ahead.mode != back.mode:  # repr hides tanh or relu
            raise ValueError(f"expected two layers alike, got {ahead} and {back}")

    def forward(
        self, x: Tensor, state: Any = None, lengths: Tensor | None = None
    ) -> tuple[Tensor, Any]:
        """x (B, T, D) -> out (B, T, 2H), state (2, B, H), or a pair of them for an LSTM.

        Of row b the first lengths[b] steps are read, at least one. Beyond them `out` is 0, and each
        state is that of the last step its side has read. Raises ValueError for what does not fit.
        """
        D, B, T = self.ahead.input_size, *x.shape[:2]
        if x.dim() != 3 or x.shape[2] != D or not B * T:
            raise ValueError(f"expected x (B, T, {D}) with steps, got {tuple(x.shape)}")
        ends = torch.full((B,), T) if lengths is None else lengths
        if ends.shape != (B,) or ends.is_floating_point() or ((ends < 1) | (ends > T)).any():
            raise ValueError(f"expected {B} whole lengths from 1 to {T}, got {ends.tolist()}")
        first = [None, None]
        if isinstance(state, Tensor):
            first = list(state.split(1))  # 2 × (1, B, H)
        elif state is not None:
            first = list(zip(*(part.split(1) for part in state), strict=True))
        # --8<-- [start:step]
        out, last = read(self.ahead, x, first[0], ends)  # (B, T, H)
        mirrored = backwards(x, ends)  # (B, T, D)
        other, end = read(self.back, mirrored, first[1], ends)
        # Mirrored again, so that both sides speak of the same step.
        both = torch.cat([out, backwards(other, ends)], dim=2)
        # --8<-- [end:step]
        if isinstance(last, Tensor):
            return both, torch.cat([last, end])  # (B, T, 2H), (2, B, H)
        return both, tuple(torch.cat(pair) for pair in zip(last, end, strict=True))

    @torch.no_grad()
    def load_torch(self, twin: nn.RNNBase) -> None:
        """Copies the weights of a twin of the same kind and sizes, one layer read both ways."""
        alike = repr(twin) == repr(self.ahead)[:-1] + ", bidirectional=True)"
        if not alike or twin.mode != self.ahead.mode:
            raise ValueError(f"expected {self.ahead}, but bidirectional, got {twin}")
        for side, weights in zip((self.ahead, self.back), twin.all_weights, strict=True):
            for ours, theirs in zip(side.all_weights[0], weights, strict=True):
                ours.copy_(theirs)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
REACH = torch.arange(-4, 5)


@dataclass(frozen=True)
class Result:
    """How often the bit so many steps away is named right, by whom and by how many steps."""

    metric: float
    knows: Tensor  # (3, 9): from the state that reads ahead, the one that reads back, from both
    expected: float = 0.95
    chance: float = 0.5
    measure: str = "accuracy"


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """At each of twelve steps: which bits stand up to four steps before and behind? Three heads
    answer from what one side knows, the other, or both."""
    torch.default_generator.manual_seed(seed)
    model = BidirectionalRNN(*(nn.RNN(1, 16, batch_first=True) for _ in range(2)))
    heads = nn.ModuleList(nn.Linear(size, 9) for size in (16, 16, 32))
    adam = torch.optim.Adam([*model.parameters(), *heads.parameters()], lr=0.01)

    def answers(rows: int) -> tuple[Tensor, Tensor]:
        bits = torch.randint(2, (rows, 20))
        x, y = bits[:, 4:16, None] * 2.0 - 1, bits.unfold(1, 9, 1)  # (B, 12, 1), (B, 12, 9)
        out, _ = model(x)
        sides = (out[..., :16], out[..., 16:], out)
        return torch.stack([head(side) for head, side in zip(heads, sides, strict=True)]), y

    at = torch.arange(12)[:, None] + REACH  # (12, 9)
    real = (at >= 0) & (at < 12)  # what lies beyond the row nobody can know
    for _ in range(250):
        z, y = answers(32)  # (3, B, 12, 9)
        error = F.binary_cross_entropy_with_logits(
            z[:, :, real], y[:, real].float().expand(3, -1, -1)
        )
        adam.zero_grad()
        error.backward()
        adam.step()
    z, y = answers(500)
    right = ((z > 0) == (y > 0)) & real
    knows = right.sum(dim=(1, 2)) / (500 * real.sum(dim=0))  # (3, 9)
    return Result(knows[2].mean().item(), knows)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.4f}, bar {result.expected}, chance {result.chance}")
    figure, axes = plt.subplots(3, figsize=(6.6, 5.4), sharex=True, sharey=True)
    names = ["known to the state that reads ahead", "to the state that reads back", "to both"]
    for axis, name, right in zip(axes, names, result.knows, strict=True):
        axis.stairs(right, torch.arange(-4, 6) - 0.5, baseline=0.5, fill=True, color="C0")
        axis.set(title=name, ylim=(0.45, 1), yticks=[0.5, 1])
    axes[1].set_ylabel("accuracy")
    axes[2].set(xlabel="bit so many steps behind or ahead", xticks=range(-4, 5, 2))

# --8<-- [end:picture]
