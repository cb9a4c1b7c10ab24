"""The words of a snippet: what its page says besides the code."""

from dataclasses import dataclass

from tools.model.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """One tested implementation; `id` is `group/name`, the path of its file without `.py`."""

    id: str
    title: Words
    summary: Words
    look: Words
    departs: Words | None = None
    topics: tuple[str, ...]
    papers: tuple[str, ...] = ()
    former_ids: tuple[str, ...] = ()
