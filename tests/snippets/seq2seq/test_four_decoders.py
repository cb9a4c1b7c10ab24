"""Each wiring against nn.GRU and torch's own attention, against the others, and what is said."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from snippets.seq2seq import four_decoders
from snippets.seq2seq.four_decoders import END, WIRINGS, FourDecoders, attend

ORACLE = "nn.GRU, fed by hand"
# Batch, source, target, symbols, width, hidden.
SIZES = [(1, 1, 1, 1, 1, 1), (3, 5, 4, 7, 3, 6), (2, 2, 9, 4, 5, 3), (4, 9, 1, 3, 2, 7)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)
ALL = pytest.mark.parametrize("wiring", WIRINGS)


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def tokens(rows: int, longest: int, symbols: int) -> Tensor:
    lengths = torch.randint(1, longest + 1, (rows, 1))
    lengths[0] = longest
    some = torch.randint(1, symbols + 1, (rows, longest))
    return some.masked_fill(torch.arange(longest) >= lengths, END)


def made(wiring: str, sizes: tuple[int, ...]) -> tuple[FourDecoders, Tensor, Tensor]:
    B, S, T, symbols, width, hidden = sizes
    model = FourDecoders(wiring, symbols, width, hidden).double()
    return model, tokens(B, S, symbols), torch.randint(1, symbols + 1, (B, T))


def alike(model: FourDecoders, wiring: str) -> FourDecoders:
    """Another wiring of the same weights."""
    sizes = model.embed_source.weight.shape
    other = FourDecoders(wiring, sizes[0] - 1, sizes[1], model.query.in_features).double()
    other.load_state_dict(model.state_dict())
    return other


def by_hand(model: FourDecoders, source: Tensor, target: Tensor) -> Tensor:
    """Row by row: what is read, one nn.GRU over what is fed, SDPA for the one that attends."""
    cell, rows = model.decoder, []
    gru = nn.GRU(cell.input_size, cell.hidden_size, batch_first=True).double()
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        delattr(gru, f"{name}_l0")
        setattr(gru, f"{name}_l0", getattr(cell, name))
    for x, y in zip(source, target, strict=True):
        h, c = model.encoder(model.embed_source(x[None, x != END]))  # (1, S, H), (1, 1, H)
        given = model.embed_target(F.pad(y, (1, -1)))[None]  # (1, T, D)
        if model.wiring == "attention":
            s, out = c, []
            for t in range(len(y)):
                query = model.query(s.transpose(0, 1))  # (1, 1, H)
                new = F.scaled_dot_product_attention(query, h, h, scale=1.0)
                one, s = gru(torch.cat([new, given[:, t : t + 1]], dim=2), s)
                out.append(one)
            rows.append(torch.cat(out, dim=1))
            continue
        summary = c.transpose(0, 1).expand(1, len(y), -1)
        fed = {
            "basic": (summary, torch.zeros_like(given)),
            "feedback": (torch.zeros_like(summary), given),
            "peeky": (summary, given),
        }[model.wiring]
        rows.append(gru(torch.cat(fed, dim=2), c)[0])
    return model.head(torch.cat(rows)).log_softmax(dim=-1)


@ALL_SIZES
@ALL
def test_equals_a_gru_fed_by_hand(wiring: str, sizes: tuple[int, ...], compare: Any) -> None:
    model, source, target = made(wiring, sizes)
    mine, other = model(source, target), by_hand(model, source, target)
    compare(mine, other, oracle=ORACLE, what="forward", dtype=torch.float64)
    weights = torch.linspace(-1, 2, mine.numel(), dtype=torch.float64).view_as(mine)
    felt = [p for name, p in model.named_parameters() if name != "query.weight"]
    ours, theirs = (
        list(torch.autograd.grad((each * weights).sum(), felt, materialize_grads=True))
        for each in (mine, other)
    )
    compare(ours, theirs, oracle=ORACLE, what="gradient", dtype=torch.float64)


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 5, 4), (2, 7, 3)], ids=str)
def test_attending_equals_sdpa(shape: tuple[int, ...], compare: Any) -> None:
    B, S, H = shape
    q, h = (torch.randn(s, dtype=torch.float64, requires_grad=True) for s in ((B, H), shape))
    real = torch.rand(B, S) < 0.7
    real[:, 0] = True
    c, a = attend(q, h, real)
    other = F.scaled_dot_product_attention(q[:, None], h, h, real[:, None], scale=1.0)[:, 0]
    compare(c, other, oracle="F.scaled_dot_product_attention", what="value")
    grads = [torch.autograd.grad(each.square().sum(), (q, h)) for each in (c, other)]
    compare(*grads, oracle="F.scaled_dot_product_attention", what="gradient")
    assert not a[~real].any() and (a.sum(dim=1) - 1).abs().max() < 1e-12


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64], ids=str)
def test_nothing_to_look_at_gives_zeros(dtype: torch.dtype) -> None:
    q, h = torch.randn(2, 4, dtype=dtype), torch.randn(2, 3, 4, dtype=dtype, requires_grad=True)
    c, a = attend(q, h, torch.tensor([[False] * 3, [True, False, False]]))
    c.sum().backward()
    assert not c[0].any() and not a[0].any() and torch.equal(c[1], h[1, 0])
    assert h.grad is not None and h.grad.isfinite().all() and not h.grad[0].any()


def test_basic_never_learns_what_was_written_and_the_others_do() -> None:
    for wiring in WIRINGS:
        model, source, target = made(wiring, (2, 4, 5, 6, 3, 8))
        other = target % 6 + 1
        same = (model(source, target) == model(source, other)).all(dim=2).all(dim=0).tolist()
        assert same == [True] * 5 if wiring == "basic" else same == [True, *[False] * 4]


def felt(wiring: str) -> dict[str, bool]:
    """Which parts of the memory a step depends on."""
    model, source, target = made(wiring, (2, 4, 5, 6, 3, 8))
    state = model.encode(source)
    plain, _ = model.step(state, target[:, 0])
    found = {}
    for name in ("s", "c", "h"):
        moved = state._replace(**{name: getattr(state, name) + torch.randn(8).double()})
        found[name] = not torch.equal(model.step(moved, target[:, 0])[0], plain)
    return found


def test_each_looks_at_what_it_is_said_to_look_at() -> None:
    assert felt("basic") == felt("peeky") == {"s": True, "c": True, "h": False}
    assert felt("feedback") == {"s": True, "c": False, "h": False}
    assert felt("attention") == {"s": True, "c": False, "h": True}


def test_of_one_symbol_there_is_nothing_but_the_summary_to_attend_to(compare: Any) -> None:
    model, source, target = made("attention", (3, 1, 5, 6, 3, 8))
    both = model(source, target), alike(model, "peeky")(source, target)
    compare(*both, oracle="peeky", what="value", atol=1e-12)


def test_peeky_without_weights_for_the_one_is_the_other(compare: Any) -> None:
    model, source, target = made("peeky", (3, 4, 5, 6, 3, 8))
    weight = model.decoder.weight_ih.detach().clone()
    for wiring, gone in (("feedback", slice(0, 8)), ("basic", slice(8, 11))):
        with torch.no_grad():
            model.decoder.weight_ih.copy_(weight)
            plain = alike(model, wiring)(source, target)
            model.decoder.weight_ih[:, gone] = 0
        compare(model(source, target), plain, oracle=wiring, what="value", atol=1e-12)


def test_attention_knows_no_order_but_that_in_the_states(compare: Any) -> None:
    model, source, target = made("attention", (1, 6, 5, 6, 3, 8))
    state, order = model.encode(source), torch.randperm(7)
    turned = state._replace(h=state.h[:, order], real=state.real[:, order])
    both = model.step(turned, target[:, 0])[0], model.step(state, target[:, 0])[0]
    compare(*both, oracle="the states in order", what="value", atol=1e-12)


@ALL
def test_what_fills_a_row_up_changes_nothing(wiring: str, compare: Any) -> None:
    model, source, target = made(wiring, SIZES[1])
    filled = model(F.pad(source, (0, 3)), target)
    compare(filled, model(source, target), oracle="no filling", what="value", atol=1e-12)


@ALL
def test_nothing_to_read_and_nothing_to_write_have_answers(wiring: str) -> None:
    model = FourDecoders(wiring, 3, 2, 4)
    for source in (torch.zeros(2, 0).long(), torch.zeros(2, 3).long()):
        assert not model.encode(source).c.any()
        assert model(source, torch.ones(2, 2).long()).isfinite().all()
        assert model(source, torch.ones(2, 0).long()).shape == (2, 0, 4)


@ALL
def test_nothing_given_is_changed_and_the_answer_repeats(wiring: str) -> None:
    model, source, target = made(wiring, SIZES[1])
    state = model.encode(source)
    given = [source, target, *state, *model.parameters()]
    before, versions = [p.detach().clone() for p in given], [p._version for p in given]
    random = torch.get_rng_state()
    assert torch.equal(model(source, target), model(source, target))
    model.step(state, target[:, 0])
    assert torch.equal(torch.get_rng_state(), random)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [p._version for p in given] == versions


BAD: dict[str, tuple[Callable[[FourDecoders], Any], str]] = {
    "a fifth": (lambda m: FourDecoders("sleepy", 3, 2, 4), "'peeky', 'attention'.*got 'sleepy'"),
    "END inside": (lambda m: m.encode(torch.tensor([[1, 0, 2]])), r"END last, got \[\[1, 0, 2\]\]"),
    "no batch": (lambda m: m.encode(torch.tensor([1, 2])), r"tokens \(B, S\).*got \[1, 2\]"),
    "targets of others": (
        lambda m: m(torch.ones(2, 3).long(), torch.ones(3, 2).long()),
        "expected 2 tokens, got 3",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(FourDecoders("peeky", 3, 2, 4))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@ALL
def test_the_dtype_stays(wiring: str, dtype: torch.dtype) -> None:
    model, source, target = made(wiring, SIZES[1])
    assert model.to(dtype)(source, target).dtype == dtype


@ALL
def test_bfloat16_autocast_stays_near(wiring: str) -> None:
    model, source, target = made(wiring, SIZES[1])
    model.float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        log_p = model(source, target)
    log_p.float().sum().backward()
    assert (log_p.float() - model(source, target)).abs().max() < 0.05


@pytest.mark.cuda
@ALL
def test_equals_itself_on_cuda(wiring: str) -> None:
    model, source, target = made(wiring, SIZES[1])
    here = model(source, target)
    assert (model.cuda()(source.cuda(), target.cuda()).cpu() - here).abs().max() < 1e-9


def test_rows_are_what_is_said_of_them() -> None:
    source, target = four_decoders.reversing(50)
    assert torch.equal(source.flip(1), target) and not (source == END).any()
    source, target = four_decoders.either(2000)
    backwards = (target == source.flip(1)).all(dim=1)
    assert (backwards | (target == source).all(dim=1)).all()
    # A half, and of the other half those that are the same either way, one in eight.
    assert backwards.float().mean().item() == pytest.approx(0.5 + 0.5 / 8, abs=0.04)


def test_a_model_writes_what_it_finds_likeliest() -> None:
    model, source, _ = made("feedback", (3, 5, 1, 6, 3, 8))
    said = four_decoders.write(model, source, 4)
    assert torch.equal(model(source, said).argmax(dim=2), said)


@pytest.fixture(scope="module")
def result() -> four_decoders.Result:
    return four_decoders.demo()


def test_the_demo_reaches_its_bar_and_attention_leaves_the_others_behind(
    result: four_decoders.Result,
) -> None:
    assert result.metric >= result.expected > result.chance
    assert list(result.curves) == list(WIRINGS)
    *others, attention = (scores[-1] for scores in result.curves.values())
    assert attention > max(others) + 0.15


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(four_decoders, "train", lambda wiring: (None, [torch.rand(()).item()]))
    before = torch.get_rng_state()
    first, again, other = (four_decoders.demo(seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric
    assert len({scores[0] for scores in first.curves.values()}) == 1  # the same rows for all
