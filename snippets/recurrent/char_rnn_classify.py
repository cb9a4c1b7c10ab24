"""A plain RNN reads a surname letter by letter and, from its last state alone, says which language
the name comes from: a sequence goes in, one label comes out.

Source: the task is that of Robertson's PyTorch tutorial, 2017; the cell is Elman's, 1990. The names
are common surnames of six languages, in Latin letters without accents (German ue for ü, Chinese in
pinyin without tones), written down from general knowledge for this file.
"""

# %% [markdown]
# # Classify a name, letter by letter
#
# A letter is a one-hot $x_t$, so $W x_t$ is one column of $W$. The last real letter is number $L$:
#
# $$
# \begin{aligned}
# h_t &= \tanh(W x_t + U h_{t-1} + b) & h_0 = 0 \\
# p &= \mathrm{softmax}(V h_L + a)
# \end{aligned}
# $$

# %%
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# Fifty of each; no name stands in two lists.
NAMES = {
    "Chinese": "bai cai cao chen deng ding dong du fan feng fu gao guo han hu huang jia jiang li "
    "liao lin liu lu luo meng pan peng qin ren shi song su sun tan tian wang wei wu xia xiong xu "
    "xue yang yao yu yuan zhang zhao zheng zhu",
    "German": "bauer baumann beck becker braun fischer frank friedrich fuchs hahn hartmann "
    "herrmann hoffmann hofmann jung kaiser keller klein koch koenig krause krueger lang lange "
    "lorenz maier mayer meier meyer mueller neumann peters richter roth schmid schmidt schmitz "
    "schneider scholz schubert schulz schulze schwarz vogel walter weber weiss werner winkler "
    "zimmermann",
    "Italian": "barbieri bianchi bianco bruno cattaneo colombo conte conti coppola dangelo deluca "
    "desantis esposito fabbri ferrara ferrari ferraro ferri fontana gallo gatti gentile giordano "
    "grasso leone lombardi lombardo longo mancini mariani marini marino martinelli messina "
    "morelli moretti palumbo parisi pellegrini rinaldi rizzi rizzo romano rossetti russo sala "
    "santoro serra valentini vitale",
    "Japanese": "abe aoki endo fujii fujiwara fukuda goto harada hasegawa hayashi ikeda inoue "
    "ishida ishii ito kaneko kato kimura kobayashi maeda matsuda matsumoto miura mori murakami "
    "nakagawa nakajima nakamura nakano nishimura ogawa okada okamoto ono saito sakamoto sasaki "
    "sato shimizu takahashi takeuchi tamura tanaka ueda watanabe yamada yamaguchi yamamoto "
    "yamashita yoshida",
    "Russian": "alekseev andreev antonov baranov belyaev bogdanov borisov davydov dmitriev "
    "fedorov filippov frolov gerasimov grigoriev ilyin ivanov kiselev komarov korolev kozlov "
    "kuzmin kuznetsov lebedev makarov medvedev mikhailov morozov nikitin nikolaev orlov osipov "
    "pavlov petrov polyakov romanov semenov sergeev sidorov smirnov solovyov sorokin stepanov "
    "tarasov titov vinogradov volkov vorobyov yakovlev zaitsev zhukov",
    "Spanish": "alonso alvarez blanco cabrera cano castillo castro cortes cruz diaz dominguez "
    "fernandez gallego garcia gil gomez gonzalez guerrero gutierrez herrera iglesias jimenez leon "
    "lopez marin marquez martin martinez medina molina morales moreno munoz navarro ortega ortiz "
    "pena perez prieto ramos rodriguez romero rubio ruiz santos sanz serrano suarez torres vidal",
}


