"""The allocators in an object's Resources: what HNS took from the switch, WinNAT, ICS and VFP for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.host.hns import document_parts
from psnet.lab.host.hns.objects import EXTERNAL

if TYPE_CHECKING:
    from psnet.lab.host.hns.networks import Hns
    from psnet.lab.host.hns.objects import Endpoint, Network


def of_network(hns: Hns, network: Network) -> list[dict[str, Any]]:
    """Return a network's allocators; a switch that HNS only found has none."""
    if network.adopted:
        return []
    if network.type in ("nat", "ics"):
        return [_host_vnic(hns, network), _translation(hns, network)]
    if network.type == "overlay":
        return [_routing_domain(hns, network)]
    return []


def _base(build: int, identifier: str, tag: str, updated: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "AllocationOrder": 0,
        "ID": document_parts.shown(build, identifier),
        "IsPolicy": False,
        "Tag": tag,
    }
    if build >= 17763:
        found |= {"AdditionalParams": {}, "Health": document_parts.health(updated), "State": 3}
    if build >= 19041:
        found["Flags"] = 0
    return found


def _host_vnic(hns: Hns, network: Network) -> dict[str, Any]:
    # rule: hns-host-vnic-allocator
    build = hns.build.build
    nic, switch = document_parts.host_nic(hns, network), document_parts.switch_of(hns, network)
    identifier = document_parts.derived(network.id, "vnic")
    guid = document_parts.shown(build, document_parts.interface_guid(hns, network))
    found = _base(build, identifier, "Host Vnic", network.updated) | {
        ("AdapterNetCfgInstanceId" if build >= 17763 else "AdapterNetCfgInstanceIdLoad"): "{" + guid.upper() + "}",
        "CompartmendId": 0,
        "Connected": True,
        "EndpointNicGuid": document_parts.shown(build, document_parts.derived(identifier, "nic")),
        "EndpointPortGuid": document_parts.shown(build, document_parts.derived(identifier, "port")),
        "InterfaceGuid": guid,
        "MacAddress": nic.mac if nic is not None else document_parts.mac(identifier),
        "ManagementPort": True,
        "NicFriendlyName": network.name if build >= 17134 else "HNS Internal NIC",  # rule: hns-nic-friendly-name
        "SwitchId": document_parts.shown(build, switch.id if switch is not None else network.id),
    }
    if build < 17763:
        found |= {"NicId": "", "Type": 2}
    if build < 17134:
        return dict(sorted((found | {"ExternalNic": False}).items()))
    found |= {"DevicelessNic": False, "IsolationId": 0, "WaitForIpv6Interface": False}
    if build < 19041:
        found["Hidden"] = False
    else:
        found |= {"DNSFirewallRules": True, "DhcpDisabled": True, "NcfHidden": False, "NlmHidden": True}
    if build >= 17763:
        name = f"Container NIC {identifier[:8].lower()}"
        found |= {"PreferredPortFriendlyName": name, "nonPersistentPort": False}
    if build == 17763:
        found["MTU"] = 1450
    return dict(sorted(found.items()))


def _translation(hns: Hns, network: Network) -> dict[str, Any]:
    build = hns.build.build
    identifier = document_parts.derived(network.id, "translation")
    guid, prefix = document_parts.shown(build, document_parts.interface_guid(hns, network)), network.prefix
    name = {"NatName": document_parts.nat_name(hns, network)}
    if not document_parts.by_ics(hns.build, network):
        # rule: hns-nat-allocator
        found = _base(build, identifier, "NAT", network.updated) | name | {"InternalIPPrefix": str(prefix)}
        return dict(sorted((found | {"AllocationOrder": 1} | ({"Type": 14} if build < 17763 else {})).items()))
    # rule: hns-ics-allocator
    found = _base(build, identifier, "ICS", network.updated) | {
        "AllocationOrder": 1,
        "Dhcp": network.type == "ics",
        "Dns": network.type == "ics",
        "ICSFlags": 0,
        "Prefix": prefix.prefixlen if prefix else 0,
        "PrivateInterfaceGUID": guid,
    }
    address = prefix.network_address if prefix else None
    if build < 17763:
        packed = int.from_bytes(address.packed, "little") if address else 0
        return dict(sorted((found | name | {"SubnetIPAddress": packed, "Type": 13}).items()))
    found["Health"] |= {"DHCPState": 1, "DNSState": 1, "ICSState": 2}
    return dict(sorted((found | {"ExternalInterfaceConstraint": 0, "SubnetIPAddress": str(address)}).items()))


