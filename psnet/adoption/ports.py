"""Published ports of a host as port mappings."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from psnet.adoption.endpoints import endpoint_label, exclusion_reason
from psnet.resources import NatStaticMapping
from psnet.resources.delivery import published_by
from psnet.resources.nat_prefix import BUILD_2016
from psnet.types import Mode, network_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.adoption.model import DeclarationBuilder
    from psnet.state import HostState, NetworkState, RuleState

_ANY: Final = "0.0.0.0"  # noqa: S104 - every address of the host
_NUMBERS: Final = {6: "TCP", 17: "UDP"}


class Port(NamedTuple):
    """One port that leads somewhere: into which network or NAT, by which way when that has to be said."""

    network: str
    via: str | None
    protocol: str
    external_address: str
    internal_address: str
    external_port: int
    internal_port: int


def add_mappings(state: HostState, found: DeclarationBuilder) -> None:
    """Declare mappings under the names of the host's ledger, the rest a range each; what a runtime publishes is its."""
    ports = list(_ports(state, found))
    for name, entry in _remembered(state):
        mine = [port for port in ports if (port.protocol, port.external_address, port.external_port) in entry]
        if mine and len(mine) == len(entry):
            ports = [port for port in ports if port not in mine]
            _add(mine, name, state, found)
    taken: set[str] = set()
    for run in _runs(sorted(ports)):
        name = _free_name(run[0], taken)
        _add(run, name, state, found, named=False)


def _add(run: list[Port], name: str, state: HostState, found: DeclarationBuilder, *, named: bool = True) -> None:
    first = run[0]
    outer, inner = [port.external_port for port in run], [port.internal_port for port in run]
    fields: dict[str, Any] = {
        "name": name,
        "network": first.network,
        "protocol": first.protocol,
        "external_address": first.external_address if first.external_address != _ANY else None,
        "external_port": _range(outer),
        "internal_address": first.internal_address,
        "internal_port": _range(inner) if inner != outer else None,
        "via": first.via,
    }
    firewall = _firewall(name, state)
    found.add("nat_static_mappings", fields | ({} if firewall is None else {"firewall": firewall}), named=named)


def _range(ports: list[int]) -> int | str:
    return ports[0] if len(ports) == 1 else f"{min(ports)}-{max(ports)}"


def _firewall(name: str, state: HostState) -> Any:
    """Return what to say of the rule along with a mapping: nothing of the usual one, false where there is none."""
    rule = next((item for item in state.rules if item.name.lower() == f"psnet-mapping-{name}".lower()), None)
    if rule is None:
        return False
    told = _told(rule)
    return told or None


def _told(rule: RuleState) -> dict[str, Any]:
    pairs = (("profiles", rule.profiles), ("remote_addresses", rule.remote_addresses))
    return {key: value.plain() for key, value in pairs if str(value) != "Any"}


def _free_name(port: Port, taken: set[str]) -> str:
    base = f"{port.network}-{port.protocol}-{port.internal_port}".lower().replace(" ", "-")
    base = "".join(each if each.isalnum() or each in "._-" else "-" for each in base)
    return next(
        name for number in range(1, 100_000) if (name := f"{base}-{number}" if number > 1 else base) not in taken
    )


def _runs(ports: list[Port]) -> Iterator[list[Port]]:
    """Yield ports that follow each other inside and outside, to one address by one way."""
    run: list[Port] = []
    for port in ports:
        last = run[-1] if run else None
        if last is not None and (
            port[:5] == last[:5]
            and port.external_port == last.external_port + 1
            and port.internal_port == last.internal_port + 1
        ):
            run.append(port)
            continue
        if run:
            yield run
        run = [port]
    if run:
        yield run


def _remembered(state: HostState) -> Iterator[tuple[str, set[tuple[str, str, int]]]]:
    """Yield the mappings of the ledger by name, with the ports that each stands for."""
    for key, entry in sorted(state.ledger.items()):
        kind, _, name = key.partition("/")
        if kind != NatStaticMapping.kind:
            continue
        try:
            old = NatStaticMapping.model_validate({**entry, "name": name, "firewall": False, "via": None})
        except ValueError:
            continue  # a ledger that somebody edited says nothing
        yield name, set(old.port_targets())


