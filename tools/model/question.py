"""A question the source notes leave open, with our answer."""

from dataclasses import dataclass

from tools.model.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a reader still wants to know, where it is answered, and by what."""

    id: str
    question: Words
    answer: Words
    topic: str
    snippet: str = ""
    resources: tuple[str, ...] = ()
    note: str = ""
    line: int | None = None
