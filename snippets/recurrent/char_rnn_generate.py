"""A GRU that guesses the next letter of a name. Fed with its own guesses, letter after letter, it
writes names; the temperature says how far it may stray from the likeliest letter.

Source: Graves, "Generating Sequences With Recurrent Neural Networks", 2013, section 2, made known
by Karpathy, "The Unreasonable Effectiveness of Recurrent Neural Networks", 2015. The names are
given names of many languages, in Latin letters without accents, written down for this file.
"""

# %% [markdown]
# # Write names, letter by letter
#
# A name is $x_1, \dots, x_T$, one-hot, between two marks of one kind: $x_0$ starts it, $x_{T+1}$
# ends it. With a GRU for the state and a temperature $\tau$ (in training $\tau = 1$):
#
# $$
# \begin{aligned}
# h_t &= \mathrm{GRU}(x_t, h_{t-1}) \\
# p(x_{t+1} \mid x_{\le t}) &= \mathrm{softmax}\big((V h_t + a) / \tau\big) \\
# \text{loss} &= -\frac{1}{T+1} \sum_{t=0}^{T} \ln p(x_{t+1} \mid x_{\le t})
# \end{aligned}
# $$

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SYMBOLS = ".abcdefghijklmnopqrstuvwxyz"  # 0 is the mark, 1 is a
NAMES = (
    "ada adam adele ahmed akira alessia alicia alina amara amelia amina anders andrea angela "
    "anita ariana arthur astrid barbara basil benjamin bianca boris brigitte camila carlos carmen "
    "carol charles chiara chloe clara claire cora cristina david delia diana diego dora doris "
    "edgar edith edward elena elias ellen elsa emil emilia ernest esther eva evelyn fatima felix "
    "fiona florence francis frida gabriel george gerald grace greta harald hassan heidi helen "
    "helena henrik hugo ibrahim ida ines ingrid isaac isadora ivan jacob janet jasmine jelena "
    "joan johanna john jorge julia juliette karen karim karin karl kira klara laura lea leonard "
    "leonora lidia lina livia lorenzo louis lucas lucia luis luna magda malik margaret maria "
    "mariam marina martin mary matilda maya michael miguel mila milan mira monica nadia nathan "
    "nicolas noah olga oliver olivia oscar pablo pamela patricia paul petra philip pia rachel "
    "rebecca regina renata richard robert robin roland rosalind ruben sakura samir samuel sandra "
    "selma sergio simon sofia stefan susan sylvia tamara thea theodor thomas tomas valeria victor "
    "viola violet wanda yusuf zara zoe"
)


def encode(names: list[str]) -> Tensor:
    """Letters (B, T) with a mark before and marks behind, at least one: (B, T+2)."""
    longest = max(map(len, names), default=0)
    if set("".join(names)) - set(SYMBOLS[1:]):
        raise ValueError(f"expected names in the letters a to z, got {names}")
    codes = [[SYMBOLS.index(letter) for letter in f".{name:.<{longest + 1}}"] for name in names]
    return torch.tensor(codes, dtype=torch.long).reshape(len(names), longest + 2)


