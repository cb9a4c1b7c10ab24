"""`catalog progress`: what somebody read, kept as events in a file of their own."""

import click

from tools.cli.progress.export import export
from tools.cli.progress.merge import merge_files
from tools.cli.progress.next import next_steps
from tools.cli.progress.record import done, note, rate, set_status, start
from tools.cli.progress.show import show
from tools.cli.progress.take_back import forget, undo


@click.group()
def progress() -> None:
    """Keep what you have read, and ask what to read next.

    SUBJECT is resource/ID, topic/ID or snippet/GROUP/NAME; the ID alone will do where only one of
    them has it. All of it stays in one file that grows by a line each time, catalog/progress.yml
    or --file.
    """


for command in (
    show, start, done, set_status, rate, note, undo, forget, next_steps, merge_files, export,
):  # fmt: skip
    progress.add_command(command)
