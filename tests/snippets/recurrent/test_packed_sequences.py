"""Packing against torch's, number for number, and a loop over packed data against nn.RNN."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from snippets.recurrent import packed_sequences as snippet
from snippets.recurrent.packed_sequences import pack, run, unpack
from tests.snippets.conftest import Compare

ORACLE = "pack_padded_sequence"
LENGTHS = pytest.mark.parametrize(
    "lengths", [(7, 7, 7), (2, 6, 3), (7, 1, 4), (1, 1, 1), (5,), (3, 5, 3, 5, 1)], ids=str
)


@pytest.fixture(autouse=True)
def seeded() -> Iterator[None]:
    """The same weights and inputs for a test whichever tests ran before it."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(11)
        yield


def drawn(lengths: tuple[int, ...], D: int = 3) -> tuple[Tensor, Tensor]:
    """Rows of seven steps, asking for gradients, and how many of them are real."""
    x = torch.randn(len(lengths), 7, D, dtype=torch.float64, requires_grad=True)
    return x, torch.tensor(lengths)


def torch_packed(x: Tensor, lengths: Tensor) -> PackedSequence:
    return pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)


def weighed(part: Tensor) -> Tensor:
    """A sum in which every number has a weight of its own."""
    return (part * torch.linspace(-1, 2, part.numel()).view_as(part)).sum()


@LENGTHS
def test_packing_equals_torch(lengths: tuple[int, ...], compare: Compare) -> None:
    x, ends = drawn(lengths)
    mine, theirs = pack(x, ends), torch_packed(x, ends)
    compare(mine.data, theirs.data, oracle=ORACLE, what="forward", dtype=torch.float64)
    compare(mine.batch_sizes, theirs.batch_sizes, oracle=ORACLE, what="value")
    # Equal lengths may be sorted either way, if only the way back agrees.
    assert torch.equal(ends[mine.sorted_indices], ends[theirs.sorted_indices])


@LENGTHS
def test_gradients_of_packing_equal_torch(lengths: tuple[int, ...], compare: Compare) -> None:
    x, ends = drawn(lengths)
    (mine,) = torch.autograd.grad(weighed(pack(x, ends).data), x)
    (theirs,) = torch.autograd.grad(weighed(torch_packed(x, ends).data), x)
    compare(mine, theirs, oracle=ORACLE, what="gradient", dtype=torch.float64)
    assert not mine[torch.arange(7) >= ends[:, None]].any()


@LENGTHS
@pytest.mark.parametrize("total", [None, 7, 9])
def test_unpacking_equals_torch(
    lengths: tuple[int, ...], total: int | None, compare: Compare
) -> None:
    x, ends = drawn(lengths)
    theirs, sizes = pad_packed_sequence(torch_packed(x, ends), True, total_length=total)
    mine, back = unpack(pack(x, ends), total or 0)
    compare(mine, theirs, oracle="pad_packed_sequence", what="forward", dtype=torch.float64)
    compare(back, sizes, oracle="pad_packed_sequence", what="value")
    grads = [torch.autograd.grad(weighed(each), x)[0] for each in (mine, theirs)]
    compare(grads[0], grads[1], oracle="pad_packed_sequence", what="gradient")


@LENGTHS
@pytest.mark.parametrize("given", [False, True], ids=["from-zero", "from-a-state"])
def test_the_loop_equals_nn_rnn(lengths: tuple[int, ...], given: bool, compare: Compare) -> None:
    x, ends = drawn(lengths)
    twin = nn.RNN(3, 5, batch_first=True).double()
    W, U, b, c = twin.all_weights[0]
    h = torch.randn(len(lengths), 5, dtype=torch.float64) * given
    h.requires_grad_()
    out, last = run(pack(x, ends), h, W, U, b + c)
    theirs, their_last = twin(torch_packed(x, ends), h[None])
    compare(out.data, theirs.data, oracle="nn.RNN, packed", what="forward", dtype=torch.float64)
    compare(last, their_last[0], oracle="nn.RNN, packed", what="state", dtype=torch.float64)
    of = [x, h, W, U, b]
    compare(
        list(torch.autograd.grad(weighed(unpack(out)[0]) + weighed(last), of)),
        list(
            torch.autograd.grad(
                weighed(pad_packed_sequence(theirs, True)[0]) + weighed(their_last[0]), of
            )
        ),
        oracle="nn.RNN, packed", what="gradient", dtype=torch.float64,
    )  # fmt: skip


def test_the_equations_of_the_notebook(compare: Compare) -> None:
    x, ends = drawn((2, 6, 3, 6))
    sizes = pack(x, ends).batch_sizes
    byhand = torch.tensor([sum(n >= t for n in (2, 6, 3, 6)) for t in range(1, 7)])
    compare(sizes, byhand, oracle="hand-computed values", what="value")
    assert sizes.sum() == ends.sum()


@pytest.mark.parametrize("filler", [1e30, math.nan, math.inf], ids=str)
def test_padding_is_never_read(filler: float) -> None:
    x, ends = drawn((6, 2, 1))
    W, U, b = (torch.randn(s, dtype=torch.float64) for s in ((5, 3), (5, 5), (5,)))
    h = torch.zeros(3, 5, dtype=torch.float64)
    filled = x.detach().masked_fill((torch.arange(7) >= ends[:, None])[..., None], filler)
    filled.requires_grad_()
    (out, last), (same, same_last) = (run(pack(each, ends), h, W, U, b) for each in (x, filled))
    assert torch.equal(out.data, same.data) and torch.equal(last, same_last)
    (grad,) = torch.autograd.grad(weighed(same_last), filled)
    assert grad.isfinite().all()


