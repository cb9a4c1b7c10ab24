"""matplotlib's SVG as part of a page: named, in the site's colours, small, and the same each time.

Colours become the variables of tokens.css, greys the nearest of its neutral ones. Words stay text
in the page's typeface; each hangs in a group of class `p-words` that plots.css scales.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from tools.notebooks.lettering import hang_words

LARGEST = 60_000

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_HUES = {"#0b6e75": "signal", "#a34a14": "gate"}
_NEUTRALS = {
    0x1E: "ink",
    0x60: "muted",
    0x81: "wire",
    0xC0: "rule-strong",
    0xDE: "rule",
    0xFF: "raised",
}
_FAINT = {"wire", "rule-strong", "rule"}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
_NUMBER = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


class UnfitPicture(ValueError):
    """Why a picture cannot stand on a page, in one sentence."""


def themed(svg: str, *, title: str, description: str, id: str) -> str:
    """The same drawing for a page of either language; `id` is what its own ids begin with.

    Raises UnfitPicture for a colour of no meaning here, a bitmap, or too many bytes.
    """
    root = _without_namespaces(ElementTree.fromstring(svg))
    prefix = re.sub(r"[^A-Za-z0-9_-]+", "-", id).strip("-") or "picture"
    _drop(root)
    hang_words(root)
    for element in root.iter():
        _dress(element)
    _rename_ids(root, prefix)
    _unwrap(root)
    _name(root, prefix, title, description)
    text = ElementTree.tostring(root, encoding="unicode")
    text = re.sub(r"(?<=>)\s+(?=<)", "", text)
    if len(text.encode()) > LARGEST:
        found = f"found a picture of {len(text.encode()):,} bytes, expected at most {LARGEST:,}"
        raise UnfitPicture(f"{found}; draw fewer points")
    return text


def _without_namespaces(root: Element) -> Element:
    """In a page an SVG needs no namespaces, and `xlink:href` is plainly written so."""
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
        for name in [name for name in element.attrib if name.startswith("{")]:
            element.set(name.replace(f"{{{_XLINK}}}", "xlink:"), element.attrib.pop(name))
    return root


def _drop(root: Element) -> None:
    """Take out metadata, the style sheet that would reach the whole page, and what is not seen."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == "image":
                raise UnfitPicture("found a bitmap (imshow), expected drawn cells: use pcolormesh")
            unseen = child.tag == "path" and child.get("style", "").strip() == "fill: none"
            if child.tag in ("metadata", "style") or unseen:
                parent.remove(child)


def _dress(element: Element) -> None:
    """Colours as variables, numbers short, fonts left to the page."""
    words = element.tag in ("text", "tspan")
    for name, value in list(element.attrib.items()):
        if name == "style":
            value = ";".join(_declarations(value, words))
        elif name in ("fill", "stroke"):
            value = _variables(value, words)
        if name in ("d", "transform", "x", "y", "width", "height", "style"):
            value = re.sub(r"\s+", " ", _NUMBER.sub(_short, value)).strip()
        element.set(name, value)
    if element.get("style") == "":
        del element.attrib["style"]


def _declarations(style: str, words: bool) -> Iterator[str]:
    for declaration in filter(None, (part.strip() for part in style.split(";"))):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name != "font-family":
            yield f"{name}:{_variables(value, words)}"


def _variables(value: str, words: bool) -> str:
    return _COLOUR.sub(lambda match: f"var(--{_token(match.group().lower(), words)})", value)


def _token(colour: str, words: bool) -> str:
    """The name tokens.css has for a colour; letters are never fainter than `muted`."""
    if colour in _HUES:
        return _HUES[colour]
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    if max(channels) - min(channels) > 20:
        raise UnfitPicture(f"found the colour {colour}, expected C0 to C3 or a grey")
    light = sum(channels) / 3
    token = _NEUTRALS[min(_NEUTRALS, key=lambda known: abs(known - light))]
    return "muted" if words and token in _FAINT else token


def _short(number: re.Match[str]) -> str:
    """Two decimals: a hundredth of a pixel is more than any screen shows."""
    short = f"{float(number.group()):.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def _rename_ids(root: Element, prefix: str) -> None:
    """Keep the ids that something refers to, under names no other picture of the page has."""
    references = re.findall(r'(?:url\(#|href="#)([^)"]+)', ElementTree.tostring(root, "unicode"))
    names = {old: f"{prefix}-{n}" for n, old in enumerate(dict.fromkeys(references), start=1)}
    for element in root.iter():
        if "id" in element.attrib:
            old = element.attrib.pop("id")
            if old in names:
                element.set("id", names[old])
        for name, value in element.attrib.items():
            if name == "xlink:href" and value.startswith("#"):
                element.set(name, f"#{names[value[1:]]}")
            else:
                element.set(name, _REFERENCE.sub(lambda hit: f"url(#{names[hit[1]]})", value))


def _unwrap(parent: Element) -> None:
    """Take out groups that say nothing, which matplotlib makes many of."""
    for child in list(parent):
        _unwrap(child)
        if child.tag in ("g", "defs") and not (child.attrib if child.tag == "g" else len(child)):
            at = list(parent).index(child)
            parent[at : at + 1] = list(child)


def _name(root: Element, prefix: str, title: str, description: str) -> None:
    """The root as a named image that takes the width it is given; all its words are English."""
    words = {"title": title, "desc": description}
    for n, (tag, text) in enumerate(words.items()):
        element = Element(tag, id=f"{prefix}-{tag}")
        element.text = text
        root.insert(n, element)
    view_box = root.attrib["viewBox"]
    root.attrib.clear()
    # Black is what matplotlib leaves unsaid; here what is unsaid is ink.
    root.attrib.update(
        {
            "class": "p-plot",
            "lang": "en",
            "viewBox": view_box,
            "role": "img",
            "aria-labelledby": f"{prefix}-title {prefix}-desc",
            "style": "fill:var(--ink);stroke-linejoin:round",
        }
    )
