"""What a host has, by name: ``host.networks["web"]``; and a plan for one of them with something else about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import ValidationError

from psnet._internal.model import Model
from psnet._internal.validation_messages import explain_error
from psnet._internal.yaml import nearest
from psnet.errors import InputError, Problem, UnknownNameError
from psnet.report.objects import object_html, object_text
from psnet.resources import ContainerNetwork, Endpoint, FirewallRule, NatStaticMapping, Resource
from psnet.resources.firewall_rule import FIELDS
from psnet.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psnet.api.host import Host
    from psnet.fleet.converge import HostResult
    from psnet.planning import Plan
    from psnet.state import EndpointState, HostState, NetworkState, RuleState

S = TypeVar("S", bound=Model)


class Thing(Generic[S]):
    """One thing on a host: the fields that were observed, and what would have to change to make them others."""

    def __init__(self, host: Host, kind: type[Resource], name: str, state: S, declared: Mapping[str, Any]) -> None:
        self._host = host
        self._kind = kind
        self._declared = declared
        self.name = name
        self.state = state

    def __repr__(self) -> str:
        return object_text([{"Kind": self._kind.kind, **_shown(self.state)}])

    def _repr_html_(self) -> str:
        return object_html([{"Kind": self._kind.kind, **_shown(self.state)}])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.state, name)

    def __dir__(self) -> list[str]:
        return [*object.__dir__(self), *type(self.state).model_fields]

    def declare(self, **fields: Any) -> Resource:
        """Return it as a declaration, with some fields changed; InputError says what is wrong with them."""
        given = dict(self._declared)
        for short, (long, *_) in self._kind.short_keys.items():
            if short in fields:
                given.pop(str(long), None)
        return _declared(self._kind, {**given, **fields})

    def plan(self, **fields: Any) -> Plan:
        """Return what would have to change on the host to give it these fields; nothing is changed."""
        return self._host.plan(Site(name=self.name, resources=(self.declare(**fields),)))

    def apply(self, **fields: Any) -> HostResult:
        """Give it these fields, and verify."""
        return self._host.apply(Site(name=self.name, resources=(self.declare(**fields),)))


def _declared(kind: type[Resource], fields: Mapping[str, Any]) -> Resource:
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        problems = []
        for item in error.errors(include_url=False):
            key = ".".join(str(part) for part in item["loc"])
            near = nearest(key, [*kind.model_fields, *kind.short_keys]) if item["type"] == "extra_forbidden" else None
            message, remedy = explain_error(item)
            if item["type"] == "extra_forbidden":
                message, remedy = "unknown field", f"did you mean {near}?" if near else None
            problems.append(Problem(message, kind.kind, key=key or None, remedy=remedy))
        raise InputError(f"this is no {kind.kind}", problems) from None


def _shown(state: Model) -> dict[str, Any]:
    """Return the fields of a state that say something."""
    values = {name: getattr(state, name) for name in type(state).model_fields}
    return {
        name: _plain(value)
        for name, value in values.items()
        if name != "mac_pools" and value not in (None, "", ())  # HNS gives every network one
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return " ".join(str(item) for item in _shown(value).values())
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.value if hasattr(value, "value") else value


class Things(Generic[S]):
    """The things of one kind on a host, as they are now; ``[name]`` finds one, ``new(...)`` declares another."""

    def __init__(self, host: Host, kind: type[Resource], things: list[Thing[S]]) -> None:
        self._host = host
        self._kind = kind
        self._things = things

    def __iter__(self) -> Iterator[Thing[S]]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and any(item.name.lower() == name.lower() for item in self._things)

    def __getitem__(self, name: str) -> Thing[S]:
        found = next((item for item in self._things if item.name.lower() == name.lower()), None)
        if found is None:
            names = [item.name for item in self._things]
            near = nearest(name, names)
            said = f"did you mean {near!r}?" if near else f"there are {', '.join(map(repr, names)) or 'none'}"
            raise UnknownNameError(f"{self._host.name} has no {self._kind.kind} {name!r}", remedy=said)
        return found

    def _ipython_key_completions_(self) -> list[str]:
        return [item.name for item in self._things]

    def _rows(self) -> list[dict[str, Any]]:
        """Return the rows of the table: the fields that any of them has."""
        rows = [_shown(item.state) | {"name": item.name} for item in self._things]
        names = [name for name in dict.fromkeys(key for row in rows for key in row) if name not in ("id", "policies")]
        return [
            {name: row.get(name) for name in ["name", *(item for item in names if item != "name")][:7]} for row in rows
        ]

    def __repr__(self) -> str:
        return object_text(self._rows()) or f"no {self._kind.kind} on {self._host.name}"

    def _repr_html_(self) -> str:
        return object_html(self._rows())

    def new(self, name: str, **fields: Any) -> Draft:
        """Return a declaration of another one, to plan and to apply."""
        return Draft(self._host, _declared(self._kind, {"name": name, **fields}))


class Draft:
    """A thing that is declared and not yet made."""

    def __init__(self, host: Host, resource: Resource) -> None:
        self._host = host
        self.resource = resource

    def __repr__(self) -> str:
        return f"<{self.resource.kind} {self.resource.title()}, for {self._host.name}: .plan(), .apply()>"

    def plan(self) -> Plan:
        """Observe the host and return the plan that creates or changes the resource."""
        return self._host.plan(self._site())

    def apply(self) -> HostResult:
        """Create or change the resource and verify; return the host's result."""
        return self._host.apply(self._site())

    def _site(self) -> Site:
        return Site(name=self.resource.identity.name, resources=(self.resource,))


