"""Instead of squeezing the source into one vector, the decoder looks back at every encoder state
before each letter that it writes; a small network scores how well each of them fits.

Source: Bahdanau, Cho & Bengio, "Neural Machine Translation by Jointly Learning to Align and
Translate", 2014 (ICLR 2015), section 3.1 and appendix A.1.2.
"""

# %% [markdown]
# # Additive attention
#
# Before step $i$ the decoder is in the state $s_{i-1}$; $h_1 \dots h_T$ are the encoder's states.
# Paper's names in brackets:
#
# $$
# \begin{aligned}
# e_{ij} &= v^\top \tanh(W s_{i-1} + U h_j) & \text{how well } h_j \text{ fits (alignment model)} \\
# \alpha_{ij} &= \exp(e_{ij}) \big/ \textstyle\sum_k \exp(e_{ik}) & \text{weights that sum to 1} \\
# c_i &= \textstyle\sum_j \alpha_{ij} h_j & \text{the context} \\
# s_i &= f(s_{i-1}, y_{i-1}, c_i) & \text{the decoder's next state}
# \end{aligned}
# $$
#
# $U h_j$ does not depend on $i$, so it is computed once for all steps.

# %%
import datetime
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


# --8<-- [start:step]
def additive_attention(
    Ws: Tensor, Uh: Tensor, v: Tensor, h: Tensor,
    mask: Tensor | None = None,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """One look at h (B, T, M): c (B, M) and the weights (B, T).

    Ws (B, H) and Uh (B, T, H) are s and h made comparable,
    v (H,) scores. mask (B, T), boolean: True = may be looked at.
    A row that may look at nothing has weights and context of 0.
    """
    if mask is None:
        mask = torch.ones_like(h[..., 0], dtype=torch.bool)
    e = (Ws[:, None] + Uh).tanh() @ v  # (B, T, H) -> (B, T)
    lowest = torch.finfo(e.dtype).min  # -1e9 overflows float16
    a = e.masked_fill(~mask, lowest).softmax(dim=-1)  # (B, T)
    a = a.masked_fill(~mask, 0)
    return (a[:, None] @ h)[:, 0], a  # (B, 1, T) @ (B, T, M)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class BahdanauAttention(nn.Module):
    """W, U and v, for states s of query_size and h of key_size, compared in hidden_size numbers."""

    def __init__(self, query_size: int, key_size: int, hidden_size: int) -> None:
        super().__init__()
        self.sizes = query_size, key_size, hidden_size
        if min(self.sizes) < 1:
            raise ValueError(f"expected sizes of at least 1, got {self.sizes}")
        self.W = nn.Linear(query_size, hidden_size, bias=False)
        self.U = nn.Linear(key_size, hidden_size, bias=False)
        self.v = nn.Parameter(torch.empty(hidden_size).uniform_(-1, 1) / hidden_size**0.5)

    def forward(
        self, s: Tensor, h: Tensor, mask: Tensor | None = None, Uh: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """s (B, query_size), h (B, T, key_size), mask (B, T) -> c (B, key_size), weights (B, T).

        Whoever looks at the same h at every step gives Uh = attention.U(h), computed once.
        Raises ValueError for whatever does not fit.
        """
        query, key, H = self.sizes
        if h.dim() != 3 or h.shape[2] != key:
            raise ValueError(f"expected h (B, T, {key}), got {tuple(h.shape)}")
        B, T, _ = h.shape
        if s.shape != (B, query):
            raise ValueError(f"expected s ({B}, {query}), got {tuple(s.shape)}")
        if mask is not None and (mask.shape, mask.dtype) != ((B, T), torch.bool):
            raise ValueError(
                f"expected a boolean mask ({B}, {T}), got {tuple(mask.shape)}, {mask.dtype}"
            )
        Uh = self.U(h) if Uh is None else Uh  # (B, T, H)
        if Uh.shape != (B, T, H):
            raise ValueError(f"expected Uh ({B}, {T}, {H}), got {tuple(Uh.shape)}")
        return additive_attention(self.W(s), Uh, self.v, h, mask)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
class Translator(nn.Module):
    """Encoder both ways, attention, decoder; letters are ASCII codes, 0 is padding."""

    def __init__(self, H: int = 32) -> None:
        super().__init__()
        self.embed, self.predict = nn.Embedding(128, H), nn.Linear(3 * H, 128)
        self.encoder = nn.GRU(H, H, batch_first=True, bidirectional=True)
        self.start, self.decoder = nn.Linear(H, H), nn.GRUCell(3 * H, H)
        self.attention = BahdanauAttention(H, 2 * H, H)

    def forward(self, x: Tensor, y: Tensor | None = None, once: bool = False) -> tuple[Tensor, ...]:
        """x (B, T), the teacher's y (B, 10) -> scores (B, 10, 128), weights (B, 10, T)."""
        mask, scores, weights, last = x != 0, [], [], torch.full_like(x[:, 0], ord("="))
        packed = pack_padded_sequence(self.embed(x), mask.sum(dim=1), True, enforce_sorted=False)
        h, ends = self.encoder(packed)
        h, _ = pad_packed_sequence(h, batch_first=True, total_length=x.shape[1])  # (B, T, 2H)
        s, Uh = self.start(ends[1]).tanh(), self.attention.U(h)  # ends[1] is at the first letter
        for i in range(10):
            if i == 0 or not once:
                c, a = self.attention(s, h, mask, Uh)  # (B, 2H), (B, T)
            s = self.decoder(torch.cat([self.embed(last), c], dim=1), s)  # (B, H)
            scores.append(self.predict(torch.cat([s, c], dim=1)))  # (B, 128)
            weights.append(a)
            last = scores[-1].argmax(dim=1) if y is None else y[:, i]
        return torch.stack(scores, dim=1), torch.stack(weights, dim=1)


MONTHS = "January February March April May June July August September October November December"


def dates(held_out: bool, n: int) -> tuple[Tensor, Tensor]:
    """x (n, 18), days in words, 0 behind their end, and y (n, 10), the same days as ISO has it."""
    days, x, y = torch.randint(7300, (n,)) * 4, "", ""  # of eighty years, every fourth is held out
    days += datetime.date(1950, 1, 1).toordinal() + (0 if held_out else torch.randint(1, 4, (n,)))
    for number, form in zip(days.tolist(), torch.randint(3, (n,)).tolist(), strict=True):
        day = datetime.date.fromordinal(number)
        month = MONTHS.split()[day.month - 1]
        forms = f"{day.day} {month} ", f"{month} {day.day}, ", f"{month[:3]} {day.day}, "
        x, y = x + f"{forms[form]}{day.year}".ljust(18, "\0"), y + day.isoformat()
    return tuple(torch.tensor(list(text.encode())).view(n, -1) for text in (x, y))


@dataclass(frozen=True)
class Result:
    """How many days came out right in all ten letters; the rest is for the pictures."""

    metric: float
    losses: list[float]
    weights: Tensor  # (10, T), of one date
    expected: float = 0.95
    chance: float = 1 / 29200  # one day of eighty years
    measure: str = "exact match"


def train(once: bool = False) -> tuple[Translator, list[float], float]:
    """A model, the loss of each update, and how many of 1000 other days it writes correctly."""
    model, losses, (x, y) = Translator(), [], dates(False, 6000)
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for rows in torch.randint(6000, (220, 64)):
        scores, _ = model(x[rows], y[rows], once)
        loss = nn.functional.cross_entropy(scores.transpose(1, 2), y[rows])
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1)
        adam.step()
        losses.append(loss.item())
    x, y = dates(True, 1000)
    right = (model(x, once=once)[0].argmax(dim=2) == y).all(dim=1)  # no teacher
    return model, losses, right.double().mean().item()


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Learns to write "3 March 1998" or "Mar 3, 1998" as 1998-03-03; asked for are other days."""
    torch.default_generator.manual_seed(seed)
    model, losses, metric = train()
    _, weights = model(torch.tensor([list(b"3 March 1998")]))
    return Result(metric, losses, weights[0].detach())


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance:.5f}")
    figure, axis = plt.subplots(figsize=(6.6, 5.4))
    axis.pcolormesh(result.weights)
    axis.set_xticks(torch.arange(12) + 0.5, list("3 March 1998"))
    axis.set_yticks(torch.arange(10) + 0.5, list("1998-03-03"))
    axis.set(xlabel="letters read", ylabel="letters written")
    axis.invert_yaxis()

# --8<-- [end:picture]


# %%
# --8<-- [start:look-once]
if __name__ == "__main__":
    torch.manual_seed(0)
    _, losses, metric = train(once=True)  # one context for all ten letters
    figure, axis = plt.subplots()
    axis.plot(range(0, 220, 5), result.losses[::5], color="C0", label="looks at every step")
    axis.plot(range(0, 220, 5), losses[::5], "--", color="C2", label="looks once")
    axis.set(xlabel="update", ylabel="nats per letter", yscale="log")
    axis.legend()
    print(f"exact match, looking at every step {result.metric:.3f}, looking once {metric:.3f}")

# --8<-- [end:look-once]