def _routing_domain(hns: Hns, network: Network) -> dict[str, Any]:
    # rule: hns-rdid-allocator
    build = hns.build.build
    identifier, switch = document_parts.derived(network.id, "domain"), document_parts.switch_of(hns, network)
    numbers = [
        item["VSID"] for subnet in network.subnets for item in subnet.policies if item.get("Type") == "VSID"
    ] or [item["VSID"] for item in network.policies if item.get("Type") == "VSID"]
    found = _base(build, identifier, "RDID", network.updated) | {
        **{f"Isolation_{position}": number for position, number in enumerate(numbers)},
        "PortId": document_parts.shown(build, document_parts.derived(identifier, "port")),
        "RDID": document_parts.shown(build, network.id),
        "SwitchId": document_parts.shown(build, switch.id if switch is not None else network.id),
    }
    return dict(sorted(found.items()))


def of_endpoint(hns: Hns, network: Network, endpoint: Endpoint) -> list[dict[str, Any]]:
    """Return an endpoint's allocators: what its policies took and, once it is attached, its port."""
    build = hns.build.build
    found: list[dict[str, Any]] = []
    driven = any(item["Type"] == "L2Driver" for item in endpoint.policies)
    if driven and (endpoint.remote or endpoint.attached):
        found.append(_policy(hns, endpoint, "L2Driver Policy", {}))  # rule: hns-l2driver
    if endpoint.remote and network.type == "overlay":
        # rule: hns-vnet-policy
        address = next((item.get("PA") for item in endpoint.policies if item["Type"] == "PA"), None)
        kind = {"Type": 3} if build < 17763 else {}
        found.append(
            _policy(
                hns, endpoint, "VNET Policy", {"CA": endpoint.address, "IsLocal": False, **kind} | {"PA": address or ""}
            )
        )
    if not endpoint.attached:
        return found
    found.append(_port(hns, network, endpoint))
    if network.type == "nat" and build >= 20348:
        # rule: hns-isolation-policy
        values = {"InDefaultIsolation": False, "IsolationID": 1, "IsolationType": 3}
        found.append(_policy(hns, endpoint, "Isolation Policy", values))
    if build >= 17763 and network.type not in EXTERNAL - {"transparent"}:
        found.append(_policy(hns, endpoint, "ACL Policy", {"Rules": _rules(endpoint)}))
    return [
        {**item, "AllocationOrder": place} if "AllocationOrder" in item else item for place, item in enumerate(found)
    ]


def _rules(endpoint: Endpoint) -> list[dict[str, Any]]:
    # rule: hns-default-acls
    acls = [item for item in endpoint.policies if item["Type"] == "ACL"]
    return acls or [
        {"Action": "Allow", "Direction": direction, "Priority": 65500, "Type": "ACL"} for direction in ("In", "Out")
    ]


def _policy(hns: Hns, endpoint: Endpoint, tag: str, values: dict[str, Any]) -> dict[str, Any]:
    base = _base(hns.build.build, document_parts.derived(endpoint.id, tag), tag, endpoint.updated)
    return dict(sorted((base | {"IsPolicy": True} | values).items()))


def _port(hns: Hns, network: Network, endpoint: Endpoint) -> dict[str, Any]:
    # rule: hns-endpoint-port
    build, identifier = hns.build.build, document_parts.derived(endpoint.id, "port")
    switch = document_parts.switch_of(hns, network)
    found = _base(build, identifier, "Endpoint Port", endpoint.updated) | {
        "CompartmentId": endpoint.compartment or 1,
        "Connected": True,
        "EndpointNicGuid": document_parts.shown(build, document_parts.derived(identifier, "nic")),
        "EndpointPortGuid": document_parts.shown(build, document_parts.derived(identifier, "port")),
        "InterfaceGuid": document_parts.shown(build, document_parts.derived(identifier, "interface")),
        "MacAddress": endpoint.mac,
        "ManagementPort": False,
        "NicFriendlyName": endpoint.name,
        "SwitchId": document_parts.shown(build, switch.id if switch is not None else network.id),
    }
    if build >= 17134:
        found |= {"DevicelessNic": False, "Hidden": False, "IsolationId": 0, "WaitForIpv6Interface": False}
    if build >= 17763:
        found |= {"PreferredPortFriendlyName": endpoint.id.upper(), "nonPersistentPort": False}
    return dict(sorted(found.items()))
