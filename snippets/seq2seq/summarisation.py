"""A summary that only copies: an encoder reads the text, and a decoder points, by attention, at one
word of it after another. Where it points is what it writes, until it points at the end.

Source: Vinyals, Fortunato & Jaitly, "Pointer Networks", 2015, section 2.3, as the pure form of the
copying in See, Liu & Manning, "Get To The Point", 2017.
"""

# %% [markdown]
# # Summarise by pointing
#
# Of a text $x_1, \dots, x_T$ the encoder makes states $e_1, \dots, e_T$, a GRU each way. At its
# step $n$ the decoder, with state $d_n$, asks which of them comes next:
#
# $$
# \begin{aligned}
# d_n &= \mathrm{GRU}(c_{n-1}, d_{n-1}) \\
# \alpha_n &= \mathrm{softmax}_t\big(d_n^\top e_t / \sqrt{D}\big) & \text{where it points} \\
# c_n &= \textstyle\sum_t \alpha_{n,t}\, e_t & \text{what it saw there}
# \end{aligned}
# $$
#
# $\alpha_n$ is itself the answer: the chance that the $n$-th word of the summary is $x_t$.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn


# --8<-- [start:step]
def attend(d: Tensor, e: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """What it saw (B, D) and the weights (B, T), from d (B, D) and e (B, T, D)."""
    # mask (B, T): True = may be pointed at
    scores = (e @ d[:, :, None])[..., 0] / e.shape[2] ** 0.5  # (B, T)
    scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    weights = scores.softmax(dim=-1).masked_fill(~mask, 0)  # (B, T)
    return (weights[:, None] @ e)[:, 0], weights


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class Summarisation(nn.Module):
    """Encoder, pointer, decoder. All texts of a batch are of one length."""

    def __init__(self, words: int, size: int) -> None:
        super().__init__()
        if words < 1 or size < 2 or size % 2:
            raise ValueError(f"expected words and an even size, got {words}, {size}")
        self.words, self.table = words, nn.Embedding(words, size)
        self.marks = nn.Embedding(2, size)
        self.encoder = nn.GRU(size, size // 2, bidirectional=True, batch_first=True)
        self.decoder = nn.GRUCell(size, size)

    def forward(self, x: Tensor, marked: Tensor, steps: int) -> Tensor:
        """x (B, T), whole numbers, and marked (B, T), boolean -> weights (B, steps, T)."""
        if x.dim() != 2 or x.shape != marked.shape or marked.dtype != torch.bool:
            got = f"{tuple(x.shape)}, {tuple(marked.shape)} {marked.dtype}"
            raise ValueError(f"expected x (B, T) and boolean marks of that shape, got {got}")
        if ((x < 0) | (x >= self.words)).any():
            raise ValueError(f"expected words below {self.words}, got {x.tolist()}")
        e, _ = self.encoder(self.table(x) + self.marks(marked.long()))  # (B, T, D)
        d = c = e.new_zeros(len(x), e.shape[2])  # (B, D)
        weights = [e.new_zeros(len(x), 0, x.shape[1])]
        for _ in range(steps):
            d = self.decoder(c, d)  # (B, D)
            c, here = attend(d, e, torch.ones_like(marked))  # (B, D), (B, T)
            weights.append(here[:, None])
        return torch.cat(weights, dim=1)  # (B, steps, T)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
WORDS = "end the a cat dog bird sat ran flew on over under mat house tree and then soon here now"


@dataclass(frozen=True)
class Result:
    """The share of new texts whose whole summary is right; the rest is for the picture."""

    metric: float
    text: list[str]
    marked: Tensor  # (T,)
    weights: Tensor  # (5, T): where each step of the summary pointed
    expected: float = 0.95
    chance: float = 13**-5  # five places, each one of thirteen
    measure: str = "exact match"


def texts(rows: int) -> tuple[Tensor, Tensor, Tensor]:
    """x (B, 13), twelve words and the end; marked (B, 13), up to four and the end; where (B, 5)."""
    end = torch.zeros(rows, 1, dtype=torch.long)
    x = torch.cat([torch.randint(1, 20, (rows, 12)), end], dim=1)  # (B, 13)
    marked = torch.rand(rows, 12).argsort(dim=1) < torch.randint(1, 5, (rows, 1))
    marked = torch.cat([marked, end == 0], dim=1)  # (B, 13)
    places = torch.arange(13).where(marked, 12).sort(dim=1).values[:, :5]  # (B, 5)
    return x, marked, places


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Of twelve words keep the marked ones, in their order, and stop."""
    torch.default_generator.manual_seed(seed)
    model = Summarisation(20, 32)
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(250):
        x, marked, y = texts(64)
        error = -model(x, marked, 5).gather(2, y[..., None]).clamp(min=1e-9).log().mean()
        adam.zero_grad()
        error.backward()
        adam.step()
    x, marked, y = texts(1000)
    weights = model(x, marked, 5).detach()  # (B, 5, T)
    row = int(marked.sum(dim=1).argmax())  # a text with four marks
    text = [WORDS.split()[word] for word in x[row].tolist()]
    right = (weights.argmax(dim=2) == y).all(dim=1)  # (B,)
    return Result(right.float().mean().item(), text, marked[row], weights[row])


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance:.6f}")
    summary = [result.text[place] for place in result.weights.argmax(dim=1).tolist()]
    print("text   ", *result.text)
    print("summary", *summary)
    figure, axis = plt.subplots(figsize=(6.6, 6.6))
    axis.pcolormesh(result.weights.T, vmin=0, vmax=1)
    labels = [
        f"{word} *" if mark else word for word, mark in zip(result.text, result.marked, strict=True)
    ]
    axis.set_yticks(torch.arange(13) + 0.5, labels)
    axis.set_xticks(torch.arange(5) + 0.5, summary)
    axis.set(xlabel="summary", ylim=(13, 0), title="text, marked with *")

# --8<-- [end:picture]
