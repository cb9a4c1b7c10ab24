"""One LSTM reads a sequence to its end, and another, started from the state it left, writes one of
another length. In training each step is given the true symbol before it: teacher forcing.

Source: Sutskever, Vinyals & Le, "Sequence to Sequence Learning with Neural Networks", 2014,
section 2; the pair of networks also in Cho et al., "Learning Phrase Representations using RNN
Encoder–Decoder", 2014, section 2.2.
"""

# %% [markdown]
# # An encoder and a decoder
#
# The context $v$ is all that the decoder ever learns of the source $x$. Each symbol $y_t$ is
# predicted from $v$ and the symbols before it; END stands at both ends, as $y_0$ and $y_{T'+1}$:
#
# $$
# \begin{aligned}
# v &= \text{LSTM}_\text{enc}(x_1, \dots, x_T) & \text{its last state} \\
# s_0 &= v, \qquad s_t = \text{LSTM}_\text{dec}(y_{t-1}, s_{t-1}) \\
# p(y_t \mid x, y_1, \dots, y_{t-1}) &= \text{softmax}(O s_t) \\
# p(y \mid x) &= \prod_{t=1}^{T'+1} p(y_t \mid x, y_1, \dots, y_{t-1})
# \end{aligned}
# $$

# %%
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

END = 0  # stands before and behind a target and fills up short rows; symbols are 1, 2, …
State = tuple[Tensor, Tensor]


# --8<-- [start:lstm]
class LSTM(nn.Module):
    """One layer of nn.LSTM(batch_first=True), that hands out every state on the way."""

    def __init__(self, D: int, H: int) -> None:
        super().__init__()
        self.W = nn.Parameter(torch.empty(4 * H, D).uniform_(-1, 1) / D**0.5)
        self.U = nn.Parameter(torch.empty(4 * H, H).uniform_(-1, 1) / H**0.5)
        self.b = nn.Parameter(torch.tensor([0.0, 1.0, 0.0, 0.0]).repeat_interleave(H))  # f is open

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """x (B, T, D), first h and c (B, H) -> all h and c, the first included, (B, T+1, H)."""
        shape, states = (len(x), self.U.shape[1]), [(h, c)]
        if not h.shape == c.shape == shape:
            raise ValueError(f"expected h and c {shape}, got {tuple(h.shape)}, {tuple(c.shape)}")
        for wx_t in (x @ self.W.T + self.b).unbind(1):
            i, f, g, o = (wx_t + h @ self.U.T).chunk(4, dim=1)  # 4 × (B, H)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()  # (B, H)
            h = o.sigmoid() * c.tanh()  # (B, H)
            states.append((h, c))
        return tuple(torch.stack(each, dim=1) for each in zip(*states, strict=True))


# --8<-- [end:lstm]


# %%
# --8<-- [start:model]
class Seq2Seq(nn.Module):
    """Two LSTMs that share nothing but the context; tokens are END and 1 to `symbols`."""

    def __init__(self, symbols: int, width: int, hidden: int) -> None:
        super().__init__()
        if min(symbols, width, hidden) < 1:
            raise ValueError(f"expected sizes of at least 1, got {symbols, width, hidden}")
        self.embed_source, self.embed_target = (nn.Embedding(symbols + 1, width) for _ in "xy")
        self.encoder, self.decoder = LSTM(width, hidden), LSTM(width, hidden)
        self.head = nn.Linear(hidden, symbols + 1)

    def checked(self, tokens: Tensor) -> Tensor:
        """The same tokens (B, T), if they are whole numbers within reach and END comes last."""
        V, whole = self.head.out_features, tokens.dim() == 2 and not tokens.is_floating_point()
        if not whole or {*tokens.flatten().tolist()} - {*range(V)}:
            raise ValueError(f"expected whole tokens (B, T) below {V}, got {tokens.tolist()}")
        if ((tokens[:, :-1] == END) & (tokens[:, 1:] != END)).any():
            raise ValueError(f"expected END behind the last symbol only, got {tokens.tolist()}")
        return tokens

    # --8<-- [start:step]
    def encode(self, source: Tensor) -> State:
        """source (B, S) -> the context, h and c (B, H) each."""
        x = self.embed_source(self.checked(source))  # (B, S, D)
        zeros = x.new_zeros(len(x), self.encoder.U.shape[1])
        hs, cs = self.encoder(x, zeros, zeros)  # 2 × (B, S+1, H)
        at = torch.arange(len(x)), (source != END).sum(dim=1)
        return hs[at], cs[at]

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Teacher forcing: log p of every symbol of the target, given
        the source and the true symbols before it, (B, T, V)."""
        given = F.pad(self.checked(target), (1, 0), value=END)[:, :-1]
        y = self.embed_target(given)  # (B, T, D)
        hs, _ = self.decoder(y, *self.encode(source))  # (B, T+1, H)
        return self.head(hs[:, 1:]).log_softmax(dim=-1)  # (B, T, V)

    def step(self, state: State, token: Tensor) -> tuple[Tensor, State]:
        """The last token (B,) -> log p of the next (B, V), state."""
        y = self.embed_target(token[:, None])  # (B, 1, D)
        h, c = (each[:, 1] for each in self.decoder(y, *state))
        return self.head(h).log_softmax(dim=-1), (h, c)  # (B, V)

    # --8<-- [end:step]


# --8<-- [start:greedy]
Step = Callable[[Any, Tensor], tuple[Tensor, Any]]  # (state, token) -> log p, state


@torch.no_grad()
def greedy_decode(step: Step, state: Any, token: Tensor, longest: int) -> Tensor:
    """After `token` (B,) always the likeliest next one: (B, longest).

    A row that has said END says nothing else; when all have, no more
    steps are taken."""
    said, running = [token], torch.ones_like(token, dtype=torch.bool)
    while running.any() and len(said) <= longest:
        log_p, state = step(state, said[-1])  # (B, V)
        said.append(log_p.argmax(dim=-1).where(running, END))  # (B,)
        running = running & (said[-1] != END)
    return F.pad(torch.stack(said, 1), (-1, longest + 1 - len(said)), value=END)


# --8<-- [end:greedy]
# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How many rows came out entirely right, and for the picture the contexts of some."""

    metric: float
    contexts: Tensor  # (N, 2): h of each, along the two directions in which they differ most
    sources: Tensor  # (N, 6)
    expected: float = 0.95
    chance: float = 8.0**-6  # six symbols out of eight
    measure: str = "exact match"


def rows(count: int, shortest: int = 3) -> tuple[Tensor, Tensor]:
    """Up to six symbols out of eight, (B, 6), and the same backwards with an END, (B, 7)."""
    t, lengths = torch.arange(7), torch.randint(shortest, 7, (count, 1))
    source = torch.randint(1, 9, (count, 7)).where(t < lengths, END)  # (B, 7)
    return source[:, :6], source.gather(1, (lengths - 1 - t) % 7)  # behind the first is an END


def decode(model: Seq2Seq, source: Tensor) -> Tensor:
    """What it makes of sources (B, 6) by itself: (B, 7)."""
    return greedy_decode(model.step, model.encode(source), source.new_zeros(len(source)), 7)


def train(updates: int, forced: bool = True) -> tuple[Seq2Seq, list[float]]:
    """A model, and what share of full rows it reversed without a mistake, every ten updates."""
    model, scores = Seq2Seq(8, width=16, hidden=64), []
    adam = torch.optim.Adam(model.parameters(), lr=0.02)
    for update in range(updates):
        source, target = rows(64)
        log_p = model(source, target if forced else decode(model, source))  # (B, 7, 9)
        counts = F.pad(target != END, (1, -1), value=True)  # the first END counts, filling does not
        adam.param_groups[0]["lr"] = 0.02 * (1 - update / updates)
        adam.zero_grad()
        F.nll_loss(log_p[counts], target[counts]).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1)
        adam.step()
        if update % 10 == 9:
            source, target = rows(250, shortest=6)
            scores.append((decode(model, source) == target).all(dim=1).float().mean().item())
    return model, scores


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Reverse six symbols, as a row of its own length that ends with END."""
    torch.default_generator.manual_seed(seed)
    model, _ = train(300)
    source, target = rows(1000, shortest=6)
    metric = (decode(model, source) == target).all(dim=1).float().mean().item()
    h = model.encode(source[:80])[0].detach()  # (N, H)
    return Result(metric, h @ torch.pca_lowrank(h)[2][:, :2], source[:80])


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance:.7f}")
    figure, axes = plt.subplots(2, figsize=(6.6, 8))
    for axis, place, hue in zip(axes, ("last", "first"), ("C0", "C3"), strict=True):
        axis.set(title=f"letter: the {place} symbol read", xticks=[], yticks=[])
        axis.plot(*result.contexts.T, " ")
        for (x, y), source in zip(result.contexts, result.sources, strict=True):
            axis.text(x, y, "-abcdefgh"[source[-(place == "last")]], color=hue)
# --8<-- [end:picture]


# %%
# --8<-- [start:teacher-forcing]
if __name__ == "__main__":
    figure, axis = plt.subplots()
    for forced, name, style in ((True, "the true symbol", "C0-"), (False, "its own", "C2--")):
        torch.manual_seed(0)
        _, scores = train(150, forced)
        axis.plot(range(10, 151, 10), scores, style, label=name)
        print(f"given {name}: {scores[4]:.2f} after 50 updates, {scores[-1]:.2f} after 150")
    axis.set(xlabel="update", ylabel="exact match")
    axis.legend(title="given before each step")
# --8<-- [end:teacher-forcing]
