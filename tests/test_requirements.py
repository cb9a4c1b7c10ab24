"""The pins: exact, complete, the same everywhere, and silent on where they come from."""

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

_PIN = re.compile(r"([a-z0-9][a-z0-9._-]*)==([0-9][0-9a-z.]*)")
FILES = ("core", "site", "test")


def pins(root: Path, name: str) -> dict[str, str]:
    lines = (root / "requirements" / f"{name}.txt").read_text().splitlines()
    found = [_PIN.match(line.split("#")[0].strip()) for line in lines if line.split("#")[0].strip()]
    return {match[1]: match[2] for match in found if match}


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_an_exact_pin_without_an_address(root: Path, name: str) -> None:
    text = (root / "requirements" / f"{name}.txt").read_text()
    for line in text.splitlines():
        requirement = line.split("#")[0].strip()
        assert not requirement or _PIN.fullmatch(requirement), line
    assert "://" not in text
    assert "setuptools" in pins(root, name)


def test_a_later_file_keeps_the_pins_of_an_earlier_one(root: Path) -> None:
    core, site, test = (pins(root, name) for name in FILES)
    assert core.items() <= site.items()
    assert site.items() <= test.items()


def test_torch_is_pinned_without_a_local_suffix_and_stays_out_of_the_core(root: Path) -> None:
    assert pins(root, "site")["torch"] == "2.13.0"
    assert not {"torch", "mkdocs", "mkdocs-material"} & pins(root, "core").keys()


def test_everything_the_project_asks_for_is_pinned(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    names = {re.split(r"[<>=]", line)[0].lower().replace(".", "-") for line in asked}
    assert names <= {name.replace(".", "-") for name in pins(root, "test")}
