"""Cut gradients against autograd with detach, the sum over uncut pairs, and the whole gradient."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from snippets.recurrent import truncated_bptt as snippet
from snippets.recurrent.truncated_bptt import LAG, STEPS, Echo, cut, truncated_bptt
from tests.snippets.conftest import Compare

ORACLE = "autograd with detach"
# Cells, batch, steps, k: cuts that fit, that leave a rest, at every step, and none.
SHAPES = [(3, 8, 4), (2, 7, 3), (1, 5, 1), (2, 6, 6), (2, 4, 9), (1, 1, 1)]
ALL_SHAPES = pytest.mark.parametrize("shape", SHAPES, ids=str)
CELLS = pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM], ids=lambda kind: kind.__name__)


@pytest.fixture(autouse=True)
def seeded() -> Iterator[None]:
    """The same weights and inputs for a test whichever tests ran before it."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(9)
        yield


def squares(out: Tensor, y: Tensor) -> Tensor:
    return (out - y).square().sum()


def drawn(kind: Any, shape: tuple[int, int, int], layers: int = 2) -> tuple[Any, Tensor, Tensor]:
    B, T, _ = shape
    model = kind(3, 4, layers, batch_first=True).double()
    return model, *(torch.randn(B, T, n, dtype=torch.float64) for n in (3, 4))


def run(model: Any, x: Tensor, y: Tensor, k: int, state: Any = None) -> Any:
    return truncated_bptt(model, squares, list(model.parameters()), x, y, k, state)


@CELLS
@ALL_SHAPES
def test_equals_a_loop_with_detach(
    kind: Any, shape: tuple[int, int, int], compare: Compare
) -> None:
    model, x, y = drawn(kind, shape)
    state, total = None, torch.zeros((), dtype=torch.float64)
    for t in range(x.shape[1]):  # one graph over all steps, with holes in it
        if t and t % shape[2] == 0:
            state = tuple(s.detach() for s in state) if kind is nn.LSTM else state.detach()
        out, state = model(x[:, t : t + 1], state)
        total = total + squares(out, y[:, t : t + 1])
    theirs = torch.autograd.grad(total, list(model.parameters()))
    gradients, error, last = run(model, x, y, shape[2])
    compare(gradients, list(theirs), oracle=ORACLE, what="gradient", dtype=torch.float64)
    compare(error, total, oracle=ORACLE, what="forward")
    compare(last, state, oracle=ORACLE, what="state")


@CELLS
def test_without_a_cut_it_is_the_whole_gradient(kind: Any, compare: Compare) -> None:
    model, x, y = drawn(kind, (3, 7, 7))
    out, last = model(x)
    whole = torch.autograd.grad(squares(out, y), list(model.parameters()))
    for k in (7, 8, 100):
        gradients, _, state = run(model, x, y, k)
        compare(gradients, list(whole), oracle="the whole gradient", what="gradient")
        compare(state, last, oracle="the whole gradient", what="state")


