"""Running the site engine: one process a language, so that two builds share both cores."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.model.words import SITE_LANGUAGES, SiteLanguage

ENGINES = ("mkdocs", "properdocs")
CONFIGS: dict[SiteLanguage, str] = {"en": "mkdocs.yml", "zh": "mkdocs.zh.yml"}

# Material warns on every build that its life ends; README says how the project leaves it.
_ENVIRONMENT = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}


class BuildFailed(Exception):
    """A language could not be built; the message is what the engine said."""


def start_build(
    root: Path, language: SiteLanguage, target: Path, engine: str = "mkdocs"
) -> subprocess.Popen[str]:
    """Begin to build one language of the project in `root` into `target`."""
    command = [sys.executable, "-m", engine, "build", "--quiet"]
    command += ["--config-file", CONFIGS[language], "--site-dir", str(target.resolve())]
    return subprocess.Popen(
        command,
        cwd=root,
        env=os.environ | _ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish_build(process: subprocess.Popen[str]) -> None:
    """Wait for a build; raises BuildFailed with what the engine said."""
    said = process.communicate()[0]
    if process.returncode:
        raise BuildFailed(said.strip())


def build_languages(root: Path, work: Path, engine: str = "mkdocs") -> None:
    """Build every language below `work`, English at its top; raises BuildFailed."""
    parts = {language: work.with_name(f"{work.name}-{language}") for language in SITE_LANGUAGES}
    running = [start_build(root, language, part, engine) for language, part in parts.items()]
    failures = []
    for process in running:
        try:
            finish_build(process)
        except BuildFailed as failure:
            failures.append(str(failure))
    if failures:
        raise BuildFailed("\n".join(dict.fromkeys(failures)))
    shutil.rmtree(work, ignore_errors=True)
    parts["en"].rename(work)
    parts["zh"].rename(work / "zh")


def swap(work: Path, output: Path) -> None:
    """Put a whole new folder where the old one was; a failed build leaves the old one alone."""
    old = work.with_name(f"{work.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    if output.exists():
        output.rename(old)
    work.rename(output)
    shutil.rmtree(old, ignore_errors=True)
