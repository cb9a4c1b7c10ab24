"""What the checker is measured on: hosts that play, and the links that lead to them."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.linkcheck.farm.hostile import CASES, Case, host_of
from tests.linkcheck.farm.pages import TITLE, article
from tests.linkcheck.farm.plays import Play, after, bomb, page
from tests.linkcheck.farm.server import Host
from tools.model.link import Link

_SEED = 6
_QUICK, _TAIL, _SHARE = (0.05, 0.4), 3.0, 0.02
_GOOD = page(article())
_BOMB = bomb(1_000_000_000)
# A way of each kind to keep a checker busy, to mislead it, or to make it rude.
_KINDS = (
    "permanent", "loop", "long-way", "cookie-forever", "private-metadata", "private-name",
    "forbidden", "challenge-200", "busy-a-second", "busy-long", "busy-always", "busy-wordless",
    "steady-500", "reset-in-body", "garbage", "head-flood", "silent", "head-drip",
    "body-drip", "gigabyte", "endless", "bomb", "self-signed", "mute-tls",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Hosts by name, links in the order they are checked, and what is right for each address.

    `known` and `refused` are names as `Ground` has them; `latencies` are each host's seconds, in
    the order of its links, where they matter.
    """

    hosts: Mapping[str, Host]
    links: Sequence[Link]
    expect: Mapping[str, Sequence[str]] = field(default_factory=dict)
    latencies: Mapping[str, Sequence[float]] = field(default_factory=dict)
    known: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def usual(hosts: int, links: int, bombs: int = 0) -> Stage:
    """So many hosts with so many links each: 50–400 ms, and 3 s for two in a hundred.

    `bombs` more links lead to pages that unpack to a gigabyte, spread over the hosts.
    """
    chance = random.Random(_SEED)
    seconds = [chance.uniform(*_QUICK) for _ in range(hosts * links)]
    for slow in chance.sample(range(len(seconds)), round(len(seconds) * _SHARE)):
        seconds[slow] = _TAIL
    latencies = {f"h{n}.test": seconds[n * links : (n + 1) * links] for n in range(hosts)}
    plays: dict[str, dict[str, Play]] = {
        host: {f"/{n}": after(one, _GOOD) for n, one in enumerate(its)}
        for host, its in latencies.items()
    }
    for n in range(bombs):
        plays[f"h{n % hosts}.test"][f"/bomb{n}"] = _BOMB
    addresses = [f"http://{host}{path}" for host, paths in plays.items() for path in paths]
    chance.shuffle(addresses)
    return Stage(
        hosts={host: Host(paths) for host, paths in plays.items()},
        links=[_link(address) for address in addresses],
        expect=dict.fromkeys(addresses, ("ok",)),
        latencies={host: list(_ordered(host, its, addresses)) for host, its in latencies.items()},
    )


def _ordered(host: str, seconds: Sequence[float], addresses: Sequence[str]) -> Iterator[float]:
    start = f"http://{host}/"
    for address in addresses:
        if address.startswith(start) and address.removeprefix(start).isdecimal():
            yield seconds[int(address.removeprefix(start))]


def strict(hosts: int, links: int) -> Stage:
    """Fast hosts that refuse for good whoever asks more than 4 things at once or 20 a second."""
    names = [f"strict{n}.test" for n in range(hosts)]
    addresses = [f"http://{name}/{n}" for name in names for n in range(links)]
    return Stage(
        hosts={name: Host(otherwise=_GOOD, bans=True) for name in names},
        links=[_link(address) for address in addresses],
        expect=dict.fromkeys(addresses, ("ok",)),
    )


def hostile(hosts: int) -> Stage:
    """Ten links of each of 24 kinds over 10 hosts (all kinds at each), 24 (one each) or 240."""
    cases = {case.name: case for case in CASES}
    stands: dict[str, list[Case]] = defaultdict(list)
    links, expect = [], {}
    for n, (turn, kind) in enumerate((turn, kind) for turn in range(10) for kind in _KINDS):
        name = {10: f"mixed{turn}", len(_KINDS): kind}.get(hosts, f"h{n}")
        case = cases[kind]
        link = case.link(name, turn)
        stands[f"{name}.{case.at}"].append(case)
        links.append(link)
        expect[link.url] = (case.expect,)
    return Stage(
        hosts={name: host_of(*its) for name, its in stands.items()}, links=links, expect=expect
    )


def _link(address: str) -> Link:
    return Link(url=address, titles=(TITLE,), kind="article", language="en")
