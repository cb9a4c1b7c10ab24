"""What link checks left in `state/`: `links.jsonl` by address, `run.json` of the last run."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from tools.model.link import LinkHealth, LinkMemory, LinkRun
from tools.model.link_memory import health_faults
from tools.model.problem import Problem, field_name, found
from tools.storage.files import UnreadableFile, read_text, write_whole
from tools.storage.locks import LockedOut, one_writer
from tools.storage.places import shown_path
from tools.storage.shapes import ShapeError, reader_of

LINKS, RUN = "state/links.jsonl", "state/run.json"
_LARGEST = 64_000_000


class UnwritableMemory(Exception):
    """Why nothing was written, in one sentence."""


def read_link_state(folder: Path) -> tuple[LinkMemory, list[Problem]]:
    """The memory of a catalog's link checks, and every line of it that cannot be understood."""
    problems: list[Problem] = []
    health: dict[str, LinkHealth] = {}
    for line, link in _lines(folder, LINKS, LinkHealth, problems):
        faults = [*health_faults(link)]
        if link.url in health:
            faults.append(("url", found(link.url, "every address once")))
        problems += [Problem(shown_path(folder, LINKS), line, *fault) for fault in faults]
        if not faults:
            health[link.url] = link
    runs = [run for _, run in _lines(folder, RUN, LinkRun, problems)]
    return LinkMemory(health, runs[-1] if runs else None), problems


def renew_link_state(
    folder: Path, cache: Path, change: Callable[[LinkMemory], LinkMemory]
) -> LinkMemory:
    """The memory as `change` makes it of what stands in `state/` at this very moment, written.

    Two runs at once lose nothing: the one that comes later changes what the other has written. The
    lock is a file in `cache`, the folder `.cache`. Raises UnwritableMemory, and leaves all as it
    was, where a line that stands there cannot be understood and would be lost.
    """
    try:
        with one_writer(cache / "link-state.lock"):
            memory, problems = read_link_state(folder)
            if problems:
                more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
                raise UnwritableMemory(f"{problems[0]}{more}; mend or delete it, then check again")
            renewed = change(memory)
            _write(folder, renewed)
            return renewed
    except LockedOut as error:
        raise UnwritableMemory(str(error)) from None
    except OSError as error:
        message = f"{shown_path(folder, 'state')}: cannot be written: {error.strerror or error}"
        raise UnwritableMemory(message) from None


def _lines(
    folder: Path, file: str, shape: Any, problems: list[Problem]
) -> Iterator[tuple[int, Any]]:
    """Every line that says what it should, with its number."""
    if not (folder / file).exists():
        return
    path = shown_path(folder, file)
    try:
        text = read_text(folder / file, folder, _LARGEST)
    except UnreadableFile as error:
        problems.append(Problem(path, 0, "", str(error)))
        return
    # Not splitlines(): what a page said may hold line ends that only some programs know.
    for line, content in enumerate(text.split("\n"), start=1):
        if not content.strip():
            continue
        try:
            yield line, reader_of(shape).read(json.loads(content))
        except ShapeError as error:
            problems += [Problem(path, line, field_name(at), text) for at, text in error.faults]
        except (ValueError, RecursionError) as error:
            problems.append(Problem(path, line, "", f"not JSON: {error}"))


def _write(folder: Path, memory: LinkMemory) -> None:
    """Only what changed; the run comes last, since it says that all before is written."""
    links = (memory.health[url] for url in sorted(memory.health))
    _put(folder / LINKS, links)
    _put(folder / RUN, [memory.run] if memory.run else [])


def _put(path: Path, values: Iterable[LinkHealth | LinkRun]) -> None:
    # A lone surrogate, which a server may send and UTF-8 cannot say, becomes a question mark.
    content = "".join(f"{_line(value)}\n" for value in values).encode("utf-8", "replace")
    if content != (path.read_bytes() if path.exists() else b""):
        write_whole(path, content)


def _line(value: LinkHealth | LinkRun) -> str:
    pairs = asdict(value)
    kept = {at.name: pairs[at.name] for at in fields(value) if pairs[at.name] != at.default}
    return json.dumps(kept, ensure_ascii=False)
