"""Without the softmax, keys and values can be multiplied first, into one small table that every
query reads: work grows with the length, and under a causal mask the table is the state of an RNN.

Source: Katharopoulos et al., "Transformers are RNNs: Fast Autoregressive Transformers with Linear
Attention", 2020, sections 3.2 to 3.4.
"""

# %% [markdown]
# # Linear attention
#
# In place of $\exp(q \cdot k)$ stands a product of positive features,
# $\phi(q) \cdot \phi(k)$ with $\phi(x) = \mathrm{elu}(x) + 1$. Sums may then be regrouped:
#
# $$
# \begin{aligned}
# \mathrm{out}_t &= \frac{\sum_s \left(\phi(q_t) \cdot \phi(k_s)\right) v_s}
#                        {\sum_s \phi(q_t) \cdot \phi(k_s)}
#                 = \frac{\phi(q_t)^\top S}{\phi(q_t) \cdot z} \\
# S &= \sum_s \phi(k_s)\, v_s^\top, \qquad z = \sum_s \phi(k_s)
# \end{aligned}
# $$
#
# Causal attention sums over $s \le t$ only, so $S$ and $z$ are carried from step to step.

# %%
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

State = tuple[Tensor, Tensor]


# --8<-- [start:step]
def phi(x: Tensor) -> Tensor:
    """Positive features: what is divided by is never 0."""
    return F.elu(x) + 1


def linear_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """q (…, T, d), k (…, S, d), v (…, S, e) -> out (…, T, e)."""
    check(q, k, v)
    S = phi(k).transpose(-2, -1) @ v  # (…, d, e), no T by S
    z = phi(k).sum(dim=-2)[..., None]  # (…, d, 1)
    return phi(q) @ S / (phi(q) @ z)


def read_and_write(
    q: Tensor, k: Tensor, v: Tensor, state: State
) -> tuple[Tensor, State]:  # fmt: skip
    """One causal step: q, k (…, d), v (…, e), state (S, z)."""
    S = state[0] + phi(k)[..., :, None] * v[..., None, :]
    z = state[1] + phi(k)  # (…, d, e) above, (…, d)
    out = (phi(q)[..., None, :] @ S)[..., 0, :]  # (…, e)
    return out / (phi(q) * z).sum(dim=-1, keepdim=True), (S, z)


# --8<-- [end:step]


# %%
# --8<-- [start:model]
def check(q: Tensor, k: Tensor, v: Tensor) -> None:
    """Raises ValueError for what does not fit, and for no key at all, where 0 / 0 would stand."""
    if q.shape[-1] != k.shape[-1] or k.shape[-2] != v.shape[-2] or not k.shape[-2]:
        shapes = ", ".join(str(tuple(each.shape)) for each in (q, k, v))
        raise ValueError(f"expected q (…, T, d), k (…, S, d), v (…, S, e), S > 0, got {shapes}")


def causal_linear_attention(
    q: Tensor, k: Tensor, v: Tensor, state: State | None = None
) -> tuple[Tensor, State]:  # fmt: skip
    """q, k (…, T, d), v (…, T, e) -> out (…, T, e) and the state (S, z) to go on from."""
    if q.shape != k.shape or k.shape[:-1] != v.shape[:-1]:
        shapes = ", ".join(str(tuple(each.shape)) for each in (q, k, v))
        raise ValueError(f"expected q and k (…, T, d), v (…, T, e), got {shapes}")
    if state is None:
        *front, _, d = k.shape
        state = v.new_zeros(*front, d, v.shape[-1]), k.new_zeros(*front, d)
    outs = []
    for t in range(q.shape[-2]):
        out, state = read_and_write(q[..., t, :], k[..., t, :], v[..., t, :], state)
        outs.append(out)
    return (torch.stack(outs, dim=-2) if outs else torch.zeros_like(v)), state


def quadratic_attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> Tensor:
    """The same, with all scores (…, T, S) written out; the mask is True where one may look."""
    check(q, k, v)
    scores = phi(q) @ phi(k).transpose(-2, -1)  # (…, T, S)
    scores = scores if mask is None else scores.masked_fill(~mask, 0)
    return scores @ v / scores.sum(dim=-1, keepdim=True)


class LinearAttention(nn.Module):
    """Self-attention of `heads` heads, over all positions or, if causal, over those so far."""

    def __init__(self, d_model: int, heads: int, causal: bool = False) -> None:
        super().__init__()
        if min(d_model, heads) < 1 or d_model % heads:
            raise ValueError(f"expected heads that divide d_model, got {heads} of {d_model}")
        self.d_model, self.heads, self.causal = d_model, heads, causal
        self.W_qkv = nn.Linear(d_model, 3 * d_model)
        self.W_o = nn.Linear(d_model, d_model)

    def forward(self, x: Tensor) -> Tensor:
        """x (B, T, d_model) -> out (B, T, d_model)."""
        if x.dim() != 3 or x.shape[2] != self.d_model:
            D = self.d_model
            raise ValueError(f"expected {D} input features, x (B, T, {D}), got {tuple(x.shape)}")
        q, k, v = self.W_qkv(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        out = causal_linear_attention(q, k, v)[0] if self.causal else linear_attention(q, k, v)
        return self.W_o(out.transpose(1, 2).flatten(2))


# --8<-- [end:model]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Costs:
    """Multiplications in the products of one head of 64 numbers, by length, and the difference."""

    lengths: list[int]
    linear: list[int]
    quadratic: list[int]
    apart: float


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Costs:
    """Both forms on the same numbers; the products are counted by torch, not timed."""
    torch.default_generator.manual_seed(seed)
    lengths, counted, apart = [2**n for n in range(3, 11)], ([], []), 0.0
    for T in lengths:
        q, k, v = torch.randn(3, T, 64, dtype=torch.float64)
        outs = []
        for counts, form in zip(counted, (linear_attention, quadratic_attention), strict=True):
            with FlopCounterMode(display=False) as counter:
                outs.append(form(q, k, v))
            counts.append(counter.get_total_flops() // 2)  # torch counts additions as well
        apart = max(apart, (outs[0] - outs[1]).abs().max().item())
    return Costs(lengths, *counted, apart)


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    costs = demo()
    print(f"both forms agree to {costs.apart:.0e}")
    print(f"multiplications for T = 1024: {costs.linear[-1]:,} and {costs.quadratic[-1]:,}")
    figure, axis = plt.subplots(figsize=(6.6, 4.4))
    axis.plot(costs.lengths, costs.quadratic, "C2--", label="scores first")
    axis.plot(costs.lengths, costs.linear, "C0-", label="keys with values first")
    axis.axvline(64, color="C3", linestyle=":")
    axis.text(56, 6e7, "T = d", ha="right")
    axis.set(xscale="log", yscale="log", xlabel="length T, with d = 64", ylabel="multiplications")
    axis.legend(loc="lower right")
# --8<-- [end:picture]
