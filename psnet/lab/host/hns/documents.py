"""HNS networks and policy lists as the JSON documents of v1, with the fields that each build's recordings show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.hns import document_parts
from psnet.lab.host.hns.allocators import of_network
from psnet.lab.host.hns.objects import EXTERNAL

if TYPE_CHECKING:
    from psnet.lab.host.hns.networks import Hns
    from psnet.lab.host.hns.objects import Network, PolicyList, Subnet

_ZEROS: Final = "00000000-0000-0000-0000-000000000000"


def network_document(hns: Hns, network: Network) -> dict[str, Any]:
    """Return a network as GET /networks shows it."""
    build = hns.build.build
    endpoints = [item for item in hns.endpoints if item.network == network.id]
    # rule: hns-network-fields, hns-counters
    document: dict[str, Any] = {
        "CurrentEndpointCount": len(endpoints),
        "ID": network_id(hns, network),
        "MacPools": network.extra.get("MacPools") or [document_parts.mac_pool(network.id)],
        "MaxConcurrentEndpoints": network.most,
        "Name": network.name,
        "Policies": document_parts.network_policies(build, network),
        "TotalEndpoints": network.total,
        "Type": network.word or network.type,  # rule: hns-type-case
        "Version": document_parts.version(hns.build),
        **_nat_name(hns, network),
        **_sent(network, build),
        **_uplink(hns, network),
    }
    if network.subnets:
        document["Subnets"] = [_subnet(build, network, item) for item in network.subnets]
    if build <= 14393 and network.adopted and network.type == "private":
        document["ComputedPolicies"] = [{}]  # rule: hns-adopted-switches
    if build >= 16299:
        # rule: hns-fields-1709
        document |= {
            "ActivityId": document_parts.shown(build, document_parts.derived(network.id, "activity")),
            "Extensions": document_parts.extensions(build, network.type),
            "LayeredOn": document_parts.shown(build, document_parts.derived(network.id, "layer")),
            "Resources": _resources(hns, network),
            "State": 1,
        }
    if build >= 17763:
        # rule: hns-fields-2019
        document |= {
            "AdditionalParams": {},
            "Flags": network.flags,
            "Health": document_parts.network_health(build, network, ics=document_parts.by_ics(hns.build, network)),
            "IPv6": False,
        }
    if network.type == "overlay" and build >= 17763:
        # rule: hns-overlay-fields
        document |= {
            "DNSServerCompartment": 3,
            "DrMacAddress": document_parts.mac(document_parts.derived(network.id, "router")),
        }
    if network.made_by == 2 and build >= 18362 and network.type in EXTERNAL:
        document["InterfaceConstraint"] = {"InterfaceGuid": _ZEROS}  # rule: hns-v2-made-networks
    if build >= 20348 and not network.adopted:
        document["SwitchGuid"] = document["ID"]  # rule: hns-switch-guid
    return document_parts.ordered(build, document)


def network_id(hns: Hns, network: Network) -> str:
    """Return a network's id in the letter case of its build and maker."""
    if network.id == document_parts.DEFAULT_SWITCH:
        return network.id.upper()  # rule: hns-default-switch
    if network.made_by == 2 and hns.build.build >= 20348:
        return network.id.lower()  # rule: hns-id-case-v2
    return document_parts.shown(hns.build.build, network.id)


def _sent(network: Network, build: int) -> dict[str, Any]:
    """Return the fields that are there because a client sent them."""
    # rule: hns-echoed-when-sent
    found: dict[str, Any] = {}
    if network.dns_servers:
        found["DNSServerList"] = network.dns_servers
    if network.dns_suffix:
        found["DNSSuffix"] = network.dns_suffix
    if network.adapter and network.named:
        found["NetworkAdapterName"] = network.adapter
    for name in ("SourceMac", "IsolateSwitch"):
        if name in network.extra:
            found[name] = network.extra[name]
    if 16299 <= build < 17763 and "AutomaticDNS" in network.extra:
        found["AutomaticDNS"] = network.extra["AutomaticDNS"]  # rule: hns-automatic-dns
    return found


