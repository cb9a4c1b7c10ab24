"""Four decoders that differ only in what they are given at each step: the summary of the source,
the last symbol written, both of them, or the last symbol and a summary made anew: attention.

Source: feedback in Sutskever, Vinyals & Le, 2014, section 2; both in Cho et al., 2014, section 2.2;
attention in Bahdanau, Cho & Bengio, "Neural Machine Translation by Jointly Learning to Align and
Translate", 2015, section 3.1. Basic is what is left of Cho's without the last symbol.
"""

# %% [markdown]
# # Four ways to feed a decoder
#
# The encoder leaves a state $h_j$ for each symbol read, and its last, the context $c$, is where
# every decoder starts: $s_0 = c$. With $q = W s_{t-1}$ for a question to the source,
#
# $$
# \begin{aligned}
# s_t &= \text{GRU}(c, \; 0, \; s_{t-1}) & \text{basic} \\
# s_t &= \text{GRU}(0, \; y_{t-1}, \; s_{t-1}) & \text{feedback} \\
# s_t &= \text{GRU}(c, \; y_{t-1}, \; s_{t-1}) & \text{peeky} \\
# s_t &= \text{GRU}(c_t, \; y_{t-1}, \; s_{t-1}), \quad c_t = \textstyle\sum_j a_j h_j, \quad
# a = \text{softmax}_j(q \cdot h_j) & \text{attention}
# \end{aligned}
# $$
#
# What a decoder is not given is zero, so that all four have the same weights.

# %%
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

END = 0  # stands before and behind a target and fills up short rows; symbols are 1, 2, …
WIRINGS = ("basic", "feedback", "peeky", "attention")


class Memory(NamedTuple):
    """The decoder's own state and what the encoder left it."""

    s: Tensor  # (B, H)
    c: Tensor  # (B, H): the encoder's last state
    h: Tensor  # (B, S, H): all its states
    real: Tensor  # (B, S): True where there is a symbol, which may be looked at


