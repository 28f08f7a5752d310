"""How ports of a host reach an address: which way a declared mapping takes on a host (reference/ports.md, 1 and 8).

netnat: a static mapping of a NAT that Get-NetNat lists, which is that of a nat network up to 2016 (claims c01, c02).
endpoint: a policy in the create document of an endpoint that psnet makes; HNS sets forwarding up at creation only.
runtime: published by what makes the container; psnet compares. load_balancer and portproxy: when asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from psnet.resources.capabilities import has_hcn
from psnet.resources.container_network import ContainerNetwork, find_network
from psnet.resources.nat_prefix import BUILD_2016, SEVERAL_SINCE, nat_of
from psnet.resources.publishers import BRIDGES, publisher
from psnet.types import Mode, network_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources.base import Context
    from psnet.resources.endpoint import Endpoint
    from psnet.resources.nat_static_mapping import NatStaticMapping
    from psnet.state import EndpointState

DeliveryMethod = Literal["netnat", "endpoint", "runtime", "load_balancer", "portproxy"]
_NUMBERS: Final = {"TCP": 6, "UDP": 17}
_WORDS: Final = {str(number): word for word, number in _NUMBERS.items()}
#: Each way in words.
WAYS: Final[dict[str, str]] = {
    "netnat": "a static mapping of a NAT",
    "endpoint": "the create document of its endpoint",
    "runtime": "what makes the container",
    "load_balancer": "an HNS load balancer",
    "portproxy": "netsh interface portproxy",
}
OWN_ADDRESS: Final = "use the container's own address"
PORTPROXY: Final = "say via: portproxy (TCP; the container sees the host's address as the client's)"
OWN_NAT: Final = "lead it into a NAT of its own: nats: - name: NAME, with prefix and switch"


class Published(NamedTuple):
    """A port that an endpoint's policies publish."""

    protocol: str
    external_port: int
    internal_port: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """The way of a mapping, or why there is none (``reason``, with the ways out in ``remedy``)."""

    way: DeliveryMethod | None
    description: str = ""
    reason: str = ""
    remedy: str = ""
    source: str = ""
    id: str = "mapping-no-way"


def published_by(endpoint: EndpointState) -> Iterator[Published]:
    """Yield what an endpoint's policies publish; v1 reads v2's PortMapping back as NAT with a word (b07)."""
    for item in endpoint.policies:
        if item.get("Type") in ("NAT", "PortMapping"):
            given = item.get("Settings") or item
            word = str(given.get("Protocol") or "").upper()
            yield Published(
                _WORDS.get(word, word), int(given.get("ExternalPort") or 0), int(given.get("InternalPort") or 0)
            )


def network_mode(name: str, context: Context) -> str | None:
    """Return the mode of a declared network, or of the host's."""
    declared = context.find_named(ContainerNetwork.kind, name)
    if isinstance(declared, ContainerNetwork):
        return declared.mode.value
    found = find_network(name, context) or context.network(name)
    return str(found.mode) if found else None


def declared_endpoint(mapping: NatStaticMapping, context: Context) -> Endpoint | None:
    """Return the declared endpoint that has a mapping's internal address on its network."""
    return next(
        (
            item
            for item in context.cached("declared endpoints", lambda: _declared_endpoints(context)).get(
                mapping.internal_address, ()
            )
            if item.network.lower() == mapping.network.lower()
        ),
        None,
    )


def _declared_endpoints(context: Context) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for item in context.resources:
        if item.kind == "endpoint":
            found.setdefault(getattr(item, "address", None), []).append(item)
    return found


def _endpoints(context: Context) -> dict[str | None, list[EndpointState]]:
    found: dict[str | None, list[EndpointState]] = {}
    for item in context.state.endpoints:
        if not item.remote:
            found.setdefault(item.address, []).append(item)
    return found


def endpoint_at(mapping: NatStaticMapping, context: Context) -> EndpointState | None:
    """Return the host's endpoint that has a mapping's internal address on its network."""
    network = find_network(mapping.network, context) or context.network(mapping.network)
    names = {mapping.network.lower(), *([network.name.lower()] if network else ())}
    return next(
        (
            item
            for item in context.cached("endpoints by address", lambda: _endpoints(context)).get(
                str(mapping.internal_address), ()
            )
            if item.network.lower() in names
        ),
        None,
    )


def lists_nat(prefix: str, context: Context) -> bool:
    """Say whether Get-NetNat lists, or will list, a NAT that holds the prefix."""
    if context.state.facts.build <= BUILD_2016 or nat_of(prefix, context.state) is not None:
        return True
    declared = context.cached(
        "prefixes of declared NATs",
        lambda: {getattr(item, "prefix", None) for item in context.resources if item.kind == "nat"},
    )
    return network_of(prefix) in declared


def delivery_of(mapping: NatStaticMapping, context: Context) -> Delivery:
    """Return how a mapping is delivered on a host."""
    return context.cached_for(mapping, "delivery", lambda: _choose(mapping, context))


def _choose(mapping: NatStaticMapping, context: Context) -> Delivery:
    mode = network_mode(mapping.network, context)
    if mapping.via is not None:
        return _ASKED[mapping.via](mapping, mode, context)
    prefix = mapping.network_prefix(context)
    # HNS lists the switch of a NAT of its own as an internal network of that name (claim c46).
    if prefix is not None and mode in (None, Mode.NAT.value, Mode.INTERNAL.value) and lists_nat(prefix, context):
        return _netnat(mapping, mode, context)
    if mode is None:
        return Delivery(
            None,
            reason=f"no nat network or NAT {mapping.network} is declared or on the host",
            remedy=f"{context.did_you_mean('container_network', mapping.network)}declare nats: "
            f"- name: {mapping.network}, or container_networks: "
            f"- name: {mapping.network}, mode: nat",
            id="mapping-network-missing",
        )
    if mode not in (Mode.NAT.value, *BRIDGES):
        return Delivery(
            None,
            reason=f"nothing maps ports into a {mode} network",
            remedy=f"{OWN_ADDRESS}, or {PORTPROXY}",
            source="ports.md 1",
        )
    if declared_endpoint(mapping, context) is not None:
        return _endpoint(mapping, mode, context)
    found = endpoint_at(mapping, context)
    runtime = publisher(mapping.network, mode, found, context)
    if runtime.can:
        return Delivery("runtime", description="published by what makes the container")
    return _nobody(mapping, mode, found, runtime.reason)


def _nobody(mapping: NatStaticMapping, mode: str, found: EndpointState | None, why: str) -> Delivery:
    what = f"the endpoint {found.name}, which has it, is made by somebody else" if found else "nothing has that address"
    what = f"{what}; {why}" if why else what
    ways = f"declare endpoints: - name: NAME, network: {mapping.network}, address: {mapping.internal_address}; "
    ways += "publish the port when a container is made (docker run --publish, CNI portMappings); "
    ways += f"{OWN_NAT}; " if mode == Mode.NAT.value else "say via: load_balancer for an endpoint that is there; "
    first = (
        "from Windows Server 1709 on HNS keeps the NAT of its nat networks to itself: Get-NetNat does not list that of "
        f"{mapping.network}, so Add-NetNatStaticMapping has nothing to map on"
        if mode == Mode.NAT.value
        else f"WinNAT does not map ports into a {mode} network"
    )
    return Delivery(
        None,
        reason=f"{first}; HNS publishes a port when the endpoint of {mapping.internal_address} is made, and {what}",
        remedy=ways + PORTPROXY,
        source="claim c01, ports.md 3",
        id="mapping-hns-nat" if mode == Mode.NAT.value else "mapping-no-way",
    )


def _netnat(mapping: NatStaticMapping, mode: str | None, context: Context) -> Delivery:
    prefix = mapping.network_prefix(context)
    if prefix is None or not lists_nat(prefix, context):
        what = f"Get-NetNat lists no NAT for {mapping.network}"
        return Delivery(None, reason=what, remedy=OWN_NAT, source="claim c01")
    own = "the network's NAT" if mode == Mode.NAT.value else f"the NAT {mapping.network}"
    return Delivery("netnat", description=f"by a static mapping of {own} (Add-NetNatStaticMapping)")


def _endpoint(mapping: NatStaticMapping, mode: str | None, context: Context) -> Delivery:
    declared = declared_endpoint(mapping, context)
    if declared is None and endpoint_at(mapping, context) is None:
        return Delivery(
            None,
            reason=f"no endpoint with the address {mapping.internal_address} is declared on {mapping.network}",
            remedy=f"declare endpoints: - name: NAME, network: {mapping.network}, address: {mapping.internal_address}",
            source="ports.md 3",
        )
    if mode in BRIDGES and context.backend != "hcn":
        return Delivery(
            None,
            reason=f"host ports into a {mode} network take HCN's PortMapping with Flags 1, and the backend "
            f"{context.backend} has none: a v1 NAT policy is taken and does nothing",
            remedy=f"{_needs_hcn(context)}; {OWN_ADDRESS}, or {PORTPROXY}",
            source="claim c70, ports.md 1",
        )
    if mode not in (Mode.NAT.value, *BRIDGES):
        return Delivery(
            None,
            reason=f"HNS maps no ports into a {mode} network",
            remedy=f"{OWN_ADDRESS}, or {PORTPROXY}",
            source="ports.md 1",
        )
    if str(mapping.external_address) != "0.0.0.0" and context.backend != "hcn":  # noqa: S104 - every address
        return Delivery(
            None,
            reason=f"the backend {context.backend} publishes on every address of the host, not on "
            f"{mapping.external_address} alone",
            remedy=f"leave external_address out, or {_needs_hcn(context)}",
            source="ports.md 3",
        )
    name = declared.name if declared is not None else "the endpoint"
    word = "PortMapping" if context.backend == "hcn" else "NAT"
    return Delivery("endpoint", description=f"by a {word} policy in the create document of the endpoint {name}")


def _needs_hcn(context: Context) -> str:
    if has_hcn(context.state.facts):
        return "say backend: hcn or auto"
    return "this takes HNS 9.2 (Windows Server 2019) or later"


