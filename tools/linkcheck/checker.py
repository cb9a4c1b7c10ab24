"""Links to verdicts: many threads, one request at a time each, every outcome as it comes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from urllib.parse import urlsplit

from tools.linkcheck.answer import Answer
from tools.linkcheck.client import Bounds, Client
from tools.linkcheck.errand import Errand
from tools.linkcheck.hosts import Turns, turn_of
from tools.linkcheck.limits import Limits
from tools.linkcheck.manners import Manners, asks_for_patience
from tools.linkcheck.policy import judge, judge_seen, stopped_at, wants_again
from tools.linkcheck.providers import Provider, provider_of
from tools.linkcheck.seen import Seen
from tools.model.link import CheckedLink, Evidence, Judgement, Link

_FILES = (
    ".pdf", ".ps", ".djvu", ".epub", ".mobi", ".doc", ".docx", ".ppt", ".pptx", ".xls", ".xlsx",
    ".csv", ".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".whl", ".jar", ".exe", ".dmg",
    ".mp3", ".mp4", ".webm", ".mov", ".avi", ".ogg", ".wav",
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg",
)  # fmt: skip
# Hardly a file is smaller, in bytes; pages that say that it is gone are, whatever their type.
_TINY_FILE = 4_000
_WIRE = 1_000_000
_PAGE, _PAGE_WITH_PARTS = 500_000, 2_000_000
_HOPS = 10
# Seconds before a link is tried a second and a third time, after everything else of its host.
_DELAYS = (1.0, 3.0)
# So many pages may be large at once, so that a run of bombs stays small.
_LARGE = 4
_GOODBYE = 1.0
# Links lead on to hosts that nobody named.
_FOR_OTHER_HOSTS = 16
_OUT_OF_TIME = Evidence(kind="tries", value="time")


@dataclass(slots=True, eq=False)
class _Task:
    """A link on its way to a verdict."""

    link: Link
    errand: Errand
    probing: Provider | None = None
    tries: list[Judgement] = field(default_factory=list)
    seconds: float = 0
    requests: int = 0
    bytes: int = 0

    @classmethod
    def of(cls, link: Link) -> "_Task":
        """The link at its start: a provider's address, a file's head, or the page."""
        if provider := provider_of(link):
            return cls(link, Errand(provider.probe(link)), probing=provider)
        task = cls(link, Errand(link.url))
        task.start(link.url)
        return task

    @property
    def host(self) -> str:
        """The host whose turn it waits for."""
        return turn_of(self.errand.address)

    def start(self, address: str) -> None:
        """Set out anew; what was spent so far stays on the link's bill."""
        self.settle()
        self.errand = Errand(address, "HEAD" if _is_file(address) else "GET")

    def settle(self) -> None:
        """Put what the errand has cost on the link's bill."""
        self.seconds += self.errand.seconds
        self.requests += self.errand.requests
        self.bytes += self.errand.bytes

    def checked(self, judgement: Judgement) -> CheckedLink:
        """The link with this outcome."""
        return CheckedLink(
            link=self.link,
            judgement=judgement,
            seconds=round(self.seconds, 3),
            requests=self.requests,
            bytes=self.bytes,
        )


def _is_file(address: str) -> bool:
    try:
        return PurePosixPath(urlsplit(address).path.lower()).suffix in _FILES
    except ValueError:
        return False


