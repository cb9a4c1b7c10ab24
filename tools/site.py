"""`make site`, `make preview`, `make serve`: both languages side by side, swapped in whole."""

import functools
import http.server
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

import click

from tools.engine import ENGINES, BuildFailed, build_languages, swap
from tools.model.problem import Problem
from tools.notebooks.proving import lack_proof, problems_of, prove
from tools.notebooks.running import WorkerFailed, lacking_run, run_snippets
from tools.storage.catalog import load_catalog

_Made = TypeVar("_Made")
HOST, PORT = "127.0.0.1", 8000


@click.group()
def site() -> None:
    """Build and serve the site in both languages."""


@site.command()
@click.option("--output", type=click.Path(path_type=Path), default="site", show_default=True)
@click.option("--engine", type=click.Choice(ENGINES), default="mkdocs", show_default=True)
@click.option(
    "--run/--no-run",
    default=True,
    show_default=True,
    help="Run and prove the snippets that changed; without, pages say that they were not.",
)
def build(output: Path, engine: str, run: bool) -> None:
    """Build both languages into one folder, and say how long each step took."""
    with _timed("validate"):
        ids = _validated()
    if run:
        with _timed("run"):
            _run(ids)
        with _timed("prove"):
            _prove(ids)
    work = Path(".build") / "site"
    with _timed("build en and zh"):
        build_languages(Path(), work, engine)
    with _timed("swap in"):
        swap(work, output)
    click.echo(
        f"The site lies in {output}/ ({_megabytes(output):.1f} MB); `make preview` shows it."
    )


@site.command()
@click.pass_context
def preview(context: click.Context) -> None:
    """Build once and show the result."""
    context.invoke(build, output=Path("site"), engine="mkdocs", run=False)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="site")
    with http.server.ThreadingHTTPServer((HOST, PORT), handler) as server:
        click.echo(f"http://{HOST}:{PORT}/ and http://{HOST}:{PORT}/zh/ (Ctrl-C ends)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()


@site.command()
def serve() -> None:
    """Show both languages and rebuild what an edit changes."""
    from tools.serve import serve_both  # mkdocs loads only for those who serve

    serve_both(Path(), HOST, PORT)


def _validated() -> tuple[str, ...]:
    """The snippets of the catalog, when all of it is sound."""
    loaded = load_catalog(Path("catalog"))
    if loaded.problems:
        raise _failed(loaded.problems)
    return tuple(snippet.id for snippet in loaded.catalog.snippets)


def _run(ids: tuple[str, ...]) -> None:
    lacking = lacking_run(Path(), ids)
    try:
        _through("run", run_snippets(Path(), lacking), len(lacking), lambda run: run.problems)
    except WorkerFailed as error:
        raise BuildFailed(f"no snippet can be run: {error}") from None


def _prove(ids: tuple[str, ...]) -> None:
    lacking = lack_proof(Path(), ids)
    _through("prove", prove(Path(), lacking), len(lacking), problems_of)


def _through(
    step: str,
    made: Generator[_Made, None, None],
    count: int,
    problems: Callable[[_Made], Sequence[Problem]],
) -> None:
    """Move a bar as snippets end; the first that failed ends those that still run."""
    if not count:
        return
    with closing(made), click.progressbar(made, length=count, label=step) as bar:
        for one in bar:
            if problems(one):
                raise _failed(problems(one))


def _failed(problems: Iterable[Problem]) -> BuildFailed:
    lines = [str(problem) for problem in problems]
    count = f"{len(lines)} problem" + ("s" if len(lines) > 1 else "")
    return BuildFailed("\n".join([*lines, f"{count}; the site was not built"]))


@contextmanager
def _timed(step: str) -> Iterator[None]:
    start = time.perf_counter()
    try:
        yield
    except BuildFailed as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(f"{step:<16}{time.perf_counter() - start:6.1f} s")


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


if __name__ == "__main__":
    site()
