"""`make site`, `make preview` and `make serve`: both languages built side by side and swapped in whole.

MkDocs runs as its own process for each language, so the two builds share both cores.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tools.model.words import SITE_LANGUAGES, SiteLanguage

# Material warns on every build that its life ends; README says how the project leaves it.
_ENVIRONMENT = {"NO_MKDOCS_2_WARNING": "1"}
ENGINES = ("mkdocs", "properdocs")
_CONFIGS: dict[SiteLanguage, str] = {"en": "mkdocs.yml", "zh": "mkdocs.zh.yml"}


class BuildFailed(Exception):
    """A language could not be built; what the engine said is the message."""


@click.group()
def site() -> None:
    """Build and serve the site in both languages."""


@site.command()
@click.option("--output", type=click.Path(path_type=Path), default="site", show_default=True)
@click.option("--engine", type=click.Choice(ENGINES), default="mkdocs", show_default=True)
def build(output: Path, engine: str) -> None:
    """Build both languages into one folder, and say how long each step took."""
    with _timed("validate"):
        _run([sys.executable, "-m", "tools.cli", "validate"])
    with _timed("build en and zh"):
        work = Path(".build") / f"site-{engine}"
        build_languages(work, engine)
    with _timed("swap in"):
        swap(work, output)
    click.echo(f"The site lies in {output}/ ({_size(output)}); `make preview` shows it.")


def build_languages(work: Path, engine: str = "mkdocs", root: Path = Path()) -> None:
    """Build every language below `work`, English at its top; raises BuildFailed."""
    shutil.rmtree(work, ignore_errors=True)
    parts = {language: work.with_name(f"{work.name}-{language}") for language in SITE_LANGUAGES}
    running = {
        language: subprocess.Popen(
            [sys.executable, "-m", engine, "build", "--quiet", "--strict"]
            + ["-f", str(root / _CONFIGS[language]), "-d", str(parts[language].resolve())],
            env=os.environ | _ENVIRONMENT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for language in SITE_LANGUAGES
    }
    said = {language: process.communicate()[1] for language, process in running.items()}
    if failed := [said[language] for language, process in running.items() if process.returncode]:
        raise BuildFailed("\n".join(failed))
    parts["en"].rename(work)
    shutil.rmtree(work / "zh", ignore_errors=True)
    parts["zh"].rename(work / "zh")


def swap(work: Path, output: Path) -> None:
    """Put a whole new folder where the old one was; a failed build leaves the old one alone."""
    old = work.with_name("site-old")
    shutil.rmtree(old, ignore_errors=True)
    if output.exists():
        output.rename(old)
    work.rename(output)
    shutil.rmtree(old, ignore_errors=True)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, check=False)
    if done.returncode:
        sys.exit(done.returncode)


@contextmanager
def _timed(step: str) -> Iterator[None]:
    start = time.perf_counter()
    try:
        yield
    except BuildFailed as error:
        click.echo(str(error).rstrip(), err=True)
        sys.exit(1)
    click.echo(f"{step:<16} {time.perf_counter() - start:6.1f} s")


def _size(folder: Path) -> str:
    total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return f"{total / 1e6:.1f} MB"


Builder = Callable[[], None]


if __name__ == "__main__":
    site()
