"""What stands against a container network on a host before anything is sent: each check with its id and its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet._internal.text import argument_fault, printable
from psnet.resources.base import Context, Finding, Identity
from psnet.resources.capabilities import why_not
from psnet.resources.session_path import network_cut_reason, session_interfaces, session_path
from psnet.types import Mode, parse_network
from psnet.types.overlaps import PrefixIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources.container_network import ContainerNetwork
    from psnet.state import Adapter, HostState, NetworkState, Switch

EXTERNAL: Final = frozenset({Mode.TRANSPARENT, Mode.L2BRIDGE, Mode.L2TUNNEL, Mode.OVERLAY})
_SUBNETS_NEEDED: Final = frozenset({Mode.L2BRIDGE, Mode.L2TUNNEL, Mode.OVERLAY})
_MANY: Final = 20
#: How each hypervisor lets frames of further MAC addresses through (facts.hypervisor); its own documentation's words.
_SPOOFING: Final = {
    "Hyper-V": "on the Hyper-V host: Set-VMNetworkAdapter -MacAddressSpoofing On; in Azure use l2tunnel or nat",
    "VMware": "on the port group: Promiscuous mode or MAC learning, MAC address changes and Forged transmits to Accept",
    "Proxmox": "switch the MAC filter of the VM's firewall off (Options, MAC filter)",
    "QEMU": "switch the MAC filter of the hypervisor's firewall off (Proxmox: VM, Firewall, Options, MAC filter)",
    "OpenStack": "openstack port set --disable-port-security, or --allowed-address for each container; or use nat",
    "Nutanix": "no AHV network passes further MAC addresses unless it is a trunked direct NIC: use nat or l2bridge",
    "Xen": "on the bridge: no MAC filter of the VIF (locking-mode unlocked)",
    "AWS": "a VPC passes no further MAC addresses: use nat, or l2bridge with secondary addresses of the interface",
    "Google Cloud": "a VPC passes no further MAC addresses: use nat, or l2bridge with alias addresses",
}
_WIRELESS: Final = ("native 802.11", "wireless")
_HOSTS: Final = "hns.md, Limits: each network on an external switch needs its own adapter"


def check_capabilities(network: ContainerNetwork, context: Context) -> Iterator[Finding]:
    """Yield a refusal for each feature that the backend cannot give on this build."""
    wanted = [f"mode:{network.mode.value}"]
    wanted += ["vlan"] if network.vlan is not None else []
    wanted += ["vsid"] if network.vsid is not None else []
    wanted += ["mac_pools"] if network.mac_pools else []
    wanted += ["several_subnets"] if len(network.subnets) > 1 else []
    build = context.state.facts.build
    for feature in wanted:
        reason = why_not(feature, context.backend, context.state.facts)
        if reason is not None:
            shown = feature.replace("mode:", "mode ")
            yield Finding(
                id="not-in-this-backend",
                severity="error",
                resource=str(network.identity),
                reason=f"the backend {context.backend} gives no {shown} on build {build}: {reason}",
                remedy="choose another backend or leave it out; docs/backends.md has the table",
                source="docs/backends.md",
            )


def check_name(network: ContainerNetwork, context: Context) -> Iterator[Finding]:
    """Yield a refusal for a name that HNS holds by a switch that none of its networks stands for."""
    state = context.state
    listed = {item.name.lower() for item in state.networks} | {item.id.lower() for item in state.networks}
    for item in state.switches if context.backend != "docker" and network.find(context) is None else ():
        if item.name.lower() == network.name.lower() and not {item.name.lower(), item.id.lower()} & listed:
            yield Finding(
                id="name-held",
                severity="error",
                resource=str(network.identity),
                reason=f"the virtual switch {item.name} has the name, and HNS makes no network of it (0x803b0010)",
                remedy=f"choose another name; or, when nobody needs that switch: Remove-VMSwitch -Name '{item.name}'",
                source="claims c74, c84",
            )


def check_docker_arguments(network: ContainerNetwork, context: Context) -> Iterator[Finding]:
    """Yield a refusal for each value that cannot stand on docker's command line."""
    if context.backend != "docker":
        return
    for key in ("name", "adapter", "dns_suffix"):
        value = getattr(network, key)
        fault = argument_fault(value) if value is not None else None
        if fault is None and key == "name" and value.startswith("-"):
            fault = "docker would take it for an option"
        if fault is not None:
            yield Finding(
                id="not-on-a-command-line",
                severity="error",
                resource=printable(str(network.identity)),
                reason=f"docker cannot be given this {key}: {fault}",
                remedy="choose another, or backend: hns",
                source="about_Parsing, Microsoft.PowerShell.Core",
            )


