"""Where large catalogs and their sites are made for measuring: a folder that goes afterwards."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from benchmarks.generate import write_catalog
from tools.engine import build_languages

_WORDS = ("docs", "snippets", "mkdocs.zh.yml")
_PLAIN = Path(__file__).with_name("plain.yml")


@dataclass(frozen=True, slots=True)
class Workshop:
    """Catalogs, projects and sites by size; each is made when first asked for, then kept.

    `project` is the real one. The projects made here link to it, so that nothing but the catalog
    differs. `record` asks to keep what pages show.
    """

    project: Path
    folder: Path
    record: bool = False

    def catalog(self, size: int) -> Path:
        """A catalog folder with so many resources."""
        target = self.folder / f"{size}" / "catalog"
        if not target.exists():
            write_catalog(self.project / "catalog", target, size)
        return target

    def large_project(self, size: int) -> Path:
        """The project with so many resources in its catalog."""
        root = self.catalog(size).parent
        self._link(root, *_WORDS, "mkdocs.yml", "tools")
        return root

    def unchanged_project(self) -> Path:
        """The project as it is, built from elsewhere so that its own folders stay untouched."""
        root = self.folder / "unchanged"
        self._link(root, *_WORDS, "mkdocs.yml", "tools", "catalog")
        return root

    def plain_project(self) -> Path:
        """As many pages with the same words, for MkDocs and Material without anything of ours."""
        root = self.folder / "plain"
        self._link(root, *_WORDS)
        if not (root / "nothing").exists():
            (root / "project.yml").symlink_to(self.project / "mkdocs.yml")
            (root / "nothing").mkdir()
            copyfile(_PLAIN, root / "mkdocs.yml")
        return root

    def site(self, size: int) -> Path:
        """The built site with so many resources."""
        root = self.large_project(size)
        if not site_of(root).exists():
            build(root)
        return site_of(root)

    def _link(self, root: Path, *names: str) -> None:
        root.mkdir(parents=True, exist_ok=True)
        for name in names:
            if not (root / name).is_symlink():
                (root / name).symlink_to(self.project / name)


@contextmanager
def open_workshop(project: Path, record: bool = False) -> Iterator[Workshop]:
    """A workshop for the project in that folder; all it made is removed at the end."""
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        yield Workshop(project.resolve(), Path(folder), record)


def build(root: Path) -> float:
    """Build a project of the workshop in both languages: the seconds it took."""
    start = time.perf_counter()
    build_languages(root, site_of(root))
    return time.perf_counter() - start


def site_of(root: Path) -> Path:
    """Where the site of a project of the workshop is built."""
    return root / "site"