def _uplink(hns: Hns, network: Network) -> dict[str, Any]:
    """Return what a network says of the adapter below it and of its gateway."""
    build = hns.build.build
    if network.type == "ics" and build >= 17134:
        # rule: hns-ics-gateway-mac
        name = "GatewayMac" if build >= 18362 else "GatewayMacHash"
        return {name: document_parts.mac(document_parts.derived(network.id, "gateway"))}
    if network.type in EXTERNAL and not network.adopted:
        nic = document_parts.host_nic(hns, network)
        if nic is not None and nic.addresses:
            return {"ManagementIP": str(nic.addresses[0].ip)}  # rule: hns-management-ip
    if network.type == "nat" and build <= 14393:
        # rule: hns-fields-2016
        uplink = next((item for item in hns.links.adapters if item.routes), hns.links.adapters[0])
        return {
            "ExternalInterfaceAddress": uplink.mac,
            "ExternalInterfaceIndex": uplink.index,
            "SwitchGuid": document_parts.derived(network.id, "switch"),
        }
    return {}


def _nat_name(hns: Hns, network: Network) -> dict[str, Any]:
    build = hns.build.build
    if network.type == "ics" and build >= 17763:
        return {"NatName": document_parts.nat_name(hns, network)}  # rule: hns-nat-name
    if network.type != "nat" or 14393 < build < 17763:
        return {}
    # rule: hns-nat-name
    return {"NATName" if build <= 14393 else "NatName": document_parts.nat_name(hns, network)}


def _subnet(build: int, network: Network, subnet: Subnet) -> dict[str, Any]:
    document: dict[str, Any] = {"AddressPrefix": str(subnet.prefix)}
    if subnet.gateway:
        document["GatewayAddress"] = subnet.gateway
    if build < 17763:
        return document | ({"Policies": list(subnet.policies)} if subnet.policies else {})
    identifier = subnet.id or document_parts.derived(network.id, f"subnet {subnet.prefix}")
    health = {} if network.type == "nat" else document_parts.health(network.updated)
    # rule: hns-subnet-fields
    document |= {
        "AdditionalParams": {},
        "Health": health,
        "ID": document_parts.shown(build, identifier),
        "Policies": list(subnet.policies),  # rule: hns-vsid-in-subnet
        "State": 0,
    }
    if build >= 19041 or network.type != "nat":
        document["ObjectType"] = 5
    if build >= 19041:
        inner = {
            "AdditionalParams": {},
            "Flags": 3,
            "Health": health,
            "ID": document_parts.shown(build, document_parts.derived(identifier, "ip")),
            "IpAddressPrefix": str(subnet.prefix),
            "ObjectType": 6,
            "Policies": [],
            "State": 0,
        }
        document |= {"Flags": 0, "IpSubnets": [inner]}
    return document_parts.ordered(build, document)


def _resources(hns: Hns, network: Network) -> dict[str, Any]:
    build = hns.build.build
    allocators = of_network(hns, network)
    order = 2 if network.type in ("nat", "ics") else len(allocators)
    health = {} if network.type == "nat" else document_parts.health(network.updated)
    return document_parts.resources(build, network.id, order, allocators, health, always=not network.adopted)


def policy_list_document(hns: Hns, item: PolicyList) -> dict[str, Any]:
    """Return a policy list as GET /policylists shows it."""
    build = hns.build.build
    policies = [document_parts.policy(build, policy) for policy in item.policies]
    document: dict[str, Any] = {
        "ID": item.id.lower() if item.made_by == 2 and build >= 20348 else document_parts.shown(build, item.id),
        "Policies": policies,
        "References": list(item.references),  # rule: hns-references-case
    }
    if build < 16299:
        return document
    # rule: hns-policy-list-fields
    activity = document_parts.shown(build, document_parts.derived(item.id, "activity"))
    document |= {"ActivityId": activity, "State": 2, "Version": document_parts.version(hns.build)}
    document["Resources"] = document_parts.resources(build, item.id, len(policies), [], {}, always=True)
    if build >= 17763:
        document |= {"AdditionalParams": {}, "Health": document_parts.health(item.updated), "IsApplied": False}
    if build >= 22000 and item.network:
        document |= {"Flags": 0, "HostComputeNetwork": item.network.lower()}
    return document_parts.ordered(build, document)
