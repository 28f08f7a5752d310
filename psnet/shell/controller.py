"""A Network Controller at a prompt: ``nc = fleet.controller(site)``, ``nc.access_control_lists``, ``nc.trace(...)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

from psnet._internal.text import printable_lines
from psnet._internal.yaml import nearest
from psnet.errors import InputError, UnknownNameError
from psnet.fleet.converge import open_target
from psnet.fleet.targets import from_inventory
from psnet.report.objects import object_html, object_text
from psnet.report.traces import trace_lines
from psnet.sdn import SDN_KINDS, Sdn
from psnet.sdn.target import KEY
from psnet.sdn.topology import Topology
from psnet.sdn.trace import Tracer
from psnet.sdn.trace.request import parse_request
from psnet.sdn.trace_endpoints import observed_endpoints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.fleet.converge import HostResult
    from psnet.planning import Plan
    from psnet.sdn.state import ControllerResource, ControllerState
    from psnet.sdn.trace import TraceOutcome
    from psnet.shell.fleet import Fleet
    from psnet.site import Site, SiteSource


class Resources:
    """Resources of a controller, as they are now: ``nc.access_control_lists["web"]``."""

    def __init__(self, word: str, items: list[ControllerResource]) -> None:
        self._word = word
        self._items = items

    def __iter__(self) -> Iterator[ControllerResource]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, name: str) -> ControllerResource:
        found = next((item for item in self._items if item.resource_id.lower() == name.lower()), None)
        if found is None:
            names = [item.resource_id for item in self._items]
            near = nearest(name, names)
            remedy = f"did you mean {near!r}?" if near else f"there are {', '.join(map(repr, names)) or 'none'}"
            raise UnknownNameError(f"the controller has no {self._word} {name!r}", remedy=remedy)
        return found

    def _ipython_key_completions_(self) -> list[str]:
        return [item.resource_id for item in self._items]

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {"name": item.resource_id, "state": item.provisioning_state, "made for": item.made_by, "path": item.path}
            for item in self._items
        ]

    def __repr__(self) -> str:
        return object_text(self._rows()) or f"no {self._word}"

    def _repr_html_(self) -> str:
        return object_html(self._rows())


class TraceResult:
    """The answer to a policy question, which reads as ``psnet sdn trace`` prints it."""

    def __init__(self, answer: TraceOutcome) -> None:
        self.answer = answer

    @property
    def allowed(self) -> bool:
        """Whether the connection is allowed, whichever way it takes."""
        return self.answer.verdict == "allowed"

    def __repr__(self) -> str:
        return printable_lines("\n".join(line.plain.rstrip() for line in trace_lines(self.answer)))


class Controller:
    """The Network Controller of a site; its kinds are attributes, such as ``nc.load_balancers``."""

    def __init__(self, fleet: Fleet, source: SiteSource, name: str) -> None:
        self._fleet = fleet
        self._source = source
        self.name = name

    def __repr__(self) -> str:
        return f"<the Network Controller of {self._source.path}, through {self.name}>"

    def __getattr__(self, word: str) -> Resources:
        collection = _COLLECTIONS.get(word)
        if collection is None:
            raise AttributeError(f"a controller has no {word}; it has {', '.join(_COLLECTIONS)}")
        return Resources(word, list(self.observe().of(collection)))

    def __dir__(self) -> list[str]:
        return [*object.__dir__(self), *_COLLECTIONS]

    def observe(self) -> ControllerState:
        """Return what the controller has, of the kinds that psnet manages."""
        site = self._site()
        seen: ControllerState = self._fleet.host(self.name).interruptible(
            lambda session: open_target(session, self.name, site).observe(), "looking"
        )
        return seen

    def plan(self) -> Plan:
        """Return what the site would change on the controller."""
        return self._fleet.host(self.name).plan(self._site())

    def apply(self) -> HostResult:
        """Bring the controller to what the site declares, and verify."""
        return self._fleet.host(self.name).apply(self._site())

    def trace(self, source: str, destination: str, port: str, *, live: bool = False) -> TraceResult:
        """Say whether an address may reach another at a port such as ``443/tcp``, by the site or, ``live``, as it is.

        Raises InputError for what is no address or no port.
        """
        asked = parse_request(source, destination, port)
        if not live:
            sdn = self._source.with_placeholders(KEY, self._fleet.host(self.name).variables)
            return TraceResult(Tracer(Topology.of_declared(sdn) if sdn else Topology({}), ()).trace(asked))
        seen = self._fleet.select(f"all:!{self.name}").observe() if len(self._fleet) > 1 else {}
        endpoints = tuple(end for name in seen for end in observed_endpoints(name, seen[name]))
        return TraceResult(Tracer(Topology.of_state(self.observe()), endpoints).trace(asked))

    def _site(self) -> Site:
        site = self._source.for_target(KEY, self.name, self._fleet.host(self.name).variables)
        return from_inventory(site, self._fleet.source)


#: The sections of sdn: by the name of the REST collection.
_COLLECTIONS: Final = {
    name: kinds[0].collection
    for name, kinds in ((name, get_args(field.annotation)) for name, field in Sdn.model_fields.items())
    if kinds and kinds[0] in SDN_KINDS.values()
}


def controller_of(fleet: Fleet, source: SiteSource) -> Controller:
    """Return the controller of a site; InputError when the site has none, or it is no host of the inventory."""
    if KEY not in source.sections:
        raise InputError(f"{source.path} declares no Network Controller", remedy="add the section sdn:")
    name = source.place(KEY).name
    fleet.host(name)
    return Controller(fleet, source, name)
