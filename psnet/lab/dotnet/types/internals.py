"""What pypsrp's copy reaches by reflection inside the host of a remote session: a closed table, the rest unsupported.

The names and the way are those of pypsrp's copy.ps1 and of PowerShell's engine/serialization.cs.
"""

from __future__ import annotations

from typing import Any, Final

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.objects import Native
from psnet.lab.dotnet.registry import method
from psnet.lab.values import EnumValue, Member, PSObject, TypeValue

_TYPE: Final = "System.Type"
_FLAGS: Final = "System.Reflection.BindingFlags"
_SMA: Final = "System.Management.Automation"
_MEMORY: Final = "MaximumAllowedMemory"
#: (type, member) -> the type of its value
_PROPERTIES: Final = {
    (f"{_SMA}.Internal.Host.InternalHost", "ExternalHost"): f"{_SMA}.Remoting.ServerRemoteHost",
    (f"{_SMA}.Remoting.AbstractServerTransportManager", "Fragmentor"): f"{_SMA}.Remoting.Fragmentor",
    (f"{_SMA}.Remoting.Fragmentor", "DeserializationContext"): f"{_SMA}.DeserializationContext",
    (f"{_SMA}.DeserializationContext", _MEMORY): "",
}
_FIELDS: Final = {
    (f"{_SMA}.Remoting.ServerRemoteHost", "_transportManager"): f"{_SMA}.Remoting.AbstractServerTransportManager"
}


@method(_TYPE, f"System.Reflection.PropertyInfo GetProperty(string name, {_FLAGS} bindingAttr)")
def _property(owner: TypeValue, name: str, flags: EnumValue) -> PSObject:
    return _reflected(owner, name, flags, _PROPERTIES, "GetProperty", "RuntimePropertyInfo")


@method(_TYPE, f"System.Reflection.FieldInfo GetField(string name, {_FLAGS} bindingAttr)")
def _field(owner: TypeValue, name: str, flags: EnumValue) -> PSObject:
    return _reflected(owner, name, flags, _FIELDS, "GetField", "RtFieldInfo")


def _reflected(
    owner: TypeValue, name: str, flags: EnumValue, table: dict[tuple[str, str], str], called: str, shown: str
) -> PSObject:
    found = table.get((owner.name, name))
    if found is None or "NonPublic" not in str(flags):
        raise UnsupportedError(f"[{_TYPE}].{called} of {name} of {owner.name}")

    def value(_: Any, _arguments: list[Any]) -> Native:
        if name == _MEMORY:
            raise UnsupportedError(f"the value of {_MEMORY}")
        return Native(found, {})

    def change(_: Any, arguments: list[Any]) -> None:
        if name != _MEMORY or arguments[1] is not None:
            raise UnsupportedError(f"a value for {name} of {owner.name}")

    members = [Member("Name", "Property", value=name), Member("GetValue", "Method", value)]
    return PSObject([*members, Member("SetValue", "Method", change)], (f"System.Reflection.{shown}", "System.Object"))
