"""Why a link has its verdict, in words of the reader's language."""

import re
from dataclasses import dataclass

from tools.model.link import Evidence, EvidenceKind, LinkHealth
from tools.model.text import is_web_address, visible
from tools.model.words import SiteLanguage
from tools.pages.render import interface_words
from tools.pages.rows import Said

# Titles and chains can be of any length; this much tells what was met.
_LONGEST = 200
_LITERAL: frozenset[EvidenceKind] = frozenset({"status", "chain", "header", "fragment", "host"})
_HAN = re.compile("[\u3400-\u9fff]")
_KANA = re.compile("[\u3040-\u30ff]")


@dataclass(frozen=True, slots=True)
class Clue:
    """One piece of evidence as a sentence: `seen` stands between `before` and `after`.

    `literal` says that it is a sign of machines and no words.
    """

    before: str
    seen: Said
    after: str
    literal: bool = False


def clues_of(health: LinkHealth, language: SiteLanguage) -> tuple[Clue, ...]:
    """The evidence of a verdict in its order; a page that is there needs none."""
    if health.verdict == "ok":
        return ()
    return tuple(_clue(one, language) for one in health.evidence)


def suggested(health: LinkHealth) -> str:
    """The address that should stand there instead, where it is one that a browser can open."""
    return health.suggest if is_web_address(health.suggest) else ""


def _clue(evidence: Evidence, language: SiteLanguage) -> Clue:
    before, _, after = _word(f"evidence-{evidence.kind}", language).partition("{seen}")
    text = _shortened(_translated(evidence, language))
    seen = Said(text, _lang(text, language))
    return Clue(before, seen, after, literal=evidence.kind in _LITERAL)


def _translated(evidence: Evidence, language: SiteLanguage) -> str:
    """What was seen, with the checker's own names for things in the reader's language."""
    text = visible(evidence.value)
    if evidence.kind == "failure":
        name, _, detail = text.partition(": ")
        known = [_word(f"failure-{name}", language), *([detail] if detail else [])]
        return _word("row-colon", language).join(known) if known[0] else text
    if evidence.kind == "tries":
        verdicts = [_word(f"link-{name.strip()}", language) for name in text.split(",")]
        return _word("row-list-comma", language).join(verdicts) if all(verdicts) else text
    return text


def _word(key: str, language: SiteLanguage) -> str:
    return interface_words()[key].to(language) if key in interface_words() else ""


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _lang(text: str, language: SiteLanguage) -> str:
    """Chinese among English words says so; of other languages the letters alone tell too little."""
    return "zh-Hans" if language == "en" and _HAN.search(text) and not _KANA.search(text) else ""
