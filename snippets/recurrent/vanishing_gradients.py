"""On its way back an error meets the same matrix once a step, so its length shrinks or grows like a
power: it vanishes or explodes. Clipping shortens gradients that exploded and cannot mend the rest.

Source: Bengio, Simard & Frasconi, "Learning Long-Term Dependencies with Gradient Descent is
Difficult", 1994; Pascanu, Mikolov & Bengio, "On the Difficulty of Training Recurrent Neural
Networks", 2013, equation 5 and algorithm 1.
"""

# %% [markdown]
# # Vanishing and exploding gradients
#
# With $h_t = \tanh(W x_t + U h_{t-1} + b)$ and an error $E$ at the last step $T$:
#
# $$
# \frac{\partial E}{\partial h_{t-1}}
# = U^\top \left( (1 - h_t^2) \odot \frac{\partial E}{\partial h_t} \right)
# $$
#
# Let $U$ be $g$ times an orthogonal matrix. Then it changes every length by the same factor $g$,
# and since no slope of tanh exceeds 1,
#
# $$
# \left\| \frac{\partial E}{\partial h_t} \right\|
# \le g^{\,T-t} \left\| \frac{\partial E}{\partial h_T} \right\|
# $$
#
# With $g < 1$ it must vanish; with $g > 1$ it may explode, and then algorithm 1 of the paper helps,
# for the gradient $\hat g$ of all weights together and a limit $\theta$:
#
# $$
# \hat g \leftarrow \frac{\theta}{\|\hat g\|} \, \hat g \quad \text{where} \quad
# \|\hat g\| \ge \theta
# $$

# %%
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn


# --8<-- [start:model]
def vanishing_gradients(hs: Tensor, U: Tensor, error: Tensor) -> Tensor:
    """The lengths of ∂E/∂h_t at every step, (B, T+1), from all states hs (B, T+1, H), h_0 included,
    and error = ∂E/∂h_T (B, H). Raises ValueError for whatever does not fit.
    """
    B, H = error.shape if error.dim() == 2 else (-1, -1)
    if hs.dim() != 3 or hs[:, 0].shape != (B, H) or U.shape != (H, H):
        found = tuple(tuple(each.shape) for each in (hs, U, error))
        raise ValueError(f"expected hs (B, T+1, H), U (H, H), error (B, H), got {found}")
    lengths = [error.norm(dim=1)]  # (B,)
    for h_t in hs[:, 1:].unbind(dim=1)[::-1]:
        error = (error * (1 - h_t**2)) @ U  # (B, H), each row times U, that is Uᵀ times a column
        lengths.append(error.norm(dim=1))
    return torch.stack(lengths[::-1], dim=1)  # (B, T+1)


# --8<-- [end:model]


# --8<-- [start:clip]
def clip_by_norm(gradients: Sequence[Tensor], limit: float) -> list[Tensor]:
    """All of them times one factor, so that together they are no longer
    than `limit`; they keep their direction, and short ones their length.
    """
    if limit <= 0 or not gradients:
        found = f"{limit} and {len(gradients)}"
        raise ValueError(f"expected a limit above 0 and gradients, got {found}")
    length = torch.stack([g.norm() for g in gradients]).norm()
    factor = (limit / length).clamp(max=1)  # where length is 0 too
    return [g * factor for g in gradients]


# --8<-- [end:clip]


# %%
# --8<-- [start:demo]
@dataclass(frozen=True)
class Result:
    """How the length of an error changes over forty steps back, for three sizes of U."""

    gains: tuple[float, ...]
    straight: Tensor  # (gains, T+1): with slopes of 1
    tanh: Tensor  # (gains, T+1): with those of tanh, the geometric mean of 32 rows


@torch.random.fork_rng(devices=[])
def demo(seed: int = 0) -> Result:
    """Untrained networks of 32 units read noise, with and without tanh; errors have length 1."""
    torch.default_generator.manual_seed(seed)
    gains, T, H = (0.8, 1.0, 1.25), 40, 32
    Q, x = torch.linalg.qr(torch.randn(H, H)).Q, torch.randn(32, T, H) / 3  # x is W x + b
    error = torch.nn.functional.normalize(torch.randn(32, H))  # (B, H)
    straight, tanh = [], []
    for gain in gains:
        hs = [torch.zeros(32, H)]
        for x_t in x.unbind(dim=1):
            hs.append((x_t + hs[-1] @ (gain * Q).T).tanh())
        states = torch.stack(hs, dim=1)  # (B, T+1, H)
        straight.append(vanishing_gradients(0 * states, gain * Q, error)[0])
        tanh.append(vanishing_gradients(states, gain * Q, error).log().mean(dim=0).exp())
    return Result(gains, torch.stack(straight), torch.stack(tanh))


def train(limit: float) -> list[float]:
    """The error of each update of an RNN that is to say the mean of the last 3 of 40 numbers."""
    model, head = nn.RNN(1, 32, batch_first=True), nn.Linear(32, 1)
    nn.init.orthogonal_(model.weight_hh_l0, gain=1.5)
    weights, errors = [*model.parameters(), *head.parameters()], []
    for _ in range(150):
        x = 2 * torch.rand(32, 40, 1) - 1
        y = x[:, -3:, 0].mean(dim=1)
        error = (head(model(x)[0][:, -1])[:, 0] - y).square().mean()
        gradients = clip_by_norm(torch.autograd.grad(error, weights), limit)
        with torch.no_grad():
            for weight, gradient in zip(weights, gradients, strict=True):
                weight -= 0.1 * gradient  # plain gradient descent
        errors.append(error.item())
    return errors


# --8<-- [end:demo]


# %%
# --8<-- [start:picture]
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    flow = demo()
    figure, axes = plt.subplots(2, figsize=(6.6, 6), sharex=True, sharey=True)
    for axis, name, lines, hue in zip(
        axes, ("every slope 1", "slopes of tanh"), (flow.straight, flow.tanh), "20", strict=True
    ):
        for gain, line in zip(flow.gains, lines, strict=True):
            axis.plot(line, "-" if hue == "0" else "--", color=f"C{hue}")
            place = {"xytext": (6, 6 if line[0] > 0.999 else -18), "textcoords": "offset points"}
            axis.annotate(f"g = {gain:g}", (0, float(line[0])), **place)
            print(f"{name}, g = {gain}: {line[0]:.2g} is left at step 0")
        axis.set(title=name, yscale="log", ylim=(2e-9, 2e6), yticks=[1e-6, 1e-3, 1, 1e3])
        axis.set_ylabel("length of dE/dh")
    axes[1].set_xlabel("step t; the error enters at 40")

# --8<-- [end:picture]


# %%
# --8<-- [start:clipping]
if __name__ == "__main__":
    figure, axis = plt.subplots()
    for limit, dashes, hue in ((0.3, "-", "C0"), (float("inf"), "--", "C2")):
        torch.manual_seed(0)  # equal weights and rows
        errors = torch.tensor(train(limit))
        told = "clipped at 0.3" if limit < 1 else "not clipped"
        axis.plot(errors.where(errors < 1e3, torch.nan), dashes, color=hue, label=told)
        lost = (~errors.isfinite()).nonzero()
        print(
            told,
            f"lost at update {int(lost[0]) + 1}" if len(lost) else f"{errors[-20:].mean():.4f}",
        )
    axis.set(xlabel="update", ylabel="mean squared error", yscale="log", ylim=(0.005, 1000))
    axis.legend()

# --8<-- [end:clipping]
