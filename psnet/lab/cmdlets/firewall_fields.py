"""Parameters of the firewall cmdlets, and the fields of the model that they set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.values import EnumValue

if TYPE_CHECKING:
    from psnet.lab.engine.cmdlet import Parameters

#: Where the module's enumerations live.
TYPES: Final = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetSecurity"

#: Parameter -> field of a rule, by the filter that the parameter is of.
RULE: Final = {
    "DisplayName": "display_name",
    "Description": "description",
    "Group": "group",
    "Enabled": "enabled",
    "Profile": "profile",
    "Platform": "platform",
    "Direction": "direction",
    "Action": "action",
    "EdgeTraversalPolicy": "edge_traversal",
    "LooseSourceMapping": "loose_source_mapping",
    "LocalOnlyMapping": "local_only_mapping",
    "Owner": "owner",
}
FILTERS: Final[dict[str, dict[str, str]]] = {
    "Port": {
        "Protocol": "protocol",
        "LocalPort": "local_port",
        "RemotePort": "remote_port",
        "IcmpType": "icmp_type",
        "DynamicTarget": "",
    },
    "Address": {"LocalAddress": "local_address", "RemoteAddress": "remote_address"},
    "Application": {"Program": "program", "Package": "package"},
    "Service": {"Service": "service"},
    "Interface": {"InterfaceAlias": "interface_alias"},
    "InterfaceType": {"InterfaceType": "interface_type"},
    "Security": {
        "Authentication": "authentication",
        "Encryption": "encryption",
        "OverrideBlockRules": "override_block_rules",
        "LocalUser": "local_user",
        "RemoteUser": "remote_user",
        "RemoteMachine": "remote_machine",
    },
}
#: What New-NetFirewallRule takes; Set-NetFirewallRule has no -Group to set and -NewDisplayName for the name.
NEW: Final = RULE | {name: field for part in FILTERS.values() for name, field in part.items()}
SET: Final = {name: field for name, field in NEW.items() if name not in ("Group", "DisplayName")} | {
    "NewDisplayName": "display_name"
}
_LISTS: Final = {"platform", "local_port", "remote_port", "icmp_type", "local_address", "remote_address"} | {
    "interface_alias",
    "disabled_interface_aliases",
}


def plain(value: Any) -> Any:
    """Return a bound value as the model takes it: an enumeration's value by its name."""
    if isinstance(value, EnumValue):
        return value.name
    return value if isinstance(value, bool | int) else str(value)


def field_values(p: Parameters, names: dict[str, str]) -> dict[str, Any]:
    """Return the fields that bound parameters set."""
    values: dict[str, Any] = {}
    for parameter, field in names.items():
        if parameter not in p:
            continue
        if not field:
            _only_any(parameter, plain(p[parameter]))
        elif field in _LISTS:
            values[field] = [str(item) for item in p.list(parameter) or []]
        elif field == "enabled":
            values[field] = str(plain(p[parameter])).lower() == "true"
        else:
            values[field] = plain(p[parameter])
    return values


def _only_any(parameter: str, value: Any) -> None:
    if str(value).lower() != "any":
        raise UnsupportedError(f"-{parameter} {value}")


def check_store(p: Parameters, *, reads: bool) -> None:
    """Refuse policy stores other than this host's own; reading the active one gives the same rules here."""
    store = str(p.get("PolicyStore") or "PersistentStore").lower()
    known = {"persistentstore", "activestore"} if reads else {"persistentstore"}
    if store not in known:
        raise UnsupportedError(f"-PolicyStore {p['PolicyStore']}")
