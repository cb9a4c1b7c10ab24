"""A resource as an entry of a BibTeX (biblatex) file."""

import re
from collections.abc import Iterator

from tools.exchange.text import one_line
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
# BibTeX counts `\{` as a brace, so one without its partner would swallow the entries below it.
_UNPAIRED = _SPECIAL | {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
# Two signs that TeX would draw as another one, such as a dash: `{}` keeps them apart.
_LIGATURE = re.compile(r"([-`'<>,])(?=\1)|[?!](?=`)")
_ARXIV = re.compile(r"https?://arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?")
_SEPARATOR = re.compile(r"\band\b|[,{}]", re.IGNORECASE)
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def bibtex(resource: Resource) -> str:
    """The resource as one entry whose key is its id, with a newline at the end."""
    fields = list(_fields(resource))
    width = max(len(name) for name, _ in fields)
    lines = [f"  {name:<{width}} = {{{value}}}," for name, value in fields]
    return "\n".join((f"@{_type(resource)}{{{resource.id},", *lines, "}\n"))


def tex(text: str) -> str:
    """Text in which every sign that TeX would obey is only itself."""
    signs = _SPECIAL if _braces_pair(text) else _UNPAIRED
    plain = "".join(signs.get(sign, sign) for sign in one_line(text))
    return _LIGATURE.sub(r"\g<0>{}", plain)


def _braces_pair(text: str) -> bool:
    """Whether every brace has its partner, in the right order."""
    depth = 0
    for sign in re.findall("[{}]", text):
        depth += 1 if sign == "{" else -1
        if depth < 0:
            return False
    return depth == 0


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
    whole = " " not in name or _CJK.search(name) or _SEPARATOR.search(name)
    return f"{{{tex(name)}}}" if whole else tex(name)


def _address(url: str) -> str:
    """An address between braces: biblatex reads it verbatim, so only braces must go."""
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
