"""The classifier of names against nn.RNN, packed, with nn.Linear on its last state."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence

from snippets.recurrent import char_rnn_classify
from snippets.recurrent.char_rnn_classify import NAMES, CharRNNClassify, encode

ORACLE = "nn.RNN"
# Batch, letters, symbols, hidden, classes.
SIZES = [(1, 1, 1, 1, 1), (3, 5, 4, 6, 2), (2, 7, 3, 5, 6), (1, 30, 26, 7, 3)]


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def trio(symbols: int, hidden: int, classes: int) -> tuple[CharRNNClassify, nn.RNN, nn.Linear]:
    """Ours, its twin and the layer above it with the same weights, in float64."""
    twin = nn.RNN(symbols, hidden, batch_first=True).double()
    head = nn.Linear(hidden, classes).double()
    ours = CharRNNClassify(symbols, hidden, classes).double()
    W, U, *both = twin.all_weights[0]
    weights = {"W": W, "U": U, "b": sum(both)}
    ours.load_state_dict(weights | {f"head.{name}": w for name, w in head.state_dict().items()})
    return ours, twin, head


def theirs(twin: nn.RNN, head: nn.Linear, letters: Tensor, lengths: Tensor) -> Tensor:
    x = F.one_hot(letters, twin.input_size).double()
    packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    return head(twin(packed)[1][0])


def gradients(logits: Tensor, of: list[Tensor]) -> list[Tensor]:
    weights = torch.linspace(-1, 2, logits.numel()).view_as(logits)
    return list(torch.autograd.grad((logits * weights).sum(), of))


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("full", [True, False], ids=["full-rows", "short-rows"])
def test_equals_the_twin(sizes: tuple[int, ...], full: bool, compare: Any) -> None:
    B, T, *inner = sizes
    ours, twin, head = trio(*inner)
    letters = torch.randint(inner[0], (B, T))
    lengths = torch.full((B,), T) if full else torch.randint(1, T + 1, (B,))
    mine, other = ours(letters, lengths), theirs(twin, head, letters, lengths)
    compare(mine, other, oracle=ORACLE, what="forward", dtype=torch.float64)
    compare(
        gradients(mine, [ours.W, ours.U, ours.b, ours.head.weight, ours.head.bias]),
        gradients(other, [*twin.all_weights[0][:3], head.weight, head.bias]),
        oracle=ORACLE, what="gradient", dtype=torch.float64,
    )  # fmt: skip


def test_what_stands_behind_a_length_never_matters() -> None:
    ours, *_ = trio(5, 4, 3)
    letters, lengths = torch.randint(5, (3, 6)), torch.tensor([6, 2, 0])
    behind = torch.arange(6) >= lengths[:, None]
    for filler in (4, -1, 99):
        assert torch.equal(
            ours(letters.masked_fill(behind, filler), lengths), ours(letters, lengths)
        )


def test_a_name_is_the_same_alone_and_among_longer_ones(compare: Any) -> None:
    model = CharRNNClassify(26, 8, 3).double()
    names = ["ito", "zimmermann", "li"]
    together = model(*encode(names))
    alone = torch.cat([model(*encode([name])) for name in names])
    compare(together, alone, oracle="the name alone", what="value", atol=1e-12)


def test_no_letter_and_no_name_have_their_answers() -> None:
    ours, *_ = trio(5, 4, 3)
    nothing = torch.zeros(2, 0, dtype=torch.long)
    assert torch.equal(ours(nothing, torch.zeros(2, dtype=torch.long))[0], ours.head.bias)
    assert ours(*encode([])).shape == (0, 3)


def test_names_become_numbers() -> None:
    letters, lengths = encode(["abz", "c"])
    assert letters.tolist() == [[0, 1, 25], [2, 0, 0]]
    assert lengths.tolist() == [3, 1]


BAD: dict[str, tuple[Callable[[CharRNNClassify], Any], str]] = {
    "one name only": (lambda m: m(torch.tensor([1, 2]), torch.tensor([2])), r"\(B, T\).*\(2,\)"),
    "one-hot letters": (lambda m: m(torch.zeros(2, 4, 5), torch.ones(2)), r"float32 \(2, 4, 5\)"),
    "no whole letters": (lambda m: m(torch.zeros(2, 4), torch.tensor([4, 4])), r"torch.float32"),
    "letter beyond": (
        lambda m: m(torch.tensor([[5]]), torch.tensor([1])),
        r"letters below 5, got \[\[5\]\]",
    ),
    "letter below": (lambda m: m(torch.tensor([[-1]]), torch.tensor([1])), r"below 5.*-1"),
    "length beyond": (
        lambda m: m(torch.zeros(1, 2).long(), torch.tensor([3])),
        r"0 to 2, got \[3\]",
    ),
    "lengths of others": (lambda m: m(torch.zeros(1, 2).long(), torch.tensor([1, 1])), "1 whole"),
    "no class": (lambda m: CharRNNClassify(5, 4, 0), r"at least 1, got \(5, 4, 0\)"),
    "capital letter": (lambda m: encode(["Li"]), r"a to z, got \['Li'\]"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(CharRNNClassify(5, 4, 3))


def test_nothing_given_is_changed_and_no_random_number_drawn() -> None:
    ours, *_ = trio(5, 4, 3)
    letters, lengths = torch.randint(5, (3, 6)), torch.tensor([6, 2, 0])
    given, state = [letters, lengths, *ours.parameters()], torch.get_rng_state()
    versions = [part._version for part in given]
    assert torch.equal(ours(letters, lengths), ours(letters, lengths))
    assert [part._version for part in given] == versions
    assert torch.equal(torch.get_rng_state(), state)


def test_weights_survive_saving() -> None:
    ours, *_ = trio(5, 4, 3)
    another = CharRNNClassify(5, 4, 3).double()
    another.load_state_dict(ours.state_dict())
    letters, lengths = torch.randint(5, (3, 6)), torch.tensor([6, 2, 0])
    assert torch.equal(another(letters, lengths), ours(letters, lengths))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    assert CharRNNClassify(26, 4, 3).to(dtype)(*encode(["ito"])).dtype == dtype


def test_bfloat16_autocast_stays_near() -> None:
    model = CharRNNClassify(26, 8, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        near = model(*encode(["takahashi", "li"]))
    near.float().sum().backward()
    assert all(weight.grad.isfinite().all() for weight in model.parameters())
    assert (near.float() - model(*encode(["takahashi", "li"]))).abs().max() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    ours, *_ = trio(5, 4, 3)
    letters, lengths = torch.randint(5, (3, 6)), torch.tensor([6, 2, 0])
    here = ours(letters, lengths)
    assert (ours.cuda()(letters.cuda(), lengths.cuda()).cpu() - here).abs().max() < 1e-9


def test_every_list_has_fifty_names_of_its_own() -> None:
    lists = [names.split() for names in NAMES.values()]
    assert [len(set(names)) for names in lists] == [50] * 6
    assert len({name for names in lists for name in names}) == 300
    encode([name for names in lists for name in names])


@pytest.fixture(scope="module")
def result() -> char_rnn_classify.Result:
    return char_rnn_classify.demo()


def test_the_demo_reaches_its_bar(result: char_rnn_classify.Result) -> None:
    assert result.metric >= result.expected > result.chance


def test_a_row_of_the_confusion_is_all_names_of_one_language(
    result: char_rnn_classify.Result,
) -> None:
    assert torch.allclose(result.confusion.sum(dim=1), torch.ones(6))
    assert result.metric == pytest.approx(result.confusion.trace().item() / 6, abs=1e-6)


def test_the_order_of_the_letters_counts(result: char_rnn_classify.Result) -> None:
    ours, *_ = trio(26, 8, 3)
    forwards, backwards = ours(*encode(["moreno"])), ours(*encode(["onerom"]))
    assert (forwards - backwards).abs().max() > 1e-3
    assert char_rnn_classify.demo(shuffled=True).metric < result.metric


def test_known_and_new_names_do_not_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []

    def spy(names: Any) -> Any:
        seen.append(list(names))
        return encode(names)

    monkeypatch.setattr(char_rnn_classify, "encode", spy)
    char_rnn_classify.train()
    known, new = seen
    assert (len(known), len(new)) == (210, 90)
    assert not set(known) & set(new)


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(char_rnn_classify, "train", lambda shuffled: torch.rand(6, 6))
    before = torch.get_rng_state()
    first, again, other = (char_rnn_classify.demo(seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric
