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
_MOSTLY, _KOREAN = 0.9, 0xC8
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
    return _as_chinese(body) or _decoded(body, tried[0], "replace")


def _as_chinese(body: bytes) -> str:
    """The text of a page that is in GBK though it says otherwise, as many of China's old pages are.

    Nothing where it is no GBK from end to end, or where fewer than `_MOSTLY` of its foreign letters
    are the everyday ones of GB 2312: other charsets read as GBK are full of rare characters, kana
    and Greek. Korean alone looks like everyday ones, but has none behind the row `_KOREAN`.
    """
    try:
        text = _decoded(body, "gb18030", "strict")
    except UnicodeError:
        return ""
    foreign = [one for one in text if not one.isascii() and one.isalpha()]
    han = "".join(one for one in foreign if "\u4e00" <= one <= "\u9fff")
    everyday = han.encode("gb2312", "ignore")
    if not any(row > _KOREAN for row in everyday[::2]):
        return ""
    return text if len(everyday) / 2 >= _MOSTLY * len(foreign) else ""


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
