"""The picture of what a host has."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psnet.report.graph.builder import GraphBuilder
    from psnet.state import ContainerState, EndpointState, HostState, MappingState, NetworkState

_PROTOCOLS = {"6": "TCP", "17": "UDP", "1": "ICMPv4", "58": "ICMPv6"}


def rate(bytes_a_second: int) -> str:
    """Return a bandwidth as an engineer says it: 100 Mbit/s."""
    bits = bytes_a_second * 8
    for unit, size in (("Gbit/s", 10**9), ("Mbit/s", 10**6), ("kbit/s", 10**3)):
        if bits >= size:
            return f"{bits / size:g} {unit}"
    return f"{bits} bit/s"


def about(state: HostState) -> str:
    """Return the line under a host's name."""
    return f"{state.facts.product}, build {state.facts.build}"


def draw_state(builder: GraphBuilder, state: HostState) -> None:
    """Draw adapters, switches, networks, NATs, endpoints with their policies, mappings, and psnet's firewall rules."""
    builder.uplinks = state.uplinks
    _adapters(builder, state)
    for network in state.networks:
        _network(builder, network, state)
    names = {each.lower(): container_word(item) for item in state.containers for each in item.endpoints}
    for endpoint in state.endpoints:
        _endpoint(builder, endpoint, names.get(endpoint.id.lower(), ""))
    for nat in state.nats:
        draw_nat(builder, nat.internal_prefix or nat.external_prefix or nat.name)
    _mappings(builder, state)
    for item in state.policy_lists:
        for policy in item.policies:
            _balancer(builder, item.endpoints, policy, state)
    for rule in state.rules:
        if rule.group == "psnet" and not rule.name.startswith("psnet-mapping-"):
            text = rule_line(rule.name, rule.direction, rule.action, str(rule.protocol), str(rule.local_ports))
            firewall = builder.node("firewall", "windows", "Windows Firewall", text)
            builder.named.setdefault(("firewall_rule", rule.name.lower()), []).extend((firewall, text))


def rule_line(name: str, direction: object, action: object, protocol: object, ports: object) -> str:
    """Return a firewall rule in one line."""
    words = [str(word) for word in (action, direction, protocol) if word is not None and str(word) != "Any"]
    return f"{name}: {' '.join(words)}" + (f" {ports}" if ports is not None and str(ports) != "Any" else "")


def _adapters(builder: GraphBuilder, state: HostState) -> None:
    addresses: dict[str, list[str]] = {}
    for item in state.addresses:
        addresses.setdefault(item.interface, []).append(f"{item.address}/{item.prefix_length}")
    for adapter in state.adapters:
        if adapter.virtual:
            continue
        uplink = ["default route"] if adapter.name in state.uplinks else []
        down = [] if adapter.status == "Up" else [adapter.status]
        builder.node("adapter", adapter.name, adapter.name, *addresses.get(adapter.name, ()), *uplink, *down)
    by_description = {item.description: item.name for item in state.adapters}
    for switch in state.switches:
        above = by_description.get(switch.adapter or "", "")
        names = (f"vEthernet ({name})" for name in (switch.name, above, "HNSTransparent") if name)  # claims c17, c24
        own = next((addresses[name] for name in names if name in addresses), [])
        lines = [f"{switch.type} switch", *(f"host vNIC {text}" for text in own)]
        made = builder.node("switch", switch.name, switch.name, *lines)
        if switch.adapter:
            name = by_description.get(switch.adapter, switch.adapter)
            builder.edge(builder.node("adapter", name, name), made)


def network_lines(mode: object, dns: object, vlan: object, vsid: object) -> list[str]:
    """Return what stands under a network's name, its subnets aside."""
    return [
        str(mode),
        *([f"VLAN {vlan}"] if vlan else []),
        *([f"VSID {vsid}"] if vsid else []),
        *([str(dns)] * bool(dns)),
    ]


def _network(builder: GraphBuilder, network: NetworkState, state: HostState) -> None:
    policies = {str(item.get("Type")): item for item in network.policies}
    subnets = [item.prefix + (f" via {item.gateway}" if item.gateway else "") for item in network.subnets]
    dns = f"DNS {', '.join(network.dns_servers)}" if network.dns_servers else ""
    vlan, vsid = (policies.get(name, {}).get(name) for name in ("VLAN", "VSID"))
    made = builder.node("network", network.name, network.name, *subnets, *network_lines(network.mode, dns, vlan, vsid))
    for file in state.cni.files if state.cni else ():
        if (file.document or {}).get("name") == network.name:
            builder.line(made, cni_line(file.path))
    builder.prefixes[made] = [item.prefix for item in network.subnets]
    switch = next((item for item in state.switches if item.name.lower() == network.name.lower()), None)
    if switch is not None:
        builder.edge(f"switch/{switch.name.lower()}", made)
    elif network.adapter:
        builder.edge(builder.node("adapter", network.adapter, network.adapter), made)


