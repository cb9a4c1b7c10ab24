"""Text from strange pages, made fit to stand in a report."""

import re

from tools.model.text import visible

LONGEST_ADDRESS = 500
LONGEST_VALUE = 200
_HALF = re.compile("[\ud800-\udfff]")


def plain(text: str, longest: int = LONGEST_VALUE) -> str:
    """The text on one line of at most `longest` characters, without what moves a terminal.

    GitHub's runner still obeys the old `##[command]` anywhere in a line of a log.
    """
    whole = visible(_HALF.sub("\ufffd", text)).replace("##[", "## [")
    return whole if len(whole) <= longest else whole[: longest - 1] + "…"


def plain_address(address: str) -> str:
    """An address to look at; where it was cut or cleaned, it is not one to follow."""
    return plain(address, LONGEST_ADDRESS)
