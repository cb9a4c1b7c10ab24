"""What the tests of all snippets share: `compare`, and the proof that a whole file leaves behind.

A proof is written at the end of a session, by the process that ran the file, and only if every test
of the file was collected and ran; a test marked `cuda` may be skipped.
"""

import traceback
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import pytest
import torch

from tests.snippets.comparing import differences
from tools.model.proof import Comparison, Proof
from tools.storage import keys
from tools.storage.records import proof_path, write_record

# As the runner does: on a busy machine a second thread costs more than it brings.
torch.set_num_threads(1)
ROOT = Path(__file__).parents[2]
What = Literal["forward", "state", "gradient", "value"]


class Compare(Protocol):
    """Asserts that ours equals the oracle's, and records it as a case of the proof.

    Both may be tensors, numbers, or tuples and lists of them; shapes and dtypes must be the same,
    and no value farther apart than `atol`. `dtype`, where given, is what both must be of.
    """

    def __call__(
        self, ours: Any, theirs: Any, *, oracle: str, what: What, atol: float = 1e-9,
        dtype: torch.dtype | None = None,
    ) -> None: ...  # fmt: skip


@pytest.fixture
def compare(request: pytest.FixtureRequest) -> Compare:
    """The way every comparison with an oracle goes."""
    witness = _witness(request.node)

    def held(
        ours: Any, theirs: Any, *, oracle: str, what: What, atol: float = 1e-9,
        dtype: torch.dtype | None = None,
    ) -> None:  # fmt: skip
        __tracebackhide__ = True
        found = tuple(differences(ours, theirs, dtype))
        assert found, f"{what}: found nothing to compare with {oracle}"
        for one in found:
            told = f"{one.largest:.3g} from {oracle} at {one.part}{one.at}"
            assert one.largest <= atol, f"{what}: {told}, expected at most {atol:g}"
        if witness:
            dtypes = ", ".join(sorted({one.dtype for one in found}))
            witness.saw(oracle, what, dtypes, max(one.largest for one in found))

    return held


@dataclass(slots=True)
class Witness:
    """What one session has seen of one snippet's test file."""

    snippet: str
    key: str
    awaited: set[str] = field(default_factory=set)
    skipped: bool = False
    tests: list[str] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    cases: dict[tuple[str, str, str], list[float]] = field(default_factory=dict)
    seconds: float = 0.0

    def saw(self, oracle: str, what: str, dtype: str, largest: float) -> None:
        """Take in one comparison that held."""
        self.cases.setdefault((oracle, what, dtype), []).append(largest)

    @property
    def whole(self) -> bool:
        """Whether all of the file was collected and ran, and the snippet is still the same."""
        unchanged = self.key == keys.proof_key(ROOT, self.snippet)
        return not self.awaited and not self.skipped and unchanged

    def proof(self) -> Proof:
        """All of it; tests that hold nothing against an oracle are a failure."""
        failures = list(self.failures)
        if not self.cases and not failures:
            nothing = "found no comparison with an oracle, expected one through `compare`"
            failures.append((keys.test_file(self.snippet), nothing))
        return Proof(
            snippet=self.snippet,
            key=self.key,
            tests=tuple(self.tests),
            comparisons=tuple(
                Comparison(oracle=oracle, what=what, dtype=dtype, cases=len(s), largest=max(s))
                for (oracle, what, dtype), s in self.cases.items()
            ),
            failures=tuple(failures),
            seconds=round(self.seconds, 3),
            versions=keys.versions(keys.PROOF_PACKAGES),
        )


_WITNESSES = pytest.StashKey[dict[Path, Witness | None]]()


def _witness(node: pytest.Item | pytest.Collector) -> Witness | None:
    """The witness of the node's file, or None where that is not the test file of a snippet."""
    witnesses = node.config.stash.setdefault(_WITNESSES, {})
    if node.path not in witnesses:
        snippet = f"{node.path.parent.name}/{node.path.stem.removeprefix('test_')}"
        tests, code = ROOT / keys.test_file(snippet), ROOT / keys.snippet_file(snippet)
        known = node.path == tests and code.is_file()
        witnesses[node.path] = Witness(snippet, keys.proof_key(ROOT, snippet)) if known else None
    return witnesses[node.path]


def pytest_configure(config: pytest.Config) -> None:
    """Name the one reason to skip a test that a proof accepts."""
    config.addinivalue_line("markers", "cuda: needs a CUDA device; skipped where there is none")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("cuda") and not torch.cuda.is_available():
        pytest.skip("needs a CUDA device")


@pytest.hookimpl(wrapper=True, trylast=True)  # Nearest to the file: --last-failed leaves out later.
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Await everything a file announces, selected or not; its key is taken before it is read."""
    witness = _witness(collector) if collector.path.is_file() else None
    report = yield
    if witness:
        witness.awaited.discard(collector.nodeid)
        witness.awaited |= {node.nodeid for node in report.result}
        witness.skipped |= report.skipped
        if report.failed:
            witness.failures.append(_told(collector, report.call.excinfo, str(report.longrepr)))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note how each part of a test came out; after its teardown nothing more is awaited of it."""
    report = yield
    if witness := _witness(item):
        witness.seconds += report.duration
        if report.failed:
            witness.failures.append(_told(item, call.excinfo, report.longreprtext))
        test = item.nodeid.partition("::")[2]
        if report.failed or (report.when == "call" and not report.skipped):
            witness.tests += [test] if test not in witness.tests else []
        witness.skipped |= report.skipped and not item.get_closest_marker("cuda")
        if report.skipped or (report.when == "teardown" and test in witness.tests):
            witness.awaited.discard(item.nodeid)
    return report


def _told(
    node: pytest.Item | pytest.Collector,
    info: pytest.ExceptionInfo[BaseException] | None,
    otherwise: str,
) -> tuple[str, str]:
    """Where in the test or the snippet it went wrong, and in one line why."""
    test = f"{node.name}: " if isinstance(node, pytest.Item) else ""
    if info is None:  # A test that was marked to fail, and passed.
        return node.path.relative_to(ROOT).as_posix(), f"{test}{_first_line(otherwise)}"
    error = info.value
    if isinstance(error, pytest.Collector.CollectError) and error.__cause__:
        error = error.__cause__
    said = _first_line(str(error))
    if not isinstance(error, AssertionError) or not said:
        said = f"{type(error).__name__}: {said}".removesuffix(": ")
    return _place(error, node.path), f"{test}{said}"


def _place(error: BaseException, tests: Path) -> str:
    """The innermost line of the tests or of a snippet on the way to the error."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [(Path(frame.filename), frame.lineno) for frame in frames]
    if isinstance(error, SyntaxError) and error.filename:
        places.append((Path(error.filename), error.lineno))
    for path, line in reversed(places):
        if path == tests or path.is_relative_to(ROOT / "snippets"):
            return f"{path.relative_to(ROOT).as_posix()}:{line}"
    return tests.relative_to(ROOT).as_posix()


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave a proof of every file that was seen whole."""
    for witness in session.config.stash.get(_WITNESSES, {}).values():
        if witness and witness.whole:
            write_record(proof_path(ROOT, witness.snippet), witness.proof())
