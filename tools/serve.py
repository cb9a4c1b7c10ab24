"""`make serve`: both languages on one address; an edit rebuilds the language it belongs to.

What both languages share is rebuilt for the language being looked at first.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from mkdocs.livereload import LiveReloadServer

from tools.engine import BuildFailed, finish_build, start_build, swap
from tools.model.words import SITE_LANGUAGES, SiteLanguage

WATCHED = ("catalog", "docs", "snippets", "tools/pages", "mkdocs.yml", "mkdocs.zh.yml")
_OWN: dict[str, SiteLanguage] = {"docs/en/": "en", "docs/zh/": "zh", "mkdocs.zh.yml": "zh"}

Times = dict[str, int]


def times_of(root: Path) -> Times:
    """When each watched file was last written, by its path."""
    files = (
        path
        for name in WATCHED
        for path in ([root / name] if (root / name).is_file() else (root / name).rglob("*"))
    )
    return {
        path.relative_to(root).as_posix(): path.stat().st_mtime_ns
        for path in files
        if path.is_file()
    }


def languages_to_build(before: Times, now: Times, looked_at: SiteLanguage) -> list[SiteLanguage]:
    """The languages that a change touches, the one being looked at first."""
    changed = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
    touched = {language for path in changed for language in _languages_of(path)}
    return sorted(touched, key=lambda language: language != looked_at)


def _languages_of(path: str) -> Iterable[SiteLanguage]:
    if path.endswith(".pyc"):
        return ()
    own = next((language for prefix, language in _OWN.items() if path.startswith(prefix)), None)
    return SITE_LANGUAGES if own is None else (own,)


class _Server(LiveReloadServer):
    """MkDocs' own server, which also remembers the language of the page asked for last."""

    looked_at: SiteLanguage = "en"

    def serve_request(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        path = environ["PATH_INFO"]
        if path.endswith("/"):
            self.looked_at = "zh" if path.startswith("/zh/") else "en"
        return super().serve_request(environ, start_response)


def serve_both(root: Path, host: str, port: int) -> None:
    """Build both languages, serve them, and rebuild on every change until Ctrl-C."""
    work = root / ".build" / "serve"
    built = {language: work.with_name(f"serve-{language}") for language in SITE_LANGUAGES}
    seen: list[Times] = [{}]

    def rebuild() -> None:
        now = times_of(root)
        for language in languages_to_build(seen[0], now, server.looked_at):
            _build_into(root, language, built[language])
        seen[0] = now

    server = _Server(rebuild, host, port, root=str(built["en"]))
    rebuild()
    for name in WATCHED:
        server.watch(str(root / name))
    click.echo(f"http://{host}:{port}/ and http://{host}:{port}/zh/ (Ctrl-C ends)")
    try:
        server.serve()  # type: ignore[no-untyped-call]  # MkDocs types it halfway
    except KeyboardInterrupt:
        server.shutdown()


def _build_into(root: Path, language: SiteLanguage, built: Path) -> None:
    """One language anew; the old pages stay until the new ones are whole, and on a failure."""
    fresh = built.with_name(f"{built.name}-new")
    try:
        finish_build(start_build(root, language, fresh))
    except BuildFailed as failure:
        click.echo(str(failure), err=True)
        return
    if language == "en":  # The server's root is the English build; this link adds the Chinese one.
        (fresh / "zh").symlink_to(built.with_name("serve-zh").resolve(), target_is_directory=True)
    swap(fresh, built)
    click.echo(f"built {language}")