def encode(names: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Letters (B, T) from 0 for a to 25 for z, 0 again behind the end, and lengths (B,)."""
    longest = max(map(len, names), default=0)
    codes = [[ord(letter) - ord("a") for letter in name.ljust(longest, "a")] for name in names]
    letters = torch.tensor(codes, dtype=torch.long).reshape(len(names), longest)
    if ((letters < 0) | (letters > 25)).any():
        raise ValueError(f"expected names in the letters a to z, got {list(names)}")
    return letters, torch.tensor([len(name) for name in names], dtype=torch.long)


# --8<-- [start:step]
def read(x: Tensor, L: Tensor, W: Tensor, U: Tensor, b: Tensor) -> Tensor:
    """The state after the last letter of each row, number L."""
    wx = F.embedding(x.T, W.T) + b  # (T, B, H), a column of W each
    row = torch.arange(len(x), device=x.device)
    hs = [wx.new_zeros(len(x), len(b))]
    for wx_t in wx:
        hs.append((wx_t + hs[-1] @ U.T).tanh())  # (B, H)
    return torch.stack(hs)[L, row]  # (B, H), and not hs[-1]


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class CharRNNClassify(nn.Module):
    """An RNN over letters and a linear layer on its last state."""

    def __init__(self, symbols: int, hidden_size: int, classes: int) -> None:
        super().__init__()
        self.sizes, H = (symbols, hidden_size, classes), hidden_size
        if min(self.sizes) < 1:
            raise ValueError(f"expected sizes of at least 1, got {self.sizes}")
        self.W = nn.Parameter(torch.empty(H, symbols).uniform_(-1, 1) / H**0.5)
        self.U = nn.Parameter(torch.empty(H, H).uniform_(-1, 1) / H**0.5)
        self.b = nn.Parameter(torch.zeros(H))
        self.head = nn.Linear(H, classes)  # V and a

    def forward(self, letters: Tensor, lengths: Tensor) -> Tensor:
        """letters (B, T), whole numbers, and lengths (B,) -> logits (B, classes).

        What stands behind a length does not matter. Raises ValueError for whatever does not fit.
        """
        if letters.dim() != 2 or letters.is_floating_point():
            raise ValueError(f"expected letters (B, T), got {letters.dtype} {tuple(letters.shape)}")
        B, T = letters.shape
        given = lengths.shape == (B,) and not lengths.is_floating_point()
        if not given or ((lengths < 0) | (lengths > T)).any():
            raise ValueError(f"expected {B} whole lengths from 0 to {T}, got {lengths.tolist()}")
        lengths = lengths.to(letters.device)
        letters = letters * (torch.arange(T, device=letters.device) < lengths[:, None])  # (B, T)
        if ((letters < 0) | (letters >= self.sizes[0])).any():
            raise ValueError(f"expected letters below {self.sizes[0]}, got {letters.tolist()}")
        return self.head(read(letters, lengths, self.W, self.U, self.b))  # (B, classes)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """The share of held-out names given to the right language; the rest is for the picture."""

    metric: float
    confusion: Tensor  # (6, 6), rows the true language, columns the answer, each row adds up to 1
    expected: float = 0.6
    chance: float = 1 / 6
    measure: str = "accuracy"


def train(shuffled: bool = False) -> Tensor:
    """Trains on 35 names of each language; what it answers for the other 15, shares (6, 6)."""
    parts: tuple[list, list] = ([], [])
    for label, names in enumerate(map(str.split, NAMES.values())):
        for place, k in enumerate(torch.randperm(50).tolist()):
            order = torch.randperm(len(names[k])).tolist() if shuffled else range(len(names[k]))
            parts[place < 15].append(("".join(names[k][n] for n in order), label))
    (known, labels), (new, answers) = (zip(*part, strict=True) for part in parts)
    x, y = encode(known), torch.tensor(labels)
    model = CharRNNClassify(26, 32, 6)
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(50):  # all names at once; later it only learns them by heart
        error = F.cross_entropy(model(*x), y)
        adam.zero_grad()
        error.backward()
        adam.step()
    said = model(*encode(new)).argmax(dim=1)  # (90,)
    pairs = torch.tensor(answers) * 6 + said
    return pairs.bincount(minlength=36).reshape(6, 6) / 15  # (6, 6)


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0, shuffled: bool = False) -> Result:
    """Surnames of six languages, five times anew, each time with another 15 of each held out."""
    torch.default_generator.manual_seed(seed)
    confusion = torch.stack([train(shuffled) for _ in range(5)]).mean(dim=0)  # (6, 6)
    return Result(confusion.diagonal().mean().item(), confusion)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance:.3f}")
    figure, axis = plt.subplots(figsize=(6.6, 5))
    colours = axis.pcolormesh(result.confusion, vmin=0, vmax=1)
    axis.set_xticks(torch.arange(6) + 0.5, [language[:2] for language in NAMES])
    axis.set_yticks(torch.arange(6) + 0.5, NAMES)
    axis.set(xlabel="answer", title="share of each row", ylim=(6, 0))
    figure.colorbar(colours)

# --8<-- [end:picture]


# %%
# --8<-- [start:shuffled]
if __name__ == "__main__":
    mixed = demo(shuffled=True)
    print(f"in order {result.metric:.3f}, shuffled {mixed.metric:.3f}")
    figure, axis = plt.subplots(figsize=(6.6, 4))
    for n, (one, name) in enumerate(((result, "in order"), (mixed, "shuffled"))):
        at = torch.arange(6) + 0.4 * n
        axis.bar(at, one.confusion.diagonal(), 0.38, color=f"C{3 * n}", label=name)
    axis.set_xticks(torch.arange(6) + 0.2, [language[:2] for language in NAMES])
    axis.set(ylabel="share right", ylim=(0, 1.25), yticks=[0, 0.5, 1])
    axis.legend(ncols=2)
# --8<-- [end:shuffled]
