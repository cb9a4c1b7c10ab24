"""Text in the two languages of the site."""

from dataclasses import dataclass
from typing import Literal, get_args

SiteLanguage = Literal["en", "zh"]
SITE_LANGUAGES: tuple[SiteLanguage, ...] = get_args(SiteLanguage)


@dataclass(frozen=True, slots=True)
class Words:
    """The same thing said in English and in Chinese."""

    en: str
    zh: str

    def to(self, language: SiteLanguage) -> str:
        """The words for readers of `language`."""
        return self.zh if language == "zh" else self.en
