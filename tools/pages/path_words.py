"""The reasons of a path in words: for the Path page, and for the command."""

from dataclasses import dataclass

from tools.model.catalog import Catalog
from tools.model.path import Reason
from tools.model.resource import base_language
from tools.model.words import SiteLanguage
from tools.pages.render import interface_words
from tools.pages.rows import Said, lang_tag

# How the parts of the catalog are called: `kind/paper` by the words of rows, `language/zh` by name.
_KEYS = {"kind": "kind", "language": "spoken-language", "reach": "place"}
_BY_TITLE = ("topic", "snippet", "resource")


@dataclass(frozen=True, slots=True)
class PathWords:
    """The words of paths through one catalog, for readers of one language."""

    catalog: Catalog
    language: SiteLanguage

    def reason(self, reason: Reason) -> str:
        """A reason in words: `needed for LSTM and GRU`."""
        names = [self.name(subject).text for subject in reason.about]
        return self.phrase(reason).replace("{what}", self._listed(names))

    def phrase(self, reason: Reason) -> str:
        """The same with `{what}` in place of what it speaks of."""
        return interface_words()[f"path-why-{reason.code}"].to(self.language)

    def name(self, subject: str) -> Said:
        """What people call a subject: a title, or the word for a language, kind or place."""
        kind, _, id = subject.partition("/")
        if kind in _BY_TITLE:
            return self._title(kind, id)
        words = interface_words().get(f"{_KEYS.get(kind, kind)}-{id}")
        return Said(words.to(self.language) if words else id)

    def time(self, minutes: int) -> str:
        """A length of time as people say it: `45 min`, `2 h 5 min`."""
        hours, rest = divmod(minutes, 60)
        name = "minutes" if not hours else "hours-minutes" if rest else "hours"
        return interface_words()[f"path-{name}"].to(self.language).format(h=hours, m=rest)

    def _title(self, kind: str, id: str) -> Said:
        resource = self.catalog.resources.get(id)
        if kind == "resource" and resource:
            own = base_language(resource.language) == self.language
            return Said(resource.title, "" if own else lang_tag(resource.language))
        things = self.catalog.topics if kind == "topic" else self.catalog.snippets
        titles = (thing.title for thing in things if thing.id == id)
        title = None if kind == "resource" else next(titles, None)
        return Said(title.to(self.language) if title else id)

    def _listed(self, names: list[str]) -> str:
        return interface_words()["row-list-comma"].to(self.language).join(names)
