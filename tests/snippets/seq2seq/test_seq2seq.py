"""The pair of LSTMs against a pair of nn.LSTM with copied weights, and what is said about it."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence

from snippets.seq2seq import seq2seq
from snippets.seq2seq.seq2seq import END, LSTM, Seq2Seq, greedy_decode

ORACLE = "nn.LSTM × 2"
# Batch, source, target, symbols, width, hidden: the smallest, odd ones, one target of END alone.
SIZES = [(1, 1, 1, 1, 1, 1), (3, 5, 4, 7, 3, 6), (2, 2, 9, 4, 5, 3), (5, 12, 1, 3, 2, 7)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


class Twin(nn.Module):
    """Encoder and decoder of torch, between the same embeddings and under the same head."""

    def __init__(self, ours: Seq2Seq) -> None:
        super().__init__()
        self.embed_source, self.embed_target = ours.embed_source, ours.embed_target
        self.head = ours.head
        self.encoder, self.decoder = (self.copy(lstm) for lstm in (ours.encoder, ours.decoder))

    @staticmethod
    @torch.no_grad()
    def copy(lstm: LSTM) -> nn.LSTM:
        twin = nn.LSTM(lstm.W.shape[1], lstm.U.shape[1], batch_first=True).to(lstm.W)
        twin.bias_hh_l0.zero_()
        for theirs, ours in (("weight_ih", lstm.W), ("weight_hh", lstm.U), ("bias_ih", lstm.b)):
            getattr(twin, f"{theirs}_l0").copy_(ours)
        return twin

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        lengths = (source != END).sum(dim=1)
        x = pack_padded_sequence(
            self.embed_source(source), lengths, batch_first=True, enforce_sorted=False
        )
        return self.encoder(x)[1]

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        begin = torch.zeros_like(target[:, :1])
        given = self.embed_target(torch.cat([begin, target[:, :-1]], dim=1))
        return self.head(self.decoder(given, self.encode(source))[0]).log_softmax(dim=-1)


def tokens(rows: int, longest: int, symbols: int, shortest: int = 1) -> Tensor:
    """Rows of symbols that end at different places."""
    lengths = torch.randint(shortest, longest + 1, (rows, 1))
    lengths[0] = longest
    some = torch.randint(1, symbols + 1, (rows, longest))
    return some.masked_fill(torch.arange(longest) >= lengths, END)


def pair(sizes: tuple[int, ...]) -> tuple[Seq2Seq, Twin, Tensor, Tensor]:
    B, S, T, symbols, width, hidden = sizes
    ours = Seq2Seq(symbols, width, hidden).double()
    nn.init.normal_(ours.encoder.b)
    nn.init.normal_(ours.decoder.b)
    target = F.pad(tokens(B, T, symbols, shortest=0)[:, : T - 1], (0, 1))
    return ours, Twin(ours), tokens(B, S, symbols), target


def gradients(log_p: Tensor, of: list[Tensor]) -> list[Tensor]:
    """Those of a sum in which every number has a weight of its own."""
    weights = torch.linspace(-1, 2, log_p.numel(), dtype=log_p.dtype).view_as(log_p)
    return list(torch.autograd.grad((log_p * weights).sum(), of))


def weights(model: Any, names: tuple[str, ...]) -> list[Tensor]:
    shared = [model.embed_source.weight, model.embed_target.weight, *model.head.parameters()]
    return shared + [getattr(m, name) for m in (model.encoder, model.decoder) for name in names]


@ALL_SIZES
def test_equals_a_pair_of_twins(sizes: tuple[int, ...], compare: Any) -> None:
    ours, twin, source, target = pair(sizes)
    mine, other = ours(source, target), twin(source, target)
    compare(mine, other, oracle=ORACLE, what="forward", dtype=torch.float64)
    states = [tuple(part[0] for part in twin.encode(source))]
    compare([ours.encode(source)], states, oracle=ORACLE, what="state", dtype=torch.float64)
    compare(
        gradients(mine, weights(ours, ("W", "U", "b"))),
        gradients(other, weights(twin, ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0"))),
        oracle=ORACLE, what="gradient", dtype=torch.float64,
    )  # fmt: skip


@ALL_SIZES
def test_one_step_after_another_equals_teacher_forcing(
    sizes: tuple[int, ...], compare: Any
) -> None:
    ours, _, source, target = pair(sizes)
    state, token, said = ours.encode(source), torch.zeros(len(source), dtype=torch.long), []
    for truth in target.unbind(dim=1):
        log_p, state = ours.step(state, token)
        said.append(log_p)
        token = truth
    both = torch.stack(said, dim=1), ours(source, target)
    compare(*both, oracle="all steps at once", what="value", atol=1e-12)


def test_every_step_gives_probabilities() -> None:
    ours, _, source, target = pair(SIZES[1])
    p = ours(source, target).exp().sum(dim=-1)
    assert (p - 1).abs().max() < 1e-12


def test_the_decoder_is_given_the_true_symbols() -> None:
    """What is said of a symbol hangs on the true ones before it, and on none from it on."""
    ours, _, source, target = pair((2, 4, 6, 5, 3, 6))
    target = tokens(2, 6, 5, shortest=6)
    for t in range(6):
        other = target.clone()
        other[:, t] = target[:, t] % 5 + 1
        differs = (ours(source, target) != ours(source, other)).any(dim=2).any(dim=0)
        assert differs.tolist() == [False] * (t + 1) + [True] * (5 - t)


def test_the_source_reaches_the_decoder_through_the_context_alone(
    monkeypatch: pytest.MonkeyPatch, compare: Any
) -> None:
    """Two halves of a source in one pass, or the decoder started from the state: the same."""
    ours, _, source, target = pair(SIZES[1])
    context = ours.encode(source)
    monkeypatch.setattr(ours, "encode", lambda source: context)
    same = ours(source, target), ours(source.flip(1), target)
    compare(*same, oracle="the same context", what="value", atol=0)


def test_what_fills_a_row_up_changes_nothing(compare: Any) -> None:
    ours, _, source, target = pair(SIZES[1])
    filled = ours(F.pad(source, (0, 3)), F.pad(target, (0, 2)))[:, : target.shape[1]]
    compare(filled, ours(source, target), oracle="no filling", what="value", atol=1e-12)
    for b, length in enumerate((source != END).sum(dim=1).tolist()):
        alone = ours(source[b : b + 1, :length], target[b : b + 1])
        compare(alone[0], ours(source, target)[b], oracle="the row alone", what="value", atol=1e-12)


def test_an_empty_source_is_the_state_of_zeros_and_an_empty_target_no_answer() -> None:
    ours = Seq2Seq(3, 2, 4)
    for source in (torch.zeros(2, 0, dtype=torch.long), torch.zeros(2, 3, dtype=torch.long)):
        h, c = ours.encode(source)
        assert h.shape == c.shape == (2, 4) and not h.any() and not c.any()
        assert ours(source, source[:, :0]).shape == (2, 0, 4)
    assert ours(torch.ones(0, 3, dtype=torch.long), torch.ones(0, 2).long()).shape == (0, 2, 4)


def test_derivatives_agree_with_finite_differences() -> None:
    lstm = LSTM(2, 3).double()
    x, h, c = (torch.randn(s, dtype=torch.float64) for s in ((2, 3, 2), (2, 3), (2, 3)))
    given = (x.requires_grad_(), h.requires_grad_(), c.requires_grad_())
    assert torch.autograd.gradcheck(lstm, given)


def scripted(answers: list[list[int]]) -> tuple[Callable[..., Any], list[int]]:
    """A step that wants to say these rows, whatever it is given, and the tokens it was given."""
    rows, seen = torch.tensor(answers), []

    def step(state: int, token: Tensor) -> tuple[Tensor, int]:
        seen.append(token.tolist())
        return F.one_hot(rows[:, state], 5).log(), state + 1

    return step, seen


def test_greedy_takes_the_likeliest_and_feeds_it_back_until_all_have_ended() -> None:
    step, seen = scripted([[3, 0, 4, 4, 4], [2, 1, 4, 0, 4]])
    said = greedy_decode(step, 0, torch.zeros(2, dtype=torch.long), 6)
    assert said.tolist() == [[3, 0, 0, 0, 0, 0], [2, 1, 4, 0, 0, 0]]
    assert seen == [[0, 0], [3, 2], [0, 1], [0, 4]]


@pytest.mark.parametrize("longest", [0, 1, 3])
def test_greedy_stops_at_the_longest(longest: int) -> None:
    step, seen = scripted([[3, 2, 4, 4, 4]])
    said = greedy_decode(step, 0, torch.zeros(1, dtype=torch.long), longest)
    assert said.tolist() == [[3, 2, 4][:longest]]
    assert len(seen) == longest


def test_greedy_needs_no_gradient_and_equals_the_twin_by_hand(compare: Any) -> None:
    ours, twin, source, _ = pair((4, 5, 1, 6, 3, 8))
    nn.init.normal_(ours.head.weight, std=3)
    said = greedy_decode(ours.step, ours.encode(source), torch.zeros(4, dtype=torch.long), 6)
    for b in range(4):
        row: list[int] = []
        while len(row) < 6 and END not in row:
            target = torch.tensor([[*row, 0]])
            row.append(int(twin(source[b : b + 1], target)[0, -1].argmax()))
        compare(said[b, : len(row)], torch.tensor(row), oracle=ORACLE, what="value")
        assert not said[b, len(row) :].any()


BAD: dict[str, tuple[Callable[[Seq2Seq], Any], str]] = {
    "a symbol beyond": (
        lambda m: m.encode(torch.tensor([[1, 4]])),
        r"below 4, got \[\[1, 4\]\]",
    ),
    "a symbol below": (lambda m: m.encode(torch.tensor([[-1]])), r"below 4, got \[\[-1\]\]"),
    "no batch": (lambda m: m.encode(torch.tensor([1, 2])), r"whole tokens \(B, T\).*\[1, 2\]"),
    "half symbols": (lambda m: m.encode(torch.ones(1, 2)), r"whole.*got \[\[1\.0, 1\.0\]\]"),
    "END inside": (
        lambda m: m.encode(torch.tensor([[1, 0, 2]])),
        r"END behind the last symbol only, got \[\[1, 0, 2\]\]",
    ),
    "END first in the target": (
        lambda m: m(torch.tensor([[1]]), torch.tensor([[0, 1]])),
        r"END behind the last",
    ),
    "targets of others": (
        lambda m: m(torch.ones(2, 3).long(), torch.ones(3, 2).long()),
        r"expected h and c \(3, 5\), got \(2, 5\), \(2, 5\)",
    ),
    "state of another batch": (
        lambda m: m.step((torch.zeros(1, 5), torch.zeros(1, 5)), torch.tensor([1, 2])),
        r"expected h and c \(2, 5\), got \(1, 5\), \(1, 5\)",
    ),
    "only c is wrong": (
        lambda m: m.step((torch.zeros(2, 5), torch.zeros(2, 6)), torch.tensor([1, 2])),
        r"got \(2, 5\), \(2, 6\)",
    ),
    "no unit": (lambda m: Seq2Seq(3, 2, 0), r"at least 1, got \(3, 2, 0\)"),
    "no symbol": (lambda m: Seq2Seq(0, 2, 5), r"at least 1, got \(0, 2, 5\)"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(Seq2Seq(3, 2, 5))


def test_the_forget_bias_starts_at_one() -> None:
    for lstm in (Seq2Seq(3, 2, 5).encoder, Seq2Seq(3, 2, 5).decoder):
        assert lstm.b.view(4, 5).tolist() == [[0.0] * 5, [1.0] * 5, [0.0] * 5, [0.0] * 5]


def test_nothing_given_is_changed_and_the_answer_repeats() -> None:
    ours, _, source, target = pair(SIZES[1])
    h, c = ours.encode(source)
    given = [source, target, h, c, *ours.parameters()]
    before, versions = [p.detach().clone() for p in given], [p._version for p in given]
    random = torch.get_rng_state()
    assert torch.equal(ours(source, target), ours(source, target))
    ours.step((h, c), target[:, 0])
    greedy_decode(ours.step, (h, c), target[:, 0], 4)
    assert torch.equal(torch.get_rng_state(), random)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [p._version for p in given] == versions


def test_weights_survive_saving() -> None:
    ours, _, source, target = pair(SIZES[1])
    another = Seq2Seq(7, 3, 6).double()
    another.load_state_dict(ours.state_dict())
    assert torch.equal(another(source, target), ours(source, target))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    ours = Seq2Seq(3, 2, 4).to(dtype)
    source = tokens(2, 3, 3)
    log_p, (h, c) = ours.step(ours.encode(source), source[:, 0])
    assert {log_p.dtype, h.dtype, c.dtype, ours(source, source).dtype} == {dtype}


def test_single_precision_is_close_to_the_twins(compare: Any) -> None:
    ours = Seq2Seq(5, 4, 6)
    source, target = tokens(3, 6, 5), tokens(3, 4, 5)
    both = ours(source, target), Twin(ours)(source, target)
    compare(*both, oracle=ORACLE, what="forward", atol=1e-5, dtype=torch.float32)


def test_bfloat16_autocast_stays_near() -> None:
    ours, source = Seq2Seq(5, 4, 6), tokens(3, 6, 5)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        log_p = ours(source, source)
    log_p.float().sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in ours.parameters())
    assert (log_p.float() - ours(source, source)).abs().max() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    ours, _, source, target = pair(SIZES[1])
    here = ours(source, target)
    ours.cuda()
    assert (ours(source.cuda(), target.cuda()).cpu() - here).abs().max() < 1e-9
    said = greedy_decode(ours.step, ours.encode(source.cuda()), target[:, 0].cuda(), 4)
    assert said.is_cuda


def test_rows_come_with_themselves_turned_round() -> None:
    source, target = seq2seq.rows(200)
    for row, wanted in zip(source.tolist(), target.tolist(), strict=True):
        symbols = [symbol for symbol in row if symbol != END]
        assert len(symbols) >= 3 and row == symbols + [END] * (6 - len(symbols))
        assert wanted == symbols[::-1] + [END] * (7 - len(symbols))
    assert len({row.count(END) for row in source.tolist()}) == 4
    assert not (seq2seq.rows(50, shortest=6)[0] == END).any()


def test_filling_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loss of a short row takes its symbols and one END."""
    source, target = torch.tensor([[1, 2, 3, 0, 0, 0]]), torch.tensor([[3, 2, 1, 0, 0, 0, 0]])
    monkeypatch.setattr(seq2seq, "rows", lambda *_, **__: (source, target))
    seen: list[Tensor] = []
    real = F.nll_loss
    monkeypatch.setattr(F, "nll_loss", lambda p, y: seen.append(y) or real(p, y))
    seq2seq.train(1)
    assert seen[0].tolist() == [3, 2, 1, 0]


@pytest.fixture(scope="module")
def result() -> seq2seq.Result:
    return seq2seq.demo()


def test_the_demo_reaches_its_bar(result: seq2seq.Result) -> None:
    assert result.metric >= result.expected > result.chance
    assert result.contexts.shape == (80, 2)


def test_contexts_lie_together_by_the_last_symbol_and_not_by_the_first(
    result: seq2seq.Result,
) -> None:
    def share(symbols: Tensor) -> float:
        """Of how many points the nearest other one has the same symbol."""
        apart = torch.cdist(result.contexts, result.contexts).fill_diagonal_(torch.inf)
        return (symbols[apart.argmin(dim=1)] == symbols).float().mean().item()

    assert share(result.sources[:, -1]) > 0.5 > 2 * share(result.sources[:, 0])


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seq2seq, "train", lambda updates: (Seq2Seq(8, 4, 8), []))
    before = torch.get_rng_state()
    first, again, other = seq2seq.demo(0), seq2seq.demo(0), seq2seq.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.contexts, again.contexts)
    assert not torch.equal(first.sources, other.sources)


def test_without_teacher_forcing_the_model_reads_what_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One pass over its own greedy answer is what it says step by step."""
    ours, _, source, _ = pair((4, 6, 1, 8, 3, 8))
    own = seq2seq.decode(ours, source)
    until_end = F.pad(own != END, (1, -1), value=True)
    assert torch.equal(ours(source, own).argmax(dim=-1)[until_end], own[until_end])

    given: list[Tensor] = []
    whole = Seq2Seq.forward
    monkeypatch.setattr(
        Seq2Seq, "forward", lambda model, x, y: given.append(y) or whole(model, x, y)
    )
    source, target = seq2seq.rows(64)
    monkeypatch.setattr(seq2seq, "rows", lambda *_, **__: (source, target))
    seq2seq.train(1)
    seq2seq.train(1, forced=False)
    assert torch.equal(given[0], target)
    assert not torch.equal(given[1], target)
