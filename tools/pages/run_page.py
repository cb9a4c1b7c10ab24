"""What machines found of a snippet, as pages show it: its run, its proof, its speed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tools.model.catalog import Catalog
from tools.model.problem import Problem
from tools.model.proof import Comparison
from tools.model.record import SnippetRecord
from tools.model.run import Cell, Run
from tools.model.snippet import Snippet
from tools.pages.context import Context
from tools.pages.page import Html

# The cell that every snippet has, and whose picture stands for it.
PICTURE = "picture"
_NOTHING_FOUND = SnippetRecord()


def run_block(context: Context, id: str) -> Html:
    """The whole page of a snippet: facts, cells with output, what was broken, proof, speed."""
    snippet = _snippet(context, id)
    run = _record(context, id).run
    snippets = context.catalog.snippets
    at = snippets.index(snippet)
    set_apart = {ablation.id for ablation in snippet.ablations}
    cells = [cell for cell in run.cells if cell.name not in set_apart] if run else []
    return _html(
        context,
        "run.html",
        snippet,
        cells=cells,
        ablations=[(ablation, _cell(run, ablation.id)) for ablation in snippet.ablations],
        files=context.codes.get(id, ()),
        before=snippets[at - 1] if at else None,
        after=snippets[at + 1] if at + 1 < len(snippets) else None,
    )


def proof_block(context: Context, id: str) -> Html:
    """The strip that says what a snippet was held against, and how closely they agree."""
    return _html(context, "proof.html", _snippet(context, id))


def picture_block(context: Context, id: str) -> Html:
    """The picture of a snippet's run with the words that tell what to see."""
    cell = _cell(_record(context, id).run, PICTURE)
    return _html(context, "picture.html", _snippet(context, id), cell=cell)


def metric_block(context: Context, id: str) -> Html:
    """How well the demo did, beside the bar and beside guessing."""
    return _html(context, "metric.html", _snippet(context, id))


def ablation_block(context: Context, subject: str) -> Html:
    """What a snippet does with one line changed: `subject` is `group/name/ablation`."""
    id, _, name = subject.rpartition("/")
    snippet = _snippet(context, id)
    (ablation,) = (ablation for ablation in snippet.ablations if ablation.id == name)
    cell = _cell(_record(context, id).run, name)
    return _html(context, "ablation.html", snippet, ablation=ablation, cell=cell)


def all_snippets(context: Context) -> Html:
    """Every snippet by group, with what its run reached and whether it is proven."""
    groups: dict[str, list[Snippet]] = {}
    for snippet in context.catalog.snippets:
        groups.setdefault(snippet.id.partition("/")[0], []).append(snippet)
    records = {one.id: _record(context, one.id) for one in context.catalog.snippets}
    return context.html("all-snippets.html", groups=groups, records=records)


def record_problems(
    catalog: Catalog, records: Mapping[str, SnippetRecord], folder: str
) -> list[Problem]:
    """The pictures that pages will ask for and that a run did not draw."""
    return [
        Problem(f"{folder}/{snippet.id}.py", 0, "", f"found no {name!r}, expected {_expected(run)}")
        for snippet in catalog.snippets
        if (run := records.get(snippet.id, _NOTHING_FOUND).run)
        for name in [PICTURE, *(ablation.id for ablation in snippet.ablations)]
        if not ((cell := _cell(run, name)) and cell.picture)
    ]


def _expected(run: Run) -> str:
    names = ", ".join(cell.name for cell in run.cells if cell.picture)
    return f"a cell of that name that draws a picture; those that do: {names or 'none'}"


def _html(context: Context, template: str, snippet: Snippet, **values: object) -> Html:
    record = _record(context, snippet.id)
    return context.html(
        template,
        snippet=snippet,
        run=record.run,
        proof=record.proof,
        ratio=record.ratio,
        claimed=_claimed(record.proof.comparisons) if record.proof else (),
        **values,
    )


def _claimed(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """What the strip sums up, one for each thing compared: the first oracle, in its first dtype.

    `nn.LSTM` and `nn.LSTM, packed` are one oracle; the others stand in the table.
    """
    claimed: dict[str, Comparison] = {}
    for one in comparisons:
        first = comparisons[0]
        if (_named(one.oracle), one.dtype) == (_named(first.oracle), first.dtype):
            so_far = claimed.get(one.what, replace(one, cases=0, largest=0.0))
            cases, largest = so_far.cases + one.cases, max(so_far.largest, one.largest)
            claimed[one.what] = replace(so_far, cases=cases, largest=largest)
    return tuple(claimed.values())


def _named(oracle: str) -> str:
    return oracle.partition(",")[0]


def _snippet(context: Context, id: str) -> Snippet:
    return next(snippet for snippet in context.catalog.snippets if snippet.id == id)


def _record(context: Context, id: str) -> SnippetRecord:
    return context.records.get(id, _NOTHING_FOUND)


def _cell(run: Run | None, name: str) -> Cell | None:
    """The cell of that name, where there is a run and it has one."""
    return next((cell for cell in run.cells if cell.name == name), None) if run else None
