"""What somebody read, for people and other programs: every form by name."""

from collections.abc import Callable, Mapping, Sequence

from tools.exchange.progress.csv import to_csv
from tools.exchange.progress.markdown import to_markdown
from tools.model.reading_log import Logged
from tools.model.words import SiteLanguage

# The same log always gives the same text, with a line end last.
LOGS: Mapping[str, Callable[[Sequence[Logged], SiteLanguage], str]] = {
    "csv": to_csv,
    "markdown": to_markdown,
}
