"""`catalog progress`: what you read, and what to read next."""

import click

from tools.cli.progress.next import next_steps


@click.group()
def progress() -> None:
    """Keep your progress, and ask what to read next."""


for command in (next_steps,):
    progress.add_command(command)
