"""Access control lists: priorities, endpoints without a list, management and probes that must get through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.sdn.checks.finding import finding
from psnet.sdn.trace.acl import evaluate_acls
from psnet.sdn.trace.model import TraceRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources import Finding
    from psnet.sdn.model import NetworkInterface, Sdn
    from psnet.sdn.topology import Port, Topology


def check_policies(sdn: Sdn, topology: Topology) -> Iterator[Finding]:
    """Yield what stands against access control lists and who they apply to."""
    for acl in sdn.access_control_lists:
        seen: dict[tuple[str, int], str] = {}
        for rule in acl.rules:
            other = seen.setdefault((rule.direction, rule.priority), rule.name)
            if other != rule.name:
                yield finding(
                    acl,
                    "acl-priority",
                    f"the {rule.direction} rules {other} and {rule.name} have the same priority {rule.priority}",
                    "a priority stands once in each direction of a list",
                    source="microsoft/SDN NCRESTExamples/ZeroToSDNBlog.ps1: WebTierACLs has 110 once each way",
                )
    for nic in sdn.network_interfaces:
        yield from _ports(nic, sdn, topology)
        yield from _limits(nic)


def _limits(nic: NetworkInterface) -> Iterator[Finding]:
    """Say who gives the limit of a single container."""
    for item in nic.ip_configurations:
        if item.qos is not None:
            yield finding(
                nic,
                "limit-per-port",
                f"the controller limits ports, not addresses: {item.address} gets its "
                f"{item.qos.outbound_maximum_mbps} Mbit/s from HNS, at the endpoint that has it",
                "declare that endpoint for its host; what is received only the interface's qos limits",
                severity="info",
                source="[MS-NCNBI] 3.1.5.13, hns.md",
            )


def _ports(nic: NetworkInterface, sdn: Sdn, topology: Topology) -> Iterator[Finding]:
    ports = {port.path.lower(): port for port in topology.ports}
    for item in nic.ip_configurations:
        port = ports.get(f"{nic.path}/ipConfigurations/{item.name}".lower())
        if port is None:
            continue
        if not topology.lists(port):
            yield finding(
                nic,
                "no-acl",
                f"{port.path} has no access control list and its subnet has none: everything inbound is blocked",
                "bind one with acl:, here or on the subnet",
                severity="warning",
                source="Configure Datacenter Firewall ACLs: the default set of rules",
            )
        if item.management and sdn.management is not None:
            yield from _management(nic, port, sdn, topology)
        yield from _probes(nic, port, sdn, topology)


def _management(nic: NetworkInterface, port: Port, sdn: Sdn, topology: Topology) -> Iterator[Finding]:
    """Refuse lists that would lock the host out of its management."""
    assert sdn.management is not None  # noqa: S101 - the model asks for it
    for prefix in sdn.management.sources:
        for number in sdn.management.ports:
            source = str(prefix[1] if prefix.num_addresses > 1 else prefix[0])
            question = TraceRequest(source=source, destination=port.address, port=number)
            allowed, step = evaluate_acls(topology, port, question, "Inbound")
            if not allowed:
                yield finding(
                    nic,
                    "management-unreachable",
                    f"{port.path} could not be managed from {prefix} at {number}/tcp any more: {step.why}",
                    f"allow it with a rule of a lower priority number: source: {prefix}, destination_ports: {number}",
                )


def _probes(nic: NetworkInterface, port: Port, sdn: Sdn, topology: Topology) -> Iterator[Finding]:
    prefix = topology.prefix(port.subnet)
    if prefix is None or not port.virtual:
        return
    for balancer in sdn.load_balancers:
        probes = {item.name: item for item in balancer.probes}
        for rule in balancer.rules:
            pool = f"{balancer.path}/backendAddressPools/{rule.pool}".lower()
            if rule.probe is None or pool not in port.refs("loadBalancerBackendAddressPools"):
                continue
            probe = probes[rule.probe]
            question = TraceRequest(source=str(prefix[1]), destination=port.address, port=probe.port)
            allowed, step = evaluate_acls(topology, port, question, "Inbound")
            if not allowed:
                yield finding(
                    nic,
                    "probe-blocked",
                    f"the probe {probe.name} of {balancer.name} comes from {prefix[1]} and is blocked at {port.path}: "
                    f"{step.why}",
                    f"allow {prefix[1]} at {probe.port}/tcp, or every member counts as down",
                    severity="warning",
                    source="Configure the Software Load Balancer: the first address of the subnet",
                )
