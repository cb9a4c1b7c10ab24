"""The GPT against torch.nn's layers with copied weights, and against what is said about it."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from snippets.transformer import gpt
from snippets.transformer.gpt import GPT

Sizes = tuple[int, int, int, int, int, int]

ORACLE = "nn.TransformerEncoder, causal"
# Batch, tokens given, vocabulary, width, heads, layers: the smallest, odd ones, deep ones.
SIZES = [(1, 1, 1, 2, 1, 1), (3, 5, 7, 6, 3, 2), (2, 9, 4, 8, 8, 3), (1, 10, 20, 15, 5, 1)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)
CONTEXT = 10

pytestmark = pytest.mark.filterwarnings("ignore:enable_nested_tensor")


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def model_of(sizes: Sizes) -> GPT:
    """One whose weights are far from zero, in float64."""
    _, _, V, D, heads, layers = sizes
    model = GPT(V, CONTEXT, D, heads, layers).double()
    for weight in model.parameters():
        nn.init.normal_(weight, std=0.5)
    return model


def twin_of(model: GPT) -> nn.TransformerEncoder:
    """torch's layers with copies of its weights; the tables are not part of it."""
    D, heads = model.tokens.shape[1], model.blocks[0].heads
    layer = nn.TransformerEncoderLayer(
        D, heads, 4 * D, dropout=0.0, activation=partial(F.gelu, approximate="tanh"),
        batch_first=True, norm_first=True,
    )  # fmt: skip
    twin = nn.TransformerEncoder(layer, len(model.blocks), nn.LayerNorm(D)).double()
    with torch.no_grad():
        for weight, its in zip(twin.parameters(), in_its_order(model), strict=True):
            weight.copy_(its)
    return twin


def in_its_order(model: GPT) -> list[Tensor]:
    """All weights but the tables, in torch's order."""
    parts = [
        part
        for block in model.blocks
        for part in (block.qkv, block.out, block.fc1, block.fc2, block.norm1, block.norm2)
    ]
    return [weight for part in (*parts, model.norm) for weight in part.parameters()]


def told(twin: nn.TransformerEncoder, model: GPT, u: Tensor) -> Tensor:
    T = u.shape[1]
    h = F.embedding(u, model.tokens) + model.places[None, :T]
    return F.linear(twin(h, mask=torch.ones(T, T).triu(1).bool()), model.tokens)


def gradients(out: Tensor, of: list[Tensor]) -> list[Tensor]:
    """Those of a sum in which every number has a weight of its own."""
    total = (out * torch.linspace(-1, 2, out.numel(), dtype=out.dtype).view_as(out)).sum()
    return list(torch.autograd.grad(total, of))


@ALL_SIZES
def test_equals_the_layers_of_torch(sizes: Sizes, compare: Any) -> None:
    model = model_of(sizes)
    twin = twin_of(model)
    u = torch.randint(sizes[2], sizes[:2])
    mine, other = model(u), told(twin, model, u)
    compare(mine, other, oracle=ORACLE, what="forward", dtype=torch.float64)
    tables = [model.tokens, model.places]
    compare(
        gradients(mine, [*in_its_order(model), *tables]),
        gradients(other, [*twin.parameters(), *tables]),
        oracle=ORACLE, what="gradient", dtype=torch.float64,
    )  # fmt: skip


def test_no_output_depends_on_what_follows() -> None:
    model = model_of((2, 8, 7, 6, 2, 3))
    u = torch.randint(7, (2, 8))
    before = model(u)
    for t in range(8):
        changed = u.clone()
        changed[:, t] = (changed[:, t] + 1) % 7
        after = model(changed)
        assert torch.equal(before[:, :t], after[:, :t])
        assert (before[:, t:] != after[:, t:]).any(dim=2).all()