def cni_line(path: str) -> str:
    """Return the line of a network that says which CNI configuration names it."""
    name = path.rpartition("\\")[2]
    return f"CNI {name}"


def policy_lines(policies: tuple[dict[str, Any], ...]) -> list[str]:
    """Return what an endpoint's policies come to, a line a kind."""
    counts: dict[str, int] = {}
    lines = []
    for policy in policies:
        kind = str(policy.get("Type"))
        counts[kind] = counts.get(kind, 0) + 1
        if kind == "QOS" and policy.get("MaximumOutgoingBandwidthInBytes"):
            lines.append(f"at most {rate(int(policy['MaximumOutgoingBandwidthInBytes']))} out")
    for kind, word in (("ACL", "ACL"), ("ROUTE", "route"), ("PROXY", "proxy"), ("OutBoundNAT", "outbound NAT")):
        if counts.get(kind):
            rules = f", {counts[kind]} rule{'s' * (counts[kind] > 1)}" if kind == "ACL" else ""
            lines.append(word + rules)
    return lines


def container_word(item: ContainerState) -> str:
    """Return what people call a container: its pod, or its own name."""
    return f"{item.pod_namespace}/{item.pod}" if item.pod else item.name


def _endpoint(builder: GraphBuilder, endpoint: EndpointState, container: str) -> None:
    label = container or (endpoint.containers[0][:12] if endpoint.containers else endpoint.name)
    kind = "" if endpoint.kind == "unattached" else endpoint.kind
    owner = f"of {endpoint.owner}" if endpoint.owner else ""
    lines = [endpoint.address or "no address", kind, owner, *policy_lines(endpoint.policies)]
    made = builder.node("endpoint", endpoint.name, label, *lines)
    builder.edge(f"network/{endpoint.network.lower()}", made)


def draw_nat(builder: GraphBuilder, prefix: str) -> str:
    """Draw a NAT between the uplinks and the networks of its prefix; return its box."""
    made = builder.node("nat", prefix, "WinNAT", prefix)
    for uplink in builder.uplinks:
        builder.edge(builder.node("adapter", uplink, uplink), made)
    for network, prefixes in builder.prefixes.items():
        if prefix in prefixes:
            builder.edge(made, network)
    return made


def port_label(protocol: object, first: int, last: int, address: str) -> str:
    """Return an outside port or range as people write it: TCP 8080, UDP 27000-27009."""
    ports = str(first) if first == last else f"{first}-{last}"
    return f"{protocol} {ports}" + ("" if address == "0.0.0.0" else f" on {address}")  # noqa: S104 - WinNAT's any


def draw_mapping(builder: GraphBuilder, outside: str, address: str, inside_port: str) -> str:
    """Draw one port mapping; return the box of its outside port."""
    port = builder.node("port", outside, outside)
    same = outside.split(" ")[1] == inside_port
    builder.edge(port, builder.inside(address), "" if same else f":{inside_port}", mapping=True)
    return port


def _mappings(builder: GraphBuilder, state: HostState) -> None:
    def series(item: MappingState) -> tuple[str, str, str, int, int]:
        shift = item.internal_port - item.external_port
        return (str(item.protocol), item.external_address, item.internal_address, shift, item.external_port)

    ordered = sorted(state.mappings, key=series)
    for (protocol, outside, inside, shift, _), items in groupby(
        enumerate(ordered), key=lambda pair: (*series(pair[1])[:4], pair[1].external_port - pair[0])
    ):
        ports = [item.external_port for _, item in items]
        first, last = ports[0], ports[-1]
        inner = str(first + shift) if first == last else f"{first + shift}-{last + shift}"
        draw_mapping(builder, port_label(protocol, first, last, outside), inside, inner)


def balancer_label(vip: object, protocol: object, port: object) -> str:
    """Return a load balancer's front as people write it."""
    return f"{vip} {_PROTOCOLS.get(str(protocol), str(protocol))} {port}"


def _balancer(builder: GraphBuilder, members: tuple[str, ...], policy: dict[str, Any], state: HostState) -> None:
    if policy.get("Type") != "ELB":
        return
    names = {item.id.lower(): item.name.lower() for item in state.endpoints}
    for vip in policy.get("VIPs") or ("no VIP",):
        label = balancer_label(vip, policy.get("Protocol"), policy.get("ExternalPort"))
        made = builder.node("load_balancer", label, label, "load balancer")
        for member in members:
            if member.lower() in names:
                builder.edge(made, f"endpoint/{names[member.lower()]}", f":{policy.get('InternalPort')}", mapping=True)
