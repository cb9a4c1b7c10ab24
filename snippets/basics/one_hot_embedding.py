"""A word number becomes a vector by taking a row of a table. That equals a product with a one-hot
vector, and so only the rows that were read can learn.

Source: Bengio, Ducharme, Vincent & Jauvin, "A Neural Probabilistic Language Model", 2003, section
2, where the table is called C.
"""

# %% [markdown]
# # One-hot vectors and embeddings
#
# Word number $k$ of $V$ as a vector with a single 1, and row $k$ of a table $E$ of shape $(V, D)$:
#
# $$
# \begin{aligned}
# o_j &= 1 \text{ if } j = k \text{, else } 0 & \text{one-hot} \\
# e &= o^\top E = E_k & \text{the embedding} \\
# \frac{\partial L}{\partial E} &= \sum_t o_t \left(\frac{\partial L}{\partial e_t}\right)^{\!\top}
# & \text{what the table learns from}
# \end{aligned}
# $$
#
# The last line has a row for every word and adds up, in row $k$, what every place where $k$ was
# read would like to see changed. The rows of words that were not read are zero.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn


# --8<-- [start:step]
def one_hot(ids: Tensor, V: int) -> Tensor:
    """ids (…), from 0 to V - 1 -> (…, V) of whole numbers."""
    check(ids, V)
    words = torch.arange(V, device=ids.device)  # (V,)
    return (ids[..., None] == words).long()  # (…, V)


def embedding(ids: Tensor, E: Tensor) -> Tensor:
    """ids (…), E (V, D) -> (…, D), which is one_hot @ E."""
    check(ids, len(E))
    return E[ids.long()]  # (…, D)


def embedding_gradient(ids: Tensor, de: Tensor, V: int) -> Tensor:
    """dL/de (…, D) -> dL/dE (V, D), from place to row."""
    check(ids, V, de)
    dE = de.new_zeros(V, de.shape[-1])  # (V, D)
    de = de.reshape(ids.numel(), de.shape[-1])  # (N, D)
    return dE.index_add(0, ids.long().flatten(), de)  # (V, D)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
def check(ids: Tensor, V: int, de: Tensor | None = None) -> None:
    """Raises ValueError for what Python would read otherwise: E[-1] is a row too, the last."""
    if ids.is_floating_point() or ids.is_complex() or ids.dtype == torch.bool:
        raise ValueError(f"expected whole numbers as words, got {ids.dtype}")
    if ids.numel() and (ids.min() < 0 or ids.max() >= V):
        found = f"{ids.min().item()} to {ids.max().item()}"
        raise ValueError(f"expected words from 0 to {V - 1}, got {found}")
    if de is not None and (de.dim() < 1 or de.shape[:-1] != ids.shape):
        raise ValueError(f"expected a gradient {(*ids.shape, 'D')}, got {tuple(de.shape)}")


class OneHotEmbedding(nn.Module):
    """nn.Embedding(V, D, padding_idx): a table of V rows, of which one may be set aside.

    The row of `padding` starts at zero and gets no gradient, so it stays as it is.
    """

    def __init__(self, V: int, D: int, padding: int | None = None) -> None:
        super().__init__()
        if min(V, D) < 1:
            raise ValueError(f"expected at least one word and one feature, got {(V, D)}")
        if padding is not None and not 0 <= padding < V:
            raise ValueError(f"expected a padding word from 0 to {V - 1}, got {padding}")
        self.padding = padding
        self.E = nn.Parameter(torch.randn(V, D))  # as torch does; other sizes are in use, too
        if padding is not None:
            nn.init.zeros_(self.E[padding])

    def forward(self, ids: Tensor) -> Tensor:
        """ids (…) -> (…, D); in sequences, (B, T) -> (B, T, D)."""
        e = embedding(ids, self.E)  # (…, D)
        return e if self.padding is None else e.where((ids != self.padding)[..., None], e.detach())

    @torch.no_grad()
    def load_torch(self, twin: nn.Embedding) -> None:
        """Copies the table of a twin of the same size and padding, without its rarer options."""
        options = twin.max_norm is not None or twin.scale_grad_by_freq
        if twin.weight.shape != self.E.shape or twin.padding_idx != self.padding or options:
            raise ValueError(f"expected {tuple(self.E.shape)}, {self.padding}, got {twin}")
        self.E.copy_(twin.weight)


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
WORDS = ["the", "a", "cat", "dog", "fox", "yak", "sees", "likes"]


