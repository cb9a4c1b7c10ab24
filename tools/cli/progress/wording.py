"""Events and states of progress on one line of the terminal, whatever their notes hold."""

from collections.abc import Iterable, Mapping
from typing import Any

from tools.cli.console import counted
from tools.model.progress import Conflict, ProgressEvent
from tools.model.text import visible


def told(said: Mapping[str, Any]) -> str:
    """What an event says: `done, 45 minutes`."""
    parts = [told_value(name, said[name]) for name in ("status", "rating", "note") if name in said]
    parts += [counted(said["spent"], "minute")] if "spent" in said else []
    parts += [
        f"{kind} {visible(said[kind][0])} {said[kind][1]}"
        for kind in ("undo", "forget")
        if said.get(kind)
    ]
    return ", ".join(parts) or "nothing this program knows"


def told_value(name: str, value: Any) -> str:
    """One value as people read it; null as what it takes away."""
    if value is None:
        return f"no {name}"
    if name == "rating":
        return "★" * int(value)
    return f"“{visible(value)}”" if name == "note" else str(value)


def told_key(event: ProgressEvent) -> str:
    """What others name an event by, and when it was: `k7fq2 42, 2026-11-22T20:00Z`."""
    at = event.fields.get("at")
    return ", ".join([f"{visible(event.device)} {event.n}", *([at] if at else [])])


def told_total(count: int, minutes: Iterable[int]) -> str:
    """`3 subjects, 95 minutes`."""
    spent = sum(minutes)
    return ", ".join([counted(count, "subject"), *([counted(spent, "minute")] if spent else [])])


def told_conflict(conflict: Conflict) -> str:
    """What both sides say, who said it, and what stands."""
    said = [
        f"{told_value(conflict.field, event.fields[conflict.field])} ({told_key(event)}) {where}"
        for event, where in ((conflict.mine, "here"), (conflict.theirs, "there"))
    ]
    stands = told_value(conflict.field, conflict.stands)
    return (
        f"conflict: {visible(conflict.subject)}: {', '.join(said)}; {stands} stands, both are kept"
    )
