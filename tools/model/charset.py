"""The text of a page: which charset its bytes are in, by what the page and the server say."""

import codecs
import re
from collections.abc import Iterator

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"<meta[^>]{0,300}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_META_WITHIN = 4096
# As browsers do (WHATWG Encoding): the old names stand for the larger sets that grew out of them.
_LARGER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
    "big5": "big5hkscs", "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8",
}  # fmt: skip
# Python knows many codecs that no page is written in.
_OF_PAGES = re.compile(
    r"utf-8|gb18030|big5hkscs|big5|shift_jis|cp932|euc_jp|iso2022_jp|euc_kr|cp949|"
    r"cp125\d|iso8859-\d+|koi8-[ru]|cp866"
)


def text_of(body: bytes, declared: str = "") -> str:
    """The page as text. What no charset explains has replacement characters, which no fact may."""
    for mark, name in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], name, "replace")
    tried = [*_candidates(body, declared), "utf-8"]
    for name in tried:
        try:
            return _decoded(body, name, "strict")
        except UnicodeError:
            continue
    return _decoded(body, tried[0], "replace")


def _candidates(body: bytes, declared: str) -> Iterator[str]:
    """The charset of the header, then that of the page's own tag."""
    match = _META.search(body[:_META_WITHIN])
    for label in (declared, match[1].decode("ascii", "ignore") if match else ""):
        if name := _codec(label):
            yield name


def _codec(label: str) -> str:
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return ""
    name = _LARGER.get(name, name)
    return name if _OF_PAGES.fullmatch(name) else ""


def _decoded(body: bytes, name: str, errors: str) -> str:
    """Bytes that end in the middle of a character are fine: pages are read up to a bound."""
    return codecs.getincrementaldecoder(name)(errors).decode(body, final=False)
