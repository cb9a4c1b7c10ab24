"""Laid out in time, a loop is a deep network with a copy of the same weights in every step. Errors
go back through it step by step, and the gradient of a weight is the sum over all its copies.

Source: Werbos, "Backpropagation Through Time: What It Does and How to Do It", 1990, section III.
"""

# %% [markdown]
# # Backpropagation through time
#
# Forwards, an RNN computes $z_t = W x_t + U h_{t-1} + b$ and $h_t = \tanh(z_t)$, and some error
# $E = \sum_t E_t(h_t)$. Backwards, from the last step to the first, with $\delta_t$ for
# $\partial E / \partial h_t$, $\varepsilon_t$ for $\partial E / \partial z_t$ and
# $\varepsilon_{T+1} = 0$:
#
# $$
# \begin{aligned}
# \delta_t &= \frac{\partial E_t}{\partial h_t} + U^\top \varepsilon_{t+1}
#   & \text{its own error, and what later steps say} \\
# \varepsilon_t &= \delta_t \odot (1 - h_t^2) & \text{back through tanh} \\
# \frac{\partial E}{\partial U} &= \sum_t \varepsilon_t h_{t-1}^\top, \quad
# \frac{\partial E}{\partial W} = \sum_t \varepsilon_t x_t^\top, \quad
# \frac{\partial E}{\partial b} = \sum_t \varepsilon_t & \text{one part for each copy} \\
# \frac{\partial E}{\partial x_t} &= W^\top \varepsilon_t, \quad
# \frac{\partial E}{\partial h_0} = U^\top \varepsilon_1 & \text{and on to what came in}
# \end{aligned}
# $$
#
# Werbos writes ordered derivatives, $F\_x$, for what $\delta$ and $\varepsilon$ are here.

# %%
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor


# --8<-- [start:model]
class Gradients(NamedTuple):
    """Of E by everything that went in, in its shape; `delta` and `epsilon` are those by h and z."""

    x: Tensor  # (B, T, D)
    h: Tensor  # (B, H), of the first state
    W: Tensor  # (H, D)
    U: Tensor  # (H, H)
    b: Tensor  # (H,)
    delta: Tensor  # (B, T, H)
    epsilon: Tensor  # (B, T, H)


def forward(x: Tensor, h: Tensor, W: Tensor, U: Tensor, b: Tensor) -> Tensor:
    """From x (B, T, D) and the first h (B, H): all h, the first included, (B, T+1, H).

    Raises ValueError for whatever does not fit; W is (H, D), U (H, H) and b (H,).
    """
    if x.dim() != 3 or h.dim() != 2:
        raise ValueError(f"expected x (B, T, D), h (B, H), got {tuple(x.shape)}, {tuple(h.shape)}")
    (B, _, D), H = x.shape, h.shape[1]
    found = tuple(tuple(each.shape) for each in (h, W, U, b))
    if found != ((B, H), (H, D), (H, H), (H,)):
        raise ValueError(f"expected h, W, U, b {(B, H), (H, D), (H, H), (H,)}, got {found}")
    hs = [h]
    for x_t in x.unbind(dim=1):
        hs.append((x_t @ W.T + hs[-1] @ U.T + b).tanh())  # (B, H)
    return torch.stack(hs, dim=1)  # (B, T+1, H)


# --8<-- [end:model]


# %%
# fmt: off
# --8<-- [start:step]
def bptt(
    x: Tensor, hs: Tensor, W: Tensor, U: Tensor, own: Tensor
) -> Gradients:
    """Gradients of E, without autograd, from hs = forward(x, …)
    and own = ∂E_t/∂h_t (B, T, H). Raises ValueError if unfit."""
    found, expected = tuple(own.shape), tuple(hs[:, 1:].shape)
    if found != expected:
        raise ValueError(f"expected own {expected}, got {found}")
    es = [torch.zeros_like(hs[:, 0])]  # after the last step: none
    for t in reversed(range(x.shape[1])):  # hs[:, t + 1] is h_t
        delta = own[:, t] + es[-1] @ U  # (B, H)
        es.append(delta * (1 - hs[:, t + 1] ** 2))  # (B, H)
    es = torch.stack(es, dim=1).flip(1)  # (B, T+1, H)
    e = es[:, :-1]  # (B, T, H)
    return Gradients(
        x=e @ W,  # (B, T, D)
        h=es[:, 0] @ U,  # (B, H), what is left over
        W=torch.einsum("bth,btd->hd", e, x),
        U=torch.einsum("bth,btk->hk", e, hs[:, :-1]),
        b=e.sum(dim=(0, 1)),  # (H,), over all rows and steps
        delta=own + es[:, 1:] @ U,  # (B, T, H)
        epsilon=e,
    )


# --8<-- [end:step]
# fmt: on


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How errors flow back through twelve steps of a small network that has not learnt yet."""

    reach: Tensor  # (T, T): the length of the error of step s (row) where it reaches step t
    parts: Tensor  # (T,): the length of what each copy of U adds, for the error of the last step


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """One row of inputs, an error of length 1 at each of its steps, and all of them traced back."""
    torch.default_generator.manual_seed(seed)
    T, D, H = 12, 4, 16
    W, U = torch.randn(H, D) / 4, torch.linalg.qr(torch.randn(H, H)).Q  # U keeps lengths
    x = torch.randn(1, T, D).expand(T, T, D)  # row s of the batch: the error of step s alone
    hs = forward(x, torch.zeros(T, H), W, U, torch.zeros(H))
    own = torch.eye(T)[..., None] * torch.full((H,), H**-0.5)  # (T, T, H)
    gradients = bptt(x, hs, W, U, own)
    parts = torch.einsum("th,tk->thk", gradients.epsilon[-1], hs[-1, :-1])  # (T, H, H)
    return Result(gradients.delta.norm(dim=2), parts.norm(dim=(1, 2)))


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    flow = demo()
    last = flow.reach[-1]
    print(f"the error of step 12: {last[-1]:.2f} there, {last[0]:.3f} at step 1")
    edges = torch.arange(13) + 0.5
    figure, (top, below) = plt.subplots(
        2, figsize=(6.6, 7), sharex=True, gridspec_kw={"height_ratios": (3, 1)}
    )
    top.pcolormesh(edges, edges, flow.reach, vmin=0, vmax=1)
    top.invert_yaxis()
    top.set(title="the error of each step, going back", ylabel="made at step", yticks=[1, 6, 12])
    below.stairs(flow.parts, edges, fill=True, color="C0")
    below.set(title="part of each copy of U, error of step 12", yticks=[0, 1])
    below.set(xlabel="reaches step", xticks=[1, 6, 12])

# --8<-- [end:picture]