def check_external(network: ContainerNetwork, context: Context) -> Iterator[Finding]:
    """Yield what stands against a network on an external switch."""
    if network.mode not in EXTERNAL:
        return
    resource, state = str(network.identity), context.state
    if network.adapter is None:
        if network.find(context) is None:
            yield _chosen_by_hns(network, context)
    elif context.backend == "containers" and len(network.adapters) > 1:
        yield Finding(
            id="several-adapters",
            severity="error",
            resource=resource,
            reason="New-ContainerNetwork makes a switch on one adapter",
            remedy="say backend: hns or docker, or name one adapter",
            source="reference/cmdlets/Containers.yaml",
        )
    names = {item.name.lower(): item for item in state.adapters}
    for name in network.adapters:
        adapter = names.get(name.lower())
        if adapter is None:
            listed = ", ".join(item.name for item in state.adapters if not item.virtual)
            yield Finding(
                id="adapter-missing",
                severity="error",
                resource=resource,
                reason=f"the host has no adapter {name}",
                remedy=f"its physical adapters are {listed}" if listed else "the host has no physical adapter",
                source="hns.md: an adapter was not found",
            )
            return
        yield from _check_adapter(network, adapter, context)
    if network.mode is Mode.L2TUNNEL:
        yield Finding(
            id="l2tunnel-azure-only",
            severity="warning",
            resource=resource,
            reason="l2tunnel works in Microsoft clouds only: all traffic goes through the physical host's SDN stack",
            remedy="use l2bridge elsewhere",
            source="hns.md, Network types",
        )
    if network.mode is Mode.TRANSPARENT:
        yield from _check_transparent(network, context)
    if network.vlan is not None:
        yield Finding(
            id="vlan-needs-trunk",
            severity="info",
            resource=resource,
            reason=f"VLAN {network.vlan}: the port of {network.adapter or 'its adapter'} must trunk it",
            remedy="for a VM: Set-VMNetworkAdapterVlan -Trunk on its host",
            source="hns.md, VLAN",
        )


def _check_adapter(network: ContainerNetwork, adapter: Adapter, context: Context) -> Iterator[Finding]:
    resource, state = str(network.identity), context.state
    mine = network.find(context)
    if adapter.virtual:
        yield Finding(
            id="adapter-is-virtual",
            severity="error",
            resource=resource,
            reason=f"{adapter.name} is itself a vEthernet of a switch",
            remedy="name the physical adapter",
            source="pitfalls.md, 1: docker/for-win 4581",
        )
    if adapter.media.lower() in _WIRELESS:
        yield Finding(
            id="adapter-is-wireless",
            severity="warning",
            resource=resource,
            reason=f"{adapter.name} is wireless: access points refuse the further MAC addresses of a "
            f"{network.mode.value} network",
            remedy="use a wired adapter, or mode: nat",
            source="drivers/network-drivers-topologies.md",
        )
    bound = _switch_on(adapter, context)
    if bound is not None and (mine is None or bound.name.lower() != mine.name.lower()):
        yield Finding(
            id="adapter-bound",
            severity="error",
            resource=resource,
            reason=f"{adapter.name} is bound to the virtual switch {bound.name} already",
            remedy="name another adapter, or remove that switch or network first",
            source=_HOSTS,
        )
    others = [
        other
        for other in context.resources
        if other.kind == network.kind
        and other.identity != network.identity
        and adapter.name.lower() in {name.lower() for name in getattr(other, "adapters", ())}
    ]
    if others and network.identity > others[0].identity:
        yield Finding(
            id="adapter-declared-twice",
            severity="error",
            resource=resource,
            reason=f"{others[0].identity} declares the adapter {adapter.name} too",
            remedy="give each external network an adapter of its own",
            source=_HOSTS,
        )
    why = network_cut_reason(state, network.name, network.adapter)
    if mine is None and why:
        yield Finding(
            id="cuts-management",
            severity="warning",
            resource=resource,
            reason=f"{why}; the connection is cut for a while",
            remedy="psnet makes it detached, and the host takes it back unless it is confirmed (--confirm-within); "
            "or use a second adapter",
            source="pitfalls.md, 2",
        )