@pytest.mark.parametrize("k", [1, 2, 3, 5, 7])
def test_what_is_left_are_the_pairs_that_no_cut_parts(k: int, compare: Compare) -> None:
    model, x, y = drawn(nn.RNN, (2, 7, k), layers=1)
    W, U, b, c = (weight.detach() for weight in model.parameters())
    h = [torch.zeros(2, 4, dtype=torch.float64)]
    for t in range(7):
        h.append((x[:, t] @ W.T + h[-1] @ U.T + b + c).tanh())
    gradient = torch.zeros_like(U)
    for s in range(1, 8):
        delta = 2 * (h[s] - y[:, s - 1])
        for t in range(s, 0, -1):  # the equation of the notebook, pair by pair
            epsilon = delta * (1 - h[t] ** 2)
            if -(-s // k) == -(-t // k):
                gradient = gradient + epsilon.T @ h[t - 1]
            delta = epsilon @ U
    mine = run(model, x, y, k)[0][1]
    compare(mine, gradient, oracle="the sum over uncut pairs", what="gradient")


@CELLS
def test_values_cross_the_cut(kind: Any) -> None:
    model, x, y = drawn(kind, (2, 6, 2))
    _, whole, last = run(model, x, y, 6)
    _, error, state = run(model, x, y, 2)
    assert error.item() == pytest.approx(whole.item(), abs=1e-12)
    parts = zip(last, state, strict=True) if kind is nn.LSTM else [(last, state)]
    assert all(torch.allclose(a, b, atol=1e-12) for a, b in parts)


def test_a_state_is_taken_up_and_no_gradient_reaches_before_it() -> None:
    model, x, y = drawn(nn.LSTM, (2, 6, 3))
    _, between = model(x[:, :3])
    gradients, _, last = run(model, x[:, 3:], y[:, 3:], 3, between)
    again, _, _ = run(model, x[:, 3:], y[:, 3:], 3, tuple(part.detach() for part in between))
    assert all(torch.equal(a, b) for a, b in zip(gradients, again, strict=True))
    assert torch.allclose(last[0], model(x)[1][0], atol=1e-12)
    assert not any(part.requires_grad for part in last)


def test_cut_keeps_values_and_forgets_the_past() -> None:
    h = torch.randn(2, 3, requires_grad=True) * 2
    assert cut(None) is None
    assert torch.equal(cut(h), h) and not cut(h).requires_grad
    both = cut((h, (h,)))
    assert torch.equal(both[1][0], h) and not both[0].requires_grad and not both[1][0].requires_grad


BAD: dict[str, tuple[Callable[[Any, Tensor, Tensor], Any], str]] = {
    "k of 0": (lambda m, x, y: run(m, x, y, 0), "expected k of at least 1.*got 0, "),
    "fewer answers": (lambda m, x, y: run(m, x, y[:, 1:], 2), r"\(2, 4, 3\), \(2, 3, 4\)"),
    "other rows": (lambda m, x, y: run(m, x, y[:1], 2), r"\(2, 4, 3\), \(1, 4, 4\)"),
    "time first": (lambda m, x, y: run(m, x, y.transpose(0, 1), 2), r"\(4, 2, 4\)"),
    "no step": (lambda m, x, y: run(m, x[:, :0], y[:, :0], 2), r"\(2, 0, 3\)"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(*drawn(nn.RNN, (2, 4, 2)))


def test_nothing_given_is_changed_and_the_answer_repeats() -> None:
    model, x, y = drawn(nn.GRU, (2, 5, 2))
    given = [x, y, *model.parameters()]
    before, versions = [each.detach().clone() for each in given], [each._version for each in given]
    random = torch.get_rng_state()
    first, again = run(model, x, y, 2)[0], run(model, x, y, 2)[0]
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [each._version for each in given] == versions
    assert all(weight.grad is None for weight in model.parameters())
    assert torch.equal(torch.get_rng_state(), random)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    model, x, y = drawn(nn.RNN, (2, 5, 2))
    gradients, error, state = run(model.to(dtype), x.to(dtype), y.to(dtype), 2)
    assert {error.dtype, state.dtype, *(g.dtype for g in gradients)} == {dtype}


def test_bfloat16_autocast_stays_near() -> None:
    model, x, y = drawn(nn.GRU, (2, 5, 2))  # torch's LSTM has no bfloat16 on every CPU
    model, x, y = model.float(), x.float(), y.float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rough = run(model, x, y, 2)[0]
    for near, exact in zip(rough, run(model, x, y, 2)[0], strict=True):
        assert (near - exact).norm() < 0.05 * exact.norm() + 1e-3


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    model, x, y = drawn(nn.RNN, (2, 5, 2))
    here = run(model, x, y, 2)[0]
    there = run(model.cuda(), x.cuda(), y.cuda(), 2)[0]
    for near, far in zip(here, there, strict=True):
        assert (near - far.cpu()).abs().max() < 1e-9


@pytest.fixture(scope="module")
def result() -> snippet.Result:
    return snippet.demo()


def test_the_demo_reaches_its_bar(result: snippet.Result) -> None:
    assert result.metric >= result.expected > result.chance
    assert result.metric == result.right[12]


def test_learning_sets_in_where_a_piece_holds_bit_and_echo(result: snippet.Result) -> None:
    assert result.right[LAG] < 0.8 < 0.9 < result.right[LAG + 1]
    assert result.right[24] > 0.95


def test_longer_pieces_leave_out_less(result: snippet.Result) -> None:
    left_out = result.left_out
    assert left_out[1] > left_out[6] > left_out[12] > left_out[STEPS] == 0


def test_the_echo_is_the_bit_read_before() -> None:
    x, y = snippet.echo(50)
    assert x.shape == (50, STEPS, 1) and y.shape == (50, STEPS)
    assert torch.equal(x[:, :-LAG, 0] > 0, y[:, LAG:] > 0)
    assert y.mean().item() == pytest.approx(0.5, abs=0.05)


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snippet, "train", lambda k: Echo())
    before = torch.get_rng_state()
    first, again, other = snippet.demo(0), snippet.demo(0), snippet.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert first.left_out == again.left_out != other.left_out
