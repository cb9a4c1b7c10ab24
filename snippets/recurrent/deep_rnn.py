"""Stack recurrent layers: each reads, step by step, the states of the one below. Layers may wait
for one another or take turns within a step; the states are the same.

Source: Graves, Mohamed & Hinton, "Speech Recognition with Deep Recurrent Neural Networks", 2013,
section 2.
"""

# %% [markdown]
# # The deep RNN
#
# With $h_t^{(0)} = x_t$, and for each layer $n$ weights of its own:
#
# $$
# h_t^{(n)} = \tanh(W^{(n)} h_t^{(n-1)} + U^{(n)} h_{t-1}^{(n)} + b^{(n)})
# $$
#
# A state has two neighbours that it waits for, the layer below and the step before, and nothing
# else. So one may finish a whole layer first, or all layers of one step, or go by diagonals: all
# states with the same $n + t$ can be computed at once.

# %%
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

Cells = Sequence[nn.RNNCell | nn.GRUCell]
Grid = list[list[Tensor]]  # of states, by step and layer


# --8<-- [start:step]
def by_step(cells: Cells, x: Tensor, h: Tensor) -> Grid:
    """All layers of a step, then the next step, as it must be
    where x (B, T, D) comes in one by one. From the first states
    h (layers, B, H): lists by step and layer of states (B, H)."""
    states, grid = list(h), []
    for x_t in x.unbind(dim=1):  # (B, D)
        for n, cell in enumerate(cells):
            x_t = states[n] = cell(x_t, states[n])  # (B, H)
        grid.append(list(states))
    return grid


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class DeepRNN(nn.Module):
    """Any nn.RNN, nn.GRU or nn.LSTM, one above the other, as nn.RNN(num_layers=…) stacks its own:
    all steps of a layer, then the next layer."""

    def __init__(self, *layers: nn.RNNBase) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        wide = None if not layers else layers[0].input_size
        for n, layer in enumerate(layers):
            if layer.num_layers > 1 or not layer.batch_first or layer.mode != layers[0].mode:
                raise ValueError(f"expected layers of one kind, batch first, got {layer} at {n}")
            if layer.input_size != wide:
                raise ValueError(f"expected {wide} inputs of layer {n}, got {layer.input_size}")
            wide = layer.hidden_size * (1 + layer.bidirectional)
        if not layers:
            raise ValueError("expected at least one layer, got none")

    def forward(
        self, x: Tensor, state: Sequence[Any] | None = None, lengths: Tensor | None = None
    ) -> tuple[Tensor, list[Any]]:
        """x (B, T, D) -> the states of the top layer (B, T, H), and the last state of every layer.

        `state` holds one for each layer, as that layer takes it. Of row b the first lengths[b]
        steps are read, at least one, and `out` is 0 beyond. Raises ValueError for what is unfit.
        """
        D, B, T = self.layers[0].input_size, *x.shape[:2]
        if x.dim() != 3 or x.shape[2] != D or not B * T:
            raise ValueError(f"expected x (B, T, {D}) with steps, got {tuple(x.shape)}")
        ends = torch.full((B,), T) if lengths is None else lengths.cpu()
        if ends.shape != (B,) or ends.is_floating_point() or ((ends < 1) | (ends > T)).any():
            raise ValueError(f"expected {B} whole lengths from 1 to {T}, got {ends.tolist()}")
        first = [None] * len(self.layers) if state is None else state
        if len(first) != len(self.layers):
            raise ValueError(f"expected {len(self.layers)} states, got {len(first)}")
        rows, last = pack_padded_sequence(x, ends, batch_first=True, enforce_sorted=False), []
        for layer, h in zip(self.layers, first, strict=True):
            rows, h = layer(rows, h)  # of each layer the rows are the states of the one below
            last.append(h)
        out, _ = pad_packed_sequence(rows, batch_first=True, total_length=T)  # (B, T, H)
        return out, last

    @torch.no_grad()
    def load_torch(self, twin: nn.RNNBase) -> None:
        """Copies the weights of a twin, which has all layers in one."""
        ours = [weights for layer in self.layers for weights in layer.all_weights]
        theirs = twin.all_weights
        fits = [[w.shape for w in ws] for ws in ours] == [[w.shape for w in ws] for ws in theirs]
        if not fits or twin.mode != self.layers[0].mode:
            raise ValueError(f"expected layers as in {self.layers}, got {twin}")
        for mine, other in zip(ours, theirs, strict=True):
            for weight, copied in zip(mine, other, strict=True):
                weight.copy_(copied)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How much of the error of one state reaches each state of four layers and ten steps."""

    reach: Tensor  # (layers, T), from the bottom layer up; 1 where it starts
    layer: int = 3
    step: int = 8


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Layers that have not learnt yet read noise; an error of length 1 at layer 3, step 8."""
    torch.default_generator.manual_seed(seed)
    cells = [nn.RNNCell(32, 32) for _ in range(4)]
    for cell in cells:  # matrices that keep lengths, so that what fades is lost in tanh
        nn.init.orthogonal_(cell.weight_ih)
        nn.init.orthogonal_(cell.weight_hh)
    grid = by_step(cells, torch.randn(16, 10, 32) / 2, torch.zeros(4, 16, 32))
    states = [h for step in grid for h in step]
    error = nn.functional.normalize(torch.randn(16, 32))  # (B, H)
    at = (grid[Result.step - 1][Result.layer - 1] * error).sum()
    back = torch.autograd.grad(at, states, materialize_grads=True)
    reach = torch.stack([g.norm(dim=1).mean() for g in back])  # (T · layers,)
    return Result(reach.view(10, 4).T)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    flow = demo()
    print("by layer, at step 1:", " ".join(f"{share:.2f}" for share in flow.reach[:, 0]))
    figure, axis = plt.subplots(figsize=(6.6, 3.6))
    steps, layers = torch.arange(11) + 0.5, torch.arange(5) + 0.5
    axis.pcolormesh(steps, layers, flow.reach, vmin=0, vmax=1, edgecolors="C3")
    axis.set(xlabel="step", ylabel="layer", xticks=[1, 4, 8], yticks=range(1, 5))
    axis.set_title(f"an error at layer {flow.layer}, step {flow.step}, going back")

# --8<-- [end:picture]
