"""Addressing against a loop over rows, torch.fft, and cases one can do by hand."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from snippets.memory import ntm_addressing as module
from snippets.memory.ntm_addressing import content, gate, ntm_addressing, sharpen, shift

# Batch, rows, their width, places a shift may reach to either side.
SIZES = [(1, 1, 1, 0), (3, 5, 4, 1), (2, 4, 7, 2), (2, 2, 3, 3)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def given(sizes: tuple[int, ...]) -> list[Tensor]:
    """k, beta, g, s, gamma, memory and the weights before, in float64."""
    B, N, M, R = sizes
    shapes = (B, M), (B, 1), (B, 1), (B, 2 * R + 1), (B, 1), (B, N, M), (B, N)
    k, beta, g, s, gamma, memory, before = (torch.randn(n, dtype=torch.float64) for n in shapes)
    made = [k, 4 * beta.exp(), g.sigmoid(), s.softmax(1), 1 + gamma.exp(), memory]
    return [part.requires_grad_() for part in (*made, before.softmax(1))]


def looped(
    k: Tensor, beta: Tensor, g: Tensor, s: Tensor, gamma: Tensor, memory: Tensor, before: Tensor
) -> Tensor:
    """Equations 5 to 9, row by row; s(i - j) is found modulo N."""
    answers = []
    for b in range(len(k)):
        rows, R = memory[b], s.shape[1] // 2
        N = len(rows)
        cos = [k[b] @ row / (k[b].norm() * row.norm()) for row in rows]
        found = torch.stack([(beta[b, 0] * one).exp() for one in cos])
        found = found / found.sum()
        mixed = [g[b, 0] * found[i] + (1 - g[b, 0]) * before[b, i] for i in range(N)]
        moved = [
            sum(mixed[j] * s[b, r + R] for j in range(N) for r in range(-R, R + 1)
                if (i - j - r) % N == 0) for i in range(N)
        ]  # fmt: skip
        power = torch.stack([one ** gamma[b, 0] for one in moved])
        answers.append(power / power.sum())
    return torch.stack(answers)


def gradients(answer: Tensor, of: list[Tensor]) -> list[Tensor]:
    weight = torch.linspace(-1, 2, answer.numel()).view_as(answer)
    return list(torch.autograd.grad((answer * weight).sum(), of))


@ALL_SIZES
def test_equals_a_loop_over_rows(sizes: tuple[int, ...], compare: Any) -> None:
    of = given(sizes)
    mine, other = ntm_addressing(*of), looped(*of)
    oracle = "a loop over rows"
    compare(mine, other, oracle=oracle, what="forward", dtype=torch.float64)
    compare(gradients(mine, of), gradients(other, of), oracle=oracle, what="gradient")
    assert (mine >= 0).all() and (mine.sum(dim=1) - 1).abs().max() < 1e-12


@ALL_SIZES
def test_a_shift_is_a_circular_convolution(sizes: tuple[int, ...], compare: Any) -> None:
    B, N, _, R = sizes
    *_, s, _, _, w = given(sizes)
    kernel = w.new_zeros(B, N)
    for r in range(-R, R + 1):
        kernel[:, r % N] += s[:, r + R].detach()
    other = torch.fft.irfft(torch.fft.rfft(w) * torch.fft.rfft(kernel), n=N)
    compare(shift(w, s), other, oracle="torch.fft", what="forward", dtype=torch.float64)


def row(*numbers: float) -> Tensor:
    return torch.tensor([numbers], dtype=torch.float64)


def test_equals_values_by_hand(compare: Any) -> None:
    # Cosines 1, 0 and -1, whatever the lengths; beta = ln 2: e^(beta cos) is 2, 1 and 1/2.
    memory = torch.tensor([[[3.0, 0.0], [0.0, 2.0], [-1.0, 0.0]]]).double()
    mine = [
        content(row(5, 0), row(math.log(2)), memory),
        gate(row(0.25), row(1, 0, 0), row(0, 0, 1)),
        shift(row(1, 0, 0, 0), row(0.1, 0.2, 0.7)),
        sharpen(row(0.2, 0.4, 0.4), row(2)),
    ]
    by_hand = [
        row(4 / 7, 2 / 7, 1 / 7),
        row(0.25, 0, 0.75),
        row(0.2, 0.7, 0, 0.1),  # one row on with 0.7; one back, around the end, with 0.1
        row(1 / 9, 4 / 9, 4 / 9),
    ]
    compare(mine, by_hand, oracle="values by hand", what="value", atol=1e-12)


def test_the_ends_of_each_step(compare: Any) -> None:
    k, beta, g, _, gamma, memory, before = given((2, 5, 4, 1))
    stay, one = row(0, 1, 0).expand(2, 3), torch.ones_like(g)
    compare(ntm_addressing(k, beta, 0 * g, stay, one, memory, before), before,
            oracle="where it was", what="value", atol=1e-12)  # fmt: skip
    compare(ntm_addressing(k, 0 * beta, one, stay, one, memory, before),
            torch.full((2, 5), 0.2).double(), oracle="all rows alike", what="value",
            atol=1e-7)  # fmt: skip
    found = ntm_addressing(memory[:, 3], 1e4 * one, one, stay, one, memory, before)
    assert found[:, 3].min() > 0.999
    moved = ntm_addressing(k, beta, 0 * g, row(0, 0, 1).expand(2, 3), gamma, memory, before)
    compare(moved, sharpen(before, gamma).roll(1, 1), oracle="one row on", what="value")


def test_content_does_not_know_lengths(compare: Any) -> None:
    k, beta, _, _, _, memory, _ = given((2, 5, 4, 1))
    compare(content(7 * k, beta, 3 * memory), content(k, beta, memory),
            oracle="longer vectors", what="value", atol=1e-12)  # fmt: skip


def test_derivatives_agree_with_finite_differences() -> None:
    assert torch.autograd.gradcheck(ntm_addressing, given((2, 3, 2, 1)))


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64], ids=str)
def test_high_powers_stay_finite_and_the_dtype_stays(dtype: torch.dtype) -> None:
    of = [part.detach().to(dtype) for part in given((2, 20, 4, 1))]
    of[4] = torch.full((2, 1), 40.0, dtype=dtype)
    of[6] = torch.full((2, 20), 0.05, dtype=dtype)  # 0.05 to the 40th is 0 in single precision
    of = [part.requires_grad_() for part in of]
    of[2] = torch.zeros(2, 1, dtype=dtype, requires_grad=True)
    w = ntm_addressing(*of)
    assert w.dtype == dtype
    assert (w.sum(dim=1) - 1).abs().max() < 0.01
    assert all(g.isfinite().all() for g in gradients(w, of))


def test_an_empty_memory_row_is_no_danger() -> None:
    of = [part.detach().clone() for part in given((2, 5, 4, 1))]
    of[5][:, 2] = 0
    of = [part.requires_grad_() for part in of]
    w = ntm_addressing(*of)
    assert w.isfinite().all() and all(g.isfinite().all() for g in gradients(w, of))


NAMES = ["k", "beta", "g", "s", "gamma", "memory", "before"]
BAD: dict[str, tuple[str, Callable[[Tensor], Tensor], str]] = {
    "a narrow key": ("k", lambda x: x[:, 1:], r"expected k \(3, 4\), got \(3, 3\)"),
    "weights of others": ("before", lambda x: x[:, 1:], r"before \(3, 5\), got \(3, 4\)"),
    "beta for each row": ("beta", lambda x: x.expand(3, 5), r"beta \(3, 1\), got \(3, 5\)"),
    "a flat gate": ("g", lambda x: x[:, 0], r"expected g \(3, 1\), got \(3,\)"),
    "an even shift": ("s", lambda x: x[:, 1:], r"expected s \(3, odd\), got \(3, 2\)"),
    "memory without a batch": ("memory", lambda x: x[0], r"memory \(B, N >= 1, M\), got \(5, 4\)"),
    "memory without a row": ("memory", lambda x: x[:, :0], r"N >= 1, M\), got \(3, 0, 4\)"),
    "a negative strength": ("beta", lambda x: -x, "beta >= 0"),
    "a gate beyond": ("g", lambda x: x + 1, "g from 0 to 1"),
    "gamma below one": ("gamma", lambda x: x - x + 0.5, "gamma >= 1"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    name, spoil, message = BAD[case]
    of = dict(zip(NAMES, given((3, 5, 4, 1)), strict=True))
    with pytest.raises(ValueError, match=message):
        ntm_addressing(**{**of, name: spoil(of[name])})


def test_an_empty_batch_has_an_empty_answer() -> None:
    of = [part[:0] for part in given((3, 5, 4, 1))]
    assert ntm_addressing(*of).shape == (0, 5)


def test_nothing_given_is_changed_and_no_random_number_is_drawn() -> None:
    of = given((3, 5, 4, 1))
    before, versions = [p.detach().clone() for p in of], [p._version for p in of]
    state = torch.get_rng_state()
    assert torch.equal(ntm_addressing(*of), ntm_addressing(*of))
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(p, old) for p, old in zip(of, before, strict=True))
    assert [p._version for p in of] == versions


def test_bfloat16_autocast_stays_near() -> None:
    of = [part.detach().float() for part in given((3, 5, 4, 1))]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        w = ntm_addressing(*of)
    assert (w.float() - ntm_addressing(*of)).abs().max() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    of = given((3, 5, 4, 1))
    there = ntm_addressing(*(part.cuda() for part in of))
    assert (ntm_addressing(*of) - there.cpu()).abs().max() < 1e-9


def test_the_walk_of_the_demo() -> None:
    before = torch.get_rng_state()
    trace, again = module.demo(), module.demo()
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(trace.sharpened, again.sharpened)
    path = [*range(9), 5, 4, 3, 2, 1, 0, 11]  # the last step goes around the end
    assert trace.sharpened.argmax(dim=1).tolist() == path
    assert trace.sharpened.amax(dim=1).min() > 0.95
    assert trace.blurred[8].max() < 0.6 and trace.blurred[15].max() < 0.7
    assert (trace.blurred.sum(dim=1) - 1).abs().max() < 1e-5
