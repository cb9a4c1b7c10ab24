"""Links that are left out of checks for a reason, and until a day."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclude:
    """A pattern of addresses, why they are not checked, and the last day that this holds.

    The pattern is a host, a host with a path, or a whole address; in the first two `*` stands for
    anything.
    """

    pattern: str
    reason: str
    until: str

    def covers(self, address: str) -> bool:
        """Whether an address is left out."""
        if "://" in self.pattern:
            return address == self.pattern
        try:
            parts = urlsplit(address)
            host = (parts.hostname or "").rstrip(".")
        except ValueError:
            return False
        pattern_host, slash, pattern_path = self.pattern.partition("/")
        if not _matches(pattern_host.lower(), host):
            return False
        query = f"?{parts.query}" if parts.query else ""
        return not slash or _matches(f"/{pattern_path}", f"{parts.path or '/'}{query}")


def _matches(pattern: str, text: str) -> bool:
    expression = ".*".join(map(re.escape, re.split(r"\*+", pattern)))
    return re.fullmatch(expression, text, re.DOTALL) is not None
