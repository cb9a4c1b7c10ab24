"""Safe fixes: which files change when links follow their pages. Pure: nothing is written here."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import unified_diff
from functools import partial
from io import StringIO

from tools.linkcheck.targets import objection
from tools.model.address import address_key
from tools.model.catalog import Catalog
from tools.model.link import CheckedLink, LinkPlace, Verdict
from tools.storage.addresses import with_address, with_archive, with_link
from tools.storage.yaml import YamlError

# What was there is no more; a page that only fails may come back as it was.
_GONE: tuple[Verdict, ...] = ("dead", "soft-404", "parked", "drifted")


@dataclass(frozen=True, slots=True)
class Change:
    """A file as it is and as it shall be; `path` is the one people see."""

    path: str
    old: str
    new: str

    @property
    def diff(self) -> str:
        """The change as a unified diff that git can apply."""
        old, new = (list(StringIO(text, newline="\n")) for text in (self.old, self.new))
        lines = unified_diff(old, new, f"a/{self.path}", f"b/{self.path}")
        marked = (
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        )
        return "".join(marked)


@dataclass(frozen=True, slots=True)
class RefusedFix:
    """A change that is left to a person: what should have stood where, and why it does not."""

    url: str
    target: str
    place: LinkPlace
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.url} stays: {self.target} {self.reason}"


@dataclass(frozen=True, slots=True)
class Fixes:
    """All changes by file, in the order of their paths, and all that was refused."""

    changes: tuple[Change, ...] = ()
    refused: tuple[RefusedFix, ...] = ()


def plan_fixes(
    checked: Iterable[CheckedLink],
    catalog: Catalog,
    texts: Mapping[str, str],
    snapshots: Mapping[str, str] = {},
) -> Fixes:
    """What can safely be written for links as they were found.

    A page that moved gets its new address everywhere it stands, the old one becomes an alias; one
    that is gone gets its archived copy from `snapshots`, by address. `texts` are the files that may
    change by the paths that links name.
    """
    plan = _Plan(catalog, dict(texts))
    for one in checked:
        target = one.judgement.suggest
        if one.verdict == "moved" and target not in ("", one.url):
            plan.move(one, target)
        elif wants_snapshot(one, catalog) and one.url in snapshots:
            plan.archive(one, snapshots[one.url])
    changed = ((path, text) for path, text in sorted(plan.texts.items()) if text != texts[path])
    changes = (Change(path, texts[path], text) for path, text in changed)
    return Fixes(tuple(changes), tuple(plan.refused))


def wants_snapshot(checked: CheckedLink, catalog: Catalog) -> bool:
    """Whether an archived copy should be looked for: a resource's page is gone for good."""
    resource = catalog.resources.get(checked.link.resource)
    gone = checked.verdict in _GONE and checked.confirmed
    return gone and checked.link.role == "url" and resource is not None and not resource.archive


@dataclass(slots=True)
class _Plan:
    """The texts as they are by now, after the fixes before."""

    catalog: Catalog
    texts: dict[str, str]
    refused: list[RefusedFix] = field(default_factory=list)
    owners: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.owners = {
            self._key(address): resource.id
            for resource in self.catalog.resources.values()
            for address in resource.addresses
        }

    def move(self, checked: CheckedLink, target: str) -> None:
        """Every place of the link, each on its own."""
        reason = self._reason(checked, target)
        for place in checked.link.where:
            edit = partial(_moved, checked, place, target)
            if self._edit(checked, target, place, edit, reason) and place.path.endswith(".yml"):
                self.owners[self._key(target)] = checked.link.resource

    def archive(self, checked: CheckedLink, snapshot: str) -> None:
        """The key `archive`, in the file of the resource."""
        for place in checked.link.where:
            if _is_resource(checked, place):
                self._edit(checked, snapshot, place, partial(with_archive, archive=snapshot))

    def _reason(self, checked: CheckedLink, target: str) -> str:
        if checked.link.role == "archive":
            return "is another copy than the one that was picked"
        if reason := objection(checked.url, target):
            return reason
        owner = self.owners.get(self._key(target), "")
        if checked.link.resource and owner not in ("", checked.link.resource):
            return f"is the address of {owner}"
        return ""

    def _edit(
        self,
        checked: CheckedLink,
        target: str,
        place: LinkPlace,
        edit: Callable[[str], str],
        reason: str = "",
    ) -> bool:
        """Whether the edit was done; the reason why not is kept."""
        if not reason and place.path not in self.texts:
            reason = "belongs into a file that is not changed from here"
        if not reason:
            try:
                self.texts[place.path] = edit(self.texts[place.path])
                return True
            except (YamlError, ValueError) as error:
                reason = f"has to be written by hand: {'; '.join(_sentences(error))}"
        self.refused.append(RefusedFix(checked.url, target, place, reason))
        return False

    def _key(self, address: str) -> str:
        with suppress(ValueError):
            return address_key(address, self.catalog.address_rules)
        return address  # No web address, and so nobody else's.


def _moved(checked: CheckedLink, place: LinkPlace, target: str, text: str) -> str:
    if _is_resource(checked, place):
        return with_address(text, checked.url, target)
    if place.path.endswith(".md"):
        return with_link(text, place.line, checked.url, target)
    raise ValueError("no place for an address that is known here")


def _is_resource(checked: CheckedLink, place: LinkPlace) -> bool:
    return place.path.endswith(f"/resources/{checked.link.resource}.yml")


def _sentences(error: Exception) -> Iterator[str]:
    if isinstance(error, YamlError):
        yield from (f"line {line}: {message}" for line, message in error.faults)
    else:
        yield str(error)
