"""`catalog pages`: the site's pages as Markdown on disk, for any site engine."""

from pathlib import Path

import click

from tools.cli.console import counted, say
from tools.cli.opened import end_with, need_folder, pass_folder
from tools.model.words import SITE_LANGUAGES
from tools.pages.build import whole_text
from tools.pages.page import File, Page
from tools.source import SourceProblems, read_site
from tools.storage.files import write_whole


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@pass_folder
def pages(folder: Path, out: Path) -> None:
    """Write the pages of both languages below OUT as Markdown with their markup in place.

    They are the pages of the site, made without a site engine; the words come from the folder
    `docs` beside the catalog.
    """
    need_folder(folder)
    count = 0
    for language in SITE_LANGUAGES:
        try:
            site = read_site(folder.resolve().parent, language, folder)
        except SourceProblems as found:
            end_with(found.problems)
        for part in site.parts:
            write_whole(out / language / part.path, _content(part))
            count += 1
    say(f"written: {counted(count, 'file')} below {out}")


def _content(part: Page | File) -> str | bytes:
    return whole_text(part) if isinstance(part, Page) else part.content
