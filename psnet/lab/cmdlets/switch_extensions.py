"""Extensions of virtual switches: what is on, and switching one off and on, as administrators do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets.objects import only
from psnet.lab.dotnet.wildcard import like
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.hns.document_parts import extensions
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.values import PSObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.host.adapters import Switch


def _found(ctx: CmdletContext, p: Parameters) -> Iterator[tuple[Switch, dict[str, Any]]]:
    """Yield (switch, extension) of the named switches; those of an HNS network as its document has them."""
    names = [str(name) for name in p.list("Name") or ["*"]]
    for word in map(str, p.list("VMSwitchName") or []):
        switches = [item for item in ctx.host.links.switches if like(item.name, word)]
        if not switches and "*" not in word:
            raise HostRefusal(
                "InvalidParameter",
                f'Hyper-V was unable to find a virtual switch with name "{word}".',
                "InvalidArgument",
                "Microsoft.HyperV.PowerShell.VirtualizationException",
            )
        for switch in switches:
            network = next((item for item in ctx.host.hns.networks if item.id == switch.network), None)
            for row in extensions(ctx.host.os.build, network.type if network else ""):  # rule: vmswitch-extensions
                row.setdefault("Name", row["Id"])
                if any(like(row["Name"], name) for name in names):
                    off = row["Id"].lower() in switch.extensions_off
                    yield switch, row | {"IsEnabled": row["IsEnabled"] and not off}


def _object(switch: Switch, row: dict[str, Any]) -> PSObject:
    return PSObject.of(
        {
            "Id": str(row["Id"]).upper(),
            "Name": row["Name"],
            "Vendor": "Microsoft",
            "SwitchName": switch.name,
            "SwitchId": switch.id,
            "Enabled": row["IsEnabled"],
            "Running": row["IsEnabled"],
        },
        "Microsoft.HyperV.PowerShell.EthernetSwitchExtension",
        "System.Object",
        kind="Property",
    )


@cmdlet("Get-VMSwitchExtension", cim=False)
def get_vm_switch_extension(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the extensions of switches."""
    only(p, "VMSwitchName", "Name")
    for switch, row in _found(ctx, p):
        yield _object(switch, row)


@cmdlet("Disable-VMSwitchExtension", cim=False)
def disable_vm_switch_extension(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Switch extensions off."""
    only(p, "VMSwitchName", "Name")
    for switch, row in list(_found(ctx, p)):
        switch.extensions_off.add(row["Id"].lower())
        yield _object(switch, row | {"IsEnabled": False})
