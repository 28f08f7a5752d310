"""HNS v1 documents: which fields they have and what their values may be (reference: hns_schema.yaml, v1.objects).

A field of an object that is not in the schema is refused: HNS is not known to take it. Those of a policy are stored
as they come, misspelt ones too; only the values that HNS is known to check are checked (claims c71, c113).
"""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MAC: Final = re.compile(r"[0-9A-Fa-f]{2}(?:([-:])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}")
_PORTS: Final = 65535
_LISTS_SINCE: Final = (7, 2)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _number(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _words(*known: Any) -> Callable[[Any], bool]:
    return lambda value: value in known


def _address(value: Any) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return isinstance(value, str)


def _prefix(value: Any) -> bool:
    try:
        ip_network(value, strict=False)
    except (ValueError, TypeError):
        return False
    return isinstance(value, str)


def _all(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _listed(check: Callable[[str], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and (not value or all(check(part.strip()) for part in value.split(",")))


def _port_range(text: str) -> bool:
    first, dash, last = text.partition("-")
    numbers = [first, last] if dash else [first]
    return all(part.isdigit() and 0 < int(part) <= _PORTS for part in numbers) and (not dash or int(first) <= int(last))


def _or_empty(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value == "" or check(value)


def _mac(value: Any) -> bool:
    return isinstance(value, str) and _MAC.fullmatch(value) is not None


def _hyphens(value: Any) -> bool:
    return _mac(value) and "-" in value


_PORT = _number(0, _PORTS)
_ADDRESSES = _listed(_prefix)
NETWORK: Final[dict[str, Any]] = {
    "ID": _text,
    "Name": _text,
    "Type": _text,
    "NetworkAdapterName": _text,
    "SourceMac": _mac,
    "Policies": lambda value: isinstance(value, list),
    "MacPools": _all(lambda value: fits(value, {"StartMacAddress": _hyphens, "EndMacAddress": _hyphens})),
    "Subnets": lambda value: isinstance(value, list),
    "DNSSuffix": _text,
    "DNSServerList": _listed(_address),
    "DNSServerCompartment": _number(0, 2**32 - 1),
    "AutomaticDNS": _flag,
    # rule: hns-fields-taken
    "Flags": _number(0, 2**32 - 1),
    "IPv6": _flag,
    "IsolateSwitch": _flag,
    "MaxConcurrentEndpoints": _number(0, 2**32 - 1),
    "AdditionalParams": lambda value: isinstance(value, dict),
}
SUBNET: Final[dict[str, Any]] = {
    "AddressPrefix": _text,
    "GatewayAddress": _address,
    "Policies": lambda value: isinstance(value, list),
    "ID": _text,
    "ObjectType": _number(5, 5),
    "Flags": _number(0, 2**32 - 1),
    "AdditionalParams": lambda value: isinstance(value, dict),
    "IpSubnets": lambda value: isinstance(value, list),
}
ENDPOINT: Final[dict[str, Any]] = {
    "ID": _text,
    "Name": _text,
    "VirtualNetwork": _text,
    "VirtualNetworkName": _text,
    "Policies": lambda value: isinstance(value, list),
    "MacAddress": _mac,
    "IPAddress": _or_empty(_address),
    "DNSSuffix": _text,
    "DNSServerList": _listed(_address),
    "DNSDomain": _text,
    "GatewayAddress": _or_empty(_address),
    # rule: hns-fields-taken
    "IsRemoteEndpoint": _flag,
    "AdditionalParams": lambda value: isinstance(value, dict),
    "Flags": _number(0, 2**32 - 1),
    "EnableInternalDNS": _flag,
    "DisableICC": _flag,
    "PrefixLength": _number(0, 32),
    "EnableLowMetric": _flag,
    "EncapOverhead": _number(0, 65535),
}
ATTACH: Final[dict[str, Any]] = {
    "ContainerId": _text,
    "SystemType": _words("Host", "Container", "VirtualMachine"),
    "CompartmentId": _number(0, 65535),
    "VirtualNicName": _text,
}
POLICY_LIST: Final[dict[str, Any]] = {
    "ID": _text,
    "References": _all(_text),
    "Policies": lambda value: isinstance(value, list),
}
#: What HNS checks of a policy: numbers, addresses and words. The rest is stored as it comes.
_POLICIES: Final[dict[str, dict[str, Any]]] = {
    "NAT": {"Protocol": _words("TCP", "UDP"), "InternalPort": _PORT, "ExternalPort": _PORT},
    "ACL": {
        "Protocol": _number(0, 256),
        "Protocols": _listed(lambda part: part.isdigit() and int(part) <= 256),
        "Action": _words("Allow", "Block"),
        "Direction": _words("In", "Out"),
        "LocalAddresses": _ADDRESSES,
        "RemoteAddresses": _ADDRESSES,
        "LocalPorts": _listed(_port_range),
        "RemotePorts": _listed(_port_range),
        "RuleType": _words("Host", "Switch"),
        "Priority": _number(0, 65535),
    },
    "QOS": {"MaximumOutgoingBandwidthInBytes": _number(1, 2**64 - 1)},
    "VLAN": {"VLAN": _number(1, 4094)},
    "VSID": {"VSID": _number(1, 2**24 - 1)},
    "ELB": {"InternalPort": _number(1, _PORTS), "ExternalPort": _number(1, _PORTS), "VIPs": _all(_address)},
}
_NEEDED: Final = {
    "NAT": ("Protocol", "InternalPort"),
    "ACL": ("Action", "Direction"),
    "QOS": ("MaximumOutgoingBandwidthInBytes",),
    "VLAN": ("VLAN",),
    "VSID": ("VSID",),
    "ELB": ("InternalPort", "ExternalPort"),
}
#: Which policies an object may carry (rule: hns-policy-types).
NETWORK_POLICIES: Final = frozenset({"VLAN", "VSID", "HostRoute", "RemoteSubnetRoute", "PROXY"})
ENDPOINT_POLICIES: Final = frozenset(
    {"NAT", "ACL", "QOS", "OutBoundNAT", "ROUTE", "PROXY", "PA", "VLAN", "VSID", "L2Driver"}
)
LIST_POLICIES: Final = frozenset({"ELB", "ROUTE"})


def fits(value: Any, fields: Mapping[str, Any]) -> bool:
    """Say whether a value is an object with these fields only, each as its check wants it."""
    return isinstance(value, dict) and all(name in fields and fields[name](item) for name, item in value.items())


def good_policies(
    policies: Any, allowed: frozenset[str], version: tuple[int, int] | None, sets: frozenset[str] = frozenset()
) -> bool:
    """Say whether these are policies that an object may carry; ``version`` is what HNS answers for itself.

    ``sets`` are the ids of the network's sets: ACLs name them where addresses stand.
    """
    return isinstance(policies, list) and all(_good(item, allowed, version, sets) for item in policies)


def acl_fits(rule: dict[str, Any], sets: frozenset[str]) -> bool:
    """Say whether a rule of a network or a tier is one that HNS takes of an endpoint."""
    return _good({**rule, "Type": "ACL"}, frozenset({"ACL"}), _LISTS_SINCE, sets)


def _good(policy: Any, allowed: frozenset[str], version: tuple[int, int] | None, sets: frozenset[str]) -> bool:
    kind = policy.get("Type") if isinstance(policy, dict) else None
    if kind not in allowed:
        return False
    checks, rest = _POLICIES.get(str(kind), {}), {name: value for name, value in policy.items() if name != "Type"}
    if kind == "ACL":
        # rule: hcn-acl-sets
        named = {name: str(rest.get(name, "")).split(",") for name in ("LocalAddresses", "RemoteAddresses")}
        rest |= {name: "" for name, words in named.items() if set(words) & sets and set(words) <= sets}
    # rule: hns-policy-unchecked
    if any(not checks[name](value) for name, value in rest.items() if name in checks):
        return False
    if any(name not in rest for name in _NEEDED.get(str(kind), ())):
        return False
    return kind != "ACL" or (version is not None and version >= _LISTS_SINCE) or not _uses_lists(rest)


def _uses_lists(acl: dict[str, Any]) -> bool:
    """Say whether an ACL needs HNS 7.2: an id, several addresses, several ports or a range of them."""
    texts = [str(acl.get(name, "")) for name in ("LocalAddresses", "RemoteAddresses", "Protocols")]
    ports = [str(acl.get(name, "")) for name in ("LocalPorts", "RemotePorts")]
    return "Id" in acl or any("," in text for text in texts + ports) or any("-" in text for text in ports)
