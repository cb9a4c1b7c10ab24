"""The GRU against nn.GRU with copied weights, the paper's against its equations step by step."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from snippets.recurrent import gru
from snippets.recurrent.gru import GRU
from tests.snippets.conftest import Compare

Sizes = tuple[int, int, int, int, int]

ORACLE = "nn.GRU"
LOOP = "the paper's equations, step by step"
# Batch, steps, input, hidden, layers: one of each alone, odd ones, deep ones.
SIZES = [(1, 1, 1, 1, 1), (3, 5, 4, 6, 1), (2, 7, 3, 5, 2), (5, 2, 1, 3, 3), (1, 30, 2, 7, 1)]
BOTH_WAYS = pytest.mark.parametrize("both_ways", [False, True], ids=["one-way", "both-ways"])
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """As on the site: these sizes are too small to share, least of all on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True)
def seeded() -> Iterator[None]:
    """The same weights and inputs for a test whichever tests ran before it."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(7)
        yield


def pair(sizes: Sizes, both_ways: bool = False) -> tuple[GRU, nn.GRU]:
    """Ours and its twin, of equal weights."""
    _, _, D, H, layers = sizes
    twin = nn.GRU(D, H, layers, batch_first=True, bidirectional=both_ways).double()
    ours = GRU(D, H, layers, both_ways).double()
    ours.load_torch(twin)
    return ours, twin


def drawn(sizes: Sizes, both_ways: bool = False) -> tuple[Tensor, Tensor]:
    """An input and an initial state that ask for their gradients."""
    B, T, D, H, layers = sizes
    x = torch.randn(B, T, D, dtype=torch.float64, requires_grad=True)
    h = torch.randn(layers * (1 + both_ways), B, H, dtype=torch.float64, requires_grad=True)
    return x, h


def back(outs: tuple[Tensor, ...], to: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """Gradients of a sum in which every number of `outs` has its own weight."""
    total = sum((out * torch.linspace(1, 2, out.numel()).view_as(out)).sum() for out in outs)
    assert isinstance(total, Tensor)
    return torch.autograd.grad(total, to, retain_graph=True)


@ALL_SIZES
@BOTH_WAYS
@pytest.mark.parametrize("begun", [False, True], ids=["from-zeros", "from-a-state"])
def test_it_computes_what_nn_gru_does(
    sizes: Sizes, both_ways: bool, begun: bool, compare: Compare
) -> None:
    ours, twin = pair(sizes, both_ways)
    x, h = drawn(sizes, both_ways)
    found = ours(x, h) if begun else ours(x)
    wanted = twin(x, h) if begun else twin(x)
    compare(found[0], wanted[0], oracle=ORACLE, what="forward", dtype=torch.float64)
    compare(found[1], wanted[1], oracle=ORACLE, what="state", dtype=torch.float64)
    to = (x, h) if begun else (x,)
    compare(back(found, to), back(wanted, to), oracle=ORACLE, what="gradient")


@ALL_SIZES
@BOTH_WAYS
def test_its_weights_learn_as_those_of_nn_gru(
    sizes: Sizes, both_ways: bool, compare: Compare
) -> None:
    ours, twin = pair(sizes, both_ways)
    x, h = drawn(sizes, both_ways)
    found, wanted = ours(x, h), twin(x, h)
    for k, (W, U, *both) in enumerate(twin.all_weights):
        mine = back(found, (ours.W[k], ours.U[k], ours.b[k]))
        W, U, *both = back(wanted, (W, U, *both))
        compare(mine, (W, U, torch.stack(both)), oracle=ORACLE, what="gradient")


@BOTH_WAYS
@pytest.mark.parametrize("lengths", [[5, 1, 3], [1, 1, 1], [5, 5, 5], [2, 4, 5]], ids=str)
@pytest.mark.parametrize("layers", [1, 2])
def test_lengths_are_packed_sequences(
    lengths: list[int], both_ways: bool, layers: int, compare: Compare
) -> None:
    sizes = (3, 5, 4, 6, layers)
    ours, twin = pair(sizes, both_ways)
    x, h = drawn(sizes, both_ways)
    ends = torch.tensor(lengths)
    packed = pack_padded_sequence(x, ends, batch_first=True, enforce_sorted=False)
    out, state = twin(packed, h)
    wanted = pad_packed_sequence(out, batch_first=True, total_length=5)[0], state
    found = ours(x, h, ends)
    compare(found[0], wanted[0], oracle=f"{ORACLE}, packed", what="forward")
    compare(found[1], wanted[1], oracle=f"{ORACLE}, packed", what="state")
    compare(back(found, (x, h)), back(wanted, (x, h)), oracle=f"{ORACLE}, packed", what="gradient")


def test_the_reset_order_makes_another_model(compare: Compare) -> None:
    sizes = (4, 12, 3, 16, 1)
    ours, twin = pair(sizes)
    first = GRU(3, 16, reset_first=True).double()
    first.load_state_dict(ours.state_dict())
    x, h = drawn(sizes)
    compare(ours(x, h)[0], twin(x, h)[0], oracle=ORACLE, what="forward")
    apart = (first(x, h)[0] - twin(x, h)[0]).abs().max().item()
    assert apart > 0.1, f"expected other outputs from the same weights, got {apart:.2g} apart"


def test_the_reset_order_cannot_matter_where_there_is_no_past() -> None:
    ours, twin = pair((4, 12, 3, 16, 1))
    with torch.no_grad():
        twin.bias_hh_l0.zero_()  # what it adds to U h is reset as well
    ours.load_torch(twin)
    first = GRU(3, 16, reset_first=True).double()
    first.load_state_dict(ours.state_dict())
    x, _ = drawn((4, 12, 3, 16, 1))
    assert torch.equal(first(x[:, :1])[0], ours(x[:, :1])[0])


def by_the_paper(model: GRU, x: Tensor, h: Tensor) -> Tensor:
    """One layer, one way: (5) to (8) of the paper with biases, a matrix for each part."""
    W_r, W_z, W_n = model.W[0].chunk(3)
    U_r, U_z, U_n = model.U[0].chunk(3)
    b_r, b_z, b_n = model.b[0].sum(dim=0).chunk(3)
    outs = []
    for t in range(x.shape[1]):
        r = 1 / (1 + torch.exp(-(x[:, t] @ W_r.T + h @ U_r.T + b_r)))
        z = 1 / (1 + torch.exp(-(x[:, t] @ W_z.T + h @ U_z.T + b_z)))
        n = torch.tanh(x[:, t] @ W_n.T + (r * h) @ U_n.T + b_n)
        h = z * h + (1 - z) * n
        outs.append(h)
    return torch.stack(outs, dim=1)


@pytest.mark.parametrize("sizes", [s for s in SIZES if s[-1] == 1], ids=str)
def test_reset_first_is_what_the_paper_says(sizes: Sizes, compare: Compare) -> None:
    _, _, D, H, _ = sizes
    ours = GRU(D, H, reset_first=True).double()
    with torch.no_grad():
        ours.b[0].normal_()
    x, h = drawn(sizes)
    out, state = ours(x, h)
    wanted = by_the_paper(ours, x, h[0])
    compare(out, wanted, oracle=LOOP, what="forward", dtype=torch.float64)
    compare(state[0], wanted[:, -1], oracle=LOOP, what="state", dtype=torch.float64)
    to = (x, h, *ours.parameters())
    compare(back((out,), to), back((wanted,), to), oracle=LOOP, what="gradient")


@pytest.mark.parametrize("first", [False, True], ids=["reset-after", "reset-first"])
def test_gradients_are_those_of_finite_differences(first: bool) -> None:
    ours = GRU(2, 3, 2, True, reset_first=first).double()
    x, h = drawn((2, 3, 2, 3, 2), both_ways=True)
    ends = torch.tensor([3, 1])
    assert torch.autograd.gradcheck(lambda x, h: ours(x, h, ends), (x, h))


@pytest.mark.parametrize("first", [False, True], ids=["reset-after", "reset-first"])
def test_what_stands_behind_a_length_never_matters(first: bool) -> None:
    ours = GRU(4, 6, 2, True, reset_first=first).double()
    clean, h = drawn((3, 5, 4, 6, 2), both_ways=True)
    ends = torch.tensor([5, 1, 3])
    behind = (torch.arange(5) >= ends[:, None])[..., None]
    dirty = clean.detach().masked_fill(behind, float("nan")).requires_grad_()
    kept = tuple(ours.parameters())
    found, wanted = ours(dirty, h, ends), ours(clean, h, ends)
    ours_back, theirs_back = back(found, (dirty, h, *kept)), back(wanted, (clean, h, *kept))
    for one, other in zip((*found, *ours_back), (*wanted, *theirs_back), strict=True):
        assert torch.equal(one, other)
    assert not found[0].masked_select(behind).any(), "expected zeros behind a length"
    assert not ours_back[0].masked_select(behind).any(), "expected no gradient from behind a length"


@BOTH_WAYS
def test_a_row_alone_is_the_row_in_a_batch(both_ways: bool) -> None:
    ours, _ = pair((3, 5, 4, 6, 2), both_ways)
    x, h = drawn((3, 5, 4, 6, 2), both_ways)
    out, state = ours(x, h, torch.tensor([5, 1, 3]))
    alone, ending = ours(x[2:, :3], h[:, 2:])
    torch.testing.assert_close(out[2:, :3], alone, rtol=0, atol=1e-12)
    torch.testing.assert_close(state[:, 2:], ending, rtol=0, atol=1e-12)


def test_a_row_of_no_steps_keeps_its_state() -> None:
    ours, _ = pair((2, 5, 4, 6, 1))
    x, h = drawn((2, 5, 4, 6, 1))
    out, state = ours(x, h, torch.tensor([0, 5]))
    assert torch.equal(state[:, 0], h[:, 0]) and not out[0].any()
    none, kept = ours(x[:, :0], h)
    assert none.shape == (2, 0, 6) and torch.equal(kept, h)
    assert not ours(x[:, :0])[1].any(), "expected zeros where no state was given"


def test_two_halves_are_the_whole() -> None:
    ours, _ = pair((3, 7, 4, 6, 2))
    x, h = drawn((3, 7, 4, 6, 2))
    out, state = ours(x, h)
    early, between = ours(x[:, :3], h)
    late, end = ours(x[:, 3:], between)
    torch.testing.assert_close(torch.cat([early, late], dim=1), out, rtol=0, atol=1e-12)
    torch.testing.assert_close(end, state, rtol=0, atol=1e-12)


def test_a_state_stays_between_the_old_one_and_one() -> None:
    ours, _ = pair((3, 30, 4, 6, 1))
    x, _ = drawn((3, 30, 4, 6, 1))
    assert ours(100 * x)[0].abs().max() <= 1


X = torch.zeros(2, 5, 3)
BAD: list[tuple[tuple[object, ...], str]] = [
    ((torch.zeros(5, 3),), r"expected 3 input features.*got \(5, 3\)"),
    ((torch.zeros(2, 5, 4),), r"expected 3 input features.*got \(2, 5, 4\)"),
    ((X, torch.zeros(2, 4)), r"expected a state of shape \(1, 2, 4\), got \(2, 4\)"),
    ((X, torch.zeros(1, 5, 4)), r"expected a state of shape \(1, 2, 4\), got \(1, 5, 4\)"),
    ((X, None, torch.tensor([5])), r"expected 2 whole lengths from 0 to 5, got \[5\]"),
    ((X, None, torch.tensor([5, 6])), r"expected 2 whole lengths from 0 to 5, got \[5, 6\]"),
    ((X, None, torch.tensor([-1, 5])), r"expected 2 whole lengths from 0 to 5, got \[-1, 5\]"),
    ((X, None, torch.tensor([1.5, 5])), r"expected 2 whole lengths from 0 to 5, got \[1.5, 5.0\]"),
]


@pytest.mark.parametrize(("given", "said"), BAD)
def test_what_does_not_fit_is_named(given: tuple[object, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        GRU(3, 4)(*given)


@pytest.mark.parametrize("sizes", [(0, 4, 1), (3, 0, 1), (3, 4, 0)], ids=str)
def test_sizes_below_one_are_refused(sizes: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="expected sizes and layers of at least 1"):
        GRU(*sizes)


@pytest.mark.parametrize(
    "twin",
    [nn.GRU(3, 5), nn.GRU(3, 4, 2), nn.GRU(3, 4, bias=False), nn.GRU(3, 4, bidirectional=True)],
)
def test_a_twin_of_other_sizes_is_refused(twin: nn.GRU) -> None:
    with pytest.raises(ValueError, match=r"expected \(\(3, 4, 1\), 1\), reset after U, got GRU"):
        GRU(3, 4).load_torch(twin)


def test_a_model_that_resets_first_has_no_twin() -> None:
    with pytest.raises(ValueError, match="reset after U, got GRU"):
        GRU(3, 4, reset_first=True).load_torch(nn.GRU(3, 4))


@pytest.mark.parametrize("first", [False, True], ids=["reset-after", "reset-first"])
def test_nothing_given_is_changed(first: bool) -> None:
    ours = GRU(4, 6, 2, True, reset_first=first).double()
    x, h = drawn((3, 5, 4, 6, 2), both_ways=True)
    ends = torch.tensor([5, 1, 3])
    before = [one.detach().clone() for one in (x, h, ends)]
    ours(x, h, ends)
    assert all(torch.equal(one, old) for one, old in zip((x, h, ends), before, strict=True))


def test_float32_stays_float32(compare: Compare) -> None:
    ours, twin = pair((3, 5, 4, 6, 2))
    x, h = (one.detach().float() for one in drawn((3, 5, 4, 6, 2)))
    found, wanted = ours.float()(x, h), twin.float()(x, h)
    compare(found, wanted, oracle=ORACLE, what="forward", atol=1e-6, dtype=torch.float32)


def test_weights_come_back_from_a_file() -> None:
    one, other = GRU(4, 6, 2, True), GRU(4, 6, 2, True)
    other.load_state_dict(one.state_dict())
    x = torch.randn(3, 5, 4)
    assert torch.equal(one(x)[0], other(x)[0])


def test_it_runs_in_bfloat16_where_asked_to() -> None:
    ours = GRU(4, 6, 2, True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out, h = ours(torch.randn(3, 5, 4), None, torch.tensor([5, 0, 3]))
    assert out.isfinite().all() and h.isfinite().all()


@pytest.mark.cuda
def test_it_computes_the_same_on_a_gpu(compare: Compare) -> None:
    ours, twin = pair((3, 5, 4, 6, 2), both_ways=True)
    x, h = (one.detach().cuda() for one in drawn((3, 5, 4, 6, 2), both_ways=True))
    compare(ours.cuda()(x, h), twin.cuda()(x, h), oracle=f"{ORACLE} on CUDA", what="forward")


@pytest.fixture(scope="module")
def result() -> gru.Result:
    """The demo's, which must leave the global generator alone."""
    before = torch.get_rng_state()
    result = gru.demo()
    assert torch.equal(torch.get_rng_state(), before), "expected an untouched global generator"
    return result


def test_the_demo_reaches_its_bar(result: gru.Result) -> None:
    assert result.metric <= result.expected < result.chance


def test_the_update_gate_falls_at_the_marked_numbers(result: gru.Result) -> None:
    _, marks, z, _ = result.steps
    assert z[marks > 0].max() < z[marks == 0].mean()


def test_guessing_the_mean_costs_what_the_demo_says(result: gru.Result) -> None:
    model, head = GRU(2, 1), nn.Linear(1, 1)
    nn.init.zeros_(head.weight)
    nn.init.ones_(head.bias)  # Two numbers from 0 to 1 make 1 on average.
    assert abs(gru.error_of(model, head, rows=20_000).item() - result.chance) < 0.01


def test_the_demo_repeats_itself(result: gru.Result) -> None:
    again = gru.demo()
    assert again.metric == result.metric and torch.equal(again.steps, result.steps)
