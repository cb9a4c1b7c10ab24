"""Valid HTML: what the Nu Html Checker says of every page, less the theme's known own markup."""

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tools.audit.site import Site, shown
from tools.audit.verdicts import CannotRun, Finding, Judgement, Measure, count

_HERE = Path(__file__).parent.parent
_ALLOWED = _HERE / "allowed.toml"
JAR = _HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
_OPTIONS = (
    "--format", "json", "--stdout", "--exit-zero-always", "--skip-non-html",
    # Pages here mix languages on purpose; `lang` is checked by hand-written rules elsewhere.
    "--no-langdetect", "--skip-info-messages",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """One remark of the checker: on which page and line, about which markup."""

    page: str
    line: int
    text: str
    markup: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """A remark about the theme's own markup that we live with, and why."""

    message: re.Pattern[str]
    markup: re.Pattern[str]
    reason: str

    def covers(self, message: Message) -> bool:
        """Whether this is the remark, about the very markup it was allowed for."""
        return bool(self.message.search(message.text) and self.markup.search(message.markup))


def check(site: Site) -> Judgement:
    """Every remark that no line of the allow-list covers, and every line that covers none."""
    # The checker takes whatever is called .html, a bookmark file too.
    downloads = {shown(path) for path in site.files - site.pages.keys()}
    messages = [message for message in remarks(site.root) if message.page not in downloads]
    return judge(site, messages, read_allowed(_ALLOWED.read_text(encoding="utf-8")))


def judge(site: Site, messages: Sequence[Message], allowed: Sequence[Allowed]) -> Judgement:
    """The judgement on given remarks."""
    left = tuple(m for m in messages if not any(line.covers(m) for line in allowed))
    idle = [line for line in allowed if not any(line.covers(m) for m in messages)]
    wrong = tuple(_finding(message) for message in left)
    unused = tuple(_unused(line) for line in idle)
    return Judgement(
        (
            count("remarks of the Nu Html Checker", wrong, f"{len(site.pages)} pages"),
            count("idle lines in the allow-list", unused, f"{len(allowed)} lines"),
            Measure(
                "allowed remarks, theme's markup",
                str(len(messages) - len(left)),
                "",
                True,
            ),
        ),
        (*wrong, *unused),
    )


def read_allowed(text: str) -> tuple[Allowed, ...]:
    """The allow-list, from TOML."""
    lines = tomllib.loads(text).get("allowed", [])
    return tuple(
        Allowed(re.compile(line["message"]), re.compile(line["markup"]), line["reason"])
        for line in lines
    )


def remarks(root: Path) -> tuple[Message, ...]:
    """Every error and warning about the pages below a folder."""
    java = shutil.which("java")
    if not java:
        raise CannotRun("Java was not found; the Nu Html Checker needs java 17 or newer on PATH")
    if not JAR.is_file():
        raise CannotRun("vnu-jar is not installed; run npm ci in tools/audit (make audit does)")
    command = [java, "-jar", str(JAR), *_OPTIONS, str(root.resolve())]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    try:
        report = json.loads(run.stdout)
    except json.JSONDecodeError:
        said = (run.stderr or run.stdout).strip().splitlines() or ["nothing"]
        raise CannotRun(f"the Nu Html Checker gave no report; it said: {said[0]}") from None
    return tuple(_messages(report, root.resolve()))


def _messages(report: dict[str, Any], root: Path) -> Iterator[Message]:
    for each in report["messages"]:
        path = Path(unquote(urlsplit(each.get("url", "")).path))
        page = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        line = each.get("lastLine", 0)
        yield Message(
            shown(page),
            line,
            each["message"],
            " ".join(each.get("extract", "").split()),
        )


def _finding(message: Message) -> Finding:
    place = f"line {message.line}: {message.markup}"
    return Finding(message.page, place, message.text, "valid HTML")


def _unused(line: Allowed) -> Finding:
    expected = "a remark it covers; otherwise remove it"
    return Finding(_ALLOWED.name, f"message {line.message.pattern}", "covers nothing", expected)
