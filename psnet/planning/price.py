"""The impact of a change on a host: what it removes, how long traffic stops, whether it returns by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field

from psnet._internal.model import Model
from psnet.resources.session_path import network_cut_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psnet.planning.model import Change
    from psnet.state import EndpointState, HostState, NetworkState

#: What a run may take away: nothing that has an endpoint, nothing that carries a running container, or anything.
Downtime = Literal["none", "endpoints", "all"]
DOWNTIMES: Final[tuple[Downtime, ...]] = ("none", "endpoints", "all")
_SHORT: Final = 12
_ON_ADAPTERS: Final = frozenset({"transparent", "l2bridge", "l2tunnel", "overlay"})
_PROTOCOLS: Final = {"6": "tcp", "17": "udp"}
_RUNS: Final = "host vNIC", "synthetic VM NIC"


class Price(Model):
    """What goes with one change, by name; empty when nothing does."""

    endpoints: tuple[str, ...] = Field(default=(), description="local endpoints that are removed")
    containers: tuple[str, ...] = Field(default=(), description="running containers that lose their network")
    ports: tuple[str, ...] = Field(default=(), description="published ports and mappings: 8081/tcp -> 172.20.0.5:80")
    policies: tuple[str, ...] = Field(default=(), description="other policies that go: ACL of shop")
    load_balancers: tuple[str, ...] = Field(default=(), description="fronts that lose a member: 10.0.0.9:80/tcp")
    remote_routes: tuple[str, ...] = Field(default=(), description="remote endpoints and routes: web-2 10.244.1.7")
    attached: bool = Field(default=False, description="one of the endpoints is attached to a container or a machine")
    outage: str = Field(default="", description="how long traffic stops, and the evidence; empty when not known")
    returns: bool = Field(default=True, description="what goes is made again by the same plan, nobody has to act")

    @property
    def needs(self) -> Downtime:
        """The least that ``--allow-downtime`` has to say."""
        if self.containers or self.attached:
            return "all"
        return "endpoints" if self.endpoints else "none"

    def lost(self) -> dict[str, tuple[str, ...]]:
        """Return what goes, by its kind in words; kinds of which nothing goes are left out."""
        found = {
            "containers": self.containers,
            "endpoints": self.endpoints,
            "published ports": self.ports,
            "policies": self.policies,
            "load balancers' members": self.load_balancers,
            "remote routes": self.remote_routes,
        }
        return {word: names for word, names in found.items() if names}

    def __str__(self) -> str:
        parts = [f"{word} {', '.join(names)}" for word, names in self.lost().items()]
        return "; ".join(parts) or "nothing"


def with_price(changes: Sequence[Change], state: HostState) -> tuple[Change, ...]:
    """Return the changes with their prices."""
    made = {(item.kind, item.name.lower()) for item in changes if item.operation in ("create", "replace")}
    return tuple(_with_price(change, _price(change, state, made), state) for change in changes)


def _with_price(change: Change, price: Price | None, state: HostState) -> Change:
    why = change.proof
    if change.cuts and not why:
        why = network_cut_reason(state, change.name, (change.create or {}).get("adapter"))
    if change.cuts and not why:
        why = "HNS chooses the adapter, and one that this session uses is free"
    if price is None and not why:
        return change
    return change.model_copy(update={"price": price, "proof": why})


def _price(change: Change, state: HostState, made: set[tuple[str, str]]) -> Price | None:
    found = Price(outage=_outage(change)) if change.cuts else None
    if change.operation not in ("replace", "remove"):
        return found
    values = change.remove or {}
    if values.get("remake"):
        return _of_remade(values, state, made, change)
    if change.kind == "container_network":
        gone = _of_network(state, str(values.get("id") or ""), change.name)
        found = _of_endpoints(gone, state, made, change)
        if found is not None and not change.cuts:
            found = found.model_copy(update={"outage": _aside(change, state)})
    elif change.kind == "endpoint":
        wanted = str(values.get("id") or change.name).lower()
        gone = [item for item in state.endpoints if wanted in (item.id.lower(), item.name.lower())]
        found = _of_endpoints(gone, state, made, change)
    elif change.kind == "nat":
        ports = [_mapped(item) for item in state.mappings if item.nat.lower() == change.name.lower()]
        found = Price(ports=_once(ports), returns=change.operation == "replace")
    elif change.kind == "nat_static_mapping":
        titles = [str(item["title"]) for item in values.get("mappings", ()) if "title" in item]
        found = Price(ports=_once(titles), returns=change.operation == "replace")
    elif change.kind == "load_balancer":
        found = _of_balancer(change, state)
    return found


def _of_remade(values: dict[str, Any], state: HostState, made: set[tuple[str, str]], change: Change) -> Price | None:
    """Return the price of what HNS takes back with its endpoint only: it stays a balancer's member."""
    ids = (values.get("id"), *(item.get("endpoint") for item in values.get("mappings", ())))
    known = {str(item).lower() for item in ids}
    found = _of_endpoints([item for item in state.endpoints if item.id.lower() in known], state, made, change)
    if found is None:
        return None
    return found.model_copy(update={"load_balancers": (), "returns": not found.containers and not found.attached})


