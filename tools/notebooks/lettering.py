"""The words in matplotlib's SVG, hung at their points so that a page can set them in its own face.

matplotlib places letters by the widths of the face it knows. Formulas come letter by letter, each
at its own x; here they flow again, and so read "f_t" to a screen reader in the right order too.
"""

import re
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement

_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_SHARES = {"left": 0.0, "center": 0.5, "right": 1.0}
_SPACED = set("=+−≈≤≥×⊙→")
_ABOUT_A_LETTER = 0.6  # Of its size: how wide the last letter of a formula is taken to be.
_THIN = "\N{THIN SPACE}"


def hang_words(root: Element) -> None:
    """Put each line of words in a group `p-words` whose origin is the point it holds on to."""
    for group in list(root.iter("g")):
        if (group.get("id") or "").startswith("words-"):
            _, across, down = (group.get("id") or "").split("-")
            for child in list(group):
                _hang(group, child, across, middle=down == "middle")


def _hang(group: Element, words: Element, across: str, *, middle: bool) -> None:
    scaled = Element("g", {"class": "p-words p-middle" if middle else "p-words"})
    if words.tag == "text":
        place = _place(words)
        scaled.append(words)
    elif words.tag == "g" and words.find("text") is not None:
        place = words.attrib.pop("transform", "")
        place += _formula(words, across)
        scaled.append(words)
    else:
        return
    at = list(group).index(words)
    group.remove(words)
    hung = Element("g", transform=place.strip())
    hung.append(scaled)
    group.insert(at, hung)


def _place(text: Element) -> str:
    """Where a line stands, taken off it: a turn about its point, or a place and a turn."""
    transform = text.attrib.pop("transform", "")
    if "translate" in transform:
        return transform
    turn = re.match(r"rotate\(([-\d.]+) ", transform)
    turned = f" rotate({turn[1]})" if turn and float(turn[1]) else ""
    return f"translate({text.attrib.pop('x', '0')} {text.attrib.pop('y', '0')}){turned}"


def _formula(group: Element, across: str) -> str:
    """Let a formula flow from its anchor; returns the move from its left edge to the anchor.

    One with a drawn line (a fraction, a root) keeps its places.
    """
    text = group.find("text")
    if text is None or group.find("rect") is not None:
        return ""
    letters = sorted(text, key=lambda letter: float(letter.get("x", 0)))
    full = max(_size(letter) for letter in letters)
    width = float(letters[-1].get("x", 0)) + _ABOUT_A_LETTER * _size(letters[-1])
    base = next(_height(letter) for letter in letters if _size(letter) == full)
    text.clear()
    text.set("y", f"{base:g}")
    text.set("style", f"font-size: {full:g}px; text-anchor: {_ANCHORS[across]}")
    last = base
    for (slanted, size, height), run in groupby(letters, _kind):
        part = SubElement(text, "tspan", {"class": "p-letter"} if slanted else {})
        signs = [(letter.text or "").replace("\N{NO-BREAK SPACE}", " ") for letter in run]
        part.text = "".join(_spaced(signs) if size == full else signs)
        if height != last:
            part.set("dy", f"{height - last:.2f}")
        if size != full:
            part.set("style", f"font-size: {size / full:.2g}em")
        last = height
    return f" translate({_SHARES[across] * width:.2f} 0)"


def _spaced(signs: list[str]) -> list[str]:
    """Thin spaces about a relation or sign, which matplotlib makes by places."""
    return [f"{_THIN}{sign}{_THIN}" if sign in _SPACED else sign for sign in signs]


def _kind(letter: Element) -> tuple[bool, float, float]:
    slanted = "font-style" in letter.get("style", "")
    return slanted, _size(letter), _height(letter)


def _size(letter: Element) -> float:
    found = re.search(r"font-size: ([\d.]+)px", letter.get("style", ""))
    return float(found[1]) if found else 0.0


def _height(letter: Element) -> float:
    return float(letter.get("y", 0))
