"""At each step a gate decides between a word of the vocabulary and a word of the source, so that
words the model has never met can still be copied. The two are mixed into one distribution.

Source: See, Liu & Manning, "Get To The Point: Summarization with Pointer-Generator Networks", 2017,
section 2.2, equations 8 and 9.
"""

# %% [markdown]
# # Copying with a pointer
#
# At step $t$ attention has the weights $a^t$ and the context $h^*_t$; $s_t$ is the decoder's state,
# $x_t$ its input.
#
# $$
# \begin{aligned}
# p_{\text{gen}} &= \sigma(w_{h^*}^\top h^*_t + w_s^\top s_t + w_x^\top x_t + b_{\text{ptr}}) \\
# P(w) &= p_{\text{gen}} P_{\text{vocab}}(w)
#   + (1 - p_{\text{gen}}) \textstyle\sum_{i : w_i = w} a_i^t
# \end{aligned}
# $$
#
# Words of a row that the vocabulary lacks get numbers behind its end, for this row only; there
# $P_{\text{vocab}}$ is 0 and all probability comes from the source.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:step]
def pointer_copy(p_gen: Tensor, p_vocab: Tensor, a: Tensor, source: Tensor, extra: int) -> Tensor:
    """P (B, V + extra) of p_gen (B, 1), p_vocab (B, V), a (B, T).

    source (B, T): each word's number, from V on if it has no other.
    """
    longer = F.pad(p_gen * p_vocab, (0, extra))  # (B, V + extra)
    # A word that stands in the source twice gets both weights.
    return longer.scatter_add(1, source, (1 - p_gen) * a)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class PointerCopy(nn.Module):
    """One look at a source and one word: additive attention, the gate p_gen, the mixture."""

    def __init__(self, vocab: int, input_size: int, state_size: int, key_size: int) -> None:
        super().__init__()
        self.sizes = vocab, input_size, state_size, key_size
        if min(self.sizes) < 1:
            raise ValueError(f"expected sizes of at least 1, got {self.sizes}")
        self.W = nn.Linear(state_size, state_size)
        self.U = nn.Linear(key_size, state_size, bias=False)
        self.v = nn.Linear(state_size, 1, bias=False)
        self.predict = nn.Linear(state_size + key_size, vocab)
        self.gate = nn.Linear(key_size + state_size + input_size, 1)  # w_h*, w_s, w_x and b_ptr

    def forward(
        self, x: Tensor, s: Tensor, h: Tensor, source: Tensor, extra: int,
        mask: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
        """x (B, D), s (B, H), h (B, T, K), source (B, T) -> P (B, V + extra), a, p_gen (B, 1).

        mask (B, T), boolean, True = may be looked at. A row that may look at nothing is generated
        whatever its gate says, so that P sums to 1. Raises ValueError for what does not fit.
        """
        V, D, H, K = self.sizes
        expected = (len(x), D), (len(x), H), (*source.shape, K)
        found = tuple(x.shape), tuple(s.shape), tuple(h.shape)
        if found != expected or len(source) != len(x):
            raise ValueError(f"expected x, s and h {expected}, got {found}")
        if source.numel() and not 0 <= source.min() <= source.max() < V + extra:
            raise ValueError(f"expected words from 0 to {V + extra - 1}, got {source.tolist()}")
        mask = torch.ones_like(source, dtype=torch.bool) if mask is None else mask
        if mask.shape != source.shape or mask.dtype != torch.bool:
            found = f"{tuple(mask.shape)}, {mask.dtype}"
            raise ValueError(f"expected a boolean mask {tuple(source.shape)}, got {found}")
        e = self.v((self.W(s)[:, None] + self.U(h)).tanh())[..., 0]  # (B, T)
        a = e.masked_fill(~mask, torch.finfo(e.dtype).min).softmax(dim=1).masked_fill(~mask, 0)
        c = (a[:, None] @ h)[:, 0]  # (B, K), the paper's h*
        p_vocab = self.predict(torch.cat([s, c], dim=1)).softmax(dim=1)  # (B, V)
        p_gen = self.gate(torch.cat([c, s, x], dim=1)).sigmoid()  # (B, 1)
        p_gen = p_gen.masked_fill(~mask.any(dim=1, keepdim=True), 1)
        return pointer_copy(p_gen, p_vocab, a, source, extra), a, p_gen


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
V = 12  # words 1 to 11 are known, 0 stands for all others


class Rewriter(nn.Module):
    """Encoder both ways, decoder, pointer; it sees every unknown word as 0."""

    def __init__(self, H: int = 32) -> None:
        super().__init__()
        self.embed, self.start = nn.Embedding(V, H), nn.Parameter(torch.zeros(1, H))
        self.encoder = nn.GRU(H, H, batch_first=True, bidirectional=True)
        self.decoder, self.point = nn.GRUCell(H, H), PointerCopy(V, H, H, 2 * H)

    def forward(self, words: Tensor, y: Tensor | None = None) -> tuple[Tensor, ...]:
        """words (B, T), the teacher's y (B, T) -> P (B, T, V + T), weights, p_gen (B, T)."""
        h, ends = self.encoder(self.embed(words.where(words < V, 0)))  # (B, T, 2H)
        s, last, steps = ends[1], torch.zeros_like(words[:, 0]), []
        for i in range(words.shape[1]):
            x = self.embed(last.where(last < V, 0))  # (B, H)
            s = self.decoder(x, s)
            P, a, p_gen = self.point(x, s, h, words, extra=words.shape[1])
            steps.append((P, a, p_gen[:, 0]))
            last = P.argmax(dim=1) if y is None else y[:, i]
        return tuple(torch.stack(parts, dim=1) for parts in zip(*steps, strict=True))


def rewrite(B: int) -> tuple[Tensor, Tensor]:
    """Rows of six words, half of them unknown: known ones go one up, the others are copied."""
    words = torch.randint(1, V, (B, 6))
    words = torch.where(torch.rand(B, 6) < 0.5, words, V + torch.arange(6))
    return words, torch.where(words < V, words % (V - 1) + 1, words)


@dataclass(frozen=True)
class Result:
    """How many rows of six came out right; the rest is of one row, for the picture."""

    metric: float
    words: list[int]
    written: list[int]
    weights: Tensor  # (6, 6)
    p_gen: Tensor  # (6,)
    expected: float = 0.95
    chance: float = 1 / (V + 6) ** 6
    measure: str = "exact match"


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Learns when to write a word of its own and when to copy one that it cannot name."""
    torch.default_generator.manual_seed(seed)
    model = Rewriter()
    adam = torch.optim.Adam(model.parameters(), lr=0.02)
    falling = torch.optim.lr_scheduler.LinearLR(adam, 1, 0, 250)
    for _ in range(250):
        words, y = rewrite(64)
        P, _, _ = model(words, y)
        loss = -(P.gather(2, y[..., None]) + 1e-9).log().mean()
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1)
        adam.step()
        falling.step()
    words, y = rewrite(1000)
    P, a, p_gen = model(words)
    row = (words < V).diff(dim=1).sum(dim=1).argmax()  # where known and unknown ones alternate
    said = P.argmax(dim=2)  # (B, T)
    metric = (said == y).all(dim=1).double().mean().item()
    shown = words[row].tolist(), said[row].tolist(), a[row].detach(), p_gen[row].detach()
    return Result(metric, *shown)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance:.0e}")
    read, written = (
        [str(word) if word < V else "ABCDEF"[word - V] for word in words]
        for words in (result.words, result.written)
    )
    figure, (above, below) = plt.subplots(2, figsize=(6.6, 5), height_ratios=[1, 2], sharex=True)
    above.bar(torch.arange(6), result.p_gen, color="C1")
    above.set(title="p_gen: 1 writes its own, 0 copies", ylim=(0, 1))
    copied = (1 - result.p_gen[:, None]) * result.weights  # (6 written, 6 read)
    below.pcolormesh(torch.arange(6), torch.arange(6), copied.T, vmin=0, vmax=1)
    below.set(title="copied from", ylabel="word read", xlabel="word written")
    below.set_xticks(range(6), written)
    below.set_yticks(range(6), read)
    below.invert_yaxis()

# --8<-- [end:picture]
