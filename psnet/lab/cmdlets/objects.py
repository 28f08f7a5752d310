"""Objects as the networking cmdlets return them, and the refusals that they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.values import Array, EnumValue, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet import Parameters

STANDARD = "root/standardcimv2"


def cim(class_name: str, properties: dict[str, Any], native: Any = None, namespace: str = STANDARD) -> PSObject:
    """Return a CIM instance with these properties."""
    made = PSObject.of(
        properties,
        f"Microsoft.Management.Infrastructure.CimInstance#{namespace}/{class_name}",
        "Microsoft.Management.Infrastructure.CimInstance",
        "System.Object",
        kind="Property",
    )
    made.native = native
    made.to_string = class_name
    return made


def enum(type_name: str, names: dict[str, int], name: str) -> EnumValue:
    """Return a value of an enumeration by its name."""
    return EnumValue(type_name, name, names[name])


def strings(values: Iterable[str]) -> Any:
    """Return one string as it is and several as String[], as firewall filters do."""
    items = list(values)
    return items[0] if len(items) == 1 else Array(list(items), "System.String")


def array(values: Iterable[Any], element: str = "System.String") -> Array:
    """Return an array."""
    return Array(list(values), element)


def only(p: Parameters, *names: str) -> None:
    """Refuse loudly what the lab does not know of a cmdlet's parameters."""
    common = {"whatif", "confirm", "passthru", "force"}
    known = {name.lower() for name in names} | common | _COMMON
    for name in p:
        if name.lower() not in known:
            raise UnsupportedError(f"parameter -{name}")


_COMMON = {
    "verbose",
    "debug",
    "erroraction",
    "errorvariable",
    "warningaction",
    "warningvariable",
    "informationaction",
    "informationvariable",
    "outvariable",
    "outbuffer",
    "pipelinevariable",
    "progressaction",
}


def not_found(class_name: str, key: str, value: object) -> HostRefusal:
    """Return the refusal of a CDXML cmdlet whose query by a property finds nothing."""
    return HostRefusal(
        f"CmdletizationQuery_NotFound_{key}",
        f"No {class_name} objects found with property '{key}' equal to '{value}'.  "
        "Verify the value of the property and retry.",
        "ObjectNotFound",
        "Microsoft.PowerShell.Cmdletization.Cim.CimJobException",
    )
