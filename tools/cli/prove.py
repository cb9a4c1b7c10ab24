"""`catalog prove`: hold snippets against their oracles, and show what was compared."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import click

from tools.cli.console import complain, counted, say, show_table
from tools.cli.opened import could_not_run, end_with, pass_folder, usable_catalog
from tools.cli.snippets import named_snippets
from tools.model.proof import Proof
from tools.notebooks.proving import lack_proof, problems_of, prove, read_proof

_NEEDED = ("torch", "pytest")
_HEADINGS = ("Snippet", "Oracle", "What", "Dtype", "Cases", "Largest difference")


@click.command("prove")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--fresh", is_flag=True, help="Prove again even what did not change.")
@pass_folder
def prove_snippets(folder: Path, names: tuple[str, ...], fresh: bool) -> None:
    """Run the tests of snippets and show what they compared with an oracle, and how far it was.

    NAME is a snippet such as recurrent/lstm; without one, all that lack a proof. `make test` and
    `make site` leave the same proofs.
    """
    root = folder.resolve().parent
    catalog = usable_catalog(folder)
    ids = named_snippets(root, catalog, names) or tuple(s.id for s in catalog.snippets)
    wanted = list(ids) if fresh else lack_proof(root, ids)
    if not names and not wanted:
        say("every snippet was proven since it changed")
        return
    kept = _kept(root, ids, wanted) if names else ()
    proofs = [*kept, *_made(root, wanted)]
    show_table(_HEADINGS, _rows(proofs))
    problems = tuple(problem for proof in proofs for problem in problems_of(proof))
    if problems:
        end_with(problems)


def _kept(root: Path, ids: Iterable[str], wanted: Iterable[str]) -> Iterator[Proof]:
    for id in ids:
        proof = None if id in wanted else read_proof(root, id)
        if proof:
            complain(f"{_summary(proof)}, as it was proven before")
            yield proof


def _made(root: Path, ids: list[str]) -> Iterator[Proof]:
    """New proofs, each told as soon as it ends."""
    absent = [package for package in _NEEDED if find_spec(package) is None]
    if ids and absent:
        lacking = " and ".join(absent)
        could_not_run(f"no snippet can be proven here without {lacking}; `make site` installs it")
    for proof in prove(root, ids):
        complain(_summary(proof))
        yield proof


def _summary(proof: Proof) -> str:
    verdict = "proven" if proof.passed else "not proven"
    extent = f"{counted(len(proof.tests), 'test')}, {counted(proof.cases, 'comparison')}"
    return f"{proof.snippet}: {verdict}, {extent}, {proof.seconds:.1f} s"


def _rows(proofs: Iterable[Proof]) -> Iterator[tuple[str, ...]]:
    for proof in proofs:
        for one in proof.comparisons:
            largest = f"{one.largest:.1e}" if one.largest else "0"
            yield proof.snippet, one.oracle, one.what, one.dtype, str(one.cases), largest
