"""Holding results against an oracle's: the differences that the fixture `compare` asserts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch


@dataclass(frozen=True, slots=True)
class Difference:
    """How far two tensors are apart at most, and where; `part` is their own place in tuples."""

    part: str
    largest: float
    at: tuple[int, ...]
    dtype: str


def differences(ours: Any, theirs: Any, dtype: torch.dtype | None = None) -> Iterator[Difference]:
    """The difference of every pair of tensors; equal infinities do not differ.

    Raises AssertionError for nan, for another shape or dtype, and for what is no tensor or number.
    """
    __tracebackhide__ = True
    for part, mine, other in _pairs(ours, theirs):
        _need_alike(part, mine, other, dtype)
        largest, at = _largest(mine, other)
        yield Difference(part, largest, at, str(mine.dtype).removeprefix("torch."))


def _pairs(
    ours: Any, theirs: Any, part: str = ""
) -> Iterator[tuple[str, torch.Tensor, torch.Tensor]]:
    __tracebackhide__ = True
    if isinstance(ours, tuple | list) and isinstance(theirs, tuple | list):
        parts = f"found {len(ours)} parts{part}, expected {len(theirs)}"
        assert len(ours) == len(theirs), parts
        for n, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _pairs(mine, other, f"{part}[{n}]")
    else:
        yield part, _tensor(part, ours), _tensor(part, theirs)


def _tensor(part: str, value: Any) -> torch.Tensor:
    __tracebackhide__ = True
    if isinstance(value, torch.Tensor):
        return value.detach().cpu()
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    assert is_number, f"found {type(value).__name__}{part}, expected a tensor or a number"
    return torch.tensor(value, dtype=torch.float64)


def _need_alike(
    part: str, ours: torch.Tensor, theirs: torch.Tensor, dtype: torch.dtype | None
) -> None:
    __tracebackhide__ = True
    found, expected = tuple(ours.shape), tuple(theirs.shape)
    assert found == expected, f"found the shape {found}{part}, expected {expected}"
    assert ours.dtype == theirs.dtype, f"found {ours.dtype}{part}, expected {theirs.dtype}"
    assert dtype in (None, ours.dtype), f"found {ours.dtype}{part}, expected {dtype}"
    for name, values in (("ours", ours), ("theirs", theirs)):
        assert not values.isnan().any(), f"found nan in {name}{part}, expected numbers"


def _largest(ours: torch.Tensor, theirs: torch.Tensor) -> tuple[float, tuple[int, ...]]:
    if not ours.numel():
        return 0.0, ()
    wide = torch.complex128 if ours.is_complex() else torch.float64
    apart = torch.where(ours == theirs, 0.0, (ours.to(wide) - theirs.to(wide)).abs())
    at = []
    rest = int(apart.argmax())  # torch.unravel_index takes a third of a second to load.
    for size in reversed(apart.shape):
        rest, index = divmod(rest, size)
        at.append(index)
    return float(apart.max()), tuple(reversed(at))