def test_packing_and_unpacking_gives_the_rows_back() -> None:
    x, ends = drawn((3, 7, 1, 5))
    back, lengths = unpack(pack(x, ends))
    assert torch.equal(lengths, ends)
    assert torch.equal(back, x * (torch.arange(7) < ends[:, None])[..., None])


def test_finite_differences_agree() -> None:
    x, ends = drawn((2, 4, 1), D=2)
    weights = [torch.randn(s, dtype=torch.float64) for s in ((3, 3), (2, 2), (3, 2), (3, 3), (3,))]
    h, _, W, U, b = (weight.requires_grad_() for weight in weights)

    def answer(x: Tensor, h: Tensor, W: Tensor, U: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
        out, last = run(pack(x, ends), h, W, U, b)
        return unpack(out)[0], last

    assert torch.autograd.gradcheck(answer, (x[:, :4].detach().requires_grad_(), h, W, U, b))


Z = torch.zeros
BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "no step": (lambda: pack(Z(2, 4, 3), torch.tensor([4, 0])), r"expected 2 from 1 to 4.*\[4, 0"),
    "too long": (lambda: pack(Z(2, 4, 3), torch.tensor([5, 1])), r"from 1 to 4.*\[5, 1\]"),
    "of others": (lambda: pack(Z(2, 4, 3), torch.tensor([1, 1, 1])), r"expected 2.*\[1, 1, 1\]"),
    "half a step": (lambda: pack(Z(2, 4, 3), torch.tensor([1.5, 1])), r"\[1\.5, 1\.0\]"),
    "no row": (lambda: pack(Z(0, 4, 3), torch.ones(0, dtype=torch.long)), "expected 0"),
    "state of torch": (
        lambda: run(pack(Z(2, 4, 3), torch.tensor([4, 1])), Z(1, 2, 5), Z(5, 3), Z(5, 5), Z(5)),
        r"expected h \(2, 5\).*got \(1, 2, 5\)",
    ),
    "other width": (
        lambda: run(pack(Z(2, 4, 2), torch.tensor([4, 1])), Z(2, 5), Z(5, 3), Z(5, 5), Z(5)),
        r"3 features.*\(5, 2\)",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


def test_nothing_given_is_changed() -> None:
    x, ends = drawn((3, 7, 1))
    W, U, b, h = (torch.randn(s, dtype=torch.float64) for s in ((5, 3), (5, 5), (5,), (3, 5)))
    given = [x, ends, W, U, b, h]
    before, versions = [each.detach().clone() for each in given], [each._version for each in given]
    random = torch.get_rng_state()
    packed = pack(x, ends)
    data = packed.data.detach().clone()
    out, _ = run(packed, h, W, U, b)
    unpack(out), unpack(packed)
    assert torch.equal(packed.data, data)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [each._version for each in given] == versions
    assert torch.equal(torch.get_rng_state(), random)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    W, U, b, h = (torch.randn(s, dtype=dtype) for s in ((5, 3), (5, 5), (5,), (2, 5)))
    out, last = run(pack(torch.randn(2, 4, 3, dtype=dtype), torch.tensor([4, 2])), h, W, U, b)
    assert {out.data.dtype, last.dtype, unpack(out)[0].dtype} == {dtype}


def test_any_features_may_be_packed() -> None:
    x = torch.arange(24).view(2, 3, 2, 2)
    back, _ = unpack(pack(x, torch.tensor([3, 3])))
    assert torch.equal(back, x)
    assert torch.equal(unpack(pack(x[..., 0, 0], torch.tensor([3, 3])))[0], x[..., 0, 0])


def test_bfloat16_autocast_stays_near() -> None:
    W, U, b, h = (torch.randn(s) / 2 for s in ((5, 3), (5, 5), (5,), (2, 5)))
    packed = pack(torch.randn(2, 4, 3), torch.tensor([4, 2]))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out, _ = run(packed, h, W, U, b)
    assert (out.data.float() - run(packed, h, W, U, b)[0].data).abs().max() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    x, ends = drawn((3, 7, 1))
    W, U, b, h = (torch.randn(s, dtype=torch.float64) for s in ((5, 3), (5, 5), (5,), (3, 5)))
    here, there = (
        unpack(run(pack(x.to(d), ends.to(d)), h.to(d), W.to(d), U.to(d), b.to(d))[0])[0].cpu()
        for d in ("cpu", "cuda")
    )
    assert (here - there).abs().max() < 1e-9


@pytest.fixture(scope="module")
def model() -> snippet.Differ:
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        return snippet.train()


def test_the_demo_reaches_its_bar() -> None:
    result = snippet.demo()
    assert result.metric >= result.expected > result.chance
    assert result.sizes.tolist() == [5, 4, 3, 3, 2, 1, 1]
    assert result.places[:, 0].tolist() == [1, 2, 3, 4, 5]
    assert result.places[0].tolist() == [1, 6, 10, 13, 16, 18, 19]
    assert result.places[-1].tolist() == [5, 0, 0, 0, 0, 0, 0]


def test_padding_read_behind_a_row_spoils_the_answer(model: snippet.Differ) -> None:
    assert snippet.right(model) > 0.95
    assert snippet.right(model, padding=6) < 0.7


def test_half_of_the_rows_end_in_two_that_differ() -> None:
    x, lengths, y = snippet.rows(4000)
    assert y.mean().item() == pytest.approx(snippet.Result.chance, abs=0.03)
    for b in range(50):
        n = int(lengths[b])
        assert x[b, :n].all() and not x[b, n:].any()
        assert y[b] == (x[b, n - 1] != x[b, n - 2])


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snippet, "train", snippet.Differ)
    before = torch.get_rng_state()
    first, again, other = snippet.demo(0), snippet.demo(0), snippet.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric
