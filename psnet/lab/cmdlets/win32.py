"""The classes of WMI about services and adapters, as far as the host model holds them.

Properties that are missing here are refused when they are read; the services that are not simulated make the whole
list of services one that is refused, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.objects import array
from psnet.lab.cmdlets.wql import matches
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.wildcard import like
from psnet.lab.host.service_names import UNSIMULATED
from psnet.lab.values import UInt32

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.host.adapters import Adapter

_START: Final = {"Automatic": "Auto", "Manual": "Manual", "Disabled": "Disabled", "Boot": "Boot", "System": "System"}
Rows = tuple[str, list[dict[str, Any]]]


def _services(host: Any) -> Rows:
    """Return the services; a condition has to name those that are asked for (see ``named``)."""
    rows = [
        {
            "Name": item["Name"],
            "DisplayName": item["DisplayName"],
            "Caption": item["DisplayName"],
            "State": item["Status"],
            "Started": item["Status"] == "Running",
            "StartMode": _START[item.get("StartType", "Manual")],
            "Status": "OK",
            "SystemName": host.environment["COMPUTERNAME"],
            "SystemCreationClassName": "Win32_ComputerSystem",
            "CreationClassName": "Win32_Service",
        }
        for item in host.services
        if not item.get("IsDriver")
    ]
    return "Win32_Service", sorted(rows, key=lambda row: str(row["Name"]).lower())


def _hardware(item: Adapter) -> str:
    return item.mac.replace("-", ":").upper()


def _adapters(host: Any) -> Rows:
    return "Win32_NetworkAdapter", [
        {
            "Name": item.description,
            "Description": item.description,
            "NetConnectionID": item.name,
            "InterfaceIndex": UInt32(item.index),
            "MACAddress": _hardware(item),
            "GUID": "{" + item.guid.upper() + "}",
            "NetEnabled": item.status == "Up",
            "SystemName": host.environment["COMPUTERNAME"],
        }
        for item in host.links.adapters
        if item.endpoint is None
    ]


def _configurations(host: Any) -> Rows:
    rows: list[dict[str, Any]] = []
    for item in host.links.adapters:
        if item.endpoint is not None:
            continue
        addresses = [own for own in item.addresses if item.has_ip]
        gateways = [route.next_hop for route in item.routes if route.destination == "0.0.0.0/0"]
        servers = list(item.dns_servers)
        rows.append(
            {
                "Description": item.description,
                "InterfaceIndex": UInt32(item.index),
                "SettingID": "{" + item.guid.upper() + "}",
                "IPEnabled": bool(addresses),
                "DHCPEnabled": item.dhcp,
                "MACAddress": _hardware(item),
                "IPAddress": array(str(own.ip) for own in addresses) if addresses else None,
                "IPSubnet": array(str(own.netmask) for own in addresses) if addresses else None,
                "DefaultIPGateway": array(gateways) if gateways else None,
                "DNSServerSearchOrder": array(servers) if servers else None,
                "DNSHostName": host.environment["COMPUTERNAME"] if addresses else None,
            }
        )
    return "Win32_NetworkAdapterConfiguration", rows


MADE: Final[dict[str, Callable[[Any], Rows]]] = {
    "win32_service": _services,
    "win32_networkadapter": _adapters,
    "win32_networkadapterconfiguration": _configurations,
}


def chosen(name: str, rows: list[dict[str, Any]], condition: Any) -> list[dict[str, Any]]:
    """Return the instances that fit a condition; of services only those that it names are known to be all."""
    text = "" if condition is None else str(condition)
    found = rows if condition is None else [row for row in rows if matches(text, row)]
    if name == "Win32_Service":
        if "name" not in text.lower():
            raise UnsupportedError("the whole list of Win32_Service")
        wanted = re.findall(r"['\"]([^'\"]+)['\"]", text)
        other = next((each for each in UNSIMULATED.values() for pattern in wanted if _means(pattern, each)), None)
        if other is not None:
            raise UnsupportedError(f"the service {other}")
    return found


def _means(pattern: str, name: str) -> bool:
    return like(name, pattern.replace("%", "*").replace("_", "?"))