def _check_transparent(network: ContainerNetwork, context: Context) -> Iterator[Finding]:
    resource = str(network.identity)
    if context.state.facts.virtual_machine:
        yield Finding(
            id="mac-spoofing",
            severity="warning",
            resource=resource,
            reason="the host is a virtual machine: its network adapter must allow MAC address spoofing, which cannot "
            "be seen from inside; Azure does not support transparent networks at all",
            remedy=_SPOOFING.get(context.state.facts.hypervisor, _SPOOFING["Hyper-V"]),
            source="hns.md, Limits",
        )
    attached = sum(item.network.lower() == network.name.lower() for item in context.state.endpoints)
    if attached >= _MANY:
        yield Finding(
            id="many-on-transparent",
            severity="warning",
            resource=resource,
            reason=f"{attached} containers stand on the physical network with a MAC address each",
            remedy="physical switches learn a limited number; use nat or l2bridge for many containers",
            source="drivers/network-drivers-topologies.md",
        )


def check_prefixes(network: ContainerNetwork, context: Context) -> Iterator[Finding]:
    """Yield overlaps with other declared networks, and with networks of other names on the host."""
    mine = network.find(context)
    others = context.cached("prefixes of networks", lambda: _prefixes(network.kind, context))
    for subnet in network.subnets:
        for prefix, owner in others.overlapping(subnet.prefix):
            if isinstance(owner, Identity):
                if owner < network.identity:  # of two, the later one is refused
                    yield _overlap(network, str(subnet.prefix), str(owner), str(prefix))
            elif mine is None or owner.id != mine.id:
                yield _overlap(network, str(subnet.prefix), f"the host's network {owner.name}", str(prefix))


def _prefixes(kind: str, context: Context) -> PrefixIndex[Identity | NetworkState]:
    """Return the prefixes of declared networks, and of those on the host that nobody declares."""
    networks = [item for item in context.resources if item.kind == kind]
    found: list[tuple[Any, Identity | NetworkState]] = [
        (subnet.prefix, item.identity) for item in networks for subnet in getattr(item, "subnets", ())
    ]
    declared = {item.identity.name.lower() for item in networks}
    for network in context.state.networks:
        if network.name.lower() not in declared:
            found += [(parse_network(subnet.prefix), network) for subnet in network.subnets]
    return PrefixIndex(found)


def _overlap(network: ContainerNetwork, prefix: str, other: str, theirs: str) -> Finding:
    return Finding(
        id="prefix-overlaps-network",
        severity="error",
        resource=str(network.identity),
        reason=f"{prefix} overlaps {theirs} of {other}",
        remedy="choose prefixes that do not overlap",
        source="hns.md: HNS refuses overlapping subnets",
    )


def check_ipv6(network: ContainerNetwork, context: Context) -> Iterator[Finding]:
    """Yield a refusal for IPv6 where the mode, the backend or HNS has none."""
    if all(subnet.prefix.version == 4 for subnet in network.subnets):  # noqa: PLR2004 - IPv4
        return
    reason = "only l2bridge networks have IPv6 subnets" if network.mode is not Mode.L2BRIDGE else None
    reason = reason or why_not("dual_stack", context.backend, context.state.facts)
    if reason is None:
        return
    yield Finding(
        id="no-ipv6",
        severity="error",
        resource=str(network.identity),
        reason=f"no IPv6 subnets on build {context.state.facts.build} with the backend {context.backend}: {reason}",
        remedy="declare IPv4 subnets; l2bridge has IPv6 through the backend hcn, from HNS 11.10 on",
        source="hns.md, IPv6; hcn.md 5",
    )


def check_overlay(network: ContainerNetwork, context: Context) -> Iterator[Finding]:
    """Yield a refusal for an overlay that is to be made without a virtual subnet id."""
    if network.mode is Mode.OVERLAY and network.vsid is None and network.find(context) is None:
        yield Finding(
            id="overlay-without-vsid",
            severity="error",
            resource=str(network.identity),
            reason="an overlay network needs a virtual subnet id: HNS tells its networks apart by it",
            remedy="declare vsid: 4096 or more (VXLAN's network identifier, the same on every host)",
            source="claim c53, record a15, hcn.md 3",
        )


