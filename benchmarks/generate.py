"""A catalog folder of any size to measure with: a real one, filled up with invented resources."""

import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from tools.model.catalog import Catalog
from tools.model.resource import KINDS, LEVELS, LONGEST_ID
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.storage.catalog import load_catalog
from tools.storage.yaml import read_yaml

SEED = 20261120
_PHRASES = Path(__file__).with_name("phrases.yml")
_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")
_FIRST_DAY, _LAST_DAY = date(2014, 1, 1), date(2026, 11, 20)
_LEVEL_WEIGHTS = (5, 4, 2)
_KIND_WEIGHTS = (8, 5, 4, 4, 1, 1, 2, 3, 2, 1)

Told = dict[str, Any]


def write_catalog(source: Path, target: Path, size: int, seed: int = SEED) -> None:
    """Fill `target` with a valid catalog of `size` resources: those of `source`, then invented.

    The same seed writes the same files, and a larger catalog holds those of a smaller one. Raises
    ValueError when the source alone has problems or more resources than that.
    """
    loaded = load_catalog(source)
    real = len(loaded.catalog.resources)
    if loaded.problems or real > size:
        raise ValueError(f"found {real} resources and {len(loaded.problems)} problems in {source}")
    shutil.copytree(source, target)
    for id, told in _resources(loaded.catalog, size - real, random.Random(seed)):
        text = yaml.dump(
            told, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=10_000
        )
        (target / "resources" / f"{id}.yml").write_text(text, encoding="utf-8")


def _resources(catalog: Catalog, count: int, chance: random.Random) -> Iterator[tuple[str, Told]]:
    """Invented resources by id; a relation points back, so a smaller catalog has all it needs."""
    ids = list(catalog.resources)
    speaker = _Speaker(chance, read_yaml(_PHRASES.read_text(encoding="utf-8")))
    for n in range(count):
        speaker.turn()
        id = _id(speaker.say("titles")["en"], n)
        yield id, _resource(catalog, speaker, id, ids)
        ids.append(id)


def _id(title: str, n: int) -> str:
    slug = _NOT_IN_IDS.sub("-", title.lower()).strip("-")
    return f"{slug[: LONGEST_ID - 8].strip('-')}-{n:05}"


@dataclass(slots=True)
class _Speaker:
    """Says things about two subjects in both languages; `turn` changes the subjects."""

    chance: random.Random
    phrases: Told
    subjects: Sequence[dict[SiteLanguage, str]] = ()
    number: int = 0
    pattern: int = 0

    def turn(self) -> None:
        self.subjects = self.chance.sample(self.phrases["subjects"], 2)
        self.number = self.chance.randint(2, 40)
        self.pattern = self.chance.randrange(1000)

    def say(self, sort: str, language: SiteLanguage | None = None) -> Told:
        """One thing of that sort, in both languages; the title stays the same within a turn."""
        known = self.phrases[sort]
        phrase = known[self.pattern % len(known)] if sort == "titles" else self.chance.choice(known)
        a, b = self.subjects
        said = {to: phrase[to].format(a=a[to], b=b[to], n=self.number) for to in SITE_LANGUAGES}
        return {to: text[:1].upper() + text[1:] for to, text in said.items()}


def _resource(catalog: Catalog, speaker: _Speaker, id: str, earlier: Sequence[str]) -> Told:
    """One resource as its file tells it; what is empty is left out, as people leave it out."""
    chance = speaker.chance
    language, other = ("en", "zh") if chance.random() < 0.6 else ("zh", "en")
    title = speaker.say("titles")
    published = _FIRST_DAY + timedelta(chance.randrange((_LAST_DAY - _FIRST_DAY).days))
    address = f"https://site-{chance.randrange(400)}.example.org/{published.year}/{id}"
    told = {
        "title": title[language],
        "titles": {other: title[other]} if chance.random() < 0.7 else {},
        "url": f"{address}/",
        "aliases": [f"{address}.pdf"] if chance.random() < 0.15 else [],
        "kind": chance.choices(KINDS, _KIND_WEIGHTS)[0],
        "language": language,
        "authors": _some(chance, speaker.phrases["names"][language], 0, 3),
        "published": published.isoformat()[: chance.choice((4, 7, 10))],
        "topics": _some(chance, list(catalog.topics_by_id), 1, 4),
        "level": chance.choices(LEVELS, _LEVEL_WEIGHTS)[0],
        "minutes": chance.randint(1, 36) * 5 if chance.random() < 0.9 else None,
        "frameworks": _some(chance, catalog.site.frameworks, 0, 1),
        "access": chance.choice(("free", "free", "login", "paywall")),
        "summary": speaker.say("summaries"),
        "caveats": [speaker.say("caveats") for _ in range(chance.choice((0, 0, 1, 2)))],
        "relations": _relations(chance, earlier),
        "answers": _some(chance, [question.id for question in catalog.questions], 0, 1),
        "mentions": list(_mentions(catalog, speaker, title[language])),
        "added": (_LAST_DAY - timedelta(chance.randrange(700))).isoformat(),
    }
    return {key: value for key, value in told.items() if value}


def _some(chance: random.Random, known: Sequence[str], least: int, most: int) -> list[str]:
    return chance.sample(known, min(len(known), chance.randint(least, most)))


def _relations(chance: random.Random, earlier: Sequence[str]) -> list[Told]:
    if not earlier or chance.random() > 0.25:
        return []
    kind = chance.choice(("code-for", "translation-of", "next-in-series"))
    return [{"kind": kind, "resource": chance.choice(earlier)}]


def _mentions(catalog: Catalog, speaker: _Speaker, label: str) -> Iterator[Told]:
    chance = speaker.chance
    for note in _some(chance, list(catalog.notes), 1, 3):
        told = {
            "note": note,
            "section": chance.choice(speaker.phrases["sections"]),
            "label": label,
            "rating": chance.choice((None, None, 3, 4, 5)),
            "highlight": chance.random() < 0.2,
            "read": chance.random() < 0.2,
            "line": chance.randint(1, 400),
            "says": speaker.say("remarks") if chance.random() < 0.7 else None,
        }
        yield {key: value for key, value in told.items() if value}
