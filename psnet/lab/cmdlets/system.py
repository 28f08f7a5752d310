"""Facts about the system: CIM classes, services, reserved ports."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets.objects import cim, only
from psnet.lab.cmdlets.win32 import MADE, chosen
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.values import DateTime, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext

_ZERO = datetime(1, 1, 1, tzinfo=UTC)
_CIM = "Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand"

_SELECT = re.compile(
    r"\s*select\s+[\w*,\s]+?\s+from\s+(?P<name>\w+)(?:\s+where\s+(?P<where>.+?))?\s*", re.IGNORECASE | re.DOTALL
)

#: Classes that every Windows Server has and the lab does not simulate (Microsoft Learn, Win32 Provider).
_REFUSED = frozenset(
    f"win32_{name}"
    for name in [
        "process",
        "networkadaptersetting",
        "logicaldisk",
        "bios",
        "processor",
        "physicalmemory",
        "diskdrive",
        "diskpartition",
        "volume",
        "product",
        "quickfixengineering",
        "useraccount",
        "group",
        "share",
        "optionalfeature",
        "serverfeature",
        "ntlogevent",
        "ntdomain",
        "ip4routetable",
        "environment",
        "timezone",
        "localtime",
        "pnpentity",
        "pnpsigneddriver",
        "computersystemproduct",
        "baseboard",
        "systemenclosure",
        "session",
        "logonsession",
        "startupcommand",
        "systemdriver",
        "pagefileusage",
        "pagefilesetting",
        "registry",
        "printer",
        "networkconnection",
        "networkprotocol",
        "groupuser",
        "systemaccount",
        "account",
        "sid",
        "systemservices",
        "dependentservice",
        "directory",
        "tcpipprinterport",
        "scheduledjob",
        "utctime",
        "powerplan",
        "battery",
    ]
)


def _local(moment: datetime) -> DateTime:
    """Return a time of kind Local; the host's zone is UTC."""
    return DateTime((moment - _ZERO) // timedelta(microseconds=1) * 10, 2)


_CIM_PARAMETERS = """
ClassName string @ClassNameComputerSet:0:mandatory:byname
Query string @QueryComputerSet:mandatory:byname
Namespace string byname
Filter string @ClassNameComputerSet:byname
Property string[] @ClassNameComputerSet alias=SelectProperties
"""


@cmdlet("Get-CimInstance", _CIM_PARAMETERS, class_name=_CIM, module="CimCmdlets", default_set="ClassNameComputerSet")
def get_cim_instance(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the instances that a WQL condition wants; of properties that are not asked for, nothing is read."""
    only(p, "ClassName", "Namespace", "Filter", "Query", "Property")
    if "Query" in p:
        found = _SELECT.fullmatch(str(p["Query"]))
        if found is None:
            raise UnsupportedError(f"the query {p['Query']}")
        name, wanted = found["name"], found["where"]
    else:
        name, wanted = str(p["ClassName"]), p.get("Filter")
    space = str(p.get("Namespace") or "root/cimv2").lower().replace("\\", "/")
    if space != "root/cimv2":
        raise UnsupportedError("Get-CimInstance -Namespace")
    asked = {str(each).lower() for each in p.list("Property") or []}
    shown, rows = _rows(ctx, name)
    for row in chosen(shown, rows, wanted):
        read = {key: value if not asked or key.lower() in asked else None for key, value in row.items()}
        yield cim(shown, read, namespace="root/cimv2")


@cmdlet(
    "Get-WmiObject",
    """
    Class string @query:0:mandatory alias=ClassName
    Property string[] @query:1
    Filter string @query
    Query string @WQLQuery:mandatory
    Namespace string alias=NS
    ComputerName string[] alias=Cn
    """,
    class_name="GetWmiObjectCommand",
    module="Microsoft.PowerShell.Management",
    default_set="query",
    aliases=("gwmi",),
)
def get_wmi_object(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the same instances as ManagementObject; other classes than those that are known are refused."""
    only(p, "Class", "Filter", "Query")
    found = _SELECT.fullmatch(str(p["Query"])) if "Query" in p else None
    if "Query" in p and found is None:
        raise UnsupportedError(f"the query {p['Query']}")
    name, wanted = (found["name"], found["where"]) if found else (str(p["Class"]), p.get("Filter"))
    shown, rows = _rows(ctx, name)
    for row in chosen(shown, rows, wanted):
        kind = f"System.Management.ManagementObject#root\\cimv2\\{shown}"
        yield PSObject.of(
            {**row, "__CLASS": shown}, kind, "System.Management.ManagementObject", "System.Object", kind="Property"
        )


def _rows(ctx: CmdletContext, name: str) -> tuple[str, list[dict[str, Any]]]:
    """Return a class's name as WMI writes it, and the properties of its instances."""
    host = ctx.host
    if name.lower() == "win32_operatingsystem":
        return "Win32_OperatingSystem", [
            {
                "Caption": f"Microsoft {host.os.product}",
                "Version": host.os.version,
                "BuildNumber": str(host.os.build),
                "CSName": host.environment["COMPUTERNAME"],
                "OSArchitecture": "64-bit",
                "LastBootUpTime": _local(host.clock.booted),
                "LocalDateTime": _local(host.clock.now()),
            }
        ]
    if name.lower() == "win32_computersystem":
        return "Win32_ComputerSystem", [
            {
                "Name": host.environment["COMPUTERNAME"],
                "Domain": "WORKGROUP",
                "PartOfDomain": False,
                "Manufacturer": "Microsoft Corporation",
                "Model": "Virtual Machine",
                "HypervisorPresent": True,
            }
        ]
    if name.lower() in MADE:
        return MADE[name.lower()](host)
    if name.lower() in _REFUSED or name.lower().startswith(("cim_", "win32_perf", "__")):
        raise UnsupportedError(f"the class {name}")
    raise HostRefusal("HRESULT 0x80041010", "Invalid class ", "MetadataError")
