"""The health of a host's container networking, from one observe pass."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from psnet.checks.cni import examine_cni
from psnet.checks.endpoints import examine_endpoints
from psnet.checks.ports import examine_ports, ports_there
from psnet.checks.updates import examine_updates
from psnet.checks.windows import examine_windows
from psnet.resources import KINDS, Finding
from psnet.resources.nat_static_mapping import NatStaticMapping
from psnet.types import Mode, network_of, parse_network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import HostState

_BUILD_1709: Final = 16299
_BUILD_2019: Final = 17763


def examine(state: HostState) -> tuple[Finding, ...]:
    """Return what is wrong or worth knowing, errors first."""
    found = [
        *_services(state),
        *_nats(state),
        *examine_ports(state),
        *examine_endpoints(state),
        *examine_windows(state),
        *examine_updates(state),
        *_ledger(state),
        *_notes(state),
        *examine_cni(state),
    ]
    order = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted(found, key=lambda item: order[item.severity]))


def _services(state: HostState) -> Iterator[Finding]:
    facts = state.facts
    if not facts.has_hns and not facts.has_container_network:
        yield Finding(
            id="no-backend",
            severity="error",
            reason="the host has neither the Host Networking Service nor the Containers cmdlets",
            remedy="install the Containers feature and restart the host",
            source="hns.md, Builds",
        )
    if not facts.has_winnat:
        yield Finding(
            id="no-winnat",
            severity="warning",
            reason="Get-NetNat fails with 'Invalid class': the host has no WinNAT",
            remedy="enable the Windows feature Containers (or Hyper-V), which brings NetNat, and restart",
            source="record n06",
        )
    if not state.uplinks:
        yield Finding(
            id="no-default-route",
            severity="warning",
            reason="no interface has a default route: what containers send beyond the host goes nowhere",
            remedy="give the uplink a default gateway",
        )


def _nats(state: HostState) -> Iterator[Finding]:
    prefixes = {str(network_of(nat.internal_prefix)): nat for nat in state.nats if nat.internal_prefix}
    # From 1709 on WinNAT does not list the NATs of HNS (claim c01): nothing follows from that one is missing.
    listed = state.networks if state.facts.build < _BUILD_1709 else ()
    for network in listed:
        for subnet in network.subnets if network.mode == Mode.NAT else ():
            wanted = parse_network(subnet.prefix)
            if not any(_inside(str(wanted), prefix) for prefix in prefixes):
                yield Finding(
                    id="nat-without-winnat",
                    severity="error",
                    resource=f"container_network {network.name}",
                    reason=f"HNS has the nat network {network.name} ({wanted}), WinNAT has no NAT for it",
                    remedy="remove the network and let psnet make it again: HNS and WinNAT disagree",
                    source="pitfalls.md, 3: removing NetNat under HNS leaves the switch",
                )
    known = [str(parse_network(item.prefix)) for network in state.networks for item in network.subnets]
    for prefix, nat in prefixes.items():
        if not any(_inside(item, prefix) for item in known):
            yield Finding(
                id="foreign-nat",
                severity="warning",
                reason=f"the NAT {nat.name} ({prefix}) belongs to no container network",
                remedy=f"leave it when a VM needs it; else Remove-NetNat -Name '{nat.name}': WinNAT has one prefix",
                source="hns.md, Limits",
            )


def _inside(inner: str, outer: str) -> bool:
    one, other = parse_network(inner), parse_network(outer)
    return one.version == other.version and one.subnet_of(other)  # type: ignore[arg-type]


def _ledger(state: HostState) -> Iterator[Finding]:
    there = {f"container_network/{item.name}".lower() for item in state.networks}
    there |= {f"endpoint/{item.name}".lower() for item in state.endpoints}
    there |= {f"cni/{(item.document or {}).get('name')}".lower() for item in (state.cni.files if state.cni else ())}
    ports = ports_there(state)
    for key, entry in state.ledger.items():
        kind, _, name = key.partition("/")
        if kind not in KINDS:
            yield Finding(
                id="ledger-unknown",
                severity="warning",
                reason=f"the ledger on the host names {key}, a kind that this psnet does not know",
                remedy="was it written by a newer psnet? upgrade this one",
            )
        gone = kind in ("container_network", "endpoint", "cni") and key.lower() not in there
        if kind == NatStaticMapping.kind and entry:
            first, protocol = str(entry.get("external_port", "")).partition("-")[0], str(entry.get("protocol"))
            gone = first.isdigit() and (protocol, int(first)) not in ports
        if gone:
            yield Finding(
                id="ledger-stale",
                severity="info",
                resource=f"{kind} {name}",
                reason="psnet made it here, and it is gone",
                remedy="psnet apply makes it again, when it is still declared",
            )


def _notes(state: HostState) -> Iterator[Finding]:
    nats = [item.name for item in state.networks if item.mode == Mode.NAT]
    docker = {item.hns_id.lower() for item in state.docker_networks}
    if nats and state.facts.build >= _BUILD_2019:
        lost = [item.name for item in state.networks if item.mode == Mode.NAT and item.id.lower() not in docker]
        if lost and not state.startup_tasks:
            yield Finding(
                id="nat-gone-at-reboot",
                severity="info",
                reason=f"{', '.join(lost)}: nat networks of HNS do not survive a restart of this build",
                remedy="declare reapply: [{name: networks}], or use the backend docker",
                source="hns.md, Limits",
            )
    for item in state.endpoints:
        # kube-proxy's remote endpoints have addresses outside the host's subnet (claim c61).
        if (
            item.address
            and not item.remote
            and any(
                item.network.lower() == network.name.lower()
                and network.subnets
                and not any(ip_address(item.address) in parse_network(subnet.prefix) for subnet in network.subnets)
                for network in state.networks
            )
        ):
            yield Finding(
                id="endpoint-outside",
                severity="warning",
                resource=f"endpoint {item.name}",
                reason=f"{item.address} does not lie in any subnet of {item.network}",
                remedy="remove the endpoint and make it again",
            )
