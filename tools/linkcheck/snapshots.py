"""The archived copy of a page that is gone: what to ask the Wayback Machine, and what it said.

Asked is its index (CDX) and not its availability service, which at times knows nothing of pages
that are archived and cannot leave out the captures of error pages.
Source: the README of wayback-cdx-server; `closest` works with `sort=closest` only (issue 237 of
internetarchive/wayback).
"""

import json
import re
from urllib.parse import urldefrag, urlencode

from tools.linkcheck.answer import Answer
from tools.model.link import Link
from tools.model.text import is_date, is_web_address

_INDEX = "https://web.archive.org/cdx/search/cdx"
_COPIES = "https://web.archive.org/web"
# Of a year or a month alone, its middle is never far from the day.
_REST = {4: "0701", 6: "15", 8: ""}


def snapshot_query(link: Link) -> str:
    """The address that tells the good capture nearest to the day the page was published.

    The oldest one where nobody knows that day: later ones may show what took the page's place.
    """
    asked = {
        "url": urldefrag(link.url).url,
        "matchType": "exact",
        "filter": "statuscode:200",
        "fl": "timestamp,original",
        "output": "json",
        "limit": "1",
    }
    if is_date(link.published):
        day = link.published.replace("-", "")
        asked |= {"sort": "closest", "closest": f"{day}{_REST[len(day)]}000000"}
    return f"{_INDEX}?{urlencode(asked)}"


def snapshot_from(answer: Answer, link: Link) -> str:
    """The address of the archived copy, with the link's fragment; nothing where there is none.

    Never raises: what is no such answer holds no copy.
    """
    try:
        (_, (timestamp, original)) = json.loads(answer.body)
    except (ValueError, TypeError, RecursionError):
        return ""
    if answer.reason or not isinstance(timestamp, str) or not isinstance(original, str):
        return ""
    if not re.fullmatch(r"[0-9]{14}", timestamp) or not is_web_address(original):
        return ""
    fragment = urldefrag(link.url).fragment
    return f"{_COPIES}/{timestamp}/{original}" + (f"#{fragment}" if fragment else "")
