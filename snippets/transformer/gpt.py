"""A GPT is a stack of decoder layers with nothing to ask but its own past: at every place it says
what comes next. Whoever draws from that, and appends what was drawn, has it write.

Source: Radford et al., "Language Models are Unsupervised Multitask Learners" (GPT-2), 2019, section
2.3, after "Improving Language Understanding by Generative Pre-Training", 2018, section 3.1.
"""

# %% [markdown]
# # The GPT
#
# $W_e$ is the table of tokens, used a second time to read the answer; $W_p$ the table of places,
# learned as well. The norms come before, and one more at the end:
#
# $$
# \begin{aligned}
# h_0 &= W_e[u] + W_p \\
# a_l &= h_{l-1} + \mathrm{Attention}(\mathrm{norm}(h_{l-1})) & \text{the past only} \\
# h_l &= a_l + W_2\, \mathrm{GELU}(W_1\, \mathrm{norm}(a_l)) & l = 1 \dots n \\
# P(u_{t+1} \mid u_{\le t}) &= \mathrm{softmax}(W_e\, \mathrm{norm}(h_n))_t
# \end{aligned}
# $$
#
# Each layer's biases are left out above. Trained is the mean of $-\log P$ of what came.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# --8<-- [start:step]
class Block(nn.Module):
    """Look back, then think: h (B, T, D) -> (B, T, D)."""

    def __init__(self, D: int, heads: int, causal: bool) -> None:
        super().__init__()
        self.heads, self.causal = heads, causal
        self.norm1, self.norm2 = nn.LayerNorm(D), nn.LayerNorm(D)
        self.qkv, self.out = nn.Linear(D, 3 * D), nn.Linear(D, D)
        self.fc1 = nn.Linear(D, 4 * D)
        self.fc2 = nn.Linear(4 * D, D)

    def attention(self, x: Tensor) -> Tensor:
        """What each finds in its past: (B, T, D)."""
        split = self.qkv(x).unflatten(2, (3, self.heads, -1))
        q, k, v = split.permute(2, 0, 3, 1, 4)  # 3 × (B, h, T, d)
        scores = q @ k.mT / q.shape[3] ** 0.5  # (B, h, T, T)
        if self.causal:  # each sees itself, so no row is empty
            ahead = torch.ones_like(scores, dtype=torch.bool).triu(1)
            scores = scores.masked_fill(ahead, -torch.inf)
        mixed = scores.softmax(dim=3) @ v  # (B, h, T, d)
        return self.out(mixed.transpose(1, 2).flatten(2))

    def forward(self, h: Tensor) -> Tensor:
        """h and what both sublayers add to it."""
        h = h + self.attention(self.norm1(h))
        inner = F.gelu(self.fc1(self.norm2(h)), approximate="tanh")
        return h + self.fc2(inner)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