@dataclass(frozen=True)
class Result:
    """What each update did to each row, for the picture, and the sentences it had read."""

    sentences: Tensor  # (updates, T)
    moved: Tensor  # (V, updates): the length of the step that a row took


def sentences(count: int) -> Tensor:
    """Like "the cat sees a dog", (count, 5); foxes are rare, and nobody has seen a yak."""
    beasts = torch.multinomial(torch.tensor([6.0, 5.0, 1.0]), 2 * count, True).view(2, count) + 2
    verb, (first, second) = torch.randint(6, 8, (count,)), torch.randint(0, 2, (2, count))
    return torch.stack([first, beasts[0], verb, second, beasts[1]], dim=1)


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0, optimizer: type[torch.optim.Optimizer] = torch.optim.SGD) -> Result:
    """Guesses each next word, and the first after the last; how far does a row move?"""
    torch.default_generator.manual_seed(seed)
    model, head, moved = OneHotEmbedding(len(WORDS), 4), nn.Linear(4, len(WORDS)), []
    adjust = optimizer([*model.parameters(), *head.parameters()], lr=0.1)
    read = sentences(14)  # (updates, T)
    for ids in read:
        before = model.E.detach().clone()  # (V, D)
        loss = nn.functional.cross_entropy(head(model(ids)), ids.roll(-1))
        adjust.zero_grad()
        loss.backward()
        adjust.step()
        moved.append((model.E.detach() - before).norm(dim=1))  # (V,)
    return Result(read, torch.stack(moved, dim=1))


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    shown = demo()
    first, numbers = shown.sentences[0], range(len(WORDS))
    print(" ".join(WORDS[k] for k in first), "=", first.tolist())
    figure, (left, right) = plt.subplots(1, 2, figsize=(6.6, 4), sharey=True, width_ratios=(5, 14))
    left.pcolormesh(one_hot(first, len(WORDS)).T)
    left.set(title="one-hot", xlabel="place")
    left.set_xticks([0.5, 4.5], [1, 5])
    right.pcolormesh(shown.moved)
    right.set(title="rows that move", xlabel="sentence")
    right.set_xticks([0.5, 4.5, 9.5, 13.5], [1, 5, 10, 14])
    left.set_yticks([k + 0.5 for k in numbers], WORDS)
    left.invert_yaxis()

# --8<-- [end:picture]


# %%
# --8<-- [start:adam]
if __name__ == "__main__":
    adam = demo(optimizer=torch.optim.Adam)
    read = one_hot(adam.sentences, len(WORDS)).sum(dim=1).T > 0  # (V, updates)
    word, sentence = read.nonzero(as_tuple=True)
    figure, axis = plt.subplots()
    axis.pcolormesh(adam.moved)
    axis.plot(sentence + 0.5, word + 0.5, ".", color="C2", markersize=8)
    axis.set(title="rows that move; a dot where the word was read", xlabel="sentence")
    axis.set_yticks([k + 0.5 for k in numbers], WORDS)
    axis.set_xticks([0.5, 4.5, 9.5, 13.5], [1, 5, 10, 14])
    axis.invert_yaxis()
    for name, run in (("SGD", shown), ("Adam", adam)):
        print(name, f"moved {(run.moved[~read] > 0).sum()} times a row that was not read")

# --8<-- [end:adam]
