"""Container networks, NATs of their own and CNI configuration lists of a host, as entries."""

from __future__ import annotations

import re
from collections import Counter
from ipaddress import IPv4Network, ip_address
from typing import TYPE_CHECKING, Any, Final

from psnet.adoption.network_policies import add_network_policies
from psnet.resources.cni import FOLDER
from psnet.resources.cni_document import WCN
from psnet.resources.nat_prefix import nat_of
from psnet.types import Mode, network_of, parse_network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.adoption.model import DeclarationBuilder
    from psnet.state import CniFileState, HostState, NatState, NetworkState

_ON_ADAPTERS: Final = ("transparent", "l2bridge", "l2tunnel", "overlay")
_SWITCH_ONLY: Final = ("internal", "private")
_MODES: Final = tuple(mode.value for mode in Mode if mode is not Mode.ICS)
_WHOLE: Final = ("0.0.0.0/0", "::/0")
#: HNS takes 4,096 addresses of Microsoft's range for each network by itself (records a01 to a09).
_POOL: Final = 0x1000


def add_networks(state: HostState, found: DeclarationBuilder, *, docker: bool) -> None:
    """Declare the container networks; ``docker``: under docker's names, since docker makes them all."""
    switches = {switch for _, switch, _ in own_nats(state) if switch}
    names = Counter(item.name.lower() for item in state.networks)
    called = {item.hns_id.lower(): item.name for item in state.docker_networks}
    for item in state.networks:
        what = f"network {item.name}"
        if item.mode == Mode.ICS or item.name == "Default Switch":
            found.skip(what, "Windows makes it by itself")
        elif item.name.lower() in switches:
            continue  # HNS lists the switch of a NAT as an internal network of that name (claim c46)
        elif names[item.name.lower()] > 1:
            found.skip(what, "the host has two networks of this name, and a name is all that tells them apart")
        elif item.mode not in _MODES:
            found.skip(what, f"psnet makes no network of mode {item.mode}")
        else:
            name = called.get(item.id.lower())
            known = f"docker calls it {name}" if name and name != item.name and not docker else ""
            found.add("container_networks", _network(item, state, name if docker and name else item.name), note=known)
            add_network_policies(item, state, found)


def _network(item: NetworkState, state: HostState, name: str) -> dict[str, Any]:
    mode = str(item.mode)
    fields: dict[str, Any] = {"name": name, "mode": mode}
    if mode not in _SWITCH_ONLY:
        fields |= _subnets(item)
        fields |= {"dns_servers": list(item.dns_servers), "dns_suffix": item.dns_suffix}
    if mode in _ON_ADAPTERS:
        fields["adapter"] = item.adapter or _adapter(item, state)
        policies = [*item.policies, *(each for subnet in item.subnets for each in subnet.policies)]
        for key in ("vlan", "vsid"):
            fields[key] = next((each.get(key.upper()) for each in policies if each.get("Type") == key.upper()), None)
    if not _chosen_by_hns(item.mac_pools):
        fields["mac_pools"] = [{"start": pool["start"], "end": pool["end"]} for pool in item.mac_pools]
    return fields


def _subnets(item: NetworkState) -> dict[str, Any]:
    """Return the short form for one subnet; a gateway only where it is not the first address of its prefix."""
    listed = []
    for subnet in item.subnets:
        if subnet.prefix in _WHOLE:
            continue
        one: dict[str, Any] = {"prefix": str(parse_network(subnet.prefix))}
        usual = str(parse_network(subnet.prefix).network_address + 1)
        if subnet.gateway and subnet.gateway != usual and not ip_address(subnet.gateway).is_unspecified:
            one["gateway"] = subnet.gateway
        listed.append(one)
    if len(listed) == 1:
        return {"subnet": listed[0]["prefix"], "gateway": listed[0].get("gateway")}
    return {"subnets": listed}


def _adapter(item: NetworkState, state: HostState) -> str | None:
    """Return the adapter that the network's switch is bound to, where HNS does not say it."""
    switch = next((each for each in state.switches if each.name.lower() == item.name.lower()), None)
    wanted = switch.adapter if switch else None
    return next((each.name for each in state.adapters if wanted and each.description == wanted), None)


def _chosen_by_hns(pools: tuple[dict[str, str], ...]) -> bool:
    if len(pools) != 1:
        return not pools
    first, last = (int(re.sub("[^0-9A-Fa-f]", "", pools[0][key] or "0"), 16) for key in ("start", "end"))
    return pools[0]["start"].upper().startswith("00-15-5D-") and last - first + 1 == _POOL


def own_nats(state: HostState) -> Iterator[tuple[NatState, str | None, str | None]]:
    """Yield the NATs that belong to no container network, with their switch and the host's address on it."""
    prefixes = [item.subnets[0].prefix for item in state.networks if item.mode == Mode.NAT and item.subnets]
    networks = {nat.name for prefix in prefixes if (nat := nat_of(prefix, state)) is not None}
    internal = {item.name for item in state.switches if item.type == "Internal"}
    for nat in state.nats:
        if nat.name in networks:
            continue
        held = network_of(nat.internal_prefix) if nat.internal_prefix else None
        inside = [
            (item.interface[len("vEthernet (") : -1], item.address)
            for item in state.addresses
            if held is not None and ":" not in item.address and ip_address(item.address) in held
        ]
        switch, address = next((each for each in inside if each[0] in internal), (None, None))
        yield nat, switch, address


def add_nats(state: HostState, found: DeclarationBuilder) -> None:
    """Declare the NATs that are no container network's."""
    for nat, switch, address in own_nats(state):
        prefix = network_of(nat.internal_prefix) if nat.internal_prefix else None
        if not isinstance(prefix, IPv4Network):
            found.skip(f"NAT {nat.name}", "it has no internal prefix, and WinNAT's others have no place in a site")
            continue
        addresses = [
            {"address": each.address} | ({"ports": f"{each.first}-{each.last}"} if each.first else {})
            for each in nat.external_addresses
        ]
        usual = str(next(prefix.hosts()))
        gateway = address if address != usual else None
        found.add(
            "nats",
            {
                "name": nat.name,
                "prefix": str(prefix),
                "external_addresses": addresses,
                "switch": switch,
                "gateway": gateway,
            },
        )


def add_conflists(state: HostState, found: DeclarationBuilder) -> None:
    """Declare CNI configuration lists; the plan says of each whether psnet would write the same."""
    if state.cni is None:
        return
    ours = {str(entry.get("path")).lower() for key, entry in state.ledger.items() if key.startswith("cni/")}
    kubelet = any(item.runtime == "kubelet" for item in state.containers)
    for file in state.cni.files:
        name = (file.document or {}).get("name")
        plugins = (file.document or {}).get("plugins")
        if not isinstance(name, str) or not isinstance(plugins, list) or len(plugins) != 1:
            found.skip(f"CNI file {file.path}", "it is no configuration list with a name and one plug-in")
            continue
        if not file.path.lower().endswith(".conflist"):
            found.skip(f"CNI file {file.path}", "psnet writes .conflist files")
            continue
        note = "" if file.path.lower() in ours else "psnet did not write it"
        found.add("cni", _conflist(file, plugins[0], name, state.cni.conf_dir, kubelet=kubelet), note=note)


def _conflist(file: CniFileState, plugin: dict[str, Any], name: str, conf_dir: str, *, kubelet: bool) -> dict[str, Any]:
    document, ipam, dns = file.document or {}, plugin.get("ipam") or {}, plugin.get("dns") or {}
    kind = str(plugin.get("type"))
    folder, _, base = file.path.rpartition("\\")
    runtime = "nerdctl" if folder.lower() == FOLDER.lower() != conf_dir.lower() else None
    given = plugin.get("AdditionalArgs") if kind in WCN else plugin.get("policies")
    policies = [each.get("Value") or each.get("value") or {} for each in given or ()]
    exceptions = [one for each in policies for one in (each.get("Settings") or {}).get("Exceptions", ())]
    flags = plugin.get("optionalFlags") or {} if kind in WCN else plugin
    usual_ipam = "hns" if kind in WCN else "host-local"
    ipam_kind = "host-local" if ipam.get("type") == "host-local" else "hns"
    search = list(dns.get("search") or ())
    capabilities = [key for key, value in (plugin.get("capabilities") or {}).items() if value]
    outside = folder.lower() not in (conf_dir.lower(), FOLDER.lower())
    fields: dict[str, Any] = {
        "name": name,
        "runtime": runtime or ("kubelet" if kubelet else None),
        "plugin": kind,
        "dns_search": search if search != [dns.get("domain")] else None,
        "outbound_nat_exceptions": exceptions,
        "ipam": ipam_kind if ipam_kind != usual_ipam else None,
        "range_start": ipam.get("rangeStart"),
        "range_end": ipam.get("rangeEnd"),
        "loopback_dsr": True if flags.get("loopbackDSR") else None,
        "local_ports": True if flags.get("localRoutedPortMapping") else None,
        "cni_version": document.get("cniVersion") if document.get("cniVersion") != "1.0.0" else None,
        "directory": folder if outside else None,
        "file": base if base != f"10-{name.replace(' ', '-')}.conflist" else None,
    }
    return fields | ({"capabilities": capabilities or None} if capabilities != ["portMappings", "dns"] else {})
