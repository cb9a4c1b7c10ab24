"""A folder of YAML files to a Catalog, with every problem found on the way."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tools.model.catalog import Catalog
from tools.model.note import Note
from tools.model.problem import Fault, Problem, found
from tools.model.progress import ProgressEvent
from tools.model.question import Question
from tools.model.resource import Resource
from tools.model.rules import Unread, catalog_faults
from tools.model.site import Site
from tools.model.snippet import Snippet
from tools.model.topic import Topic
from tools.model.words import Words
from tools.storage.files import UnreadableFile, read_text
from tools.storage.link_state import read_link_state
from tools.storage.places import place_faults, shown_path
from tools.storage.progress import read_progress
from tools.storage.shapes import ShapeError, reader_of
from tools.storage.yaml import Data, YamlError, read_yaml

_LISTS = {"topics": Topic, "questions": Question, "snippets": Snippet}
_UNNAMED = Site(
    id="unnamed", name=Words("Unnamed", "未命名"), tagline=Words("", ""), eras=()
)  # Stands in when site.yml is broken, so that everything else is still judged.


@dataclass(frozen=True, slots=True)
class LoadedCatalog:
    """The catalog as far as it could be read, and everything to mend, in file order."""

    catalog: Catalog
    problems: tuple[Problem, ...]


def load_catalog(folder: Path) -> LoadedCatalog:
    """Read, check and cross-check a catalog folder; never raises for what stands in it."""
    reading = _Reading(folder)
    links, broken_links = read_link_state(folder)
    catalog = replace(reading.catalog(), links=links)
    faults = [*reading.faults, *catalog_faults(catalog, reading.unread())]
    if not catalog.resources and not any(file.startswith("resources") for file in reading.broken):
        faults.append(Fault("resources", (), "found no resource, expected at least one .yml file"))
    problems = {*reading.problems, *broken_links, *place_faults(folder, faults)}
    return LoadedCatalog(catalog, tuple(sorted(problems)))


@dataclass(slots=True)
class _Reading:
    """One pass over a folder: what was read, and what kept the rest from being read."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def catalog(self) -> Catalog:
        resources = self._files("resources", Resource)
        return Catalog(
            site=self._shaped("site.yml", Site, self._data("site.yml")) or _UNNAMED,
            topics=self._list("topics"),
            resources={resource.id: resource for resource in resources},
            notes={note.id: note for note in self._files("notes", Note)},
            questions=self._list("questions"),
            snippets=self._list("snippets"),
            progress=self._progress(),
            drafts=tuple(path.stem for path in self._yaml_files("drafts")),
        )

    def unread(self) -> Unread:
        def ids(folder: str) -> frozenset[str]:
            return frozenset(Path(file).stem for file in self.broken if file.startswith(folder))

        lists = frozenset(file.removesuffix(".yml") for file in self.broken if "/" not in file)
        return Unread(ids("resources/"), ids("notes/"), lists)

    def _data(self, file: str) -> Data:
        """The data of one file; None, and its problems kept, where it cannot be read."""
        try:
            return read_yaml(read_text(self.folder / file, self.folder))
        except UnreadableFile as error:
            self._problem(file, 0, str(error))
        except YamlError as error:
            for line, message in error.faults:
                self._problem(file, line, message)
        return None

    def _problem(self, file: str, line: int, message: str) -> None:
        self.broken.add(file)
        self.problems.append(Problem(shown_path(self.folder, file), line, "", message))

    def _shaped(self, file: str, shape: Any, data: Data) -> Any:
        """The data as that shape; None, and its faults kept, where it does not fit."""
        if file in self.broken:
            return None
        try:
            return reader_of(shape).read(data)
        except ShapeError as error:
            self.broken.add(file)
            self.faults += [Fault(file, where, message) for where, message in error.faults]
            return None

    def _list(self, name: str) -> tuple[Any, ...]:
        """A file that holds a list: every good member, also when another one is broken."""
        file = f"{name}.yml"
        data = self._data(file)
        if file in self.broken:
            return ()
        if not isinstance(data, list):
            self.faults.append(Fault(file, (), found(data, "a list")))
            self.broken.add(file)
            return ()
        return tuple(self._members(file, data, _LISTS[name]))

    def _members(self, file: str, data: list[Data], shape: Any) -> Iterator[Any]:
        for n, member in enumerate(data):
            try:
                yield reader_of(shape).read(member)
            except ShapeError as error:
                self.broken.add(file)
                self.faults += [Fault(file, (n, *where), text) for where, text in error.faults]

    def _files(self, name: str, shape: Any) -> list[Any]:
        """A folder with one file a thing, named by its id."""
        things = []
        for path in self._yaml_files(name):
            file = f"{name}/{path.name}"
            data = self._data(file)
            if isinstance(data, dict):
                if "id" in data:
                    self.faults.append(
                        Fault(file, ("id",), found(data["id"], "no id: the file name is the id"))
                    )
                data = {**data, "id": path.stem}
            things.append(self._shaped(file, shape, data))
        return [thing for thing in things if thing is not None]

    def _yaml_files(self, name: str) -> list[Path]:
        try:
            paths = sorted((self.folder / name).iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            self._problem(name, 0, f"cannot be read: {error.strerror}")
            return []
        visible = [path for path in paths if not path.name.startswith(".")]
        self._odd_names(name, visible)
        return [path for path in visible if path.suffix == ".yml"]

    def _odd_names(self, name: str, paths: list[Path]) -> None:
        seen: dict[str, str] = {}
        for path in paths:
            file = f"{name}/{path.name}"
            if path.suffix != ".yml":
                self.faults.append(
                    Fault(file, (), found(path.name, "a file name that ends in .yml"))
                )
            twin = seen.setdefault(path.name.lower(), path.name)
            if twin != path.name:
                expected = "names that differ in more than case"
                message = f"found {path.name!r} beside {twin!r}, expected {expected}"
                self.faults.append(Fault(file, (), message))

    def _progress(self) -> tuple[ProgressEvent, ...]:
        path = self.folder / "progress.yml"
        read = read_progress(path, shown_path(self.folder, path.name))
        self.problems += read.problems
        return read.progress.events
