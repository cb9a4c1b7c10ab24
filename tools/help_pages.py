"""The help of every command on the site: `python -m tools.help_pages` renews it from the commands.

A page holds one block a command, between `<!-- help: catalog list -->` and `<!-- /help -->`.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from tools.cli import main as catalog
from tools.model.problem import Problem, found, listed
from tools.model.words import SITE_LANGUAGES
from tools.storage.files import UnreadableFile, read_text, write_whole

# The page must not depend on the terminal it was renewed in; 88 letters fit beside no other column.
WIDTH = 88
PAGES = tuple(f"docs/{language}/contribute/command.md" for language in SITE_LANGUAGES)

_OPEN = re.compile(r"^<!-- help: (.+) -->$", re.MULTILINE)
_BLOCK = re.compile(
    r"^(<!-- help: (.+) -->)\n(?:(?!<!-- help: ).*\n)*?(<!-- /help -->)$", re.MULTILINE
)


def help_texts(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[tuple[str, str]]:
    """What people type, with the `--help` it prints, for a command and all below it."""
    context = click.Context(command, parent, name, terminal_width=WIDTH, **command.context_settings)
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            yield from help_texts(command.commands[below], below, context)


def marker_problems(page: str, text: str, helps: Mapping[str, str]) -> Iterator[Problem]:
    """What keeps a page from showing every help: unknown commands, open blocks, missing ones."""
    closed = {block.start() for block in _BLOCK.finditer(text)}
    shown = set()
    for opened in _OPEN.finditer(text):
        line = text.count("\n", 0, opened.start()) + 1
        shown.add(opened[1])
        if opened[1] not in helps:
            yield Problem(page, line, "help", found(opened[1], listed(helps)))
        if opened.start() not in closed:
            yield Problem(page, line, "help", "found no end, expected <!-- /help --> below")
    for name in helps.keys() - shown:
        yield Problem(page, 0, "help", f"found no block, expected <!-- help: {name} -->")


def renewed(text: str, helps: Mapping[str, str]) -> str:
    """The page with every block's help as the commands have it now.

    Raises KeyError for a command that does not exist; see `marker_problems`.
    """
    return _BLOCK.sub(lambda block: _filled(block[1], helps[block[2]], block[3]), text)


def _filled(opening: str, help_text: str, closing: str) -> str:
    return f"{opening}\n\n```text\n{help_text}\n```\n\n{closing}"


def main() -> None:
    """Renew the pages of both languages; with a broken marker in one, change neither."""
    helps = dict(help_texts(catalog, "catalog"))
    texts = {page: _text(page) for page in PAGES}
    problems = [
        problem for page, text in texts.items() for problem in marker_problems(page, text, helps)
    ]
    for problem in sorted(problems):
        click.echo(str(problem), err=True)
    if problems:
        sys.exit(1)
    for page, text in texts.items():
        if renewed(text, helps) != text:
            write_whole(Path(page), renewed(text, helps))
            click.echo(f"renewed: {page}")


def _text(page: str) -> str:
    try:
        return read_text(Path(page), Path("docs"))
    except UnreadableFile as error:
        click.echo(f"{page}: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
