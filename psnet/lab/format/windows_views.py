"""The views of Windows PowerShell's and Windows' own format files: which columns a type has, how wide, in which groups.

Widths are those of the format files of PowerShell's public source and of outputs on Microsoft Learn; a class of
Windows' network stack whose view is not known is refused instead of shown by all its properties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.dateformat import format_datetime
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.members import find_own
from psnet.lab.dotnet.numformat import format_number
from psnet.lab.dotnet.tostring import to_string
from psnet.lab.dotnet.typenames import unwrap
from psnet.lab.format.columns import Column
from psnet.lab.format.view import View, details, table
from psnet.lab.values import DateTime, TimeSpan

if TYPE_CHECKING:
    from collections.abc import Callable

_GIB: Final = 1024**3
FOREVER: Final = TimeSpan((1 << 63) - 1)


def _own(item: Any, name: str) -> Any:
    return find_own(item, name)[1]


def _folder(item: Any) -> str:
    """Return the heading of a run of files: the folder in which they are."""
    return f"    Directory: {to_string(_own(item, 'PSParentPath')).rpartition('::')[2]}"


def _parent_path(label: str) -> Callable[[Any], str]:
    return lambda item: f"{label}: {to_string(_own(item, 'PSParentPath'))}"


def _written(item: Any) -> str:
    moment = unwrap(_own(item, "LastWriteTime"))
    if not isinstance(moment, DateTime):
        return ""
    culture = current().culture
    return f"{format_datetime(moment, 'd', culture):>10}  {format_datetime(moment, 't', culture):>8}"


def _gigabytes(name: str) -> Callable[[Any], Any]:
    def shown(item: Any) -> Any:
        used, free = unwrap(_own(item, "Used")), unwrap(_own(item, "Free"))
        return (
            format_number(float(unwrap(_own(item, name))) / _GIB, "###0.00", "System.Double") if used or free else None
        )

    return shown


def _provider(item: Any) -> Any:
    return _own(_own(item, "Provider"), "Name")


def _root(item: Any) -> Any:
    shown = _own(item, "DisplayRoot")
    return _own(item, "Root") if shown is None else shown


def _commands(item: Any) -> Any:
    return _own(_own(item, "ExportedCommands"), "Keys")


def _family(item: Any) -> Any:
    return {2: "IPv4", 23: "IPv6"}.get(unwrap(_own(item, "AddressFamily")), _own(item, "AddressFamily"))


def _unknown(what: str) -> View:
    raise UnsupportedError(f"the display of {what}")


def _lifetime(name: str) -> Callable[[Any], Any]:
    def shown(item: Any) -> Any:
        span = unwrap(_own(item, name))
        if not isinstance(span, TimeSpan):
            raise UnsupportedError(f"the {name} of an address that DHCP gave")
        return "Infinite ([TimeSpan]::MaxValue)" if span.ticks == FOREVER.ticks else span

    return shown


_FILES: Final = View(
    "table",
    (
        Column("Mode", "Mode", None, 7, 1),
        Column("LastWriteTime", _written, None, 25, 3),
        Column("Length", "Length", None, 14, 3),
        Column("Name", "Name", None, 0, 1),
    ),
    group=_folder,
    group_gap=2,
    details=details("Name Length CreationTime LastWriteTime LastAccessTime Mode LinkType Target VersionInfo"),
)
_DRIVE: Final = View(
    "table",
    (
        Column("Name", "Name", None, 10, 1),
        Column("Used (GB)", _gigabytes("Used"), None, 13, 3),
        Column("Free (GB)", _gigabytes("Free"), None, 13, 3),
        Column("Provider", _provider, None, 13, 1),
        Column("Root", _root, None, 35, 1),
        Column("CurrentLocation", "CurrentLocation", None, 0, 3),
    ),
    details=details("Name Description Provider Root CurrentLocation"),
)
_MODULE: Final = View(
    "table",
    (
        Column("ModuleType", "ModuleType", None, 10, 1),
        Column("Version", "Version", None, 10, 1),
        Column("Name", "Name", None, 35, 1),
        Column("ExportedCommands", _commands, None, 0, 1),
    ),
)
_DNS: Final = View(
    "table",
    (
        Column("InterfaceAlias", "InterfaceAlias", None, 28, 1),
        Column("Interface Index", "InterfaceIndex", None, 9, 1, 3),
        Column("Address Family", _family, None, 7, 1),
        Column("ServerAddresses", "ServerAddresses", None, 0, 1),
    ),
)
_SERVICE: Final = table(
    "Status:8 Name:18 DisplayName:38",
    "Name DisplayName Status DependentServices ServicesDependedOn CanPauseAndContinue CanShutdown CanStop ServiceType",
)
_LISTENERS: Final = View(
    "table",
    (
        Column("Type", "TypeNameOfElement", None, 15, 1),
        Column("Keys", "Keys", None, 35, 1),
        Column("Name", "Name", None, 0, 1),
    ),
    group=_parent_path("   WSManConfig"),
)
_SETTINGS: Final = View(
    "table",
    (
        Column("Type", "TypeNameOfElement", None, 15, 1),
        Column("Name", "Name", None, 30, 1),
        Column("SourceOfValue", "SourceOfValue", None, 15, 1),
        Column("Value", "Value", None, 0, 1),
    ),
    group=_parent_path("   WSManConfig"),
)
_ANSWERED: Final = View(
    "list", details("ComputerName RemoteAddress RemotePort InterfaceAlias SourceAddress TcpTestSucceeded")
)
_UNRESOLVED: Final = View("list", details("ComputerName RemoteAddress InterfaceAlias SourceAddress PingSucceeded"))
_UNANSWERED: Final = View(
    "list",
    (
        *details("ComputerName RemoteAddress RemotePort InterfaceAlias SourceAddress PingSucceeded"),
        Column("PingReplyDetails (RTT)", lambda _: "0 ms"),
        *details("TcpTestSucceeded"),
    ),
)
_GROUP: Final = "Count:5:r Name:25"

#: Types of .NET and PowerShell, in lower case.
TYPES: Final[dict[str, View | Callable[[Any], View]]] = {
    "system.io.fileinfo": _FILES,
    "system.io.directoryinfo": _FILES,
    "system.serviceprocess.servicecontroller": _SERVICE,
    "system.diagnostics.process": table(
        "Handles:7:r NPM(K)=NPMK:7:r PM(K)=PMK:8:r WS(K)=WSK:10:r CPU(s)=CPU:10:r Id:7:r SI:3:r ProcessName"
    ),
    "system.management.automation.psdriveinfo": _DRIVE,
    "system.management.automation.psmoduleinfo": _MODULE,
    "system.management.automation.pathinfo": table("Path"),
    "system.management.automation.psremotingjob": table(
        "Id:6 Name:15 PSJobTypeName:15 State:13 HasMoreData:15 Location:20 Command:25"
    ),
    "system.management.automation.providerinfo": table("Name:20 Capabilities Drives"),
    "system.globalization.cultureinfo": table("LCID:16 Name:16 DisplayName"),
    "system.diagnostics.eventlog": table(
        "Max(K)=MaximumKilobytes:8:r Retain=MinimumRetentionDays:6:r OverflowAction:18 Entries:10:r Log"
    ),
    "microsoft.powershell.utility.filehash": table("Algorithm:15 Hash:70 Path"),
    "microsoft.powershell.commands.groupinfo": table(f"{_GROUP} Group", "Name Count Group Values"),
    "microsoft.powershell.commands.groupinfonoelement": table(_GROUP, "Name Count Values"),
    "system.security.cryptography.x509certificates.x509certificate2": View(
        "table",
        (Column("Thumbprint", "Thumbprint", None, 41, 1), Column("Subject", "Subject", None, 0, 1)),
        group=_parent_path("   PSParentPath"),
        details=details("Subject Issuer Thumbprint FriendlyName NotBefore NotAfter Extensions"),
    ),
    "microsoft.wsman.management.wsmanconfigcontainerelement": lambda item: (
        _LISTENERS if find_own(item, "Keys")[0] else _SETTINGS
    ),
    "microsoft.wsman.management.wsmanconfigleafelement": _SETTINGS,
    "mamlcommandhelpinfo": lambda _: _unknown("the help of a function"),
    "mamlcommandhelpinfo#parameter": lambda _: _unknown("the help of a parameter"),
    "mamlcommandhelpinfo#example": lambda _: _unknown("an example of a function's help"),
    "mamlcommandhelpinfo#examples": lambda _: _unknown("the examples of a function's help"),
    "microsoft.win32.registrykey": lambda _: _unknown("a registry key"),
    "testnetconnectionresult": lambda item: (
        _UNRESOLVED
        if not find_own(item, "RemotePort")[0]
        else _UNANSWERED
        if find_own(item, "PingSucceeded")[0]
        else _ANSWERED
    ),
    "microsoft.hyperv.powershell.vmswitch": table("Name SwitchType NetAdapterInterfaceDescription", autosize=True),
    "microsoft.hyperv.powershell.vmnetworkadapter": table(
        "Name IsManagementOs VMName SwitchName MacAddress Status IPAddresses", autosize=True
    ),
    "microsoft.hyperv.powershell.vminternalnetworkadapter": table(
        "Name IsManagementOs VMName SwitchName MacAddress Status IPAddresses", autosize=True
    ),
}

_ADDRESS: Final = "IPAddress InterfaceIndex InterfaceAlias AddressFamily Type PrefixLength PrefixOrigin SuffixOrigin"
_RULE: Final = (
    "Name DisplayName Description DisplayGroup Group Enabled Profile Platform Direction Action EdgeTraversalPolicy"
    " LooseSourceMapping LocalOnlyMapping Owner PrimaryStatus Status EnforcementStatus PolicyStoreSource"
    " PolicyStoreSourceType"
)
_NAT: Final = (
    "Name ExternalIPInterfaceAddressPrefix InternalIPInterfaceAddressPrefix IcmpQueryTimeout"
    " TcpEstablishedConnectionTimeout TcpTransientConnectionTimeout TcpFilteringBehavior UdpFilteringBehavior"
    " UdpIdleSessionTimeout UdpInboundRefresh Store Active"
)
_MAPPING: Final = (
    "StaticMappingID NatName Protocol RemoteExternalIPAddressPrefix ExternalIPAddress ExternalPort InternalIPAddress"
    " InternalPort InternalRoutingDomainId Active"
)

#: Classes of CIM, by namespace/class in lower case.
CLASSES: Final[dict[str, View]] = {
    "root/standardcimv2/msft_netadapter": table(
        "Name:25 InterfaceDescription:39 ifIndex:7:r Status:12 MacAddress:17 LinkSpeed:14:r"
    ),
    "root/standardcimv2/msft_netadapterbindingsettingdata": table("Name:30 DisplayName:50 ComponentID:20 Enabled"),
    "root/standardcimv2/msft_netipinterface": table(
        "ifIndex:7 InterfaceAlias:31 AddressFamily:13 NlMtu(Bytes)=NlMtu:12:r InterfaceMetric:15:r Dhcp:8"
        " ConnectionState:15 PolicyStore"
    ),
    "root/standardcimv2/msft_nettcpconnection": table(
        "LocalAddress:35 LocalPort:9 RemoteAddress:35 RemotePort:10 State:11 AppliedSetting:14 OwningProcess"
    ),
    "root/standardcimv2/msft_netudpendpoint": table("LocalAddress:40 LocalPort:9"),
    "root/standardcimv2/msft_dnsclientserveraddress": _DNS,
    "root/standardcimv2/msft_netipaddress": View(
        "list",
        (
            *details(f"{_ADDRESS} AddressState"),
            Column("ValidLifetime", _lifetime("ValidLifetime")),
            Column("PreferredLifetime", _lifetime("PreferredLifetime")),
            *details("SkipAsSource PolicyStore"),
        ),
    ),
    "root/standardcimv2/msft_netfirewallrule": View("list", details(_RULE)),
    "root/standardcimv2/msft_netprotocolportfilter": View(
        "list", details("Protocol LocalPort RemotePort IcmpType DynamicTarget")
    ),
    "root/standardcimv2/msft_netaddressfilter": View("list", details("LocalAddress RemoteAddress")),
    "root/standardcimv2/msft_netnat": View("list", details(_NAT)),
    "root/standardcimv2/msft_netnatstaticmapping": View("list", details(_MAPPING)),
}
