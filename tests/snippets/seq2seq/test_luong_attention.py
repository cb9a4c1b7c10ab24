"""Luong's three scores against torch.bmm, nn.Bilinear, a loop and values by hand."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from snippets.seq2seq import luong_attention
from snippets.seq2seq.luong_attention import LuongAttention, Reverser, luong_scores

# Batch, steps of the decoder, of the encoder, size of both states.
SIZES = [(1, 1, 1, 1), (3, 5, 4, 6), (2, 1, 7, 3), (4, 3, 1, 2)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)
METHODS = pytest.mark.parametrize("method", ["dot", "general", "concat"])
MASKED = pytest.mark.parametrize("masked", [False, True], ids=["all", "masked"])


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def given(sizes: tuple[int, ...], method: str) -> tuple[LuongAttention, Tensor, Tensor, Tensor]:
    """A model in float64, s, h, and a mask that leaves every row something to look at."""
    B, S, T, H = sizes
    s, h = (torch.randn(B, n, H, dtype=torch.float64).requires_grad_() for n in (S, T))
    mask = torch.rand(B, T) < 0.6
    mask[:, 0] = True
    return LuongAttention(H, H, method).double(), s, h, mask


def looped(model: LuongAttention, s: Tensor, h: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """One pair at a time; what may not be looked at is left out."""
    outs, weights = [], []
    for b, t in ((b, t) for b in range(len(s)) for t in range(s.shape[1])):
        q, e = s[b, t], {}
        for j in (j for j in range(h.shape[1]) if mask[b, j]):
            if model.v is not None:
                e[j] = model.v @ (model.W @ torch.cat([q, h[b, j]])).tanh()
            else:
                e[j] = q @ h[b, j] if model.W is None else q @ (model.W @ h[b, j])
        total = sum(one.exp() for one in e.values())
        a = {j: one.exp() / total for j, one in e.items()}
        c = sum(a[j] * h[b, j] for j in a)
        outs.append((model.combine.weight @ torch.cat([c, q])).tanh())
        weights.append(torch.stack([a.get(j, q.new_zeros(())) for j in range(h.shape[1])]))
    shape = s.shape[:2]
    return torch.stack(outs).view(*shape, -1), torch.stack(weights).view(*shape, -1)


def gradients(answer: tuple[Tensor, ...], of: list[Tensor]) -> list[Tensor]:
    total = sum((part * torch.linspace(-1, 2, part.numel()).view_as(part)).sum() for part in answer)
    return list(torch.autograd.grad(total, of))


@ALL_SIZES
def test_dot_and_general_equal_torch(sizes: tuple[int, ...], compare: Any) -> None:
    B, S, T, Q = sizes
    K = Q + 2
    s, h, same = (torch.randn(B, n, w).double() for n, w in ((S, Q), (T, K), (T, Q)))
    dot, other = luong_scores(s, same), torch.bmm(s, same.transpose(1, 2))
    compare(dot, other, oracle="torch.bmm", what="forward", dtype=torch.float64)
    twin = nn.Bilinear(Q, K, 1, bias=False).double()
    pairs = (s[:, :, None].expand(B, S, T, Q).contiguous(), h[:, None].expand(B, S, T, K))
    general = luong_scores(s, h, twin.weight[0])
    other = twin(pairs[0], pairs[1].contiguous())[..., 0]
    compare(general, other, oracle="nn.Bilinear", what="forward", dtype=torch.float64)


@ALL_SIZES
@METHODS
@MASKED
def test_equals_a_naive_loop(
    sizes: tuple[int, ...], method: str, masked: bool, compare: Any
) -> None:
    model, s, h, mask = given(sizes, method)
    mine = model(s, h, mask if masked else None)
    other = looped(model, s, h, mask if masked else torch.ones_like(mask))
    oracle, of = "a loop over pairs", [s, h, *model.parameters()]
    compare(mine, other, oracle=oracle, what="forward", dtype=torch.float64)
    compare(gradients(mine, of), gradients(other, of), oracle=oracle, what="gradient")


def test_equals_values_by_hand(compare: Any) -> None:
    s = torch.tensor([[[1.0, 2.0]]]).double()
    h = torch.tensor([[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]]).double()
    W = torch.tensor([[0.0, 1.0], [1.0, 0.0]]).double()  # swaps: scores h by (2, 1)
    concat = torch.tensor([[1.0, -1.0, 2.0, 1.0]]).double()  # 1 - 2 + 2 h_1 + h_2
    v = torch.tensor([3.0]).double()
    mine = luong_scores(s, h), luong_scores(s, h, W), luong_scores(s, h, concat, v)
    expected = [[1.0, 2, 3], [2.0, 1, 3], [3 * math.tanh(1), 0.0, 3 * math.tanh(2)]]
    theirs = [torch.tensor([[row]], dtype=torch.float64) for row in expected]
    compare(list(mine), theirs, oracle="values by hand", what="value", atol=1e-12)


@METHODS
def test_derivatives_agree_with_finite_differences(method: str) -> None:
    model, s, h, mask = given((2, 2, 3, 2), method)
    mask[1] = False  # one row may look at nothing
    assert torch.autograd.gradcheck(lambda s, h: model(s, h, mask), (s, h))
    assert torch.autograd.gradgradcheck(lambda s, h: model(s, h, mask), (s, h))


@METHODS
def test_all_steps_at_once_equal_one_at_a_time(method: str, compare: Any) -> None:
    model, s, h, mask = given((3, 5, 4, 6), method)
    steps = [model(one, h, mask) for one in s.split(1, dim=1)]
    alone = tuple(torch.cat(parts, dim=1) for parts in zip(*steps, strict=True))
    compare(model(s, h, mask), alone, oracle="one step at a time", what="value", atol=1e-12)


@METHODS
def test_the_order_of_the_source_does_not_matter(method: str, compare: Any) -> None:
    model, s, h, mask = given((3, 5, 4, 6), method)
    order = torch.tensor([3, 0, 2, 1])
    out, a = model(s, h, mask)
    turned = model(s, h[:, order], mask[:, order])
    compare(turned, (out, a[..., order]), oracle="another order of h", what="value", atol=1e-12)


@METHODS
def test_what_is_masked_never_matters(method: str) -> None:
    model, s, h, mask = given((4, 3, 7, 2), method)
    other = torch.where(mask[..., None], h, 1e3).detach().requires_grad_()
    mine, same = model(s, h, mask), model(s, other, mask)
    assert torch.equal(mine[0], same[0]) and torch.equal(mine[1], same[1])
    hidden = ~mask[:, None].expand_as(mine[1])
    assert (mine[1][hidden] == 0).all() and (mine[1][~hidden] > 0).all()
    assert (mine[1].sum(dim=2) - 1).abs().max() < 1e-12
    (gradient,) = gradients(same, [other])
    assert (gradient[~mask] == 0).all()


@METHODS
@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64], ids=str)
def test_a_row_that_may_look_at_nothing(method: str, dtype: torch.dtype, compare: Any) -> None:
    model, s, h, mask = given((3, 5, 4, 6), method)
    mask[1] = False
    model, s, h = model.to(dtype), s.detach().to(dtype), h.detach().to(dtype).requires_grad_()
    out, a = model(s, h, mask)
    assert {out.dtype, a.dtype} == {dtype}
    assert not a[1].any() and a[0].any()
    alone = model.combine(torch.cat([torch.zeros_like(s[1]), s[1]], dim=-1)).tanh()
    compare(out[1], alone, oracle="a context of zeros", what="value", atol=1e-3)
    assert all(g.isfinite().all() for g in gradients((out, a), [h, *model.parameters()]))


@METHODS
def test_no_source_and_no_batch_have_an_answer(method: str) -> None:
    model = LuongAttention(6, 6, method)
    out, a = model(torch.zeros(3, 2, 6), torch.zeros(3, 0, 6))
    assert (out.shape, a.shape) == ((3, 2, 6), (3, 2, 0)) and not out.any()
    out, a = model(torch.zeros(0, 2, 6), torch.zeros(0, 5, 6))
    assert (out.shape, a.shape) == ((0, 2, 6), (0, 2, 5))


S, H = torch.zeros(2, 3, 4), torch.zeros(2, 5, 6)
BAD: dict[str, tuple[Callable[[LuongAttention], Any], str]] = {
    "s too narrow": (lambda m: m(S[..., 1:], H), r"expected s \(B, S, 4\), got \(2, 3, 3\)"),
    "one step without its axis": (lambda m: m(S[:, 0], H), r"s \(B, S, 4\), got \(2, 4\)"),
    "h too narrow": (lambda m: m(S, H[..., 1:]), r"expected h \(2, T, 6\), got \(2, 5, 5\)"),
    "h of another batch": (lambda m: m(S, H[:1]), r"expected h \(2, T, 6\), got \(1, 5, 6\)"),
    "a mask of numbers": (lambda m: m(S, H, H[..., 0]), r"boolean mask \(2, 5\).*float32"),
    "a mask of others": (lambda m: m(S, H, H[..., :3, 0] == 0), r"\(2, 5\), got \(2, 3\)"),
    "another method": (lambda m: LuongAttention(4, 6, "add"), r"dot, general, concat, got 'add'"),
    "dot of unequal sizes": (lambda m: LuongAttention(4, 6, "dot"), r"equal.*got \(4, 6\)"),
    "no size": (lambda m: LuongAttention(0, 6), r"at least 1.*got \(0, 6\)"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(LuongAttention(4, 6))


@METHODS
def test_nothing_given_is_changed_and_no_random_number_is_drawn(method: str) -> None:
    model, s, h, mask = given((3, 5, 4, 6), method)
    parts = [s, h, mask, *model.parameters()]
    before, versions = [p.detach().clone() for p in parts], [p._version for p in parts]
    state = torch.get_rng_state()
    assert torch.equal(model(s, h, mask)[0], model(s, h, mask)[0])
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(p, old) for p, old in zip(parts, before, strict=True))
    assert [p._version for p in parts] == versions


@METHODS
def test_weights_survive_saving(method: str) -> None:
    model, s, h, mask = given((3, 5, 4, 6), method)
    another = LuongAttention(6, 6, method).double()
    another.load_state_dict(model.state_dict())
    assert torch.equal(another(s, h, mask)[0], model(s, h, mask)[0])
    count = {"dot": 1, "general": 2, "concat": 3}
    assert len(list(model.parameters())) == count[method]


@METHODS
def test_bfloat16_autocast_stays_near(method: str) -> None:
    model, s, h, mask = given((3, 5, 4, 6), method)
    model, s, h = model.float(), s.detach().float(), h.detach().float().requires_grad_()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out, _ = model(s, h, mask)
    out.float().sum().backward()
    assert h.grad is not None and h.grad.isfinite().all()
    assert (out.float() - model(s, h, mask)[0]).abs().max() < 0.05


@pytest.mark.cuda
@METHODS
def test_equals_itself_on_cuda(method: str) -> None:
    model, s, h, mask = given((3, 5, 4, 6), method)
    here = model(s, h, mask)
    there = model.cuda()(s.cuda(), h.cuda(), mask.cuda())
    assert all((a - b.cpu()).abs().max() < 1e-9 for a, b in zip(here, there, strict=True))


@METHODS
def test_what_is_written_later_does_not_change_what_was(method: str) -> None:
    model, x, y = Reverser(method), torch.randint(10, (3, 6)), torch.randint(10, (3, 6))
    other = torch.cat([y[:, :3], (y[:, 3:] + 1) % 10], dim=1)
    (before, _), (after, _) = model(x, y), model(x, other)
    assert torch.equal(before[:, :3], after[:, :3])
    assert (before[:, 3:] != after[:, 3:]).any()


@pytest.fixture(scope="module")
def result() -> luong_attention.Result:
    return luong_attention.demo()


def test_the_demo_reaches_its_bar(result: luong_attention.Result) -> None:
    assert list(result.each) == ["dot", "general", "concat"]
    assert result.metric == min(result.each.values())
    assert result.metric >= result.expected > result.chance


def test_each_method_looks_along_the_other_diagonal(result: luong_attention.Result) -> None:
    assert result.weights.shape == (3, 6, 6)
    # Step t wants symbol 7 - t; a state near it may know it as well.
    wanted = torch.ones(6, 6).tril(1).triu(-1).flip(1).bool()
    assert result.weights[:, wanted].sum(dim=1).min() > 0.7 * 6


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(method: str) -> tuple[float, Tensor]:
        return torch.rand(()).item(), torch.eye(6)

    monkeypatch.setattr(luong_attention, "train", drawn)
    before = torch.get_rng_state()
    first, again, other = (luong_attention.demo(seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric
