"""The device of a progress file: one id for as long as its counter is the device's own."""

import re
from pathlib import Path

import pytest

from tools.model.progress import Progress
from tools.storage.device import Device, open_device, remember_device
from tools.storage.progress import UnwritableProgress, append_event

TOPIC = {"subject": "topic/x", "status": "done"}


def append(path: Path, state: Path) -> Device:
    """One event as the command writes it."""
    device, _ = open_device(path, state)
    event = append_event(path, state, device.device, TOPIC)
    remember_device(path, state, Device(event.device, event.n))
    return Device(event.device, event.n)


def test_a_device_is_64_random_bits_and_stays(tmp_path: Path) -> None:
    path, state = tmp_path / "progress.yml", tmp_path / "state"
    made, read = open_device(path, state)
    assert re.fullmatch("[a-z2-7]{13}", made.device)
    assert (made.n, read.progress) == (0, Progress())
    assert open_device(path, state)[0] == made
    assert append(path, state) == Device(made.device, 1)
    assert append(path, state) == Device(made.device, 2)
    assert open_device(path, state)[0] == Device(made.device, 2)


def test_the_user_folder_alone_knows_the_device_before_it_wrote(tmp_path: Path) -> None:
    path, state = tmp_path / "progress.yml", tmp_path / "state"
    made, _ = open_device(path, state)
    assert not path.exists()
    assert open_device(tmp_path / "other.yml", state)[0] != made
    assert open_device(path, tmp_path / "of another user")[0] != made


@pytest.mark.parametrize("back", [1, 0])
def test_where_the_file_went_back_another_device_goes_on(back: int, tmp_path: Path) -> None:
    """Else two branches would get events of one key, and undoing one would undo the other."""
    path, state = tmp_path / "progress.yml", tmp_path / "state"
    texts = []
    for _ in range(2):
        first = append(path, state)
        texts.append(path.read_bytes())
    if back:
        path.write_bytes(texts[0])
    else:
        path.unlink()
    second = append(path, state)
    assert (first.n, second.n) == (2, back + 1)
    assert second.device != first.device


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"device": 5, "n": 1}', '{"device": "", "n": 0}', "\x00", "[" * 9999]
)
def test_a_broken_device_is_made_anew(text: str, tmp_path: Path) -> None:
    path, state = tmp_path / "progress.yml", tmp_path / "state"
    made, _ = open_device(path, state)
    (kept,) = state.glob("*.json")
    kept.write_text(text, encoding="utf-8")
    again, _ = open_device(path, state)
    assert again != made
    assert open_device(path, state)[0] == again


def test_a_folder_that_cannot_be_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(UnwritableProgress, match="state"):
        open_device(tmp_path / "progress.yml", tmp_path / "state")
