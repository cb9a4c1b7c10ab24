"""The progress file that a command works on, and the device that makes events for it."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import platformdirs

from tools.cli.opened import could_not_run, need_folder
from tools.model.progress import Progress, ProgressEvent
from tools.storage.device import Device, open_device, remember_device
from tools.storage.progress import UnwritableProgress, append_event

file_option = click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The progress file; else progress.yml in the catalog's folder.",
)


def now() -> str:
    """The minute of the clock, which is read here and nowhere below."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")


def progress_file(folder: Path, file: Path | None) -> Path:
    """The file that was asked for, or the catalog's own; ends the command without a catalog."""
    if file is None:
        need_folder(folder)
    return file or folder / "progress.yml"


def state_folder() -> Path:
    """The user's own folder for the ids of devices, and for locks."""
    named = os.environ.get("CATALOG_DEVICE_DIR")
    return Path(named) if named else platformdirs.user_state_path("unrolled", appauthor=False)


@dataclass(slots=True)
class Own:
    """A progress file to write to: what stood in it when it was opened, and who writes."""

    path: Path
    state: Path
    device: Device
    progress: Progress

    def record(self, **said: Any) -> ProgressEvent:
        """The event that says this now, written; ends the command where it cannot be."""
        fields = {"at": now()} | said
        try:
            event = append_event(self.path, self.state, self.device.device, fields)
        except UnwritableProgress as error:
            could_not_run(str(error))
        self.device = Device(event.device, event.n)
        remember_device(self.path, self.state, self.device)
        return event


def open_own(folder: Path, file: Path | None) -> Own:
    """The file to write to; ends the command where the user's own folder cannot be used."""
    path, state = progress_file(folder, file), state_folder()
    try:
        device, read = open_device(path, state)
    except UnwritableProgress as error:
        could_not_run(str(error))
    return Own(path, state, device, read.progress)