class Checker:
    """Checks links within limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits

    def check(self, links: Sequence[Link]) -> Iterator[CheckedLink]:
        """Every link's outcome, each as soon as it stands.

        Whoever closes the iterator early ends the run. Links without an outcome when the run's
        seconds are over are `unknown`; so are all where no host of the whole run has answered.
        """
        run = _Run(self.limits, links)
        try:
            yield from run.outcomes()
        finally:
            run.end()


class _Run:
    def __init__(self, limits: Limits, links: Sequence[Link]) -> None:
        self._end = monotonic() + limits.max_seconds
        self._client = Client(allowed=limits.allowed, large=_LARGE)
        self._turns: Turns[_Task] = Turns(limits.per_host, limits.rate)
        self._manners = Manners(limits.deadline, limits.patience)
        self._found: SimpleQueue[CheckedLink | BaseException] = SimpleQueue()
        self._judging = Lock()  # It keeps the processor busy, so side by side it only costs memory.
        self._open = {id(task): task for task in map(_Task.of, links)}
        self._count = len(links)
        self._turns.fill((task.host, task) for task in self._open.values())
        hosts = len({task.host for task in self._open.values()})
        most = min(limits.workers, len(links), hosts * limits.per_host + _FOR_OTHER_HOSTS)
        self._threads = [Thread(target=self._work, daemon=True) for _ in range(most)]

    def outcomes(self) -> Iterator[CheckedLink]:
        """What was found, as it is found; what may be the network's fault waits for an answer."""
        held: list[CheckedLink] = []
        for thread in self._threads:
            thread.start()
        for found in self._arriving():
            held.append(found)
            if self._manners.answered:
                yield from held
                held.clear()
        yield from map(_without_network, held)

    def end(self) -> None:
        """Stop asking; requests that are under way are cut off."""
        self._turns.stop()
        self._client.hang_up()
        end = monotonic() + _GOODBYE
        for thread in self._threads:
            if thread.ident:
                thread.join(max(end - monotonic(), 0))

    def _arriving(self) -> Iterator[CheckedLink]:
        for _ in range(self._count):
            try:
                found = self._found.get(timeout=max(self._end - monotonic(), 0))
            except Empty:
                break
            if isinstance(found, BaseException):
                raise found
            yield found
        else:
            return
        self.end()
        yield from self._unfinished()

    def _unfinished(self) -> Iterator[CheckedLink]:
        """What was found at the last moment, and the links that have no outcome."""
        while not self._found.empty():
            found = self._found.get()
            if isinstance(found, CheckedLink):
                yield found
        for task in [*self._open.values()]:
            task.settle()
            yield task.checked(Judgement(verdict="unknown", evidence=(_OUT_OF_TIME,)))

    def _work(self) -> None:
        try:
            while task := self._turns.take():
                self._ask(task)
        except BaseException as error:  # It belongs to whoever waits for outcomes.
            self._found.put(error)

    def _ask(self, task: _Task) -> None:
        host = task.host
        bounds = Bounds(
            seconds=min(self._manners.seconds(host), self._end - monotonic()),
            wire=_WIRE,
            unpacked=_PAGE_WITH_PARTS if urlsplit(task.link.url).fragment else _PAGE,
            hops=_HOPS,
        )
        try:
            answer = self._client.step(task.errand, bounds, lambda: self._turns.holds(host))
            busy = answer is not None and asks_for_patience(answer)
            if answer and busy:  # While it is still our turn, so that nobody else's comes first.
                self._be_patient(task, host, answer)
        finally:
            self._turns.done(host)
        try:
            if not busy:
                self._answered(task, host, answer)
        finally:
            self._client.make_room(task.errand)

    def _answered(self, task: _Task, host: str, answer: Answer | None) -> None:
        if answer is None:
            self._go_on(task)
        elif answer.failure == "deadline" and monotonic() >= self._end:
            return  # Not the host's fault: it stays open.
        else:
            self._manners.learn(host, answer)
            self._take_in(task, host, answer)

    def _go_on(self, task: _Task, *, delay: float = 0) -> None:
        """Ask for where the task is now, when it is its host's turn."""
        if not self._turns.add(task.host, task, round=len(task.tries), delay=delay):
            self._finish(task, _left_alone(task.host))

    def _be_patient(self, task: _Task, host: str, answer: Answer) -> None:
        """Leave a host alone for as long as it asks; give its links up where that is too long."""
        seconds = self._manners.wait_for(host, answer)
        if seconds is not None and monotonic() + seconds < self._end:
            self._turns.pause(host, seconds)
            self._go_on(task)
            return
        left = self._turns.close(host)
        self._finish(task, judge_seen(Seen(task.link, answer)))
        for other in left:
            self._finish(other, _left_alone(host))

    def _take_in(self, task: _Task, host: str, answer: Answer) -> None:
        """What an answer means for its link: a verdict, or one more request."""
        if task.probing and not (judgement := task.probing.judge(task.link, answer)):
            task.probing = None
            task.start(task.link.url)
            self._go_on(task)
        elif task.probing and judgement:
            self._judged(task, host, answer, judgement)
        elif task.errand.method == "HEAD" and _says_too_little(answer):
            task.errand.method = "GET"
            self._go_on(task)
        else:
            self._look_at(task, host, answer)

    def _look_at(self, task: _Task, host: str, answer: Answer) -> None:
        with self._judging:
            seen = Seen(task.link, answer)
            # Some pages send their readers on as a redirect would; a circle is a page that reloads.
            sent_on = bool(
                seen.page.refresh
                and not answer.failure
                and not stopped_at(seen)
                and not task.errand.lead(seen.page.refresh, 200, _HOPS)
            )
            judgement = None if sent_on else judge_seen(seen)
        if judgement:
            self._judged(task, host, answer, judgement)
        else:
            self._go_on(task)

    def _judged(self, task: _Task, host: str, answer: Answer, judgement: Judgement) -> None:
        task.tries.append(judgement)
        given_up = answer.failure == "deadline" and self._manners.keeps_waiting(host)
        if given_up or not wants_again(task.tries, answer):
            self._finish(task, judge(task.tries))
            return
        task.start(task.link.url)
        if answer.failure in ("name", "connect"):
            self._turns.add_last(task.host, task)
        else:
            self._go_on(task, delay=_DELAYS[min(len(task.tries), len(_DELAYS)) - 1])

    def _finish(self, task: _Task, judgement: Judgement) -> None:
        task.settle()
        if self._open.pop(id(task), None):
            self._found.put(task.checked(judgement))


def _left_alone(host: str) -> Judgement:
    return Judgement(verdict="rate-limited", evidence=(Evidence(kind="host", value=host),))


def _says_too_little(answer: Answer) -> bool:
    """Whether HEAD was refused, or a file's address may lead to a page, which has to be read."""
    if answer.failure:
        return answer.failure in ("broken", "deadline")
    length = answer.headers.get("content-length", "")
    tiny = length.isdecimal() and int(length) < _TINY_FILE
    return not 200 <= (answer.status or 0) < 300 or "html" in answer.media_type or tiny


def _without_network(checked: CheckedLink) -> CheckedLink:
    """The link as unknown where what failed may be the network here and not the host."""
    failed = any(one.kind == "failure" for one in checked.judgement.evidence)
    if not failed or checked.verdict in ("private", "loop"):
        return checked
    return replace(checked, judgement=replace(checked.judgement, verdict="unknown"))