class GPT(nn.Module):
    """Of `layers` blocks, for at most `context` tokens at a time."""

    def __init__(
        self, vocabulary: int, context: int, d_model: int, heads: int, layers: int,
        causal: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        self.context, sizes = context, (vocabulary, context, d_model, heads, layers)
        if min(sizes) < 1 or d_model % heads:
            raise ValueError(f"expected sizes of 1 or more, heads dividing d_model, got {sizes}")
        self.tokens = nn.Parameter(torch.randn(vocabulary, d_model) * 0.02)  # W_e
        self.places = nn.Parameter(torch.randn(context, d_model) * 0.02)  # W_p
        self.blocks = nn.ModuleList(Block(d_model, heads, causal) for _ in range(layers))
        self.norm = nn.LayerNorm(d_model)
        for block in self.blocks:  # what is added 2n times starts smaller
            for weight in (block.out.weight, block.fc2.weight):
                nn.init.normal_(weight, std=0.02 / (2 * layers) ** 0.5)

    def forward(self, u: Tensor) -> Tensor:
        """Tokens u (B, T) -> what comes after each, as logits (B, T, V).

        Raises ValueError for more tokens than fit, and for tokens there are none of.
        """
        V, T = len(self.tokens), u.shape[-1]
        if u.dim() != 2 or self.context < T or u.is_floating_point():
            raise ValueError(f"expected u (B, T), T up to {self.context}, got {tuple(u.shape)}")
        if ((u < 0) | (u >= V)).any():
            raise ValueError(f"expected tokens from 0 to {V - 1}, got {u.min()} to {u.max()}")
        h = self.tokens[u] + self.places[:T]  # (B, T, D)
        for block in self.blocks:
            h = block(h)
        return self.norm(h) @ self.tokens.T  # (B, T, V): the same table again

    # --8<-- [start:generate]
    @torch.no_grad()
    def generate(self, prompt: Tensor, n: int, temperature: float = 1) -> Tensor:
        """Appends n tokens to prompt (B, T): drawn, or at 0 the likeliest."""
        if not prompt.numel() or temperature < 0:
            got = f"{tuple(prompt.shape)}, temperature {temperature}"
            raise ValueError(f"expected at least one token, temperature 0 or more, got {got}")
        u = prompt
        for _ in range(n):
            z = self(u[:, -self.context :])[:, -1]  # (B, V), the last place
            if temperature > 0:
                drawn = torch.multinomial((z / temperature).softmax(dim=1), 1)
            else:
                drawn = z.argmax(dim=1, keepdim=True)
            u = torch.cat([u, drawn], dim=1)  # (B, T + 1)
        return u

    # --8<-- [end:generate]


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How many rows are copied as a whole, and what each place costs."""

    metric: float
    losses: Tensor  # (15,): of the second to the last token, in nats
    expected: float = 0.99
    chance: float = 16**-8.0  # eight tokens of sixteen, at random
    measure: str = "exact match"


def rows(count: int) -> Tensor:
    """Eight random tokens of sixteen, then the same eight again: (B, 16)."""
    return torch.randint(16, (count, 8)).repeat(1, 2)


def train(updates: int = 150, causal: bool = True) -> GPT:
    """A model that has guessed at every place of many rows."""
    model = GPT(16, 16, 32, 4, 2, causal)
    adam = torch.optim.Adam(model.parameters(), fused=True)
    for n in range(updates):
        adam.param_groups[0]["lr"] = 0.01 * (1 - n / updates)
        error = losses(model, rows(64)).mean()
        adam.zero_grad()
        error.backward()
        adam.step()
    return model


def losses(model: GPT, u: Tensor) -> Tensor:
    """-log P of each token but the first, given those before it, the mean of all rows: (T - 1,)."""
    logits = model(u[:, :-1]).transpose(1, 2)  # (B, V, T - 1)
    return F.cross_entropy(logits, u[:, 1:], reduction="none").mean(dim=0)


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Eight tokens as a prompt, and the model has to write them once more."""
    torch.default_generator.manual_seed(seed)
    model, u = train(), rows(1000)
    copied = (model.generate(u[:, :8], 8, temperature=0) == u).all(dim=1)  # (1000,)
    return Result(copied.double().mean().item(), losses(model, u).detach())


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    result = demo()
    print(result.measure, f"{result.metric:.3f}, bar {result.expected}, chance {result.chance:.0e}")
    figure, axis = plt.subplots()
    axis.plot(range(2, 17), result.losses, "o-", color="C0")
    axis.axhline(torch.tensor(16.0).log(), color="C3", linestyle=":")
    axis.annotate("ln 16, a guess", (16, 2.6), ha="right", va="top")
    axis.annotate("the copy begins", (9.4, 0.3))
    axis.set(xlabel="place of the token guessed", ylabel="loss, nats", ylim=(-0.1, 3.1))

# --8<-- [end:picture]


# %%
# --8<-- [start:no-mask]
if __name__ == "__main__":
    torch.manual_seed(0)
    model, u = train(causal=False), rows(1000)
    cheating = losses(model, u).detach()  # the next token is in view, as in its training
    with torch.no_grad():  # as it is when one writes: nothing follows yet
        alone = [F.cross_entropy(model(u[:, :t])[:, -1], u[:, t]) for t in range(1, 16)]
    figure, axis = plt.subplots()
    axis.plot(range(2, 17), alone, "s--", color="C2", label="no mask, writing")
    axis.plot(range(2, 17), result.losses, "o-", color="C0", label="mask")
    axis.plot(range(2, 17), cheating, "^:", color="C3", label="no mask, training")
    axis.set(xlabel="place of the token guessed", ylabel="loss, nats")
    axis.legend()
    print(f"no mask: {cheating.mean():.2f} nats in training, {sum(alone) / 15:.2f} in writing")

# --8<-- [end:no-mask]