def _ports(state: HostState, found: DeclarationBuilder) -> Iterator[Port]:
    """Yield every port that leads somewhere and is not published by what makes a container."""
    published: dict[tuple[str, int], str] = {}
    own: list[Port] = []
    for item in state.endpoints:
        theirs = bool(exclusion_reason(item, state)) or item.remote
        for port in published_by(item):
            if theirs:
                published[port.protocol, port.external_port] = endpoint_label(item, state)
            elif item.address:
                via = "endpoint" if state.facts.build <= BUILD_2016 else None
                own.append(
                    Port(item.network, via, port.protocol, _ANY, item.address, port.external_port, port.internal_port)
                )
    for container in state.containers:
        for shown in container.ports:
            published.setdefault((str(shown.protocol), shown.external_port), container.name)
    words = [f"{port}/{protocol} of {name}" for (protocol, port), name in published.items()]
    found.skip_all(words, "port", "what makes the container publishes it (docker run --publish, portMappings)")
    mapped = [item for item in _static(state) if (item.protocol, item.external_port) not in published]
    yield from mapped
    known = {(item.protocol, item.external_port) for item in mapped}
    yield from (item for item in own if (item.protocol, item.external_port) not in known)
    yield from _balanced(state)
    yield from _proxied(state, found)


def _network_at(address: str, state: HostState) -> str | None:
    """Return the container network or the NAT that an address lies in."""
    wanted = ip_address(address)
    for network in state.networks:
        prefixes = [network_of(subnet.prefix) for subnet in network.subnets]
        if any(item.prefixlen and wanted in item for item in prefixes):
            return network.name
    for nat in state.nats:
        if nat.internal_prefix and wanted in network_of(nat.internal_prefix):
            return nat.name
    return None


def _static(state: HostState) -> Iterator[Port]:
    for item in state.mappings:
        nat = next((each for each in state.nats if each.name == item.nat), None)
        prefix = network_of(nat.internal_prefix) if nat and nat.internal_prefix else None
        held = [each for each in state.networks if each.mode == Mode.NAT and each.subnets and prefix]
        owner = next((each.name for each in held if prefix and prefix.overlaps(_prefix(each))), item.nat)
        ends = (item.external_address, item.internal_address, item.external_port, item.internal_port)
        yield Port(owner, None, item.protocol.name, *ends)


def _prefix(network: NetworkState) -> Any:
    return network_of(network.subnets[0].prefix)


def _balanced(state: HostState) -> Iterator[Port]:
    for item in state.policy_lists:
        for policy in item.policies:
            front = [vip for vip in policy.get("VIPs") or () if vip]
            if item.owner is not None or policy.get("Type") != "ELB" or front or len(item.endpoints) != 1:
                continue
            end = next((each for each in state.endpoints if each.id.lower() == item.endpoints[0].lower()), None)
            protocol = _NUMBERS.get(int(policy.get("Protocol") or 0))
            if end is not None and end.address and protocol:
                ports = (int(policy.get("ExternalPort") or 0), int(policy.get("InternalPort") or 0))
                yield Port(end.network, "load_balancer", protocol, _ANY, end.address, *ports)


def _proxied(state: HostState, found: DeclarationBuilder) -> Iterator[Port]:
    for item in state.port_proxies:
        listen = _ANY if item.listen_address == "*" else item.listen_address
        ends = f"{listen}:{item.listen_port} to {item.connect_address}:{item.connect_port}"
        try:
            network = _network_at(item.connect_address, state)
        except ValueError:
            network = None
        if network is None:
            found.skip(f"portproxy {ends}", "it leads into no container network of this host")
            continue
        yield Port(network, "portproxy", "TCP", listen, item.connect_address, item.listen_port, item.connect_port)
