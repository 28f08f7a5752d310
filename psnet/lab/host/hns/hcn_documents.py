"""HCN v2 documents (reference: hns_schema.yaml, v2) to those of v1 and back: both are views of one state."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.hns.objects import HnsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.lab.host.hns.objects import Endpoint, Namespace, Network, PolicyList, Subnet

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
    "ics": "ICS",
    "private": "Private",
    "internal": "Internal",
}
_PROTOCOLS: Final = {6: "TCP", 17: "UDP"}
_RESERVED: Final = 4
_DSR: Final = 1
_ILB: Final = 1
_REMOTE: Final = 1
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
    "L2Driver": ("L2Driver", {}),
    "HostRoute": ("HostRoute", {}),
    "RemoteSubnetRoute": ("RemoteSubnetRoute", {}),
    "SetPolicy": ("SetPolicy", {}),
    "NetworkACL": ("NetworkACL", {}),
    "TierAcl": ("TierAcl", {}),
    "ProviderAddress": ("PA", {"ProviderAddress": "PA"}),
    "VLAN": ("VLAN", {"IsolationId": "VLAN"}),
    "VSID": ("VSID", {"IsolationId": "VSID"}),
}


def keys(data: Any, allowed: str, code: int) -> dict[str, Any]:
    """Return an object that has only these keys; raise HnsError otherwise."""
    if not isinstance(data, dict) or data.keys() - set(allowed.split()):
        raise HnsError("", code)  # rule: hcn-fields
    return data


def list_of(value: Any, code: int) -> list[Any]:
    """Return a list, empty for nothing; raise HnsError for anything else."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise HnsError("", code)  # rule: hcn-fields
    return value


def policy_to_v1(policy: Any) -> dict[str, Any]:
    """Return an endpoint's or a subnet's policy as v1 writes it."""
    outer = keys(policy, "Type Settings", INVALID_POLICY)
    kind, settings = str(outer.get("Type")), outer.get("Settings", {})
    if not isinstance(settings, dict):
        raise HnsError("", INVALID_POLICY)  # rule: hcn-policies
    if kind.lower() == "portmapping":
        return _mapping_to_v1(settings)
    # rule: hcn-policy-type-case
    name, fields = next((item for word, item in _POLICIES.items() if word.lower() == kind.lower()), ("", {}))
    if not name:
        raise HnsError("", 0x803B000E)  # rule: hcn-policy-types
    # rule: hns-policy-unchecked
    return {"Type": name, **{str(fields.get(field, field)): value for field, value in settings.items()}}


def _mapping_to_v1(settings: dict[str, Any]) -> dict[str, Any]:
    word = _PROTOCOLS.get(settings.get("Protocol", 0))
    if word is None:
        raise HnsError("", INVALID_POLICY)  # rule: hcn-policies
    address = _front(settings.get("VIP"))
    made = {"Type": "NAT", "Protocol": word, "InternalPort": settings.get("InternalPort", 0)}
    made["ExternalPort"] = settings.get("ExternalPort", 0)
    made |= {"VIP": address} if address else {}
    flags = settings.get("Flags", 0)
    made |= {"Flags": flags} if flags & ~_RESERVED else {}
    return made | ({"ExternalPortReserved": True} if flags & _RESERVED else {})


def _front(value: Any) -> str:
    """Return the host's address that a mapping stands on, "" for the management address."""
    try:
        return str(IPv4Address(value)) if value else ""
    except ValueError:
        raise HnsError("", INVALID_POLICY) from None  # rule: hcn-mapping-vip


def policy_to_v2(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Return a policy of v1 as v2 writes it."""
    if policy["Type"] == "NAT":
        number = 6 if policy["Protocol"] == "TCP" else 17
        number_of = policy.get("Flags", 0) | (_RESERVED if policy.get("ExternalPortReserved") else 0)
        flags = {"Flags": number_of} if number_of else {}
        ports = {name: policy[name] for name in ("InternalPort", "ExternalPort", "VIP") if name in policy}
        return {"Type": "PortMapping", "Settings": {"Protocol": number, **ports, **flags}}
    for kind, (name, fields) in _POLICIES.items():
        if name == policy["Type"]:
            back = {v1: v2 for v2, v1 in fields.items()}
            settings = {back.get(key, key): value for key, value in policy.items() if key != "Type"}
            return {"Type": kind, "Settings": settings}
    return {"Type": policy["Type"], "Settings": {key: value for key, value in policy.items() if key != "Type"}}


def network_to_v1(data: Any) -> dict[str, Any]:
    """Return the fields of ``Hns.create`` for a HostComputeNetwork."""
    keys(data, "ID Name Type Ipams Dns Policies MacPool Flags SchemaVersion", INVALID_NETWORK)
    kind = next((v2 for v2 in MODES.values() if v2 == data.get("Type")), None)
    if kind is None:
        raise HnsError("", 0x803B000B)  # rule: hns-network-parameters
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
        "flags": data.get("Flags") or 0,
        "extra": {"MacPools": pools} if (pools := _pools(data.get("MacPool"))) else {},
    }


def _pools(data: Any) -> list[dict[str, Any]]:
    ranges = keys(data or {}, "Ranges", INVALID_NETWORK).get("Ranges")
    return [keys(item, "StartMacAddress EndMacAddress", INVALID_NETWORK) for item in list_of(ranges, INVALID_NETWORK)]


def network_fields(data: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of ``Hns.create`` for a network in the form of v1."""
    return {
        "name": data.get("Name") or "",
        "kind": data.get("Type") or "",
        "subnets": data.get("Subnets"),
        "dns_servers": data.get("DNSServerList") or "",
        "dns_suffix": data.get("DNSSuffix") or "",
        "adapter": data.get("NetworkAdapterName"),
        "policies": data.get("Policies"),
        "extra": {name: data[name] for name in KEPT if name in data},
        "flags": data.get("Flags") or 0,
    }


#: Fields of a network that are kept as they came.
KEPT: Final = ("SourceMac", "MacPools", "AutomaticDNS", "IsolateSwitch")


def _subnet_to_v1(data: Any) -> dict[str, Any]:
    keys(data, "IpAddressPrefix Routes Policies", 0x803B0032)
    made: dict[str, Any] = {"AddressPrefix": data.get("IpAddressPrefix")}
    for route in list_of(data.get("Routes"), 0x803B0032):
        keys(route, "NextHop DestinationPrefix Metric", 0x803B0032)
        if route.get("DestinationPrefix") in ("0.0.0.0/0", "::/0"):
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
    named = network.adapter if network.named else None
    adapter = [{"Type": "NetAdapterName", "Settings": {"NetworkAdapterName": named}}]
    return {
        "ID": network.id.lower(),  # rule: hcn-id-case
        "Name": network.name,
        "Type": MODES[network.type],
        "Policies": (adapter if named else []) + [policy_to_v2(item) for item in network.policies],
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
        "Flags": network.flags,
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
        raise HnsError("", INVALID_ENDPOINT)  # rule: hcn-one-address
    if addresses:
        placed = keys(addresses[0], "IpAddress PrefixLength IpSubnetId", INVALID_ENDPOINT)
        made |= {"IPAddress": placed.get("IpAddress"), "PrefixLength": placed.get("PrefixLength")}
    if data.get("Flags", 0) & _REMOTE:
        made["IsRemoteEndpoint"] = True
    for route in list_of(data.get("Routes"), INVALID_ENDPOINT):
        if route.get("DestinationPrefix") == "0.0.0.0/0":
            made["GatewayAddress"] = route.get("NextHop")
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
        "ID": endpoint.id.lower(),
        "Name": endpoint.name,
        "HostComputeNetwork": endpoint.network.lower(),
        "Policies": [policy_to_v2(item) for item in endpoint.policies],
        "IpConfigurations": [placed] if endpoint.address else [],
        "Dns": {
            "Domain": endpoint.extra.get("DNSSuffix", ""),
            "ServerList": [each for each in servers.split(",") if each],
        },
        "Routes": [route] if endpoint.gateway else [],
        "MacAddress": endpoint.mac,
        "Flags": _REMOTE if endpoint.remote else 0,
        "SchemaVersion": version(schema),
    }


def namespace_to_v2(item: Namespace, schema: tuple[int, int]) -> dict[str, Any]:
    """Return a namespace as a HostComputeNamespace."""
    _ = schema
    return {
        "ID": item.id.lower(),
        "NamespaceId": item.compartment,
        "Type": "HostDefault" if item.default else "",
        "Resources": [{"Type": "Endpoint", "Data": {"ID": name.lower()}} for name in item.endpoints],
        "SchemaVersion": {"Major": item.schema[0], "Minor": item.schema[1]},
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
        "ID": item.id.lower(),
        "HostComputeEndpoints": [name.removeprefix("/endpoints/").lower() for name in item.references],
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
