"""`catalog links`: whether the addresses of the catalog still lead where they should."""

import click

from tools.cli.links.check import check
from tools.cli.links.fix import fix
from tools.cli.links.report import report
from tools.cli.links.show import show


@click.group()
def links() -> None:
    """Check links, tell dead from cannot-tell, and mend what can be mended safely."""


for command in (check, report, fix, show):
    links.add_command(command)
