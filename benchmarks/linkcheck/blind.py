"""The blind cases as stages, in waves, so that no host plays one case while it plays another."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from http.client import responses
from urllib.parse import unquote, urlsplit

from benchmarks.linkcheck.stage import Stage
from benchmarks.links_blind.cases import BlindAnswer, BlindCase, blind_cases
from tests.linkcheck.farm.pages import article
from tests.linkcheck.farm.plays import HEAD, Play, by_cookie, dripping, page, reset, silent
from tests.linkcheck.farm.server import Host
from tests.linkcheck.farm.visit import Visit
from tests.linkcheck.servers import END
from tools.model.link import Link

# Somebody always answers, so that a wave of dead hosts is not taken for a missing network.
_ALIVE = "alive.test"
_FAILING = {"reset": reset(), "hang": silent(), "drip": dripping(HEAD + b"\r\n", b".")}


@cache
def waves() -> Sequence[Sequence[BlindCase]]:
    """All cases; within a wave no host belongs to two of them."""
    made: list[tuple[set[str], list[BlindCase]]] = []
    for case in blind_cases():
        hosts = {_name(address) for address in (case.link.url, *case.pages)}
        free = next((wave for wave in made if not wave[0] & hosts), (set[str](), []))
        if not free[1]:
            made.append(free)
        free[0].update(hosts)
        free[1].append(case)
    return [cases for _, cases in made]


def blind_stage(wave: int) -> Stage:
    """The hosts and links of one wave."""
    cases = waves()[wave]
    hosts = {_ALIVE: Host(otherwise=page(article()))}
    for case in cases:
        for origin in {_origin(address) for address in case.pages}:
            port = ":443" if origin.startswith("https:") else ""
            hosts[_name(origin) + port] = Host(otherwise=_played(case, origin))
    lost, refused = set(_failing(cases, "no-such-host")), set(_failing(cases, "refuse"))
    names = {host.removesuffix(":443") for host in hosts}
    return Stage(
        hosts=hosts,
        links=[Link(url=f"http://{_ALIVE}/"), *(case.link for case in cases)],
        expect={case.link.url: case.expect for case in cases},
        known=tuple(sorted(names - lost - refused)),
        refused=tuple(sorted(refused)),
    )


def _name(address: str) -> str:
    return urlsplit(address).hostname or ""


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _failing(cases: Sequence[BlindCase], how: str) -> Iterator[str]:
    for case in cases:
        for address, answers in case.pages.items():
            if any(answer.fail == how for answer in answers):
                yield _name(address)


def _played(case: BlindCase, origin: str) -> Play:
    """What a case answers there; only who reads an answer uses it up."""
    read = Counter[str]()

    async def play(visit: Visit) -> None:
        address = origin + visit.asked.path
        plain = unquote(address)
        answers = case.answers(plain if plain in case.pages else address)
        turn = min(read[address], len(answers) - 1)
        read[address] += visit.asked.method != "HEAD"
        await _answered(answers[turn])(visit)

    return play


def _answered(answer: BlindAnswer) -> Play:
    if answer.cookie and answer.without_cookie:
        return by_cookie(answer.cookie, _sent(answer), _answered(answer.without_cookie))
    return _FAILING.get(answer.fail) or _sent(answer)


def _sent(answer: BlindAnswer) -> Play:
    """One answer as it stands, with a length where it names none, and then the end."""
    headers = {"content-length": str(len(answer.body)), "connection": "close"} | {
        name.lower(): value for name, value in answer.headers.items()
    }
    first = f"HTTP/1.1 {answer.status} {responses.get(answer.status, 'Unknown')}"
    lines = [first, *(f"{name}: {value}" for name, value in headers.items())]
    head = "\r\n".join(lines).encode() + END
    plea = headers.get("retry-after", "")

    async def play(visit: Visit) -> None:
        if plea.isdecimal():
            visit.beg(float(plea))
        await visit.finish(head if visit.asked.method == "HEAD" else head + answer.body)
        visit.hang_up()

    return play