def test_a_prefix_gets_the_same_answer_alone(compare: Any) -> None:
    model, u = model_of((2, 8, 7, 6, 2, 3)), torch.randint(7, (2, 8))
    whole = model(u)
    for t in (1, 3, 7):
        compare(model(u[:, :t]), whole[:, :t], oracle="the whole row", what="value", atol=1e-12)


def test_without_the_mask_what_follows_matters() -> None:
    model, u = GPT(7, 8, 6, 2, 1, causal=False), torch.tensor([[1, 2, 3]])
    assert not torch.equal(model(u)[:, 0], model(torch.tensor([[1, 2, 4]]))[:, 0])


@pytest.mark.parametrize("V", [5, 300])
def test_a_new_model_guesses_evenly(V: int) -> None:
    u = torch.randint(V, (4, 8))
    loss = F.cross_entropy(GPT(V, 8, 32, 4, 2)(u).flatten(0, 1), torch.randint(V, (32,)))
    assert loss.item() == pytest.approx(math.log(V), abs=0.05)


def test_what_is_added_more_often_starts_smaller() -> None:
    for layers in (1, 8):
        for block in GPT(5, 8, 64, 4, layers).blocks:
            for weight in (block.out.weight, block.fc2.weight):
                assert weight.std().item() == pytest.approx(0.02 / (2 * layers) ** 0.5, rel=0.1)


def test_one_table_reads_and_answers() -> None:
    model = model_of((1, 3, 7, 6, 2, 1))
    assert sum(w.shape[0] == 7 for w in model.parameters()) == 1
    with torch.no_grad():
        before = model(torch.tensor([[1, 2]]))
        model.tokens[5] += 1  # neither given: only what is said of 5 changes
        after = model(torch.tensor([[1, 2]]))
    assert (before != after).any(dim=(0, 1)).tolist() == [False] * 5 + [True, False]


def test_greedy_writing_takes_the_likeliest() -> None:
    model, u = model_of((2, 3, 7, 6, 2, 2)), torch.randint(7, (2, 3))
    written = model.generate(u, 7, temperature=0)
    assert written.shape == (2, 10)
    assert torch.equal(written[:, :3], u)
    assert torch.equal(model(written[:, :-1])[:, 2:].argmax(dim=2), written[:, 3:])
    assert torch.equal(model.generate(u, 0), u)


def test_writing_beyond_the_context_forgets_the_oldest() -> None:
    model, u = model_of((9, 8, 20, 6, 2, 2)), torch.randint(20, (9, 8))
    for table in (model.norm.bias, model.places):  # so that the tokens decide
        nn.init.normal_(table, std=0.1)
    written = model.generate(u, 6, temperature=0)
    assert written.shape == (9, 14)
    for end in (10, 11, 13):
        likeliest = model(written[:, end - CONTEXT : end])[:, -1].argmax(dim=1)
        assert torch.equal(written[:, end], likeliest)


@pytest.mark.parametrize("temperature", [0.5, 1, 2])
def test_drawn_as_often_as_said(temperature: float) -> None:
    model = model_of((1, 3, 5, 6, 2, 1))
    u = torch.tensor([[1, 2, 3]])
    said = (model(u)[0, -1] / temperature).softmax(dim=0)
    drawn = model.generate(u.expand(20_000, 3), 1, temperature)[:, -1]
    often = torch.bincount(drawn, minlength=5) / 20_000
    assert (often - said).abs().max() < 0.02


def test_an_empty_row_has_an_empty_answer() -> None:
    assert GPT(7, 8, 6, 2, 2)(torch.zeros(2, 0).long()).shape == (2, 0, 7)
    assert GPT(7, 8, 6, 2, 2)(torch.zeros(0, 3).long()).shape == (0, 3, 7)


