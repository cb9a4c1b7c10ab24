"""Beam search against trying everything, and what is said about it."""

import itertools
import math
from typing import Any

import pytest
import torch
from torch import Tensor

from snippets.seq2seq import beam_search as module
from snippets.seq2seq.beam_search import Hypothesis, beam_search, demo, garden, grow
from snippets.seq2seq.seq2seq import Seq2Seq, greedy_decode

ORACLE = "all answers tried"
END = 0


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


class Model:
    """log p of the next of V symbols after every beginning, drawn once and kept."""

    def __init__(self, V: int, peaked: float = 1) -> None:
        self.V, self.peaked, self.rows = V, peaked, {}
        self.asked: list[tuple[int, ...]] = []

    def after(self, beginning: tuple[int, ...]) -> Tensor:
        if beginning not in self.rows:
            logits = torch.randn(self.V, dtype=torch.float64) * self.peaked
            self.rows[beginning] = logits.log_softmax(dim=0)
        return self.rows[beginning]

    def step(self, state: tuple[int, ...] | None, token: int) -> tuple[Tensor, tuple[int, ...]]:
        beginning = () if state is None else (*state, token)
        self.asked.append(beginning)
        return self.after(beginning), beginning

    def log_p(self, answer: tuple[int, ...]) -> float:
        return sum(self.after(answer[:t])[symbol].item() for t, symbol in enumerate(answer))

    def answers(self, longest: int) -> list[tuple[int, ...]]:
        """Everything that ends in time, and what is cut off."""
        symbols = range(1, self.V)
        ended = [
            (*body, END)
            for length in range(longest)
            for body in itertools.product(symbols, repeat=length)
        ]
        return ended + list(itertools.product(symbols, repeat=longest))


@pytest.mark.parametrize(("V", "longest"), [(2, 4), (3, 4), (4, 3), (5, 2), (3, 1)], ids=str)
@pytest.mark.parametrize("alpha", [0, 0.6, 1, 2])
def test_a_beam_that_is_wide_enough_equals_trying_everything(
    V: int, longest: int, alpha: float, compare: Any
) -> None:
    model = Model(V)
    every = sorted(model.answers(longest), key=lambda a: -model.log_p(a) / len(a) ** alpha)
    found = beam_search(model.step, None, 7, END, len(every), longest, alpha)
    assert [one.tokens for one in found] == every
    log_p = torch.tensor([[one.log_p, one.score(alpha)] for one in found], dtype=torch.float64)
    wanted = [[model.log_p(a), model.log_p(a) / len(a) ** alpha] for a in every]
    compare(log_p, torch.tensor(wanted, dtype=torch.float64), oracle=ORACLE, what="value")


@pytest.mark.parametrize("width", [1, 2, 3, 5])
def test_each_width_keeps_the_best_beginnings_of_each_length(width: int, compare: Any) -> None:
    """A loop of its own: all beginnings of the survivors, ranked anew at each length."""
    model = Model(4, peaked=2)
    alive, ended = [()], []
    for _ in range(4):
        longer = [(*body, symbol) for body in alive for symbol in range(4)]
        best = sorted(longer, key=model.log_p, reverse=True)[:width]
        ended += [body for body in best if body[-1] == END]
        alive = [body for body in best if body[-1] != END]
    wanted = sorted(ended + alive, key=model.log_p, reverse=True)[:width]
    found = beam_search(model.step, None, 7, END, width, 4)
    assert [one.tokens for one in found] == wanted
    both = ([one.log_p for one in found], [model.log_p(body) for body in wanted])
    compare(
        *(torch.tensor(part, dtype=torch.float64) for part in both),
        oracle="a loop over beginnings", what="value",
    )  # fmt: skip


def test_width_one_is_greedy_decoding(compare: Any) -> None:
    """On a seq2seq model, whose rows greedy_decode reads off all at once."""
    model = Seq2Seq(6, 4, 8).double()
    torch.nn.init.normal_(model.head.weight, std=3)
    source = torch.randint(1, 7, (5, 4))

    @torch.no_grad()
    def step(state: Any, token: int) -> tuple[Tensor, Any]:
        log_p, state = model.step(state, torch.tensor([token]))
        return log_p[0], state

    at_once = greedy_decode(model.step, model.encode(source), torch.zeros(5).long(), 9)
    for row, wanted in zip(source, at_once, strict=True):
        (one,) = beam_search(step, model.encode(row[None]), END, END, 1, 9)
        filled = torch.tensor([*one.tokens, *[END] * (9 - len(one.tokens))])
        compare(filled, wanted, oracle="greedy_decode", what="value")


def test_the_garden_path_by_hand() -> None:
    search = demo()
    kept, cut = (
        [round(math.exp(one.log_p), 6) for one in part] for part in (search.kept, search.cut)
    )
    assert kept == [0.6, 0.4, 0.36, 0.33, 0.252, 0.198]
    assert cut == [0.27, 0.04, 0.132, 0.108]
    told = ["".join(module.SYMBOLS[t] for t in one.tokens) for one in (search.greedy, search.best)]
    assert told == ["Axm.", "Bxm."]
    assert search.best.log_p > search.greedy.log_p
    assert demo(5) == search


