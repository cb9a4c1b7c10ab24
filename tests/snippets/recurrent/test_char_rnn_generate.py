"""The writer of names against nn.GRU with nn.Linear on every state, and against its own words."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from snippets.recurrent import char_rnn_generate
from snippets.recurrent.char_rnn_generate import (
    NAMES,
    SYMBOLS,
    CharRNNGenerate,
    draw,
    encode,
    generate,
    loss_of,
)  # fmt: skip

ORACLE = "nn.GRU"
# Batch, steps, symbols, hidden.
SIZES = [(1, 1, 1, 1), (3, 5, 4, 6), (2, 7, 3, 5), (1, 30, 27, 7)]


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def trio(symbols: int, hidden: int) -> tuple[CharRNNGenerate, nn.GRU, nn.Linear]:
    """Ours, its twin and the layer above it with the same weights, in float64."""
    twin = nn.GRU(symbols, hidden, batch_first=True).double()
    head = nn.Linear(hidden, symbols).double()
    ours = CharRNNGenerate(symbols, hidden).double()
    W, U, *both = twin.all_weights[0]
    weights = {"W": W, "U": U, "b": torch.stack(both)}
    ours.load_state_dict(weights | {f"head.{name}": w for name, w in head.state_dict().items()})
    return ours, twin, head


def gradients(answer: tuple[Tensor, Tensor], of: list[Tensor]) -> list[Tensor]:
    total = sum((part * torch.linspace(-1, 2, part.numel()).view_as(part)).sum() for part in answer)
    return list(torch.autograd.grad(total, of))


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("given", [False, True], ids=["from-zero", "from-a-state"])
def test_equals_the_twin(sizes: tuple[int, ...], given: bool, compare: Any) -> None:
    B, T, S, H = sizes
    ours, twin, head = trio(S, H)
    symbols = torch.randint(S, (B, T))
    h = torch.randn(1, B, H, dtype=torch.float64, requires_grad=True)
    out, last = twin(F.one_hot(symbols, S).double(), h if given else None)
    mine, other = ours(symbols, h if given else None), (head(out), last)
    compare(mine[0], other[0], oracle=ORACLE, what="forward", dtype=torch.float64)
    compare(mine[1], other[1], oracle=ORACLE, what="state", dtype=torch.float64)
    inputs = [h] if given else []
    W, U, b, b2 = twin.all_weights[0]
    *found, both = gradients(
        mine, [*inputs, ours.W, ours.U, ours.head.weight, ours.head.bias, ours.b]
    )
    compare(
        [*found, both[0], both[1]],
        gradients(other, [*inputs, W, U, head.weight, head.bias, b, b2]),
        oracle=ORACLE, what="gradient", dtype=torch.float64,
    )  # fmt: skip


def test_a_state_carries_on_where_it_was_taken(compare: Any) -> None:
    ours, *_ = trio(5, 4)
    symbols = torch.randint(5, (2, 9))
    whole, end = ours(symbols)
    first, between = ours(symbols[:, :4])
    rest, last = ours(symbols[:, 4:], between)
    parts = torch.cat([first, rest], dim=1), last
    compare(parts, (whole, end), oracle="one pass over all steps", what="value", atol=1e-12)


def test_nothing_later_is_seen() -> None:
    ours, *_ = trio(5, 4)
    symbols = torch.randint(5, (2, 9))
    other = symbols.clone()
    other[:, 6:] = (other[:, 6:] + 1) % 5
    assert torch.equal(ours(symbols)[0][:, :6], ours(other)[0][:, :6])


def test_no_step_and_no_row_have_their_answers() -> None:
    ours, *_ = trio(5, 4)
    h = torch.randn(1, 2, 4, dtype=torch.float64)
    logits, last = ours(torch.zeros(2, 0, dtype=torch.long), h)
    assert logits.shape == (2, 0, 5) and torch.equal(last, h)
    assert ours(torch.zeros(0, 3, dtype=torch.long))[0].shape == (0, 3, 5)


def test_names_become_numbers() -> None:
    assert encode(["abz", "c"]).tolist() == [[0, 1, 2, 26, 0], [0, 3, 0, 0, 0]]
    assert encode([]).shape == (0, 2)


def test_the_loss_counts_letters_and_one_mark_of_each_name(compare: Any) -> None:
    model = CharRNNGenerate(27, 8).double()
    names = ["ada", "li", "z"]
    by_name = []
    for name in names:
        symbols = [SYMBOLS.index(letter) for letter in f".{name}."]
        logits, _ = model(torch.tensor([symbols[:-1]]))
        by_name += [-logits[0, t].log_softmax(dim=0)[symbols[t + 1]] for t in range(len(name) + 1)]
    mean = torch.stack(by_name).mean()
    compare(loss_of(model, encode(names)), mean, oracle="letter by letter", what="value")


def test_the_temperature_divides_the_logits() -> None:
    logits = torch.tensor([0.0, 1.0, 2.5]).expand(60000, 3)
    for temperature in (0.5, 1, 2):
        shares = draw(logits, temperature).bincount(minlength=3) / 60000
        weights = [2.718281828459045 ** (z / temperature) for z in (0.0, 1.0, 2.5)]
        expected = torch.tensor([w / sum(weights) for w in weights])
        assert (shares - expected).abs().max() < 0.01
    assert (draw(logits[:100], 1e-6) == 2).all()


def test_what_is_drawn_and_the_state_are_fed_back_and_the_mark_ends() -> None:
    says = [1, 2, 0, *[26] * 9]  # a, b, the mark, and z for ever

    def speller(symbols: Tensor, step: int | None) -> tuple[Tensor, int]:
        step = step or 0
        assert symbols.tolist() == [[says[step - 1] if step else 0]] * 2
        return F.one_hot(torch.tensor([[says[step]]] * 2), 27) * 100.0, step + 1

    assert generate(speller, 2, 1.0) == ["ab", "ab"]


def test_names_written_have_letters_only_and_at_most_twelve() -> None:
    names = generate(CharRNNGenerate(27, 8), 40, 1.0)
    assert len(names) == 40 and max(map(len, names)) <= 12
    assert not set("".join(names)) - set(SYMBOLS[1:])


BAD: dict[str, tuple[Callable[[CharRNNGenerate], Any], str]] = {
    "one row only": (lambda m: m(torch.tensor([1, 2])), r"expected \(B, T\) below 5, got \[1, 2\]"),
    "no whole symbols": (lambda m: m(torch.zeros(1, 2)), r"got \[\[0\.0, 0\.0\]\]"),
    "symbol beyond": (lambda m: m(torch.tensor([[5]])), r"below 5, got \[\[5\]\]"),
    "symbol below": (lambda m: m(torch.tensor([[-1]])), r"below 5, got \[\[-1\]\]"),
    "state of another batch": (
        lambda m: m(torch.tensor([[1]]), torch.zeros(1, 2, 4)),
        r"expected a state of shape \(1, 1, 4\), got \(1, 2, 4\)",
    ),
    "no unit": (lambda m: CharRNNGenerate(5, 0), r"at least 1, got \(5, 0\)"),
    "no heat": (lambda m: draw(torch.zeros(1, 5), 0), "temperature above 0, got 0"),
    "cold": (lambda m: draw(torch.zeros(1, 5), -1.5), r"got -1\.5"),
    "accent": (lambda m: encode(["zoé"]), "a to z, got .'zoé'"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(CharRNNGenerate(5, 4))


def test_nothing_given_is_changed_and_no_random_number_drawn() -> None:
    ours, *_ = trio(5, 4)
    symbols, h = torch.randint(5, (3, 6)), torch.randn(1, 3, 4, dtype=torch.float64)
    given, state = [symbols, h, *ours.parameters()], torch.get_rng_state()
    versions = [part._version for part in given]
    assert torch.equal(ours(symbols, h)[0], ours(symbols, h)[0])
    assert [part._version for part in given] == versions
    assert torch.equal(torch.get_rng_state(), state)


def test_weights_survive_saving() -> None:
    ours, *_ = trio(5, 4)
    another = CharRNNGenerate(5, 4).double()
    another.load_state_dict(ours.state_dict())
    symbols = torch.randint(5, (3, 6))
    assert torch.equal(another(symbols)[0], ours(symbols)[0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    logits, h = CharRNNGenerate(27, 4).to(dtype)(encode(["ito"]))
    assert logits.dtype == h.dtype == dtype


def test_bfloat16_autocast_stays_near() -> None:
    model, symbols = CharRNNGenerate(27, 8), encode(["takahashi", "li"])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        near = model(symbols)[0]
    near.float().sum().backward()
    assert all(weight.grad.isfinite().all() for weight in model.parameters())
    assert (near.float() - model(symbols)[0]).abs().max() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    ours, *_ = trio(5, 4)
    symbols = torch.randint(5, (3, 6))
    here = ours(symbols)[0]
    assert (ours.cuda()(symbols.cuda())[0].cpu() - here).abs().max() < 1e-9


def test_no_name_is_listed_twice() -> None:
    names = NAMES.split()
    assert len(names) == len(set(names)) > 150
    encode(names)


@pytest.fixture(scope="module")
def result() -> char_rnn_generate.Result:
    return char_rnn_generate.demo()


def test_the_demo_reaches_its_bar(result: char_rnn_generate.Result) -> None:
    assert result.metric <= result.expected < result.chance
    assert result.chance == pytest.approx(torch.tensor(27.0).log().item())


def test_letter_counts_alone_do_not_reach_the_bar(result: char_rnn_generate.Result) -> None:
    counts = encode(NAMES.split())[:, 1:].flatten().bincount(minlength=27).double()
    counts[0] = len(NAMES.split())  # of the marks behind a name, one counts
    share = counts / counts.sum()
    entropy = -(share[share > 0] * share[share > 0].log()).sum().item()
    assert entropy == pytest.approx(2.75, abs=0.03)
    assert result.expected < entropy


def test_the_names_learnt_from_end_below_those_held_out(result: char_rnn_generate.Result) -> None:
    known, new = result.losses
    assert known[0] == pytest.approx(result.chance, abs=0.1)
    assert known[-1] < new[-1] - 0.2
    assert len(result.samples) == len(known) == 10


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(char_rnn_generate, "range", lambda n: [0], raising=False)
    before = torch.get_rng_state()
    first, again, other = (char_rnn_generate.demo(seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric
