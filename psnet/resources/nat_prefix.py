"""The rules of WinNAT's one internal prefix (reference/hns.md, Limits; reference/pitfalls.md, section 1)."""

from __future__ import annotations

from ipaddress import IPv4Network, ip_interface
from typing import TYPE_CHECKING, Any, Literal

from psnet.resources.base import Context, Finding
from psnet.types import Mode, network_of, parse_network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources.container_network import ContainerNetwork
    from psnet.state import HostState, NatState

BUILD_2016 = 14393
#: From 2019 on several NATs stand side by side when their prefixes lie apart (claim c10; Antrea makes two).
SEVERAL_SINCE = 17763
#: Builds on which the third published port hangs HNS when there are two nat networks (claim c11; ports.md names 2025).
_THIRD_PORT_HANGS = 20348
_THIRD = 3
_SOURCE = "reference: WinNAT, one internal prefix per host (VD team-blog 20160525)"


def special_address(address: Any, prefix: Any, gateway: Any) -> str | None:
    """Return what an address is that no endpoint of a prefix can have; None for one that it can."""
    if address == gateway:
        return "the gateway"
    if address not in prefix or prefix.max_prefixlen - prefix.prefixlen <= 1:
        return None
    if address == prefix.network_address:
        return "the network address"
    return "the broadcast address" if address == prefix.broadcast_address else None


def prefixes_fit(prefix: IPv4Network, other: IPv4Network, build: int) -> bool:
    """Say whether WinNAT accepts a prefix while another NAT has that prefix."""
    if build <= BUILD_2016:
        return prefix.subnet_of(other)
    return build >= SEVERAL_SINCE and not prefix.overlaps(other)


def nat_of(prefix: str, state: HostState) -> NatState | None:
    """Return the NAT whose internal prefix holds this prefix."""
    wanted = network_of(prefix)
    for nat in state.nats:
        if nat.internal_prefix and _holds(network_of(nat.internal_prefix), wanted):
            return nat
    return None


def _holds(one: object, other: object) -> bool:
    return isinstance(one, IPv4Network) and isinstance(other, IPv4Network) and other.subnet_of(one)


def without_winnat(resource: str, severity: Literal["error", "warning"]) -> Finding:
    """Return what is to be said of a NAT on a host where Get-NetNat fails with Invalid class (claim c118)."""
    return Finding(
        id="no-winnat",
        severity=severity,
        resource=resource,
        reason="Get-NetNat fails with 'Invalid class': the host has no WinNAT",
        remedy="install the Windows feature Containers, which brings it: Install-WindowsFeature -Name Containers, then "
        "restart the host",
        source="claim c118, record n06",
    )


def _beside(network: ContainerNetwork, context: Context) -> Iterator[Finding]:
    """Yield a warning when the host has another nat network, such as docker's, and a third port is published."""
    declared = {other.identity.name.lower() for other in context.resources if other.kind == network.kind}
    there = [
        item.name for item in context.state.networks if item.mode == Mode.NAT and item.name.lower() not in declared
    ]
    ports = sum(other.kind == "nat_static_mapping" for other in context.resources)
    ports += sum(len(container.ports) for container in context.state.containers)
    if there and ports >= _THIRD:
        yield Finding(
            id="nat-third-port",
            severity="warning",
            resource=str(network.identity),
            reason=f"the host has another nat network ({', '.join(there)}), and with two of them the third published "
            f"port hangs HNS on Windows Server 2022 and later; {ports} are published or declared",
            remedy="use the network that is there, or publish at most two ports",
            source="claim c11",
        )


def check_nat_prefix(network: ContainerNetwork, context: Context) -> Iterator[Finding]:
    """Yield a refusal when this nat network cannot be given on the host as it is."""
    if not context.state.facts.has_winnat:
        yield without_winnat(str(network.identity), "warning")
    prefix = network.prefix
    if prefix is None:
        return
    resource = str(network.identity)
    others = [
        other
        for other in context.resources
        if other.kind == network.kind and other != network and getattr(other, "mode", None) is Mode.NAT
    ]
    if others and network.identity > others[0].identity and context.state.facts.build >= SEVERAL_SINCE:
        if context.state.facts.build >= _THIRD_PORT_HANGS:
            yield Finding(
                id="nat-third-port",
                severity="warning",
                resource=resource,
                reason="with two nat networks the third published port hangs HNS on Windows Server 2022 and later",
                remedy="declare one nat network a host, or publish at most two ports",
                source="claim c11",
            )
    elif not others and context.state.facts.build >= _THIRD_PORT_HANGS:
        yield from _beside(network, context)
    elif others and network.identity > others[0].identity:
        yield Finding(
            id="nat-one-prefix",
            severity="error",
            resource=resource,
            reason=f"WinNAT has one internal prefix a host, but {len(others) + 1} nat networks are declared",
            remedy="declare one nat network a host; put the other containers into it, or use another mode",
            source=_SOURCE,
        )
    for address in context.state.addresses:
        own = ip_interface(f"{address.address.split('%')[0]}/{address.prefix_length}").network
        mine = network.find(context)
        if own.version != prefix.version or not own.overlaps(prefix):
            continue
        if mine is not None and address.address in {subnet.gateway for subnet in mine.subnets}:
            continue
        yield Finding(
            id="prefix-overlaps-host",
            severity="error",
            resource=resource,
            reason=f"{prefix} overlaps {own}, which the host has on {address.interface} ({address.address})",
            remedy="choose a prefix that the host and its network do not use",
            source="reference: internal and external prefixes must not overlap",
        )
    yield from _check_existing(network, str(prefix), context)


def _check_existing(network: ContainerNetwork, prefix: str, context: Context) -> Iterator[Finding]:
    state = context.state
    mine = network.find(context)
    my_prefixes = {str(parse_network(subnet.prefix)) for subnet in mine.subnets} if mine else set()
    for nat in state.nats:
        if nat.internal_prefix is None:
            continue
        existing = str(network_of(nat.internal_prefix))
        if existing in my_prefixes or existing == prefix:
            continue
        mine_prefix, theirs = network_of(prefix), network_of(existing)
        if (
            isinstance(mine_prefix, IPv4Network)
            and isinstance(theirs, IPv4Network)
            and prefixes_fit(mine_prefix, theirs, state.facts.build)
        ):
            continue
        inside = (
            f"choose a subnet inside {existing}, or remove that NAT (Remove-NetNat -Name '{nat.name}')"
            if state.facts.build <= BUILD_2016
            else f"declare the prefix {existing}, or remove that NAT (Remove-NetNat -Name '{nat.name}')"
        )
        yield Finding(
            id="nat-foreign-prefix",
            severity="error",
            resource=str(network.identity),
            reason=f"the host's WinNAT prefix is {existing} (NAT {nat.name}); {prefix} "
            + ("does not lie in it" if state.facts.build <= BUILD_2016 else "is a second one"),
            remedy=inside,
            source=_SOURCE,
        )