def test_the_penalty_divides_by_the_length() -> None:
    """Two symbols of 0.36 together against four of 0.7 each, as on the page."""
    two, four = (
        Hypothesis((1, END), math.log(0.36), None),
        Hypothesis((1,) * 4, 4 * math.log(0.7), 0),
    )
    assert two.score(0) > four.score(0)
    assert two.score(1) < four.score(1)
    assert [round(one.score(1), 2) for one in (two, four)] == [-0.51, -0.36]
    assert Hypothesis((), 0.0, None).score(1) == 0


def test_without_the_penalty_the_shorter_of_two_wins_and_with_it_the_longer() -> None:
    def step(state: int, token: int) -> tuple[Tensor, int]:
        p = [[0.4, 0.6], [0.1, 0.9], [0.4, 0.6], [1.0, 0.0]][state]
        return torch.tensor(p).log(), state + 1

    plain, divided = (beam_search(step, 0, 9, END, 2, 9, alpha) for alpha in (0, 1))
    assert plain[0].tokens == (0,)  # 0.4 against 0.324
    assert divided[0].tokens == (1, 1, 1, 0)


def test_a_beam_looks_at_no_more_than_its_width_at_each_length() -> None:
    model = Model(6)
    beam_search(model.step, None, 7, 99, 3, 5)  # what never ends
    assert [sum(len(b) == t for b in model.asked) for t in range(6)] == [1, 3, 3, 3, 3, 0]


def test_what_has_ended_is_not_grown_and_states_follow_their_own_beginning() -> None:
    model = Model(3, peaked=2)
    for one in beam_search(model.step, None, 7, END, 4, 5):
        assert END not in one.tokens[:-1]
        assert one.state == one.tokens[:-1]
    assert not any(END in beginning for beginning in model.asked)


def test_impossible_symbols_are_never_kept() -> None:
    log_p = torch.tensor([0.0, -math.inf, -math.inf])
    found = beam_search(lambda s, t: (log_p, s), None, 0, END, 3, 4)
    assert [one.tokens for one in found] == [(0,)]


def test_of_equals_the_first_wins_and_the_answer_repeats() -> None:
    even = torch.full((3,), 1 / 3).log()
    found = [beam_search(lambda s, t: (even, s), None, 0, 9, 2, 2) for _ in range(2)]
    assert [one.tokens for one in found[0]] == [(0, 0), (0, 1)]
    assert found[0] == found[1]


def test_no_length_is_the_empty_answer_and_begin_is_given_first() -> None:
    model = Model(3)
    assert beam_search(model.step, None, 7, END, 2, 0) == [((), 0.0, None)]
    seen: list[int] = []

    def step(state: None, token: int) -> tuple[Tensor, None]:
        seen.append(token)
        return torch.tensor([-9.0, -0.1]), None

    beam_search(step, None, 7, END, 1, 3)
    assert seen == [7, 1, 1]


def test_what_does_not_fit_is_named() -> None:
    model = Model(3)
    with pytest.raises(ValueError, match=r"expected width >= 1 and longest >= 0, got 0 and 3"):
        beam_search(model.step, None, 7, END, 0, 3)
    with pytest.raises(ValueError, match=r"got 2 and -1"):
        beam_search(model.step, None, 7, END, 2, -1)
    with pytest.raises(ValueError, match=r"expected log p \(V,\), got tensor\(\[0\.5"):
        beam_search(lambda s, t: (torch.tensor([0.5, 0.5]), s), None, 0, END, 2, 3)
    with pytest.raises(ValueError, match=r"expected log p \(V,\)"):
        beam_search(lambda s, t: (torch.zeros(1, 3), s), None, 0, END, 2, 3)


def test_nothing_given_is_changed_and_no_random_number_is_drawn() -> None:
    model = Model(4)
    beam_search(model.step, None, 7, END, 3, 4)
    rows = {beginning: row.clone() for beginning, row in model.rows.items()}
    before = torch.get_rng_state()
    beam = [Hypothesis((), 0.0, None)]
    grow(model.step, beam, 7)
    beam_search(model.step, None, 7, END, 3, 4)
    demo()
    assert torch.equal(torch.get_rng_state(), before)
    assert beam == [Hypothesis((), 0.0, None)]
    assert all(torch.equal(model.rows[beginning], row) for beginning, row in rows.items())


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32], ids=str)
def test_other_precisions_are_summed_up_in_full(dtype: torch.dtype) -> None:
    log_p = torch.tensor([0.25, 0.75]).log().to(dtype)
    best, *_ = beam_search(lambda s, t: (log_p, s), None, 0, 9, 2, 50)
    assert best.log_p == pytest.approx(50 * log_p[1].item(), abs=1e-9)


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    rows = torch.randn(5, 5, dtype=torch.float64).log_softmax(dim=1)
    here, there = (
        beam_search(lambda s, t, r=r: (r[t], s), None, 0, END, 3, 6) for r in (rows, rows.cuda())
    )
    assert [one.tokens for one in here] == [one.tokens for one in there]


def test_a_table_ends_where_it_has_no_row() -> None:
    log_p, state = garden("Bx", 5)
    assert state == "Bxm"
    assert log_p.exp().tolist() == [1, 0, 0, 0, 0, 0, 0]
