"""Facts about the system: CIM classes, services, reserved ports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets.objects import cim, only
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


def _local(moment: datetime) -> DateTime:
    """Return a time of kind Local; the host's zone is UTC."""
    return DateTime((moment - _ZERO) // timedelta(microseconds=1) * 10, 2)


@cmdlet(
    "Get-CimInstance",
    "ClassName string 0 mandatory byname\nNamespace string byname\nProperty string[] alias=SelectProperties",
    class_name=_CIM,
    module="CimCmdlets",
)
def get_cim_instance(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the instance of a class that the lab knows; of properties that are not asked for, nothing is read."""
    wanted = {str(name).lower() for name in p.list("Property") or []}
    for made in _instances(ctx, p):
        if wanted:
            for member in made.members.values():
                member.value = member.value if member.name.lower() in wanted else None
        yield made


def _instances(ctx: CmdletContext, p: Parameters) -> Iterator[PSObject]:
    only(p, "ClassName", "Namespace", "Property")
    name = str(p["ClassName"]).lower()
    if str(p.get("Namespace") or "root/cimv2").lower().replace("\\", "/") != "root/cimv2":
        raise UnsupportedError("Get-CimInstance -Namespace")
    host = ctx.host
    if name == "win32_operatingsystem":
        yield cim(
            "Win32_OperatingSystem",
            {
                "Caption": f"Microsoft {host.os.product}",
                "Version": host.os.version,
                "BuildNumber": str(host.os.build),
                "CSName": host.environment["COMPUTERNAME"],
                "OSArchitecture": "64-bit",
                "LastBootUpTime": _local(host.clock.booted),
                "LocalDateTime": _local(host.clock.now()),
            },
            namespace="root/cimv2",
        )
    elif name == "win32_computersystem":
        yield cim(
            "Win32_ComputerSystem",
            {
                "Name": host.environment["COMPUTERNAME"],
                "Domain": "WORKGROUP",
                "PartOfDomain": False,
                "Manufacturer": "Microsoft Corporation",
                "Model": "Virtual Machine",
                "HypervisorPresent": True,
            },
            namespace="root/cimv2",
        )
    else:
        raise HostRefusal("HRESULT 0x80041010", "Invalid class ", "MetadataError")
