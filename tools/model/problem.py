"""What is wrong with a catalog, as values that are collected and shown together."""

from dataclasses import dataclass

Step = str | int
Where = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule, before its line is known.

    `file` is relative to the catalog folder; `where` are the keys and positions that lead to the
    value inside it, so that storage can find the line.
    """

    file: str
    where: Where
    message: str


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend, with its place: `path:line: field: message`."""

    path: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return ": ".join(part for part in (place, self.field, self.message) if part)


def field_name(where: Where) -> str:
    """A place inside a file as people write it: `mentions[2].note`."""
    name = ""
    for step in where:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name


def found(value: object, expected: str) -> str:
    """The one sentence of a mismatch: what stood there, and what would do."""
    return f"found {shown(value)}, expected {expected}"


def shown(value: object, longest: int = 80) -> str:
    """A value short enough for one line, with control characters made visible."""
    text = repr(value)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def listed(words: object) -> str:
    """Alternatives in one phrase: `one of a, b, c`."""
    names = [str(word) for word in words]  # type: ignore[attr-defined]
    return f"one of {', '.join(names)}" if len(names) > 1 else names[0] if names else "nothing"
