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

# Sixty of each; no name stands in two lists.
NAMES = {
    "Chinese": "bai cai cao chen cheng deng ding dong du fan fang feng fu gao guo han he hu huang "
    "jia jiang li liang liao lin liu lu luo ma meng pan peng qin ren shen shi song su sun tan "
    "tang tian wang wei wu xia xiao xiong xu xue yang yao yin yu yuan zhang zhao zheng zhou zhu",
    "German": "bauer baumann beck becker berger braun fischer frank friedrich fuchs guenther hahn "
    "hartmann herrmann hoffmann hofmann huber jung kaiser keller klein koch koehler koenig krause "
    "krueger lang lange lehmann lorenz maier mayer meier meyer moeller mueller neumann peters "
    "richter roth schaefer schmid schmidt schmitz schneider scholz schroeder schubert schulz "
    "schulze schwarz vogel wagner walter weber weiss werner winkler wolf zimmermann",
    "Italian": "barbieri bianchi bianco bruno caruso cattaneo colombo conte conti coppola costa "
    "dangelo deluca desantis esposito fabbri farina ferrara ferrari ferraro ferri fontana galli "
    "gallo gatti gentile giordano grasso greco leone lombardi lombardo longo mancini marchetti "
    "mariani marini marino martinelli messina monti morelli moretti palumbo parisi pellegrini "
    "ricci rinaldi rizzi rizzo romano rossetti rossi russo sala santoro serra valentini villa "
    "vitale",
    "Japanese": "abe aoki endo fujii fujita fujiwara fukuda goto harada hasegawa hashimoto "
    "hayashi ikeda inoue ishida ishii ishikawa ito kaneko kato kimura kobayashi kondo maeda "
    "matsuda matsumoto miura mori morita murakami nakagawa nakajima nakamura nakano nakayama "
    "nishimura ogawa okada okamoto ono ota saito sakamoto sasaki sato shimizu suzuki takahashi "
    "takeuchi tamura tanaka ueda wada watanabe yamada yamaguchi yamamoto yamashita yamazaki "
    "yoshida",
    "Russian": "alekseev andreev antonov baranov belov belyaev bogdanov borisov davydov dmitriev "
    "egorov fedorov filippov frolov gerasimov grigoriev gusev ilyin ivanov kiselev komarov "
    "korolev kovalev kozlov kuzmin kuznetsov lebedev makarov maksimov medvedev mikhailov morozov "
    "nikitin nikolaev novikov orlov osipov pavlov petrov polyakov popov romanov semenov sergeev "
    "sidorov smirnov sokolov solovyov sorokin stepanov tarasov titov vasiliev vinogradov volkov "
    "vorobyov yakovlev zaitsev zakharov zhukov",
    "Spanish": "alonso alvarez blanco cabrera calvo cano castillo castro cortes cruz delgado diaz "
    "dominguez fernandez gallego garcia garrido gil gomez gonzalez guerrero gutierrez hernandez "
    "herrera iglesias jimenez leon lopez lozano marin marquez martin martinez medina mendez "
    "molina morales moreno munoz navarro nunez ortega ortiz pena perez prieto ramirez ramos "
    "rodriguez romero rubio ruiz sanchez santos sanz serrano suarez torres vazquez vidal",
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
def unroll(wx: Tensor, h: Tensor, U: Tensor) -> Tensor:
    """From wx = W x + b (T, B, H) and h (B, H): all states, the first included."""
    hs = [h]
    for wx_t in wx:
        hs.append((wx_t + hs[-1] @ U.T).tanh())  # (B, H)
    return torch.stack(hs)  # (T+1, B, H)


def read(letters: Tensor, lengths: Tensor, W: Tensor, U: Tensor, b: Tensor) -> Tensor:
    """The state after each row's own last letter, (B, H), from letters (B, T)."""
    wx = F.embedding(letters.T, W.T) + b  # (T, B, H): a column of W a letter
    row = torch.arange(len(letters), device=letters.device)
    hs = unroll(wx, wx.new_zeros(len(row), len(b)), U)  # (T+1, B, H)
    return hs[lengths, row]  # (B, H), not hs[-1]


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class CharRNNClassify(nn.Module):
    """An RNN over letters and a linear layer on its last state."""

    def __init__(self, symbols: int, hidden_size: int, classes: int) -> None:
        super().__init__()
        self.sizes = symbols, hidden_size, classes
        if min(self.sizes) < 1:
            raise ValueError(f"expected sizes of at least 1, got {self.sizes}")
        bound = hidden_size**-0.5
        self.W = nn.Parameter(torch.empty(hidden_size, symbols).uniform_(-bound, bound))
        self.U = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-bound, bound))
        self.b = nn.Parameter(torch.zeros(hidden_size))
        self.head = nn.Linear(hidden_size, classes)  # V and a

    def forward(self, letters: Tensor, lengths: Tensor) -> Tensor:
        """letters (B, T), whole numbers, and lengths (B,) -> logits (B, classes).

        What stands behind a length does not matter. Raises ValueError for whatever does not fit.
        """
        B, T = letters.shape if letters.dim() == 2 else (-1, -1)
        if B < 0 or letters.is_floating_point():
            raise ValueError(f"expected letters (B, T), got {letters.dtype} {tuple(letters.shape)}")
        bad = lengths.shape != (B,) or lengths.is_floating_point()
        if bad or ((lengths < 0) | (lengths > T)).any():
            raise ValueError(f"expected {B} whole lengths from 0 to {T}, got {lengths.tolist()}")
        lengths = lengths.to(letters.device)
        beyond = torch.arange(T, device=letters.device) >= lengths[:, None]  # (B, T)
        letters = letters.masked_fill(beyond, 0)
        if ((letters < 0) | (letters >= self.sizes[0])).any():
            raise ValueError(f"expected letters below {self.sizes[0]}, got {letters.tolist()}")
        return self.head(read(letters, lengths, self.W, self.U, self.b))  # (B, classes)

    @torch.no_grad()
    def load_torch(self, twin: nn.RNN, head: nn.Linear) -> None:
        """Copies the weights of an nn.RNN and of the layer above it."""
        found = twin.input_size, twin.hidden_size, head.out_features
        plain = twin.nonlinearity == "tanh" and len(twin.all_weights) == 1 and twin.bias
        if found != self.sizes or not plain:
            raise ValueError(f"expected an nn.RNN of {self.sizes}, tanh, one layer, got {twin}")
        W, U, *both = twin.all_weights[0]
        for ours, theirs in ((self.W, W), (self.U, U), (self.b, sum(both))):
            ours.copy_(theirs)
        self.head.load_state_dict(head.state_dict())


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
    """Trains on forty names of each language; the answers on the other twenty, a (6, 6)."""
    parts: tuple[list, list] = ([], [])
    for label, names in enumerate(map(str.split, NAMES.values())):
        for place, k in enumerate(torch.randperm(60).tolist()):
            name = names[k]
            if shuffled:
                name = "".join(name[n] for n in torch.randperm(len(name)).tolist())
            parts[place < 20].append((name, label))
    (known, labels), (new, answers) = (zip(*part, strict=True) for part in parts)
    x, y = encode(known), torch.tensor(labels)
    model = CharRNNClassify(26, 32, 6)
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(50):  # all names at once; later it only learns them by heart
        error = F.cross_entropy(model(*x), y)
        adam.zero_grad()
        error.backward()
        adam.step()
    said = model(*encode(new)).argmax(dim=1)  # (120,)
    pairs = torch.tensor(answers) * 6 + said
    return pairs.bincount(minlength=36).reshape(6, 6) / 20  # (6, 6)


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0, shuffled: bool = False) -> Result:
    """Surnames of six languages, five times anew, each time with other twenty of each held out."""
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
    for language, row in zip(NAMES, result.confusion.tolist(), strict=True):
        print(f"{language:9}", *(f"{share:.2f}" for share in row))
    figure, axis = plt.subplots(figsize=(6.6, 5))
    colours = axis.pcolormesh(result.confusion, vmin=0, vmax=1)
    middles = [n + 0.5 for n in range(6)]
    axis.set_xticks(middles, [language[:2] for language in NAMES])
    axis.set_yticks(middles, NAMES)
    axis.invert_yaxis()
    axis.set(xlabel="answer", title="share of each row")
    figure.colorbar(colours)

# --8<-- [end:picture]


# %%
# --8<-- [start:shuffled]
if __name__ == "__main__":
    mixed = demo(shuffled=True)
    print(f"in order {result.metric:.3f}, shuffled {mixed.metric:.3f}")
    figure, axis = plt.subplots(figsize=(6.6, 4))
    for n, (one, label) in enumerate(((result, "in order"), (mixed, "shuffled"))):
        places = torch.arange(6) + 0.4 * n
        axis.bar(places, one.confusion.diagonal(), 0.38, color=f"C{3 * n}", label=label)
    axis.set_xticks(torch.arange(6) + 0.2, [language[:2] for language in NAMES])
    axis.set(ylabel="share right", ylim=(0, 1.25), yticks=[0, 0.5, 1])
    axis.legend(ncols=2)

# --8<-- [end:shuffled]
