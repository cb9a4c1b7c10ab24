"""Where a report goes: to the terminal or a file, as the run goes on and at its end."""

from dataclasses import dataclass, field
from pathlib import Path

from tools.cli.console import say
from tools.linkcheck.report import REPORTS
from tools.linkcheck.report.jsonl import record_line
from tools.model.link import CheckedLink, CheckReport
from tools.model.words import SiteLanguage
from tools.storage.files import write_whole


@dataclass(slots=True)
class Output:
    """The report in one form; JSON Lines are written link by link, the others whole."""

    form: str
    language: SiteLanguage
    file: Path | None
    _begun: bool = field(default=False)

    def take(self, checked: CheckedLink) -> None:
        """Write what is written at once."""
        if self.form != "jsonl":
            return
        if self.file is None:
            say(record_line(checked).rstrip("\n"))
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a" if self._begun else "w", encoding="utf-8") as lines:
            lines.write(record_line(checked))
        self._begun = True

    def write(self, report: CheckReport, *, last: bool) -> None:
        """Write the report as far as it goes; to the terminal only the last one."""
        if self.form == "jsonl":
            if last and not self._begun and self.file:
                write_whole(self.file, "")
        elif self.file:
            write_whole(self.file, REPORTS[self.form](report, self.language))
        elif last:
            say(REPORTS[self.form](report, self.language).rstrip("\n"))
