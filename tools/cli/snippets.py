"""The snippets that a command was asked for by name."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from tools.cli.opened import could_not_run
from tools.model.catalog import Catalog


def named_snippets(root: Path, catalog: Catalog, names: Sequence[str]) -> tuple[str, ...]:
    """The ids, each once; ends the command at a name that no file has.

    A snippet may be run and proven before its words are in the catalog. Its path will do for a
    name, since terminals complete it.
    """
    files = (root / "snippets").glob("*/*.py")
    known = {f"{file.parent.name}/{file.stem}" for file in files}
    known |= {snippet.id for snippet in catalog.snippets}
    ids = [name.removeprefix("snippets/").removesuffix(".py") for name in names]
    for id in ids:
        if id not in known:
            close = [other for other in sorted(known) if other.endswith(f"/{id}")]
            close = close or get_close_matches(id, sorted(known))
            hint = f"; did you mean {', '.join(close)}?" if close else ""
            could_not_run(f"found {id!r}, expected the name of a snippet{hint}")
    return tuple(dict.fromkeys(ids))
