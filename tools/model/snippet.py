"""The words of a snippet: what its page says besides the code."""

from dataclasses import dataclass

from tools.model.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Ablation:
    """One line of a snippet changed on purpose: `id` names the cell that shows both results.

    `noticed_by` is the test that fails when the same is done to the model itself.
    """

    id: str
    title: Words
    says: Words
    noticed_by: str


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
    ablations: tuple[Ablation, ...] = ()
    former_ids: tuple[str, ...] = ()
