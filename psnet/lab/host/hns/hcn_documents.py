"""HCN v2 documents (reference: hns_schema.yaml, v2) to those of v1 and back: both are views of one state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.hns.objects import HnsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.lab.host.hns.objects import Endpoint, Network, PolicyList, Subnet

INVALID_NETWORK: Final = 0x803B000A
INVALID_ENDPOINT: Final = 0x803B000C
INVALID_POLICY: Final = 0x803B000D
#: NetworkMode of the schema by the types of v1.
MODES: Final = {
    "nat": "NAT",
    "transparent": "Transparent",
    "l2bridge": "L2Bridge",
    "l2tunnel": "L2Tunnel",
    "overlay": "Overlay",
    "private": "Private",
    "internal": "Internal",
}
_PROTOCOLS: Final = {6: "TCP", 17: "UDP"}
_RESERVED: Final = 4
_DSR: Final = 1
_ILB: Final = 1
#: v2 policy type: (v1 type, {v2 field: v1 field}).
_POLICIES: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "ACL": (
        "ACL",
        {
            name: name
            for name in (
                *("Protocols", "Action", "Direction", "LocalAddresses", "RemoteAddresses"),
                *("LocalPorts", "RemotePorts", "RuleType", "Priority", "Id"),
            )
        },
    ),
    "QOS": ("QOS", {"MaximumOutgoingBandwidthInBytes": "MaximumOutgoingBandwidthInBytes"}),
    "OutBoundNAT": (
        "OutBoundNAT",
        {
            "VirtualIP": "VIP",
            "Exceptions": "ExceptionList",
            "Destinations": "Destinations",
            "MaxPortPoolUsage": "MaxPortPoolUsage",
        },
    ),
    "SDNRoute": (
        "ROUTE",
        {"DestinationPrefix": "DestinationPrefix", "NextHop": "NextHop", "NeedEncap": "NeedEncap"},
    ),
    "L4Proxy": (
        "PROXY",
        {
            "IP": "IP",
            "Port": "Port",
            "Exceptions": "ExceptionList",
            "Destination": "Destination",
            "OutboundNAT": "OutboundNat",
        },
    ),
    "ProviderAddress": ("PA", {"ProviderAddress": "PA"}),
    "VLAN": ("VLAN", {"IsolationId": "VLAN"}),
    "VSID": ("VSID", {"IsolationId": "VSID"}),
}


def keys(data: Any, allowed: str, code: int) -> dict[str, Any]:
    """Return an object that has only these keys; raise HnsError otherwise."""
    if not isinstance(data, dict) or data.keys() - set(allowed.split()):
        raise HnsError("", code)
    return data


def list_of(value: Any, code: int) -> list[Any]:
    """Return a list, empty for nothing; raise HnsError for anything else."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise HnsError("", code)
    return value


def policy_to_v1(policy: Any) -> dict[str, Any]:
    """Return an endpoint's or a subnet's policy as v1 writes it."""
    outer = keys(policy, "Type Settings", INVALID_POLICY)
    kind, settings = outer.get("Type"), outer.get("Settings")
    if not isinstance(settings, dict):
        raise HnsError("", INVALID_POLICY)
    if kind == "PortMapping":
        keys(settings, "Protocol InternalPort ExternalPort VIP Flags", INVALID_POLICY)
        word = _PROTOCOLS.get(settings.get("Protocol", 0))
        if word is None or settings.get("VIP"):
            raise HnsError("", INVALID_POLICY)
        made = {"Type": "NAT", "Protocol": word, "InternalPort": settings.get("InternalPort", 0)}
        made["ExternalPort"] = settings.get("ExternalPort", 0)
        return made | ({"ExternalPortReserved": True} if settings.get("Flags", 0) & _RESERVED else {})
    known = _POLICIES.get(str(kind))
    if known is None:
        raise HnsError("", 0x803B000E)
    name, fields = known
    keys(settings, " ".join(fields), INVALID_POLICY)
    return {"Type": name, **{fields[field]: value for field, value in settings.items()}}


def policy_to_v2(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Return a policy of v1 as v2 writes it."""
    if policy["Type"] == "NAT":
        number = 6 if policy["Protocol"] == "TCP" else 17
        flags = {"Flags": _RESERVED} if policy.get("ExternalPortReserved") else {}
        ports = {name: policy[name] for name in ("InternalPort", "ExternalPort") if name in policy}
        return {"Type": "PortMapping", "Settings": {"Protocol": number, **ports, **flags}}
    for kind, (name, fields) in _POLICIES.items():
        if name == policy["Type"]:
            back = {v1: v2 for v2, v1 in fields.items()}
            settings = {back[key]: value for key, value in policy.items() if key in back}
            return {"Type": kind, "Settings": settings}
    return {"Type": policy["Type"], "Settings": {key: value for key, value in policy.items() if key != "Type"}}


def network_to_v1(data: Any) -> dict[str, Any]:
    """Return the fields of ``Hns.create`` for a HostComputeNetwork."""
    keys(data, "ID Name Type Ipams Dns Policies MacPool Flags SchemaVersion", INVALID_NETWORK)
    kind = next((v1 for v1, v2 in MODES.items() if v2 == data.get("Type")), None)
    if kind is None:
        raise HnsError("", 0x803B000B)
    dns = keys(data.get("Dns") or {}, "Domain Search ServerList Options", INVALID_NETWORK)
    adapter = None
    policies = []
    for item in list_of(data.get("Policies"), INVALID_NETWORK):
        if isinstance(item, dict) and item.get("Type") == "NetAdapterName":
            settings = keys(item.get("Settings"), "NetworkAdapterName", INVALID_POLICY)
            adapter = str(settings.get("NetworkAdapterName") or "")
        else:
            policies.append(policy_to_v1(item))
    subnets = [
        _subnet_to_v1(subnet)
        for ipam in list_of(data.get("Ipams"), INVALID_NETWORK)
        for subnet in list_of(keys(ipam, "Type Subnets", INVALID_NETWORK).get("Subnets"), INVALID_NETWORK)
    ]
    return {
        "name": str(data.get("Name") or ""),
        "kind": kind,
        "subnets": subnets,
        "dns_servers": ",".join(map(str, list_of(dns.get("ServerList"), INVALID_NETWORK))),
        "dns_suffix": str(dns.get("Domain") or ""),
        "adapter": adapter,
        "policies": policies,
    }


def _subnet_to_v1(data: Any) -> dict[str, Any]:
    keys(data, "IpAddressPrefix Routes Policies", 0x803B0032)
    made: dict[str, Any] = {"AddressPrefix": data.get("IpAddressPrefix")}
    for route in list_of(data.get("Routes"), 0x803B0032):
        keys(route, "NextHop DestinationPrefix Metric", 0x803B0032)
        if route.get("DestinationPrefix") == "0.0.0.0/0":
            made["GatewayAddress"] = route.get("NextHop")
    made["Policies"] = [policy_to_v1(item) for item in list_of(data.get("Policies"), 0x803B0032)]
    return made


def _subnet_to_v2(subnet: Subnet) -> dict[str, Any]:
    return {
        "IpAddressPrefix": str(subnet.prefix),
        "Routes": [{"NextHop": subnet.gateway, "DestinationPrefix": "0.0.0.0/0"}],
        "Policies": [policy_to_v2(item) for item in subnet.policies],
    }


def network_to_v2(network: Network, schema: tuple[int, int]) -> dict[str, Any]:
    """Return a network as a HostComputeNetwork."""
    adapter = [{"Type": "NetAdapterName", "Settings": {"NetworkAdapterName": network.adapter}}]
    return {
        "ID": network.id.upper(),
        "Name": network.name,
        "Type": MODES[network.type],
        "Policies": (adapter if network.adapter else []) + [policy_to_v2(item) for item in network.policies],
        "Dns": {
            "Domain": network.dns_suffix,
            "ServerList": [each for each in network.dns_servers.split(",") if each],
        },
        "Ipams": [
            {
                "Type": "Static" if network.subnets else "DHCP",
                "Subnets": [_subnet_to_v2(item) for item in network.subnets],
            }
        ],
        "Flags": 0,
        "SchemaVersion": version(schema),
    }


def endpoint_to_v1(data: Any) -> dict[str, Any]:
    """Return an endpoint of v1 for a HostComputeEndpoint."""
    keys(
        data,
        "ID Name HostComputeNetwork HostComputeNamespace Policies IpConfigurations Dns Routes MacAddress Flags "
        "SchemaVersion",
        INVALID_ENDPOINT,
    )
    made: dict[str, Any] = {"Policies": [policy_to_v1(p) for p in list_of(data.get("Policies"), INVALID_ENDPOINT)]}
    for name in ("Name", "MacAddress"):
        if data.get(name):
            made[name] = data[name]
    addresses = list_of(data.get("IpConfigurations"), INVALID_ENDPOINT)
    if len(addresses) > 1:
        raise HnsError("", INVALID_ENDPOINT)
    if addresses:
        made["IPAddress"] = keys(addresses[0], "IpAddress PrefixLength IpSubnetId", INVALID_ENDPOINT).get("IpAddress")
    dns = keys(data.get("Dns") or {}, "Domain Search ServerList Options", INVALID_ENDPOINT)
    if dns.get("Domain"):
        made["DNSSuffix"] = dns["Domain"]
    if dns.get("ServerList"):
        made["DNSServerList"] = ",".join(map(str, dns["ServerList"]))
    return made


def endpoint_to_v2(endpoint: Endpoint, schema: tuple[int, int]) -> dict[str, Any]:
    """Return an endpoint as a HostComputeEndpoint."""
    placed = {"IpAddress": endpoint.address, "PrefixLength": endpoint.prefix_length}
    route = {"NextHop": endpoint.gateway, "DestinationPrefix": "0.0.0.0/0"}
    servers = str(endpoint.extra.get("DNSServerList") or "")
    return {
        "ID": endpoint.id.upper(),
        "Name": endpoint.name,
        "HostComputeNetwork": endpoint.network.upper(),
        "Policies": [policy_to_v2(item) for item in endpoint.policies],
        "IpConfigurations": [placed] if endpoint.address else [],
        "Dns": {
            "Domain": endpoint.extra.get("DNSSuffix", ""),
            "ServerList": [each for each in servers.split(",") if each],
        },
        "Routes": [route] if endpoint.gateway else [],
        "MacAddress": endpoint.mac,
        "Flags": 0,
        "SchemaVersion": version(schema),
    }


def balancer_to_v1(data: Any) -> tuple[list[str], list[dict[str, Any]]]:
    """Return references and ELB policies for a HostComputeLoadBalancer."""
    allowed = "ID HostComputeEndpoints SourceVIP FrontendVIPs PortMappings Flags SchemaVersion"
    keys(data, allowed, INVALID_POLICY)
    references = [f"/endpoints/{item}" for item in list_of(data.get("HostComputeEndpoints"), INVALID_POLICY)]
    policies = []
    for mapping in list_of(data.get("PortMappings"), INVALID_POLICY):
        keys(mapping, "Protocol InternalPort ExternalPort DistributionType Flags", INVALID_POLICY)
        made = {
            "Type": "ELB",
            "Protocol": mapping.get("Protocol"),
            "InternalPort": mapping.get("InternalPort"),
            "ExternalPort": mapping.get("ExternalPort"),
            "VIPs": list_of(data.get("FrontendVIPs"), INVALID_POLICY),
            "ILB": bool(mapping.get("Flags", 0) & _ILB),
            "IsDSR": bool(data.get("Flags", 0) & _DSR),
        }
        policies.append(made | ({"SourceVIP": data["SourceVIP"]} if data.get("SourceVIP") else {}))
    return references, policies


def balancer_to_v2(item: PolicyList, schema: tuple[int, int]) -> dict[str, Any]:
    """Return a policy list of load balancing as a HostComputeLoadBalancer."""
    first = item.policies[0]
    return {
        "ID": item.id.upper(),
        "HostComputeEndpoints": [name.removeprefix("/endpoints/").upper() for name in item.references],
        "SourceVIP": first.get("SourceVIP", ""),
        "FrontendVIPs": first.get("VIPs", []),
        "PortMappings": [
            {
                "Protocol": policy.get("Protocol", 6),
                "InternalPort": policy["InternalPort"],
                "ExternalPort": policy["ExternalPort"],
                "DistributionType": 0,
                "Flags": _ILB if policy.get("ILB") else 0,
            }
            for policy in item.policies
        ],
        "Flags": _DSR if first.get("IsDSR") else 0,
        "SchemaVersion": version(schema),
    }


def version(schema: tuple[int, int]) -> dict[str, int]:
    """Return a SchemaVersion."""
    return {"Major": schema[0], "Minor": schema[1]}
