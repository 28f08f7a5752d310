"""CIM objects of the firewall: a rule, its filters joined to it by InstanceID, and profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.firewall_fields import TYPES
from psnet.lab.cmdlets.objects import array, cim, strings
from psnet.lab.dotnet.enums import members
from psnet.lab.values import EnumValue, UInt64

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.host.firewall import Profile, Rule
    from psnet.lab.values import PSObject

_PARSED: Final = "The rule was parsed successfully from the store. (65536)"


def _enum(type_name: str, text: str) -> EnumValue:
    full = f"{TYPES}.{type_name}"
    table = members(full)
    return EnumValue(full, text, sum(table[part] for part in text.split(", ")))


def _set_group(owner: PSObject, value: Any) -> None:
    """Keep what a script assigned to Group, for Set-NetFirewallRule -InputObject."""
    owner.members["group"].value = owner.members["rulegroup"].value = value


def rule_object(rule: Rule) -> PSObject:
    """Return MSFT_NetFirewallRule."""
    made = cim(
        "MSFT_NetFirewallRule",
        {
            "Name": rule.name,
            "ID": rule.name,
            "DisplayName": rule.display_name,
            "Group": rule.group,
            "Enabled": _enum("Enabled", str(rule.enabled)),
            "Profile": _enum("Profile", rule.profile),
            "Platform": array(rule.platform),
            "Direction": _enum("Direction", rule.direction),
            "Action": _enum("Action", rule.action),
            "EdgeTraversalPolicy": _enum("EdgeTraversal", rule.edge_traversal),
            "LSM": rule.loose_source_mapping,
            "PrimaryStatus": _enum("PrimaryStatus", "OK"),
            "Status": _PARSED,
            "EnforcementStatus": "NotApplicable",
            "PolicyStoreSourceType": _enum("PolicyStoreType", "Local"),
            "Caption": None,
            "Description": rule.description,
            "ElementName": rule.display_name,
            "InstanceID": rule.name,
            "CreationClassName": f"MSFT|FW|FirewallRule|{rule.name}",
            "DisplayGroup": rule.display_group,
            "LocalOnlyMapping": rule.local_only_mapping,
            "LooseSourceMapping": rule.loose_source_mapping,
            "Owner": rule.owner,
            "PolicyStoreSource": "PersistentStore",
            "RuleGroup": rule.group,
        },
        rule,
    )
    made.members["group"].setter = _set_group
    return made


def _port(rule: Rule) -> dict[str, Any]:
    return {
        "Protocol": rule.protocol,
        "LocalPort": strings(rule.local_port),
        "RemotePort": strings(rule.remote_port),
        "IcmpType": strings(rule.icmp_type),
        "DynamicTarget": _enum("DynamicTransport", "Any"),
        "DynamicTransport": _enum("DynamicTransport", "Any"),
    }


def _address(rule: Rule) -> dict[str, Any]:
    local, remote = strings(rule.local_address), strings(rule.remote_address)
    return {"LocalAddress": local, "RemoteAddress": remote, "LocalIP": local, "RemoteIP": remote}


def _application(rule: Rule) -> dict[str, Any]:
    return {"Program": rule.program, "Package": rule.package, "AppPath": rule.program}


def _service(rule: Rule) -> dict[str, Any]:
    return {"Service": rule.service, "ServiceName": rule.service}


def _interface(rule: Rule) -> dict[str, Any]:
    return {"InterfaceAlias": strings(rule.interface_alias)}


def _interface_type(rule: Rule) -> dict[str, Any]:
    return {"InterfaceType": _enum("InterfaceType", rule.interface_type)}


def _security(rule: Rule) -> dict[str, Any]:
    return {
        "Authentication": _enum("Authentication", rule.authentication),
        "Encryption": _enum("Encryption", rule.encryption),
        "OverrideBlockRules": rule.override_block_rules,
        "LocalUser": rule.local_user,
        "RemoteUser": rule.remote_user,
        "RemoteMachine": rule.remote_machine,
    }


_FILTERS: Final[dict[str, tuple[str, Callable[[Rule], dict[str, Any]]]]] = {
    "Port": ("MSFT_NetProtocolPortFilter", _port),
    "Address": ("MSFT_NetAddressFilter", _address),
    "Application": ("MSFT_NetApplicationFilter", _application),
    "Service": ("MSFT_NetServiceFilter", _service),
    "Interface": ("MSFT_NetInterfaceFilter", _interface),
    "InterfaceType": ("MSFT_NetInterfaceTypeFilter", _interface_type),
    "Security": ("MSFT_NetNetworkLayerSecurityFilter", _security),
}


def filter_class(kind: str) -> str:
    """Return the CIM class of a kind of filter."""
    return _FILTERS[kind][0]


def filter_object(kind: str, rule: Rule) -> PSObject:
    """Return a rule's filter of a kind."""
    class_name, make = _FILTERS[kind]
    properties = make(rule) | {
        "InstanceID": rule.name,
        "CreationClassName": f"MSFT|FW|FirewallRule|{rule.name}",
    }
    return cim(class_name, properties, rule)


#: Parameter of Set-NetFirewallProfile, and property of its object, -> field of the model's profile.
PROFILE_FIELDS: Final = {
    "Enabled": "enabled",
    "DefaultInboundAction": "default_inbound_action",
    "DefaultOutboundAction": "default_outbound_action",
    "AllowInboundRules": "allow_inbound_rules",
    "AllowLocalFirewallRules": "allow_local_firewall_rules",
    "AllowLocalIPsecRules": "allow_local_ipsec_rules",
    "AllowUserApps": "allow_user_apps",
    "AllowUserPorts": "allow_user_ports",
    "AllowUnicastResponseToMulticast": "allow_unicast_response_to_multicast",
    "NotifyOnListen": "notify_on_listen",
    "EnableStealthModeForIPsec": "enable_stealth_mode_for_ipsec",
    "LogFileName": "log_file_name",
    "LogMaxSizeKilobytes": "log_max_size_kilobytes",
    "LogAllowed": "log_allowed",
    "LogBlocked": "log_blocked",
    "LogIgnored": "log_ignored",
    "DisabledInterfaceAliases": "disabled_interface_aliases",
}


def profile_object(profile: Profile) -> PSObject:
    """Return MSFT_NetFirewallProfile."""
    properties: dict[str, Any] = {"Name": profile.name, "Profile": profile.name}
    for name, field in PROFILE_FIELDS.items():
        value = getattr(profile, field)
        if field == "log_max_size_kilobytes":
            properties[name] = UInt64(value)
        elif field == "disabled_interface_aliases":
            properties[name] = array(value)
        elif field == "log_file_name":
            properties[name] = value
        else:
            properties[name] = _enum("Action" if field.endswith("_action") else "GpoBoolean", value)
    properties["InstanceID"] = f"MSFT|FW|FirewallProfile|{profile.name}"
    return cim("MSFT_NetFirewallProfile", properties, profile)
