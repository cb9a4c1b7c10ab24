"""Rotary positions against rotation matrices, and against what is said about them."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from snippets.attention import rope as file
from snippets.attention.rope import Reader, Result, rope

ORACLE = "one rotation matrix a position"
PAIRINGS = pytest.mark.parametrize("pairing", ["neighbours", "halves"])
# Batch, heads, length, dimensions.
SIZES = [(1, 1, 1, 2), (2, 3, 5, 4), (3, 1, 7, 6), (1, 2, 4, 64), (2, 2, 0, 4)]


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def matrix(m: float, d: int, pairing: str, base: float = 10000) -> Tensor:
    """R_m of the paper, equation 15, entry by entry."""
    R = torch.zeros(d, d, dtype=torch.float64)
    for i in range(d // 2):
        one, two = (2 * i, 2 * i + 1) if pairing == "neighbours" else (i, i + d // 2)
        angle = m * math.pow(base, -2 * i / d)
        R[one, one] = R[two, two] = math.cos(angle)
        R[one, two], R[two, one] = -math.sin(angle), math.sin(angle)
    return R


def by_matrices(x: Tensor, m: list[float], pairing: str) -> Tensor:
    rows = [x[..., t, :] @ matrix(m[t], x.shape[-1], pairing).T for t in range(x.shape[-2])]
    return torch.stack(rows, dim=-2)


@PAIRINGS
@pytest.mark.parametrize("sizes", [s for s in SIZES if s[2]], ids=str)
@pytest.mark.parametrize("start", [None, 100, 2.5], ids=str)
def test_equals_the_matrices(
    sizes: tuple[int, ...], start: float | None, pairing: str, compare: Any
) -> None:
    x = torch.randn(sizes, dtype=torch.float64, requires_grad=True)
    m = torch.arange(sizes[2]) + (start or 0)
    ours = rope(x, None if start is None else m, pairing=pairing)
    theirs = by_matrices(x, m.tolist(), pairing)
    compare(ours, theirs, oracle=ORACLE, what="forward", dtype=torch.float64)
    weights = torch.linspace(-1, 2, x.numel(), dtype=torch.float64).view_as(x)
    gradients = [torch.autograd.grad((one * weights).sum(), x)[0] for one in (ours, theirs)]
    compare(*gradients, oracle=ORACLE, what="gradient", dtype=torch.float64)


@PAIRINGS
@pytest.mark.parametrize("shift", [1, 1000, 100_000])
def test_scores_depend_on_the_distance_only(shift: int, pairing: str, compare: Any) -> None:
    q, k = torch.randn(2, 2, 3, 9, 16, dtype=torch.float64)
    m = torch.arange(9)
    here = rope(q, m, pairing=pairing) @ rope(k, m, pairing=pairing).mT
    there = rope(q, m + shift, pairing=pairing) @ rope(k, m + shift, pairing=pairing).mT
    compare(there, here, oracle="the same scores, shifted", what="value", atol=1e-9)


def test_tables_in_float32_would_lose_at_shift_1000() -> None:
    q = torch.randn(64, 32)
    m = torch.arange(64)

    def lost(turn: Callable[[Tensor, Tensor], Tensor], x: Tensor) -> float:
        """Against float64 throughout."""
        exact = rope(x.double(), m + 1000)
        return (turn(x, m + 1000).double() - exact).abs().max().item() / x.abs().max().item()

    def rounded(x: Tensor, m: Tensor) -> Tensor:
        theta = 10000 ** (-torch.arange(0, 32, 2) / 32)
        angle = m[:, None].float() * theta
        x1, x2 = x[..., ::2], x[..., 1::2]
        cos, sin = angle.cos(), angle.sin()
        return torch.stack([x1 * cos - x2 * sin, x1 * sin + x2 * cos], -1).flatten(-2)

    assert lost(rope, q) < 5e-7
    assert 5e-6 < lost(rounded, q) < 1e-4


@PAIRINGS
def test_turning_keeps_lengths(pairing: str) -> None:
    x = torch.randn(2, 3, 5, 8, dtype=torch.float64)
    turned = rope(x, torch.arange(5) + 77, pairing=pairing)
    assert (turned.norm(dim=-1) - x.norm(dim=-1)).abs().max() < 1e-12
    assert torch.equal(rope(x, torch.zeros(5), pairing=pairing), x)


def test_the_two_pairings_differ_by_the_order_of_dimensions_only() -> None:
    x = torch.randn(2, 3, 5, 8, dtype=torch.float64)
    order = torch.arange(8).view(4, 2).T.flatten()  # 0, 2, 4, 6, 1, 3, 5, 7
    one, other = rope(x)[..., order], rope(x[..., order], pairing="halves")
    assert (one - other).abs().max() < 1e-12
    assert (rope(x) - rope(x, pairing="halves")).abs().max() > 0.1


def test_each_row_of_a_batch_may_stand_elsewhere() -> None:
    x = torch.randn(2, 3, 4, 6, dtype=torch.float64)
    starts = torch.tensor([0, 9])[:, None, None] + torch.arange(4)  # (B, 1, T)
    both = rope(x, starts)
    for b in range(2):
        assert torch.equal(both[b], rope(x[b], starts[b, 0]))


def test_a_cached_key_is_turned_as_in_the_whole_row() -> None:
    x = torch.randn(1, 2, 6, 4, dtype=torch.float64)
    assert torch.equal(rope(x[..., 5:, :], torch.tensor([5])), rope(x)[..., 5:, :])


def test_no_step_gives_none() -> None:
    assert rope(torch.zeros(2, 2, 0, 4)).shape == (2, 2, 0, 4)


def test_gradients_agree_with_finite_differences() -> None:
    x = torch.randn(1, 2, 3, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(rope, (x,))


def test_the_worked_example_of_the_page() -> None:
    ahead = torch.tensor([[1.0, 0.0], [1.0, 0.0]], dtype=torch.float64)
    for m in ([5, 3], [105, 103]):
        q, k = rope(ahead, torch.tensor(m))
        assert (q @ k).item() == pytest.approx(math.cos(2))


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "odd d": (lambda: rope(torch.zeros(2, 4, 5)), "expected an even d.*got 5"),
    "pairing": (lambda: rope(torch.zeros(4, 6), pairing="thirds"), "neighbours or halves.*thirds"),
    "too few": (
        lambda: rope(torch.zeros(4, 6), torch.arange(3)),
        r"expected 4 positions, got \(3,\)",
    ),
    "only one": (
        lambda: rope(torch.zeros(4, 6), torch.tensor([1])),
        r"expected 4 positions, got \(1,\)",
    ),
    "a number": (lambda: rope(torch.zeros(4, 6), torch.tensor(1)), r"4 positions, got \(\)"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


def test_nothing_given_is_changed() -> None:
    x, m = torch.randn(2, 3, 4), torch.arange(3)
    copies, versions = (x.clone(), m.clone()), (x._version, m._version)
    rope(x, m)
    assert torch.equal(x, copies[0]) and torch.equal(m, copies[1])
    assert (x._version, m._version) == versions


@PAIRINGS
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32, torch.float64])
def test_the_dtype_stays_and_is_rounded_once(dtype: torch.dtype, pairing: str) -> None:
    x = torch.randn(2, 3, 6).to(dtype)
    m = torch.arange(3) + 5000
    turned = rope(x, m, pairing=pairing)
    assert turned.dtype == dtype
    exact = rope(x.double(), m, pairing=pairing)
    assert (turned.double() - exact).abs().max() <= 4 * torch.finfo(dtype).eps


def test_only_the_order_moves_the_answers() -> None:
    reader, letters = Reader().double(), torch.tensor([[1, 2, 3, 4, 0]])
    shuffled = letters[:, [3, 1, 0, 2, 4]]
    assert (reader(letters) - reader(shuffled))[:, -1].abs().max() > 1e-4
    assert reader(letters).dtype == torch.float64


def test_weights_survive_saving_and_hold_no_table() -> None:
    reader, another = Reader(), Reader()
    another.load_state_dict(reader.state_dict())
    letters = torch.tensor([[1, 0, 2, 0]])
    assert torch.equal(reader(letters), another(letters))
    assert not list(reader.buffers())


def test_bfloat16_autocast_stays_near() -> None:
    reader, letters = Reader(), torch.tensor([[1, 0, 2, 0]])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = reader(letters)
    out.float().sum().backward()
    assert reader.embed.weight.grad is not None and reader.embed.weight.grad.isfinite().all()
    assert (out.float() - reader(letters)).abs().max() < 0.1


@pytest.mark.cuda
@PAIRINGS
def test_equals_itself_on_cuda(pairing: str) -> None:
    x, m = torch.randn(2, 3, 5, 8, dtype=torch.float64), torch.arange(5) + 3
    there = rope(x.cuda(), m.cuda(), pairing=pairing)
    assert (there.cpu() - rope(x, m, pairing=pairing)).abs().max() < 1e-9


@pytest.fixture(scope="module")
def trained() -> Reader:
    torch.manual_seed(0)
    return file.train(Reader())


def test_the_demo_reaches_its_bar_but_not_at_every_length() -> None:
    result: Result = file.demo()
    assert result.metric >= result.expected > result.chance
    assert result.longer[16] > 0.95
    assert result.longer[128] < 0.3


def test_squeezed_positions_reach_farther(trained: Reader) -> None:
    plain, squeezed = (file.by_step(trained, 64, squeeze)[32:].mean() for squeeze in (1, 4))
    assert squeezed > plain + 0.2


def test_trained_weights_take_no_other_pairing(trained: Reader) -> None:
    ours, other = (file.by_step(trained, 16, 1, pairing) for pairing in ("neighbours", "halves"))
    assert other[8:].mean() < ours[8:].mean() - 0.2


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "train", lambda model: model)
    before = torch.get_rng_state()
    first, again, other = file.demo(0), file.demo(0), file.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric
