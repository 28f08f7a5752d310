"""HNS objects as the JSON documents of v1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psnet.lab.host.adapters import Links
    from psnet.lab.host.hns.objects import Endpoint, Network, PolicyList


def network_document(network: Network, links: Links) -> dict[str, Any]:
    """Return a network as GET /networks shows it."""
    document: dict[str, Any] = {"ID": network.id.upper(), "Name": network.name, "Type": network.type}
    if network.subnets:
        document["Subnets"] = [
            {"AddressPrefix": str(item.prefix), "GatewayAddress": item.gateway}
            | ({"Policies": list(item.policies)} if item.policies else {})
            for item in network.subnets
        ]
    if network.dns_servers:
        document["DNSServerList"] = network.dns_servers
    if network.dns_suffix:
        document["DNSSuffix"] = network.dns_suffix
    if network.adapter:
        document["NetworkAdapterName"] = network.adapter
        nic = links.adapter(f"vEthernet ({network.name})")
        if nic is not None and nic.addresses:
            document["ManagementIP"] = str(nic.addresses[0].ip)
    return {**document, **network.extra, "Policies": list(network.policies)}


def endpoint_document(endpoint: Endpoint, network: Network) -> dict[str, Any]:
    """Return an endpoint as GET /endpoints shows it."""
    document: dict[str, Any] = {
        "ID": endpoint.id.upper(),
        "Name": endpoint.name,
        "VirtualNetwork": network.id.upper(),
        "VirtualNetworkName": network.name,
    }
    if endpoint.address:
        document |= {
            "IPAddress": endpoint.address,
            "PrefixLength": endpoint.prefix_length,
            "GatewayAddress": endpoint.gateway,
        }
    document |= {
        "MacAddress": endpoint.mac,
        **endpoint.extra,
        "SharedContainers": list(endpoint.containers),
        "Policies": list(endpoint.policies),
        "State": endpoint.state,
    }
    return document | ({"VirtualMachine": endpoint.machine.upper()} if endpoint.machine else {})


def policy_list_document(item: PolicyList) -> dict[str, Any]:
    """Return a policy list as GET /policylists shows it."""
    return {"ID": item.id.upper(), "References": list(item.references), "Policies": list(item.policies)}


def statistics(endpoint: Endpoint) -> dict[str, Any]:
    """Return the counters of an endpoint: no packet flows in the lab."""
    counters = ("BytesReceived", "BytesSent", "DroppedPacketsIncoming", "DroppedPacketsOutgoing")
    return {
        **dict.fromkeys((*counters, "PacketsReceived", "PacketsSent"), 0),
        "EndpointId": endpoint.id.upper(),
        "InstanceId": endpoint.id.upper(),
    }