def _runtime(mapping: NatStaticMapping, mode: str | None, context: Context) -> Delivery:
    runtime = publisher(mapping.network, mode, endpoint_at(mapping, context), context)
    if runtime.reason:
        return Delivery(None, reason=runtime.reason, remedy=f"{OWN_ADDRESS}, or {PORTPROXY}", source="ports.md 1")
    return Delivery("runtime", description="published by what makes the container")


def _balancer(mapping: NatStaticMapping, mode: str | None, context: Context) -> Delivery:
    if mode not in BRIDGES or context.state.facts.build < SEVERAL_SINCE:
        where = f"the network {mapping.network} is {mode}" if mode not in BRIDGES else "this build is older"
        return Delivery(
            None,
            reason="an HNS load balancer carries a host port on l2bridge networks from Windows Server 2019 on (VFP "
            f"does it, which HNS leaves off elsewhere): {where}",
            remedy=f"leave via out, or {PORTPROXY}",
            source="claim c56, ports.md 6",
        )
    if declared_endpoint(mapping, context) is None and endpoint_at(mapping, context) is None:
        return Delivery(
            None,
            reason=f"a load balancer needs the endpoint of {mapping.internal_address}: none is declared or on the host",
            remedy=f"declare endpoints: - name: NAME, network: {mapping.network}, address: {mapping.internal_address}",
            source="ports.md 6",
        )
    return Delivery("load_balancer", description="by an HNS load balancer with this one member")


def _portproxy(mapping: NatStaticMapping, mode: str | None, context: Context) -> Delivery:
    _ = mode, context
    if mapping.protocol.name != "TCP":
        return Delivery(
            None,
            reason="netsh interface portproxy forwards TCP only",
            remedy="leave via out, or map TCP",
            source="ports.md 5",
        )
    return Delivery(
        "portproxy", description="by netsh interface portproxy; the container sees the host's address, not the client's"
    )


_ASKED: Final = {
    "netnat": _netnat,
    "endpoint": _endpoint,
    "runtime": _runtime,
    "load_balancer": _balancer,
    "portproxy": _portproxy,
}


def mappings_of(endpoint: Endpoint, context: Context) -> list[NatStaticMapping]:
    """Return the declared mappings that are delivered with an endpoint."""

    def make() -> dict[str, list[NatStaticMapping]]:
        found: dict[str, list[Any]] = {}
        for item in context.resources:
            if item.kind == "nat_static_mapping":
                mapping: Any = item
                owner = declared_endpoint(mapping, context)
                if owner is not None and delivery_of(mapping, context).way == "endpoint":
                    found.setdefault(owner.name.lower(), []).append(mapping)
        return found

    return context.cached("mappings of endpoints", make).get(endpoint.name.lower(), [])


def port_policies(endpoint: Endpoint, context: Context) -> list[dict[str, Any]]:
    """Return the policies of an endpoint's create document that publish its mappings' ports.

    v1: NAT (hcsshim, moby's windows.go). v2: PortMapping; Flags 1 lets the host itself in on l2bridge (claim c70).
    """
    mode = network_mode(endpoint.network, context)
    made: list[dict[str, Any]] = []
    for mapping in mappings_of(endpoint, context):
        for protocol, external, internal in mapping.ports():
            if context.backend == "hcn":
                address = str(mapping.external_address)
                settings: dict[str, Any] = {
                    "Protocol": _NUMBERS[protocol],
                    "InternalPort": internal,
                    "ExternalPort": external,
                }
                settings |= {"VIP": address} if address != "0.0.0.0" else {}  # noqa: S104 - every address
                settings |= {"Flags": 1} if mode in BRIDGES else {}
                made.append({"Type": "PortMapping", "Settings": settings})
            else:
                made.append({"Type": "NAT", "Protocol": protocol, "InternalPort": internal, "ExternalPort": external})
    return made


def _tool(context: Context) -> str:
    return "docker" if context.state.facts.has_docker else "nerdctl"


def publish_command(mapping: NatStaticMapping, context: Context) -> str:
    """Return what a person runs so that the runtime publishes the ports."""
    ports = " ".join(
        f"--publish {external}:{internal}/{protocol.lower()}" for protocol, external, internal in mapping.ports()
    )
    found = endpoint_at(mapping, context)
    running = next(
        (
            item
            for item in context.state.containers
            if found and (item.id in found.containers or found.id in item.endpoints)
        ),
        None,
    )
    name = running.name if running else None
    if running is not None and running.runtime == "kubelet":
        outside = ", ".join(f"hostPort {outer} for containerPort {inner}" for _, outer, inner in mapping.ports())
        return f"kubectl: in the pod's manifest {outside}"
    tool = "nerdctl" if running is not None and running.runtime != "docker" else _tool(context)
    network = f"--network {mapping.network}"
    # nerdctl takes no --ip on Windows (cni.md 7): the plug-in gives the address.
    address = "" if tool == "nerdctl" else f" --ip {mapping.internal_address}"
    where = f"{network} --name {name}" if name else f"{network}{address}"
    return f"{tool} run --detach {where} {ports} IMAGE"
