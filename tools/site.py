"""`make site`, `make preview`, `make serve`: both languages side by side, swapped in whole."""

import functools
import http.server
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tools.engine import ENGINES, BuildFailed, build_languages, swap
from tools.model.problem import Problem
from tools.storage.catalog import load_catalog

HOST, PORT = "127.0.0.1", 8000


@click.group()
def site() -> None:
    """Build and serve the site in both languages."""


@site.command()
@click.option("--output", type=click.Path(path_type=Path), default="site", show_default=True)
@click.option("--engine", type=click.Choice(ENGINES), default="mkdocs", show_default=True)
def build(output: Path, engine: str) -> None:
    """Build both languages into one folder, and say how long each step took."""
    with _timed("validate"):
        _validate()
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
    context.invoke(build, output=Path("site"), engine="mkdocs")
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


def _validate() -> None:
    problems: tuple[Problem, ...] = load_catalog(Path("catalog")).problems
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        raise BuildFailed(f"{len(problems)} problems in the catalog; the site was not built")


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