# -- from what was observed to what would declare it ---------------------------------------------


def networks(host: Host, state: HostState) -> Things[NetworkState]:
    """Return the container networks of a host."""
    return _things(host, ContainerNetwork, ((item.name, item, _network(item)) for item in state.networks))


def endpoints(host: Host, state: HostState) -> Things[EndpointState]:
    """Return the endpoints of a host."""
    rows = (
        (item.name, item, {"name": item.name, "network": item.network, "address": item.address})
        for item in state.endpoints
    )
    return _things(host, Endpoint, rows)


def firewall_rules(host: Host, state: HostState) -> Things[RuleState]:
    """Return the firewall rules of psnet on a host."""
    mine = (item for item in state.rules if item.group == "psnet")
    return _things(host, FirewallRule, ((item.name, item, {"name": item.name, **_rule(item)}) for item in mine))


class MappingEntry(Model):
    """A port mapping that psnet made, as the host's ledger has it; ports may be ranges."""

    network: str
    protocol: str
    external_address: str
    external_port: str
    internal_address: str
    internal_port: str


def mappings(host: Host, state: HostState) -> Things[MappingEntry]:
    """Return the port mappings that psnet made, by their names in the host's ledger: WinNAT has no place for a name."""
    rows = []
    for key, entry in state.ledger.items():
        kind, _, name = key.partition("/")
        if kind == NatStaticMapping.kind:
            shown = MappingEntry.model_validate({field: str(entry[field]) for field in MappingEntry.model_fields})
            rows.append((name, shown, {"name": name, **shown.model_dump()}))
    return _things(host, NatStaticMapping, rows)


def _things(host: Host, kind: type[Resource], rows: Any) -> Things[Any]:
    return Things(host, kind, [Thing(host, kind, name, state, declared) for name, state, declared in rows])


def _network(item: NetworkState) -> dict[str, Any]:
    # Windows shows a VSID of its own on nat networks too; only networks on an adapter can be declared with one.
    shown = item.policies if item.adapter is not None else ()
    policies = {str(policy.get("Type")): policy for policy in shown}
    given: dict[str, Any] = {
        "name": item.name,
        "mode": str(item.mode),
        "subnets": [{"prefix": subnet.prefix, "gateway": subnet.gateway} for subnet in item.subnets],
        "dns_servers": list(item.dns_servers) or None,
        "dns_suffix": item.dns_suffix,
        "adapter": item.adapter,
        "vlan": policies.get("VLAN", {}).get("VLAN"),
        "vsid": policies.get("VSID", {}).get("VSID"),
        "mac_pools": [dict(pool) for pool in item.mac_pools],
    }
    return {name: value for name, value in given.items() if value is not None}


def _rule(item: RuleState) -> dict[str, Any]:
    given = {field.name: getattr(item, field.observed or field.name) for field in FIELDS}
    return given if item.icmp_types != ("Any",) else {**given, "icmp_types": None}
