"""A resource as an entry of a BibTeX (biblatex) file."""

import re
from collections.abc import Iterator

from tools.model.resource import Kind, Resource

# A paper is no @article here: that asks for a journal, and the catalog knows only the address.
_TYPES: dict[Kind, str] = {
    "book": "book",
    "paper": "misc",
    "code": "misc",
    "notebook": "misc",
}
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {sign: f"\\{sign}" for sign in "#$%&_"}
_ARXIV = re.compile(r"https?://arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?")
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def bibtex(resource: Resource) -> str:
    """The resource as one entry whose key is its id, with a newline at the end."""
    fields = list(_fields(resource))
    width = max(len(name) for name, _ in fields)
    lines = [f"  {name:<{width}} = {{{value}}}," for name, value in fields]
    return "\n".join((f"@{_type(resource)}{{{resource.id},", *lines, "}\n"))


def tex(text: str) -> str:
    """Text in which every sign that TeX would obey is only itself."""
    return "".join(_SPECIAL.get(character, character) for character in " ".join(text.split()))


def _type(resource: Resource) -> str:
    return _TYPES.get(resource.kind, "online")


def _fields(resource: Resource) -> Iterator[tuple[str, str]]:
    if resource.authors:
        yield "author", " and ".join(_name(name) for name in resource.authors)
    # Inner braces keep the capitals of LSTM and RNN from styles that lower them.
    yield "title", f"{{{tex(resource.title)}}}"
    if resource.published:
        yield "date", resource.published
    if match := _ARXIV.fullmatch(resource.url):
        yield "eprint", match[1]
        yield "eprinttype", "arxiv"
    yield "url", _address(resource.url)


def _name(name: str) -> str:
    """An author's name; one that BibTeX would wrongly take apart stands whole in braces."""
    whole = " " not in name or _CJK.search(name) or re.search(r"\band\b|,", name)
    return f"{{{tex(name)}}}" if whole else tex(name)


def _address(url: str) -> str:
    """An address between braces: biblatex reads it verbatim, so only braces must go."""
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
