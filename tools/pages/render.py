"""Templates to markup: one Jinja environment that escapes everything and knows both languages."""

from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from tools.model.words import SiteLanguage, Words
from tools.pages.page import Html
from tools.pages.typography import breakable, breakable_name, measured, tiny
from tools.storage.yaml import read_yaml

_HERE = Path(__file__).parent
# Letters as they are: escapes make Chinese a tenth heavier even when packed.
PLAIN_JSON = {"ensure_ascii": False, "sort_keys": True}


@cache
def interface_words() -> dict[str, Words]:
    """The words of the interface by key, from the files in `words/`."""
    words: dict[str, Words] = {}
    for path in sorted(_HERE.glob("words/*.yml")):
        data = read_yaml(path.read_text(encoding="utf-8"))
        words |= {key: Words(**said) for key, said in data.items()}
    return words


def script_words(prefix: str, language: SiteLanguage) -> dict[str, str]:
    """The phrases that scripts say: those whose key begins so, by the rest of the key."""
    return {
        key.removeprefix(prefix): said.to(language)
        for key, said in interface_words().items()
        if key.startswith(prefix)
    }


def render(template: str, language: SiteLanguage, **context: Any) -> Html:
    """The markup of one template; `t(key, …)` in it says a phrase of `words/` in `language`.

    Raises KeyError for a phrase that `words/` lacks and that has no `otherwise`,
    jinja2.UndefinedError for a missing name.
    """

    def say(key: str, otherwise: str | None = None, **values: object) -> str:
        if otherwise is not None and key not in interface_words():
            return otherwise
        return interface_words()[key].to(language).format(**values)

    return _environment().get_template(template).render(context, language=language, t=say)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    environment.policies["json.dumps_kwargs"] = PLAIN_JSON
    for change in (breakable, breakable_name, measured, tiny):
        environment.filters[change.__name__] = change
    return environment