BAD: dict[str, tuple[Callable[[GPT], Any], str]] = {
    "too many": (lambda m: m(torch.zeros(2, 9).long()), r"T up to 8, got \(2, 9\)"),
    "no batch": (lambda m: m(torch.zeros(3).long()), r"expected u \(B, T\).*got \(3,\)"),
    "numbers": (lambda m: m(torch.zeros(2, 3)), r"expected u \(B, T\)"),
    "token beyond": (lambda m: m(torch.tensor([[0, 7]])), "tokens from 0 to 6, got 0 to 7"),
    "token below": (lambda m: m(torch.tensor([[-1, 3]])), "from 0 to 6, got -1 to 3"),
    "heads that do not divide": (lambda m: GPT(7, 8, 6, 4, 2), r"got \(7, 8, 6, 4, 2\)"),
    "no layer": (lambda m: GPT(7, 8, 6, 2, 0), r"got \(7, 8, 6, 2, 0\)"),
    "no context": (lambda m: GPT(7, 0, 6, 2, 1), r"got \(7, 0, 6, 2, 1\)"),
    "nothing to go on": (lambda m: m.generate(torch.zeros(2, 0).long(), 1), "at least one token"),
    "cold": (lambda m: m.generate(torch.zeros(2, 1).long(), 1, -1.0), "temperature -1.0"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(GPT(7, 8, 6, 2, 2))


def test_nothing_given_is_changed_and_forward_draws_no_random_number() -> None:
    model, u = model_of((2, 5, 7, 6, 2, 2)), torch.randint(7, (2, 5))
    given = [u, *model.parameters()]
    before, versions = [part.detach().clone() for part in given], [part._version for part in given]
    state = torch.get_rng_state()
    assert torch.equal(model(u), model(u))
    model.generate(u, 2, temperature=0)
    assert torch.equal(torch.get_rng_state(), state)
    model.generate(u, 2)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [part._version for part in given] == versions


def test_weights_survive_saving() -> None:
    model, u = model_of((2, 5, 7, 6, 2, 2)), torch.randint(7, (2, 5))
    another = GPT(7, CONTEXT, 6, 2, 2).double()
    another.load_state_dict(model.state_dict())
    assert torch.equal(another(u), model(u))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    out = GPT(7, 8, 6, 2, 2).to(dtype)(torch.randint(7, (2, 5)))
    assert out.dtype == dtype and out.isfinite().all()


def test_bfloat16_autocast_stays_near() -> None:
    model, u = GPT(7, 8, 6, 2, 2), torch.randint(7, (2, 5))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = model(u)
    out.float().sum().backward()
    assert all(weight.grad.isfinite().all() for weight in model.parameters())
    assert (out.float() - model(u)).abs().max() < 0.02


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    model, u = model_of((2, 5, 7, 6, 2, 2)), torch.randint(7, (2, 5))
    here, written = model(u), model.generate(u, 5, temperature=0)
    assert (here - model.cuda()(u.cuda()).cpu()).abs().max() < 1e-9
    assert torch.equal(model.generate(u.cuda(), 5, temperature=0).cpu(), written)


@pytest.fixture(scope="module")
def result() -> gpt.Result:
    return gpt.demo()


def test_the_demo_reaches_its_bar(result: gpt.Result) -> None:
    assert result.metric >= result.expected > result.chance


def test_the_loss_falls_where_the_copy_begins(result: gpt.Result) -> None:
    assert result.losses.shape == (15,)
    assert (result.losses[:7] - math.log(16)).abs().max() < 0.1
    assert result.losses[7:].max() < 0.1


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpt, "train", lambda: GPT(16, 16, 8, 2, 1))
    before = torch.get_rng_state()
    first, again, other = gpt.demo(0), gpt.demo(0), gpt.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.losses, again.losses)
    assert not torch.equal(first.losses, other.losses)


def test_without_the_mask_the_loss_is_impossibly_low_until_it_is_alone() -> None:
    model, u = gpt.train(updates=100, causal=False), gpt.rows(200)
    assert gpt.losses(model, u)[:7].max() < 1  # even where nothing can be known
    for t in range(1, 8):
        assert F.cross_entropy(model(u[:, :t])[:, -1], u[:, t]) > 4  # a guess costs 2.77
