"""HNS endpoints and namespaces as the JSON documents of v1, with the fields that each build's recordings show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.hns import document_parts
from psnet.lab.host.hns.allocators import of_endpoint

if TYPE_CHECKING:
    from psnet.lab.host.hns.networks import Hns
    from psnet.lab.host.hns.objects import Endpoint, Namespace, Network

_ZEROS: Final = "00000000-0000-0000-0000-000000000000"
#: The order of fields from HNS 13 on; before, they stand by letters.
_NEW_ORDER: Final = (
    *("ID", "Name", "Version", "AdditionalParams", "Resources", "State", "VirtualNetwork", "VirtualNetworkName"),
    *("VirtualMachine", "Policies", "MacAddress", "EnableInternalDNS", "IPAddress", "PrefixLength", "GatewayAddress"),
    *("IPSubnetId", "DNSServerList", "DNSSuffix", "DNSDomain", "Namespace", "EncapOverhead", "Flags"),
    *("IsRemoteEndpoint", "DisableICC", "SharedContainers"),
)


def endpoint_document(hns: Hns, endpoint: Endpoint, network: Network) -> dict[str, Any]:
    """Return an endpoint as GET /endpoints shows it."""
    build = hns.build.build
    document: dict[str, Any] = {
        "ID": endpoint.id.lower()
        if build >= 20348
        else document_parts.shown(build, endpoint.id),  # rule: hns-endpoint-id-case
        "Name": endpoint.name,
        "VirtualNetwork": network.id.lower() if build >= 20348 else document_parts.shown(build, network.id),
        "VirtualNetworkName": network.name,
        "MacAddress": endpoint.mac,  # rule: hns-mac-as-sent
        "SharedContainers": list(endpoint.containers),  # rule: hns-shared-containers
        "State": endpoint.state,  # rule: hns-endpoint-state
        "Version": document_parts.version(hns.build),
        **_placed(build, endpoint, network),
        **_dns(endpoint),
    }
    if endpoint.policies or build < 20348:
        # rule: hns-endpoint-no-policies
        document["Policies"] = [document_parts.policy(build, item) for item in endpoint.policies]
    if endpoint.remote:
        document["IsRemoteEndpoint"] = True
    if endpoint.machine:
        document["VirtualMachine"] = document_parts.shown(build, endpoint.machine)
    if build >= 16299:
        document["Resources"] = _resources(hns, network, endpoint)  # rule: hns-endpoint-fields-1709
    if build >= 20348:
        return _new(network, endpoint, document)
    return dict(sorted((document | _old(build, network, endpoint)).items()))  # rule: hns-field-order


def _placed(build: int, endpoint: Endpoint, network: Network) -> dict[str, Any]:
    if not endpoint.address:
        return {}  # rule: hns-endpoint-without-address
    found: dict[str, Any] = {"IPAddress": endpoint.address}
    if not endpoint.remote or network.type == "overlay" or build >= 17763:
        found["PrefixLength"] = endpoint.prefix_length  # rule: hns-remote-fields
    if endpoint.gateway and not endpoint.remote:
        found["GatewayAddress"] = endpoint.gateway
    return found


def _dns(endpoint: Endpoint) -> dict[str, Any]:
    return {name: value for name, value in endpoint.extra.items() if value not in (None, "", 0)}


def _old(build: int, network: Network, endpoint: Endpoint) -> dict[str, Any]:
    """Return what an endpoint has up to 2004 and no longer from 2022 on."""
    found: dict[str, Any] = {}
    if network.type == "overlay" and (endpoint.remote or build >= 17763):
        found["EncapOverhead"] = 50  # rule: hns-encap-overhead
    if build < 16299:
        return found
    found |= {
        "ActivityId": document_parts.shown(build, document_parts.derived(endpoint.id, "activity")),
        "Type": network.word or network.type,
    }
    if not endpoint.remote and build >= 17134:
        found["CreateProcessingStartTime"] = endpoint.updated
        if endpoint.attached:
            found["StartTime"] = endpoint.updated
    if build < 17763:
        return found
    # rule: hns-endpoint-fields-2019
    overhead = 50 if network.type == "overlay" or endpoint.remote else 0
    found |= {"AdditionalParams": endpoint.params, "Health": document_parts.health(endpoint.updated)}
    found |= {"EncapOverhead": endpoint.extra.get("EncapOverhead", overhead)}
    if network.type == "nat":
        found["EnableLowInterfaceMetric"] = True  # rule: hns-nat-low-metric
    if endpoint.made_by == 2:
        found["InterfaceConstraint"] = {"InterfaceGuid": _ZEROS}
        found["Namespace"] = {"CompartmentGuid": _ZEROS, "ID": _ZEROS}
    if endpoint.namespace:
        found["Namespace"] = {"ID": document_parts.shown(build, endpoint.namespace), "IsDefault": False}
    return found


def _new(network: Network, endpoint: Endpoint, document: dict[str, Any]) -> dict[str, Any]:
    # rule: hns-endpoint-fields-2022
    document["AdditionalParams"] = endpoint.params
    if endpoint.address:
        subnet = next((item for item in network.subnets if item.holds(endpoint.address)), None)
        if subnet is not None:
            inner = subnet.id or document_parts.derived(network.id, f"subnet {subnet.prefix}")
            document["IPSubnetId"] = document_parts.derived(inner, "ip")
    if endpoint.namespace:
        document["Namespace"] = {"ID": endpoint.namespace.lower()}
    if network.type == "overlay":
        document["EncapOverhead"] = 50
    rest = [name for name in document if name not in _NEW_ORDER]
    return {name: document[name] for name in (*_NEW_ORDER, *rest) if name in document}


def _resources(hns: Hns, network: Network, endpoint: Endpoint) -> dict[str, Any]:
    build = hns.build.build
    found = of_endpoint(hns, network, endpoint)
    return document_parts.resources(
        build, endpoint.id, len(found), found, document_parts.health(endpoint.updated), always=False
    )


def namespace_document(hns: Hns, item: Namespace) -> dict[str, Any]:
    """Return a network namespace as GET /namespaces shows it."""
    build = hns.build.build
    # rule: hns-namespace-fields
    document: dict[str, Any] = {
        "ActivityId": document_parts.shown(build, document_parts.derived(item.id, "activity")),
        "AdditionalParams": {},
        "CompartmentGuid": document_parts.shown(build, item.compartment_guid),
        "Containers": [name[:12] for name in item.containers],
        "Flags": 0,
        "Health": document_parts.health(item.updated),
        "ID": document_parts.shown(build, item.id),
        "IsDefault": item.default,
        "Policies": [],
        "SchemaVersion": {"Major": item.schema[0], "Minor": item.schema[1]},
        "State": 1,
        "Version": document_parts.version(hns.build),
        "Resources": None,
    }
    if item.compartment or build >= 20348:
        document["CompartmentId"] = item.compartment
    if item.endpoints:
        document["ResourceList"] = [
            {"Data": {"Id": document_parts.shown(build, name)}, "Type": "Endpoint"} for name in item.endpoints
        ]
        document["Resources"] = document_parts.resources(
            build, item.id, 1, [_compartment(build, item)], {}, always=True
        )
    return document_parts.ordered(build, document)


def _compartment(build: int, item: Namespace) -> dict[str, Any]:
    guid = document_parts.shown(build, item.compartment_guid)
    return {"AdditionalParams": {}, "AllocationOrder": 0, "CompartmentGuid": guid}


def statistics(endpoint: Endpoint) -> dict[str, Any]:
    """Return the counters of an endpoint: no packet flows in the lab."""
    counters = ("BytesReceived", "BytesSent", "DroppedPacketsIncoming", "DroppedPacketsOutgoing")
    return {
        **dict.fromkeys((*counters, "PacketsReceived", "PacketsSent"), 0),
        "EndpointId": endpoint.id.upper(),
        "InstanceId": endpoint.id.upper(),
    }