def _outage(change: Change) -> str:
    """Return how long the host is away when a switch takes or gives back the adapter that psnet uses."""
    if change.kind == "firewall_rule":
        return "WinRM alone, until the host takes it back, unless psnet still gets in"
    seconds = "3 to 25 s, now and then for longer (claim c109)"
    return f"{seconds}, with 10 to 20 s of rest between (claim c111)" if change.operation == "replace" else seconds


def _aside(change: Change, state: HostState) -> str:
    """Return how long what goes over a network's adapter stops, where that is not this session; else empty."""
    network = next((item for item in state.networks if item.name.lower() == change.name.lower()), None)
    if network is None or not network.adapter or str(network.mode).lower() not in _ON_ADAPTERS:
        return ""
    return f"{_outage(change)}; only what goes over {network.adapter}"


def _of_network(state: HostState, network_id: str, name: str) -> list[EndpointState]:
    """Return the endpoints of a network: HNS names it, and a docker network's HNS name is its own."""
    own: NetworkState | None = next((item for item in state.networks if item.id.lower() == network_id.lower()), None)
    names = {name.lower(), own.name.lower()} if own else {name.lower()}
    return [item for item in state.endpoints if item.network.lower() in names]


def _of_endpoints(
    gone: Sequence[EndpointState], state: HostState, made: set[tuple[str, str]], change: Change
) -> Price | None:
    local = [item for item in gone if not item.remote]
    ids = {item.id.lower() for item in gone}
    containers = [name for item in local for name in _containers(item, state)]
    ports = [port for item in local for port in _published(item, state)]
    others = ((policy.get("Type"), item.name) for item in local for policy in item.policies)
    policies = [f"{word} of {name}" for word, name in others if word != "NAT"]
    fronts = [
        front
        for item in state.policy_lists
        if ids & {each.lower() for each in item.endpoints}
        for front in _fronts(item.policies)
    ]
    again = all(("endpoint", item.name.lower()) in made for item in gone)
    return Price(
        endpoints=_once(item.name for item in local),
        containers=_once(containers),
        ports=_once(ports),
        policies=_once(policies),
        load_balancers=_once(fronts),
        remote_routes=_once(f"{item.name} {item.address or ''}".strip() for item in gone if item.remote),
        attached=any(item.kind in _RUNS for item in local),
        outage=_outage(change) if change.cuts else "",
        returns=change.operation == "replace" and again and not containers,
    )


def _containers(endpoint: EndpointState, state: HostState) -> Iterable[str]:
    """Yield who runs on an endpoint: the containers that a runtime names, else the ids that HNS knows."""
    named = [
        item.name
        for item in state.containers
        if item.id in endpoint.containers or endpoint.id.lower() in {each.lower() for each in item.endpoints}
    ]
    yield from named or (each[:_SHORT] for each in endpoint.containers)


def _published(endpoint: EndpointState, state: HostState) -> Iterable[str]:
    """Yield the ports of an endpoint: HNS's own NAT policies, and mappings of WinNAT that lead to it."""
    for policy in endpoint.policies:
        if policy.get("Type") == "NAT":
            word = str(policy.get("Protocol", "")).lower()
            inner = f"{endpoint.address}:{policy.get('InternalPort')}"
            yield f"{policy.get('ExternalPort')}/{_PROTOCOLS.get(word, word)} -> {inner}"
    yield from (_mapped(item) for item in state.mappings if item.internal_address == endpoint.address)


def _mapped(item: Any) -> str:
    word = str(item.protocol).lower()
    return f"{item.external_port}/{word} -> {item.internal_address}:{item.internal_port}"


def _fronts(policies: Iterable[dict[str, Any]]) -> Iterable[str]:
    for policy in policies:
        word = str(policy.get("Protocol", "")).lower()
        for vip in policy.get("VIPs") or ():
            yield f"{vip}:{policy.get('ExternalPort')}/{_PROTOCOLS.get(word, word)}"


def _of_balancer(change: Change, state: HostState) -> Price:
    wanted = str((change.remove or {}).get("id") or "").lower()
    fronts = [front for item in state.policy_lists if item.id.lower() == wanted for front in _fronts(item.policies)]
    return Price(load_balancers=_once(fronts), returns=change.operation == "replace")


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def exceeds_allowed_downtime(changes: Iterable[Change], allowed: Downtime) -> tuple[Change, ...]:
    """Return the changes whose price is above what a run allows."""
    limit = DOWNTIMES.index(allowed)
    return tuple(item for item in changes if item.price is not None and DOWNTIMES.index(item.price.needs) > limit)
