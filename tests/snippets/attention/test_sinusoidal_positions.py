"""Sinusoidal positions against their closed form, the rotation, and what is said about them."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from snippets.attention import sinusoidal_positions as file
from snippets.attention.sinusoidal_positions import Reader, Result, sinusoidal_positions

ORACLE = "the closed form"
# Length, dimensions, first position: the smallest, odd ones, none, far out.
SIZES = [(1, 1, 0), (5, 4, 0), (7, 5, 0), (3, 512, 0), (1, 6, 9), (0, 4, 0), (4, 7, 100_000)]


def closed_form(length: int, d: int, start: int) -> Tensor:
    """Number by number, by Python's sine and cosine."""
    table = torch.zeros(length, d, dtype=torch.float64)
    for n in range(length):
        for j in range(d):
            angle = (start + n) / math.pow(10000, 2 * (j // 2) / d)
            table[n, j] = math.cos(angle) if j % 2 else math.sin(angle)
    return table


@pytest.mark.parametrize("sizes", [s for s in SIZES if s[0]], ids=str)
def test_equals_the_closed_form(sizes: tuple[int, int, int], compare: Any) -> None:
    ours = sinusoidal_positions(*sizes, dtype=torch.float64)
    compare(ours, closed_form(*sizes), oracle=ORACLE, what="forward", dtype=torch.float64)


def test_single_precision_is_the_closed_form_rounded_once(compare: Any) -> None:
    ours = sinusoidal_positions(4, 8, 100_000)
    theirs = closed_form(4, 8, 100_000).float()
    compare(ours, theirs, oracle=ORACLE, what="forward", atol=1e-7, dtype=torch.float32)


@pytest.mark.parametrize("k", [1, 3, 50, 1000])
@pytest.mark.parametrize("start", [0, 7, 4000])
def test_moving_on_is_one_rotation_everywhere(k: int, start: int, compare: Any) -> None:
    d = 8
    here = sinusoidal_positions(5, d, start, torch.float64)
    R = torch.zeros(d, d, dtype=torch.float64)
    for i in range(d // 2):
        a = k * 10000 ** (-2 * i / d)
        turn = [[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]]
        R[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = torch.tensor(turn, dtype=R.dtype)
    there = sinusoidal_positions(5, d, start + k, torch.float64)
    compare(there, here @ R.T, oracle="the rotation by k positions", what="value", atol=1e-9)


def test_dot_products_depend_on_the_distance_only() -> None:
    table = sinusoidal_positions(60, 16, dtype=torch.float64)
    dots = table @ table.T
    for k in range(-20, 21):
        diagonal = dots.diagonal(k)
        assert (diagonal - diagonal[0]).abs().max() < 1e-12
    assert (dots.diagonal() - 8).abs().max() < 1e-12


def test_the_worked_example_of_the_page() -> None:
    first = [[0, 1, 0, 1], [0.84, 0.54, 0.01, 1.0], [0.91, -0.42, 0.02, 1.0]]
    assert (sinusoidal_positions(3, 4) - torch.tensor(first)).abs().max() < 0.005


def test_a_part_of_a_row_gets_its_true_positions() -> None:
    assert torch.equal(sinusoidal_positions(3, 6, 4), sinusoidal_positions(7, 6)[4:])


def test_short_rows_have_an_answer_of_their_own() -> None:
    assert sinusoidal_positions(0, 4).shape == (0, 4)
    assert sinusoidal_positions(1, 3).tolist() == [[0, 1, 0]]


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "negative length": (lambda: sinusoidal_positions(-1, 4), "expected length.*got -1, 0 and 4"),
    "no dimension": (lambda: sinusoidal_positions(3, 0), "d from 1, got 3, 0 and 0"),
    "negative start": (lambda: sinusoidal_positions(3, 4, -2), "start from 0.*got 3, -2 and 4"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64], ids=str)
def test_the_dtype_is_the_one_asked_for(dtype: torch.dtype) -> None:
    table = sinusoidal_positions(3, 5, dtype=dtype)
    assert table.dtype == dtype and not table.requires_grad
    reader = Reader().to(dtype)
    assert reader(torch.zeros(2, 3, dtype=torch.long)).dtype == dtype


def test_the_order_of_the_letters_is_seen() -> None:
    torch.manual_seed(0)
    reader, letters = Reader(), torch.tensor([[1, 2, 3, 4, 0]])
    shuffled = letters[:, [3, 1, 0, 2, 4]]
    apart = (reader(letters) - reader(shuffled))[:, -1].abs().max()
    assert apart > 1e-3
    blind = Reader(positions=False)
    assert (blind(letters) - blind(shuffled))[:, -1].abs().max() < 1e-6


def test_later_letters_are_not_seen() -> None:
    torch.manual_seed(0)
    reader = Reader()
    first, second = reader(torch.tensor([[1, 0, 2]])), reader(torch.tensor([[1, 0, 5]]))
    assert torch.equal(first[:, :2], second[:, :2])


def test_answers_are_the_last_letters() -> None:
    torch.manual_seed(0)
    letters, answers = file.rows(20, 12)
    for row, told in zip(letters.tolist(), answers.tolist(), strict=True):
        last = 0
        for letter, answer in zip(row, told, strict=True):
            last = letter or last
            assert answer == last


def test_weights_survive_saving_and_hold_no_table() -> None:
    reader, another = Reader(), Reader()
    another.load_state_dict(reader.state_dict())
    letters = torch.tensor([[1, 0, 2, 0]])
    assert torch.equal(reader(letters), another(letters))
    assert not list(reader.buffers())


def test_bfloat16_autocast_stays_near() -> None:
    reader, letters = Reader(), torch.tensor([[1, 0, 2, 0]])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = reader(letters)
    out.float().sum().backward()
    assert reader.embed.weight.grad is not None and reader.embed.weight.grad.isfinite().all()
    assert (out.float() - reader(letters)).abs().max() < 0.1


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    reader, letters = Reader().double(), torch.tensor([[1, 0, 2, 0]])
    here = reader(letters)
    assert (here - reader.cuda()(letters.cuda()).cpu()).abs().max() < 1e-9


@pytest.fixture(scope="module")
def result() -> Result:
    return file.demo()


def test_the_demo_reaches_its_bar(result: Result) -> None:
    assert result.metric >= result.expected > result.chance


def test_longer_rows_go_badly_as_the_page_says(result: Result) -> None:
    assert result.longer[32] < 0.6
    assert result.longer[128] < 0.4


def test_without_positions_counting_is_all_there_is() -> None:
    torch.manual_seed(0)
    shares = file.by_step(file.train(Reader(positions=False), updates=100), 64)
    assert shares[32:].mean() < 0.4


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "train", lambda model: model)
    before = torch.get_rng_state()
    first, again, other = file.demo(0), file.demo(0), file.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric
