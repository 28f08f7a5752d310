"""A firewall rule's CIM objects: the rule and one filter of each kind, joined by InstanceID."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets.objects import cim, enum, strings
from psnet.lab.values import EnumValue

if TYPE_CHECKING:
    from psnet.lab.host.firewall import Rule
    from psnet.lab.values import PSObject

_BASE = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetSecurity"
_PROFILES = {"Domain": 1, "Private": 2, "Public": 4}


def rule_object(rule: Rule) -> PSObject:
    """Return MSFT_NetFirewallRule."""
    return cim(
        "MSFT_NetFirewallRule",
        {
            "Name": rule.name,
            "ID": rule.name,
            "DisplayName": rule.display_name,
            "Group": rule.group,
            "Enabled": enum(f"{_BASE}.Enabled", {"True": 1, "False": 2}, str(rule.enabled)),
            "Profile": _profile(rule.profile),
            "Direction": enum(f"{_BASE}.Direction", {"Inbound": 1, "Outbound": 2}, rule.direction),
            "Action": enum(f"{_BASE}.Action", {"NotConfigured": 0, "Allow": 2, "Block": 4}, rule.action),
            "EdgeTraversalPolicy": enum(
                f"{_BASE}.EdgeTraversal",
                {"Block": 0, "Allow": 1, "DeferToUser": 2, "DeferToApp": 3},
                rule.edge_traversal,
            ),
            "Description": rule.description,
            "DisplayGroup": rule.group,
            "InstanceID": rule.name,
            "RuleGroup": rule.group,
            "PolicyStoreSource": "PersistentStore",
        },
        rule,
    )


def _profile(text: str) -> EnumValue:
    value = sum(_PROFILES.get(part, 0) for part in text.split(", "))
    return EnumValue(f"{_BASE}.Profile", text, value)


def _port(rule: Rule) -> PSObject:
    return cim(
        "MSFT_NetProtocolPortFilter",
        {
            "Protocol": rule.protocol,
            "LocalPort": strings(rule.local_port),
            "RemotePort": strings(rule.remote_port),
            "IcmpType": strings(rule.icmp_type),
            "DynamicTarget": enum(f"{_BASE}.DynamicTransport", {"Any": 0}, "Any"),
            "InstanceID": rule.name,
        },
    )


def _address(rule: Rule) -> PSObject:
    return cim(
        "MSFT_NetAddressFilter",
        {
            "LocalAddress": strings(rule.local_address),
            "RemoteAddress": strings(rule.remote_address),
            "InstanceID": rule.name,
        },
    )


def _application(rule: Rule) -> PSObject:
    return cim("MSFT_NetApplicationFilter", {"Program": rule.program, "Package": None, "InstanceID": rule.name})


def _service(rule: Rule) -> PSObject:
    return cim("MSFT_NetServiceFilter", {"Service": rule.service, "InstanceID": rule.name})


def _interface(rule: Rule) -> PSObject:
    properties: dict[str, Any] = {"InterfaceAlias": strings(rule.interface_alias), "InstanceID": rule.name}
    return cim("MSFT_NetInterfaceFilter", properties)


def _interface_type(rule: Rule) -> PSObject:
    names = {"Any": 0, "Wired": 1, "Wireless": 2, "RemoteAccess": 4}
    kind = enum(f"{_BASE}.InterfaceType", names, rule.interface_type)
    return cim("MSFT_NetInterfaceTypeFilter", {"InterfaceType": kind, "InstanceID": rule.name})


FILTERS = {
    "Port": _port,
    "Address": _address,
    "Application": _application,
    "Service": _service,
    "Interface": _interface,
    "InterfaceType": _interface_type,
}