def attend(q: Tensor, h: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
    """q (B, H) -> the mean of h (B, S, H) by likeness, (B, H), and the shares (B, S)."""
    scores = (h @ q[..., None])[..., 0]  # (B, S)
    a = scores.masked_fill(~real, torch.finfo(scores.dtype).min).softmax(-1).masked_fill(~real, 0)
    return (a[:, None] @ h)[:, 0], a


# %%
# --8<-- [start:model]
class FourDecoders(nn.Module):
    """One of the four by its name; tokens are END and 1 to `symbols`."""

    def __init__(self, wiring: str, symbols: int, width: int, hidden: int) -> None:
        super().__init__()
        if wiring not in WIRINGS:
            raise ValueError(f"expected one of {WIRINGS}, got {wiring!r}")
        self.wiring = wiring
        self.embed_source, self.embed_target = (nn.Embedding(symbols + 1, width) for _ in "xy")
        self.encoder = nn.GRU(width, hidden, batch_first=True)
        self.decoder = nn.GRUCell(hidden + width, hidden)
        self.query = nn.Linear(hidden, hidden, bias=False)
        self.head = nn.Linear(hidden, symbols + 1)

    def encode(self, source: Tensor) -> Memory:
        """source (B, S), END behind the symbols -> where the decoder starts."""
        if source.dim() != 2 or ((source[:, :-1] == END) & (source[:, 1:] != END)).any():
            raise ValueError(f"expected tokens (B, S), END last, got {source.tolist()}")
        source = F.pad(source, (0, 1), value=END)  # GRUs of torch refuse to read nothing at all
        h, _ = self.encoder(self.embed_source(source))  # (B, S, H), one more S
        real = source != END  # (B, S)
        c = F.pad(h, (0, 0, 1, 0))[torch.arange(len(h)), real.sum(dim=1)]  # (B, H), 0 of no symbol
        return Memory(c, c, h, real)

    # --8<-- [start:step]
    def step(self, state: Memory, token: Tensor) -> tuple[Tensor, Memory]:
        """The last token (B,) -> log p of the next (B, V), state."""
        s, c, h, real = state
        if len(token) != len(s):
            raise ValueError(f"expected {len(s)} tokens, got {len(token)}")
        y = self.embed_target(token)  # (B, D)
        if self.wiring == "basic":
            y = torch.zeros_like(y)
        elif self.wiring == "feedback":
            c = torch.zeros_like(c)
        elif self.wiring == "attention":
            c, _ = attend(self.query(s), h, real)  # (B, H), a new one
        s = self.decoder(torch.cat([c, y], dim=1), s)  # (B, H)
        return self.head(s).log_softmax(dim=-1), state._replace(s=s)

    # --8<-- [end:step]

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Teacher forcing: log p of each symbol of target (B, T) after the true ones, (B, T, V)."""
        state, log_p = self.encode(source), []
        for token in F.pad(target, (1, 0), value=END).unbind(dim=1):
            log, state = self.step(state, token)
            log_p.append(log)
        return torch.stack(log_p, dim=1)[:, :-1]


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How many symbols the decoder with attention got right, and how all four came to theirs."""

    metric: float
    curves: dict[str, list[float]]  # after every 15 updates
    expected: float = 0.75
    chance: float = 1 / 8
    measure: str = "accuracy"


def reversing(count: int) -> tuple[Tensor, Tensor]:
    """Eight symbols out of eight, (B, 8), and the same backwards."""
    source = torch.randint(1, 9, (count, 8))
    return source, source.flip(1)


@torch.no_grad()
def write(model: FourDecoders, source: Tensor, longest: int) -> Tensor:
    """What the model says by itself, the likeliest at each step: (B, longest)."""
    state, said = model.encode(source), [source.new_zeros(len(source))]
    for _ in range(longest):
        log_p, state = model.step(state, said[-1])
        said.append(log_p.argmax(dim=-1))
    return torch.stack(said[1:], dim=1)


def either(count: int) -> tuple[Tensor, Tensor]:
    """Three symbols, (B, 3), and the same backwards or forwards, as a coin falls."""
    source = torch.randint(1, 9, (count, 3))
    return source, source.where(torch.rand(count, 1) < 0.5, source.flip(1))


def train(
    wiring: str, rows: Callable[[int], tuple[Tensor, Tensor]] = reversing
) -> tuple[FourDecoders, list[float]]:
    """A model and the share of symbols it got right, writing by itself, every 15 updates."""
    model, scores = FourDecoders(wiring, 8, width=16, hidden=32), []
    adam = torch.optim.Adam(model.parameters(), lr=0.02)
    for update in range(1, 151):
        source, target = rows(32)
        adam.param_groups[0]["lr"] = 0.02 * (1 - update / 151)
        adam.zero_grad()
        F.nll_loss(model(source, target).flatten(0, 1), target.flatten()).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1)
        adam.step()
        if update % 15 == 0:
            source, target = rows(250)
            scores.append((write(model, source, target.shape[1]) == target).float().mean().item())
    return model, scores


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """All four from the same weights and with the same rows, said backwards."""
    curves = {}
    for wiring in WIRINGS:
        torch.default_generator.manual_seed(seed)
        _, curves[wiring] = train(wiring)
    return Result(curves["attention"][-1], curves)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance}")
    figure, axis = plt.subplots()
    for name, style in zip(WIRINGS, ("C3:", "C2--", "C2-.", "C0-"), strict=True):
        axis.plot(range(15, 151, 15), result.curves[name], style, label=name)
        print(f"{name}: {result.curves[name][-1]:.2f}")
    axis.set(xlabel="update", ylabel="symbols right", ylim=(0, 1))
    axis.legend()
# --8<-- [end:picture]


# %%
# --8<-- [start:either-way]
if __name__ == "__main__":
    figure, axis = plt.subplots(figsize=(6.6, 3))
    for place, wiring in enumerate(("basic", "feedback")):
        torch.manual_seed(0)
        model, _ = train(wiring, either)
        source, _ = either(1000)
        said = write(model, source, 3)  # (B, 3)
        one = ((said == source) | (said == source.flip(1))).all(dim=1).float().mean().item()
        whole = ((said == source).all(1) | (said == source.flip(1)).all(1)).float().mean().item()
        axis.barh([place - 0.2, place + 0.2], [whole, one], 0.35, color=["C0", "C3"])
        print(f"{wiring}: {one:.2f} without a wrong symbol, {whole:.2f} in one direction")
    axis.set(yticks=[0, 1], yticklabels=["basic", "feedback"], xlabel="share of answers")
# --8<-- [end:either-way]
