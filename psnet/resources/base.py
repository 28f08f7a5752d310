"""What every kind of thing that psnet manages has in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Protocol, TypeVar

from pydantic import Field

from psnet._internal.model import Model
from psnet._internal.yaml import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from psnet.state import Backend, EndpointState, HostState, NetworkState, RuleState


class _Named(Protocol):
    @property
    def name(self) -> str: ...


T = TypeVar("T")
N = TypeVar("N", bound=_Named)
Severity = Literal["error", "warning", "info"]


class Identity(NamedTuple):
    """The identity of a thing on a host: its kind and its name."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a thing occupies on a host; two things that occupy the same cannot both be there.

    ``what`` is the sort of it in words, ``scope`` where it counts (a protocol, a network), ``address`` an address, None
    for every one; ``first`` and ``last`` bound a range of ports or addresses, 0 where there is none.
    """

    what: str
    scope: str = ""
    address: str | None = ""
    first: int = 0
    last: int = 0
    shown: str = field(default="", compare=False)  #: how a range of addresses is written

    def __str__(self) -> str:
        if self.shown:
            return " ".join(part for part in (self.what, self.scope, self.shown) if part)
        ports = "" if not self.first else f"{self.first}" if self.first == self.last else f"{self.first}-{self.last}"
        shown = ":".join(part for part in (self.address or "", ports) if part)
        return " ".join(part for part in (self.what, self.scope, shown) if part)


class FieldChange(Model):
    """One field that differs; ``old`` is what the host has, ``new`` what is declared."""

    field: str
    old: Any = None
    new: Any = None


class Mend(Model):
    """The removal of one thing that mends a finding, as the plan of ``psnet doctor --fix`` has it."""

    kind: str
    name: str
    title: str
    backend: str = Field(default="any", description="the template folder under the kind")
    values: dict[str, Any] = Field(default_factory=dict, description="what the remove template is rendered with")


class Finding(Model):
    """What a check found before anything was sent."""

    id: str
    severity: Severity
    reason: str
    remedy: str = ""
    source: str = ""
    resource: str | None = None
    where: str | None = Field(default=None, description="file and line of the declaration")
    mends: tuple[Mend, ...] = Field(default=(), description="the removals of psnet doctor --fix; none: by hand")


class Unmet(Model):
    """A declared thing that only somebody else can give, and has not given: what to run, and why."""

    resource: str
    title: str = ""
    reason: str
    command: str = ""
    source: str = ""


class Observed(Model):
    """The state on a host of a declared thing that exists.

    ``differences`` lists the declared fields that differ; ``replace`` says that closing them takes a
    removal first. ``remove`` holds the values of the remove template for that, ``remove_all`` those for
    taking the whole thing away, and ``create`` (when not None) stands in for ``Resource.values``.
    """

    differences: tuple[FieldChange, ...] = ()
    replace: bool = True
    goes_along: bool = False  #: what it is bound to takes it away and brings it back: no removal of its own
    remove: dict[str, Any] = Field(default_factory=dict)
    remove_all: dict[str, Any] = Field(default_factory=dict)
    create: dict[str, Any] | None = None


class ScriptMaker(Protocol):
    """Gives the PowerShell that makes resources on a host of the same build that has nothing yet."""

    def __call__(self, name: str, resources: tuple[Resource, ...], context: Context, /) -> str:
        """Return the script; ``name`` stands in its head."""


@dataclass(frozen=True, slots=True)
class Context:
    """What planning knows beyond one resource; ``psnet.planning.context`` makes one."""

    state: HostState
    backend: Backend
    resources: tuple[Resource, ...]
    script: ScriptMaker = field(compare=False, repr=False)
    _kept: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def find(self, identity: Identity) -> Resource | None:
        """Return a declared resource."""
        return self.cached("declared", lambda: {item.identity: item for item in reversed(self.resources)}).get(identity)

    def find_named(self, kind: str, name: str) -> Resource | None:
        """Return a declared resource by its kind and its name in any case."""
        made = self.cached(
            "declared by name",
            lambda: {(item.kind, item.identity.name.lower()): item for item in reversed(self.resources)},
        )
        return made.get((kind, name.lower()))

    def cached(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make`` gives, worked out once: nothing that it is made of changes while a plan is made."""
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    def cached_for(self, item: object, word: str, make: Callable[[], T]) -> T:
        """Return the same of one object, which is known by itself: its fields need not be hashed."""
        key = (word, id(item))
        if key not in self._kept:
            self._kept[key] = (item, make())  # with the object, so that no other gets its id
        found: T = self._kept[key][1]
        return found

    def rule(self, name: str) -> RuleState | None:
        """Return a firewall rule of the host; Windows knows names in any case."""
        return self.cached("rules", lambda: _by_name(self.state.rules)).get(name.lower())

    def did_you_mean(self, kind: str, name: str) -> str:
        """Return ``did you mean X? If not,`` for a name that nothing has, when something is nearly called so."""
        known = [item.identity.name for item in self.resources if item.kind == kind]
        known += [item.name for item in self.state.networks] if kind == "container_network" else []
        known += [item.name for item in self.state.endpoints] if kind == "endpoint" else []
        found = nearest(name, known)
        return f"did you mean {found}? If not, " if found else ""

    def network(self, name: str) -> NetworkState | None:
        """Return a container network of the host."""
        return self.cached("networks", lambda: _by_name(self.state.networks)).get(name.lower())

    def endpoint(self, name: str) -> EndpointState | None:
        """Return an endpoint of the host that is nobody else's: those of docker, CNI and kube-proxy share names."""

        def make() -> dict[str, EndpointState]:
            return _by_name(item for item in self.state.endpoints if item.owner is None)

        return self.cached("endpoints", make).get(name.lower())


