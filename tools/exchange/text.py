"""What several exports need: a text on one line, a day as a moment, a tree as XML."""

from datetime import UTC, datetime
from xml.etree import ElementTree


def one_line(text: str) -> str:
    """The text with every run of blanks and line ends as one space."""
    return " ".join(text.split())


def midnight(day: str) -> datetime:
    """The first moment of a day of the catalog, which knows no hours and no zone: in UTC."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def xml_text(root: ElementTree.Element) -> str:
    """An XML file, one element a line; the texts in it are the very characters given."""
    ElementTree.indent(root, " ")
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written.decode() + "\n"
