"""The top query layer against nn.MultiheadAttention asked by places, and what is said about it."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from snippets.transformer import codegeex_top_query as file
from snippets.transformer.codegeex_top_query import CodeGeeXTopQuery, Result, attend

ORACLE = "nn.MultiheadAttention, asked by places"
# Batch, steps, width, heads, places.
SIZES = [(1, 1, 1, 1, 1), (3, 5, 4, 2, 5), (2, 7, 6, 3, 9), (5, 2, 3, 1, 20)]


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def pair(d: int, heads: int, length: int) -> tuple[CodeGeeXTopQuery, nn.MultiheadAttention]:
    """Ours and its twin with the same weights, in float64; the twin's biases are not 0."""
    twin = nn.MultiheadAttention(d, heads, batch_first=True).double()
    for bias in (twin.in_proj_bias, twin.out_proj.bias):
        nn.init.normal_(bias)
    ours = CodeGeeXTopQuery(d, heads, length).double()
    ours.load_torch(twin)
    return ours, twin


def asked_by_places(
    twin: nn.MultiheadAttention, places: Tensor, x: Tensor, real: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """In torch's masks True means hidden, the opposite of ours."""
    B, T, d = x.shape
    hidden = torch.ones(T, T, dtype=torch.bool).triu(1)
    p = places[:T].expand(B, T, d)
    padding = None if real is None else ~real
    return twin(
        p, x, x, attn_mask=hidden, key_padding_mask=padding, average_attn_weights=False
    )  # fmt: skip


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_equals_the_twin(sizes: tuple[int, ...], compare: Any) -> None:
    B, T, d, heads, length = sizes
    ours, twin = pair(d, heads, length)
    x = torch.randn(B, T, d, dtype=torch.float64, requires_grad=True)
    mine, theirs = ours(x), asked_by_places(twin, ours.places.weight, x)
    compare(mine, theirs, oracle=ORACLE, what="forward", dtype=torch.float64)
    weights = torch.linspace(-1, 2, x.numel(), dtype=torch.float64).view_as(x)
    of = [x, ours.places.weight]
    one, other = (torch.autograd.grad((y[0] * weights).sum(), of) for y in (mine, theirs))
    compare(one, other, oracle=ORACLE, what="gradient", dtype=torch.float64)


def test_padding_at_the_end_equals_the_twins(compare: Any) -> None:
    ours, twin = pair(6, 2, 8)
    x = torch.randn(3, 5, 6, dtype=torch.float64)
    real = torch.arange(5) < torch.tensor([[5], [2], [1]])
    theirs = asked_by_places(twin, ours.places.weight, x, real)
    compare(ours(x, real), theirs, oracle=ORACLE, what="forward", dtype=torch.float64)


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64], ids=str)
def test_where_all_is_masked_weights_are_zero(dtype: torch.dtype) -> None:
    ours = CodeGeeXTopQuery(4, 2, 5).to(dtype)
    x = torch.randn(1, 3, 4, dtype=dtype).requires_grad_()
    y, weights = ours(x, torch.tensor([[False, False, True]]))
    assert (weights[..., :2] == 0).all() and (weights[..., :2, :] == 0).all()
    assert torch.equal(y[0, 0], ours.out.bias)
    y.sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()


def test_the_query_does_not_read_the_tokens() -> None:
    """Other values of the last token change its key only: alone it gets all the weight."""
    ours, _ = pair(4, 2, 5)
    x = torch.randn(1, 4, 4, dtype=torch.float64)
    same = x.clone()
    same[:, 2:] = x[:, :1]
    _, weights = ours(same)
    assert (weights[..., 3, 2] - weights[..., 3, 3]).abs().max() < 1e-12
    assert (weights[..., 3, 0] - weights[..., 3, 3]).abs().max() < 1e-12
    order = torch.tensor([2, 0, 1, 3])
    assert (ours(x)[0][:, 3] - ours(x[:, order])[0][:, 3]).abs().max() < 1e-12


def test_later_tokens_are_not_seen() -> None:
    ours, _ = pair(4, 2, 5)
    x = torch.randn(1, 4, 4, dtype=torch.float64)
    other = x.clone()
    other[:, 3] = 7
    assert torch.equal(ours(x)[0][:, :3], ours(other)[0][:, :3])
    assert (ours(x)[1].triu(1) == 0).all()


def test_each_place_has_a_query_of_its_own() -> None:
    ours, _ = pair(4, 2, 5)
    x = torch.randn(1, 1, 4, dtype=torch.float64).expand(1, 3, 4) + torch.eye(3, 4)
    _, weights = ours(x.flip(1))
    assert (weights[..., 1, :2] - weights[..., 2, :2]).abs().max() > 1e-4


def test_no_step_gives_none() -> None:
    y, weights = CodeGeeXTopQuery(4, 2, 5)(torch.zeros(2, 0, 4))
    assert (y.shape, weights.shape) == ((2, 0, 4), (2, 2, 0, 0))


def test_gradients_agree_with_finite_differences() -> None:
    q, k, v = torch.randn(3, 2, 3, 2, dtype=torch.float64, requires_grad=True)
    mask = torch.ones(3, 3, dtype=torch.bool).tril()
    assert torch.autograd.gradcheck(lambda *given: attend(*given, mask)[0], (q, k, v))


BAD: dict[str, tuple[Callable[[CodeGeeXTopQuery], Any], str]] = {
    "heads": (lambda m: CodeGeeXTopQuery(4, 3, 5), "heads that divide d.*got d 4, heads 3"),
    "no head": (lambda m: CodeGeeXTopQuery(4, 0, 5), "heads 0"),
    "no place": (lambda m: CodeGeeXTopQuery(4, 2, 0), "length 0"),
    "too long": (lambda m: m(torch.zeros(1, 6, 4)), r"\(B, up to 5, 4\), got \(1, 6, 4\)"),
    "width": (lambda m: m(torch.zeros(1, 3, 5)), r"got \(1, 3, 5\)"),
    "mask of numbers": (
        lambda m: m(torch.zeros(1, 3, 4), torch.ones(1, 3)),
        r"expected booleans \(1, 3\), got torch.float32",
    ),
    "mask of others": (
        lambda m: m(torch.zeros(1, 3, 4), torch.ones(2, 3, dtype=torch.bool)),
        r"booleans \(1, 3\), got torch.bool \(2, 3\)",
    ),
    "twin of other heads": (
        lambda m: m.load_torch(nn.MultiheadAttention(4, 1)),
        "width of 4, 2 heads",
    ),
    "twin of no bias": (
        lambda m: m.load_torch(nn.MultiheadAttention(4, 2, bias=False)),
        "biases",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(CodeGeeXTopQuery(4, 2, 5))


def test_nothing_given_is_changed() -> None:
    ours, x = CodeGeeXTopQuery(4, 2, 5), torch.randn(2, 3, 4)
    given = [x, *ours.parameters()]
    before, versions = [each.detach().clone() for each in given], [each._version for each in given]
    ours(x)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [each._version for each in given] == versions


def test_weights_survive_saving() -> None:
    ours, another, x = CodeGeeXTopQuery(4, 2, 5), CodeGeeXTopQuery(4, 2, 5), torch.randn(2, 3, 4)
    another.load_state_dict(ours.state_dict())
    assert torch.equal(another(x)[0], ours(x)[0])


def test_bfloat16_autocast_stays_near() -> None:
    ours, x = CodeGeeXTopQuery(4, 2, 5), torch.randn(2, 3, 4, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y, _ = ours(x)
    y.float().sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()
    assert (y.float() - ours(x)[0]).abs().max() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    ours, _ = pair(6, 2, 8)
    x, real = torch.randn(2, 4, 6, dtype=torch.float64), torch.arange(4) < torch.tensor([[4], [2]])
    here = ours(x, real)[0]
    assert (here - ours.cuda()(x.cuda(), real.cuda())[0].cpu()).abs().max() < 1e-9


@pytest.fixture(scope="module")
def result() -> Result:
    return file.demo()


def test_the_demo_reaches_its_bar_and_looks_at_the_mirror(result: Result) -> None:
    assert result.metric >= result.expected > result.chance
    assert result.weights.argmax(dim=1).tolist() == [4, 3, 2, 1, 0]


def test_the_demo_repeats_and_leaves_random_numbers_alone(result: Result) -> None:
    before = torch.get_rng_state()
    again = file.demo()
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(again.weights, result.weights)
