"""What one run may take, and how it behaves towards hosts."""

from dataclasses import dataclass

from tools.linkcheck.networks import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Politeness per host (at once, a second), seconds a try and a run, and requests at once.

    `patience` are the seconds that a host may ask to be left alone before its links are given up
    for this run.
    """

    per_host: int = 4
    rate: float = 20
    workers: int = 120
    deadline: float = 8
    max_seconds: float = 900
    patience: float = 60
    allowed: tuple[Network, ...] = ()