def check_reboot(network: ContainerNetwork, context: Context) -> Iterator[Finding]:
    """Yield a note for nat networks, which do not survive a restart from 2019 on."""
    fresh = network.find(context) is None
    if network.mode is Mode.NAT and fresh and context.state.facts.build >= 17763 and context.backend in ("hns", "hcn"):  # noqa: PLR2004 - 2019
        yield Finding(
            id="nat-gone-at-reboot",
            severity="info",
            resource=str(network.identity),
            reason="from Windows Server 2019 on, nat networks of HNS do not survive a restart of the host",
            remedy="declare reapply: [{name: networks}], a start-up task that makes them again; or use docker's",
            source="hns.md, Limits",
        )


def _chosen_by_hns(network: ContainerNetwork, context: Context) -> Finding:
    """Return what is to be said of an external network without a named adapter: HNS takes a free one (claim c44)."""
    free = [item.name for item in context.state.adapters if not item.virtual and _switch_on(item, context) is None]
    if not free:
        return Finding(
            id="adapter-not-named",
            severity="error",
            resource=str(network.identity),
            reason=f"a {network.mode.value} network needs a physical adapter, and the host has none that is free",
            remedy="add a network adapter to the host",
            source=_HOSTS,
        )
    uplink = next((name for name in free if name in context.state.uplinks), None)
    danger = f"; it may take {uplink}, the host's uplink, and is made detached" if uplink else ""
    return Finding(
        id="adapter-not-named",
        severity="warning",
        resource=str(network.identity),
        reason=f"no adapter is named: HNS takes a free one of {', '.join(free)}{danger}",
        remedy=f"declare adapter: {next((name for name in free if name != uplink), free[0])}",
        source="claim c44",
    )


def _switch_on(adapter: Adapter, context: Context) -> Switch | None:
    taken = adapter.description
    return next((item for item in context.state.switches if taken and taken in (item.adapter, *item.adapters)), None)


def binds_uplink(context: Context) -> bool:
    """Say whether HNS may take an adapter that carries psnet's session for a network that names none.

    It takes a free one with an address, one with a default route first (rule hns-adapter-chosen).
    """
    ways = [session_path(context.state, item) for item in session_interfaces(context.state)]
    return any(
        any(item.name.lower() in found.names or item.mac.upper() in found.macs for found in ways)
        for item in context.state.adapters
        if not item.virtual and _switch_on(item, context) is None
    )


def has_address_to_lose(network: ContainerNetwork, context: Context) -> bool:
    """Say whether its switch takes an adapter with an IPv4 address: it comes back some time after HNS's answer.

    flannel waits up to 30 s for it (ManagementIP) before it makes endpoints on an l2bridge or overlay network.
    """
    if network.mode not in _SUBNETS_NEEDED:
        return False
    names = {name.lower() for name in network.adapters or context.state.uplinks}
    return any(
        item.interface.lower() in names and ":" not in item.address and not item.address.startswith("169.254.")
        for item in context.state.addresses
    )


def cuts(state: HostState, name: str, adapter: str | None) -> bool:
    """Say whether making or removing a network's switch re-binds an interface that carries psnet's session."""
    return bool(network_cut_reason(state, name, adapter))


def undo_of(state: HostState, network: NetworkState | None) -> dict[str, Any] | None:
    """Return the create values and the ledger entry of a network as it is; {} when it is not there.

    None when it cannot be made again as it was: endpoints are on it, or policies that psnet does not declare.
    """
    if network is None:
        return {}
    known = {"VLAN", "VSID"}
    policies = [*network.policies, *(item for subnet in network.subnets for item in subnet.policies)]
    used = any(item.network.lower() == network.name.lower() for item in state.endpoints)
    if used or any(item.get("Type") not in known for item in policies):
        return None
    isolation = {str(item["Type"]).lower(): item[item["Type"]] for item in policies}
    return {
        "create": {
            "name": network.name,
            "mode": str(network.mode),
            "subnets": [{"prefix": item.prefix, "gateway": item.gateway} for item in network.subnets],
            "dns_servers": list(network.dns_servers),
            "dns_suffix": network.dns_suffix,
            "adapter": network.adapter,
            "vlan": isolation.get("vlan"),
            "vsid": isolation.get("vsid"),
            "mac_pools": list(network.mac_pools),
        },
        "ledger": state.ledger.get(f"container_network/{network.name}"),
    }