# %%
# --8<-- [start:model]
class CharRNNGenerate(nn.Module):
    """nn.GRU(batch_first=True) over one-hot symbols, and a linear layer on every state."""

    def __init__(self, symbols: int, hidden_size: int) -> None:
        super().__init__()
        self.sizes = symbols, hidden_size
        if min(self.sizes) < 1:
            raise ValueError(f"expected sizes of at least 1, got {self.sizes}")
        H, bound = hidden_size, hidden_size**-0.5
        self.W = nn.Parameter(torch.empty(3 * H, symbols).uniform_(-bound, bound))
        self.U = nn.Parameter(torch.empty(3 * H, H).uniform_(-bound, bound))
        self.b = nn.Parameter(torch.zeros(2, 3 * H))
        self.head = nn.Linear(hidden_size, symbols)  # V and a

    def forward(self, symbols: Tensor, h: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """symbols (B, T), whole numbers -> logits (B, T, symbols) of what comes next, h (1, B, H).

        Raises ValueError for whatever does not fit.
        """
        good = symbols.dim() == 2 and not symbols.is_floating_point()
        if not good or ((symbols < 0) | (symbols >= self.sizes[0])).any():
            raise ValueError(f"expected (B, T) below {self.sizes[0]}, got {symbols.tolist()}")
        shape = (1, len(symbols), self.sizes[1])
        h = self.W.new_zeros(shape) if h is None else h
        if h.shape != shape:
            raise ValueError(f"expected a state of shape {shape}, got {tuple(h.shape)}")
        w, state = F.embedding(symbols.T, self.W.T) + self.b[0], h[0]  # (T, B, 3H), (B, H)
        hs = [state]
        for w_r, w_z, w_n in zip(*w.chunk(3, dim=2), strict=True):  # (B, H) each
            u_r, u_z, u_n = F.linear(state, self.U, self.b[1]).chunk(3, dim=1)
            r, z = (w_r + u_r).sigmoid(), (w_z + u_z).sigmoid()
            state = (1 - z) * (w_n + r * u_n).tanh() + z * state  # (B, H)
            hs.append(state)
        return self.head(torch.stack(hs, dim=1)[:, 1:]), state[None]


# --8<-- [end:model]


# %%
# --8<-- [start:step]
def draw(logits: Tensor, temperature: float) -> Tensor:
    """One symbol a row, (B,), from logits (B, symbols)."""
    if temperature <= 0:
        raise ValueError(f"expected a temperature above 0, got {temperature}")
    return (logits / temperature).softmax(dim=-1).multinomial(1)[:, 0]  # (B,)


@torch.no_grad()
def generate(model: CharRNNGenerate, count: int, temperature: float) -> list[str]:
    """Names of at most 12 letters; every symbol drawn is the next input."""
    symbol, h, drawn = torch.zeros(count, dtype=torch.long), None, []
    for _ in range(12):
        logits, h = model(symbol[:, None], h)  # (B, 1, symbols)
        symbol = draw(logits[:, 0], temperature)  # (B,)
        drawn.append([SYMBOLS[s] for s in symbol.tolist()])
    return ["".join(name).partition(".")[0] for name in zip(*drawn, strict=True)]


# --8<-- [end:step]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """The loss on names held out; the rest is for the picture."""

    metric: float
    model: CharRNNGenerate
    losses: Tensor  # (2, 10): on the names learnt from and on those held out, every 10 updates
    samples: list[list[str]]  # three names, every 10 updates
    expected: float = 2.5  # knowing how often each letter occurs, and no more, gives about 2.75
    chance: float = 3.295837  # ln 27: all symbols equally likely
    measure: str = "nats per character"


def loss_of(model: CharRNNGenerate, names: Tensor) -> Tensor:
    """The mean of -ln p over all letters and the mark at the end of each name (B, T)."""
    logits, targets = model(names[:, :-1])[0], names[:, 1:]  # (B, T-1, symbols), (B, T-1)
    real = F.pad(targets != 0, (1, 0), value=True)[:, :-1]  # all letters and the first mark behind
    return F.cross_entropy(logits[real], targets[real])


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Given names, forty of them held out; guess the next letter and, at times, write three."""
    torch.default_generator.manual_seed(seed)
    names, model, losses, samples = encode(NAMES.split()), CharRNNGenerate(27, 64), [], []
    new, known = names[torch.randperm(len(names))].split((40, len(names) - 40))  # (B, T) each
    adam = torch.optim.Adam(model.parameters(), lr=0.005)
    for update in range(91):
        error = loss_of(model, known)
        if update % 10 == 0:
            losses.append([error.item(), loss_of(model, new).item()])
            samples.append(generate(model, 3, temperature=0.7))
        adam.zero_grad()
        error.backward()
        adam.step()
    return Result(loss_of(model, new).item(), model, torch.tensor(losses).T, samples)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance:.3f}")
    figure, (axis, table) = plt.subplots(2, figsize=(6.6, 6), height_ratios=(3, 2))
    axis.plot(range(0, 91, 10), result.losses[0], "C0", label="learnt from")
    axis.plot(range(0, 91, 10), result.losses[1], "C2--", label="held out")
    axis.axhline(result.chance, color="C3", linestyle=":", label="guessing")
    axis.set(xlabel="update", ylabel="nats per character")
    axis.legend()
    for row, k in enumerate((0, 2, 5, 9)):
        table.text(0, 0.8 - 0.3 * row, f"update {10 * k}:  {', '.join(result.samples[k])}")
    table.set_axis_off()
# --8<-- [end:picture]


# %%
# --8<-- [start:temperature]
if __name__ == "__main__":
    torch.manual_seed(0)
    differ, usual, heats = [], [], (0.1, 0.25, 0.5, 0.75, 1, 1.5, 2)
    for heat in heats:
        names = generate(result.model, 200, heat)
        print(f"temperature {heat}:", *names[:5])
        pairs = [f" {name} "[n : n + 2] for name in names for n in range(len(name) + 1)]
        differ.append(len(set(names)) / 200)
        usual.append(sum(pair in f" {NAMES} " for pair in pairs) / len(pairs))
    figure, axis = plt.subplots(figsize=(6.6, 4))
    axis.plot(heats, differ, "C0", label="names that differ")
    axis.plot(heats, usual, "C2--", label="pairs of letters in use")
    axis.set(xlabel="temperature", ylabel="share", ylim=(0, 1.05))
    axis.legend(loc="lower right")
# --8<-- [end:temperature]