def _by_name(items: Iterable[N]) -> dict[str, N]:
    """Return things by lower-case name; of two the first."""
    found: dict[str, N] = {}
    for item in items:
        found.setdefault(item.name.lower(), item)
    return found


class Resource(Model):
    """A declared thing.

    A kind is one subclass: its fields, its ``kind``, the ``section`` of the site file that lists it, the
    backends that can give it (empty: any), and the methods below.
    """

    kind: ClassVar[str]
    section: ClassVar[str]
    backend_specific: ClassVar[bool] = False
    short_keys: ClassVar[dict[str, tuple[str | int, ...]]] = {}

    @property
    def identity(self) -> Identity:
        """Its identity on a host: kind and name."""
        raise TypeError(f"{type(self).__name__} has no identity")

    def requires(self) -> tuple[Identity, ...]:
        """Return the identities that must exist first."""
        return ()

    def bound_to(self) -> tuple[Identity, ...]:
        """Return the requirements whose removal also removes this resource."""
        return ()

    def rests_on(self, context: Context) -> tuple[Identity, ...]:
        """Return further requirements on this host whose removal also removes this resource."""
        return ()

    def folder(self, context: Context) -> str:
        """Return the folder of its templates under the kind."""
        return context.backend if self.backend_specific else "any"

    def delivery_description(self, context: Context) -> str:
        """Return how it is delivered on this host, in words, for kinds with several methods."""
        return ""

    def unmet(self, context: Context) -> Unmet | None:
        """Return what somebody else has to do first, None when nothing is missing; an unmet resource is not sent."""
        return None

    def implied(self) -> tuple[Resource, ...]:
        """Return the resources that come with it and are created after it."""
        return ()

    def observe(self, context: Context) -> Observed | None:
        """Return the resource's state on the host; None when it is absent."""
        raise TypeError(f"{type(self).__name__} cannot be observed")

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield the findings against it on this host."""
        return iter(())

    def values(self, context: Context) -> dict[str, Any]:
        """Return the variables of its create and update templates."""
        raise TypeError(f"{type(self).__name__} has no template values")

    def ledger(self, context: Context) -> dict[str, Any] | None:
        """Return what the ledger on the host records of it, for kinds that Windows cannot mark."""
        return None

    def claims(self, context: Context) -> Iterator[Claim]:
        """Yield what it occupies on a host, besides its name."""
        return iter(())

    def cuts(self, context: Context, operation: str) -> bool:
        """Say whether a change of it cuts the connection that psnet uses."""
        return False

    def cut_reason(self, context: Context, operation: str) -> str:
        """Return why a change of it cuts the connection, where that is not a network's adapter; else empty."""
        return ""

    def undo(self, context: Context, operation: str) -> dict[str, Any] | None:
        """Return the values of the roll-back template of a change that cuts the connection; None without one."""
        return None

    def title(self) -> str:
        """Return one line that identifies it for people."""
        return self.identity.name
