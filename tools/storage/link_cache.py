"""`.cache/links.jsonl`: the last check of each exact address, for as long as its verdict holds."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from functools import cache as kept
from pathlib import Path

from tools.model.kept_check import KeptCheck
from tools.model.link import CheckedLink, Judgement, Link
from tools.storage.files import UnreadableFile, read_text, write_whole
from tools.storage.locks import one_writer
from tools.storage.shapes import ShapeError, reader_of

_FILE = "links.jsonl"
_LARGEST = 256_000_000
_CHECKER = Path(__file__).parents[1] / "linkcheck"
# What makes a verdict of an answer: with another policy, old verdicts say nothing.
_JUDGES = ("*.py", "signs/*", "providers/*")


def fresh_judgements(cache: Path, links: Iterable[Link], now: datetime) -> dict[str, Judgement]:
    """The judgements that still hold, by exact address, for links that need no check `now`.

    Where the catalog knows something else of a page by now, or the checker judges in another way,
    the link is to be checked again. `now` is aware; lines that cannot be read are not there.
    """
    checks = {check.url: check for check in _read(cache) if check.holds(now)}
    fresh = {}
    for link in links:
        check = checks.get(link.url)
        if check and check.known == _known(link):
            fresh[link.url] = check.judgement
    return fresh


def keep_judgements(cache: Path, checked: Iterable[CheckedLink], now: datetime) -> None:
    """Keep what was checked now, beside what others kept; lines that hold no longer are dropped.

    Raises LockedOut, or OSError where nothing can be written.
    """
    new = [one for one in checked if one.fresh and one.verdict != "unknown"]
    with one_writer(cache / "link-cache.lock"):
        checks = {check.url: check for check in _read(cache)}
        checks |= {one.url: _check(one, now) for one in new}
        lines = (_line(checks[url]) for url in sorted(checks) if checks[url].holds(now))
        write_whole(cache / _FILE, "".join(lines).encode("utf-8", "replace"))


def _read(cache: Path) -> Iterator[KeptCheck]:
    try:
        text = read_text(cache / _FILE, cache, _LARGEST)
    except UnreadableFile:
        return
    for line in text.split("\n"):
        try:
            yield reader_of(KeptCheck).read(json.loads(line))
        except (ValueError, RecursionError, ShapeError):
            continue


def _check(checked: CheckedLink, now: datetime) -> KeptCheck:
    at = now.isoformat(timespec="seconds")
    return KeptCheck(
        url=checked.url, at=at, known=_known(checked.link), judgement=checked.judgement
    )


def _line(check: KeptCheck) -> str:
    return json.dumps(asdict(check), ensure_ascii=False) + "\n"


def _known(link: Link) -> str:
    """A digest of all that a verdict depends on beside the page."""
    facts = (link.titles, link.authors, link.kind, link.language, link.published)
    whole = json.dumps([facts, _checker()])
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


@kept
def _checker() -> str:
    whole = hashlib.sha256()
    for path in sorted(path for pattern in _JUDGES for path in _CHECKER.glob(pattern)):
        if path.is_file():
            whole.update(path.read_bytes())
    return whole.hexdigest()
