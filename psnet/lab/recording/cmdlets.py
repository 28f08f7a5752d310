"""Cmdlets of a host that plays a recording: Get- gives what was recorded, the other verbs of the noun are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets import windows_and_general
from psnet.lab.cmdlets.objects import cim, not_found
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.tostring import to_string
from psnet.lab.dotnet.wildcard import like
from psnet.lab.engine.cmdlet import CmdletSpec, Registry
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.values import Array, PSObject
from psnet.recording import questions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.labhost import LabHost
    from psnet.lab.recording.answers import Answers

#: Switches that choose nothing among what was recorded.
_SWITCHES: Final = frozenset({"all", "managementos", "includehidden", "physical"})
#: Fields that one cmdlet shows under two names.
_TWINS: Final = (("ifIndex", "InterfaceIndex"), ("DisplayGroup", "Group"), ("Name", "InterfaceAlias"))
#: What every object of a cmdlet has, whether a report shows it or not.
_FIELDS: Final = {
    "Get-NetNat": "ExternalIPInterfaceAddressPrefix InternalIPInterfaceAddressPrefix Store Active",
    "Get-NetNatStaticMapping": "NatName Protocol RemoteExternalIPAddressPrefix ExternalIPAddress ExternalPort "
    "InternalIPAddress InternalPort Active",
    "Get-NetNatExternalAddress": "NatName IPAddress PortStart PortEnd Active",
    "Get-NetAdapter": "InterfaceDescription ifIndex InterfaceIndex InterfaceAlias InterfaceGuid Status MacAddress "
    "LinkSpeed Virtual MediaType",
    "Get-NetIPAddress": "InterfaceAlias InterfaceIndex AddressFamily PrefixLength PrefixOrigin SkipAsSource",
    "Get-NetIPInterface": "InterfaceIndex ifIndex AddressFamily NlMtu InterfaceMetric Dhcp ConnectionState PolicyStore",
    "Get-NetRoute": "NextHop InterfaceIndex ifIndex InterfaceAlias RouteMetric",
    "Get-VMSwitch": "Id SwitchType NetAdapterInterfaceDescription AllowManagementOS",
    "Get-VMNetworkAdapter": "IsManagementOs SwitchName MacAddress Status",
    "Get-NetFirewallRule": "DisplayName Description Group DisplayGroup Enabled Profile Direction Action "
    "EdgeTraversalPolicy InstanceID",
}
_FILTERS: Final = {
    "Get-NetFirewallPortFilter": ("PortFilter", "Protocol LocalPort RemotePort IcmpType DynamicTarget"),
    "Get-NetFirewallAddressFilter": ("AddressFilter", "LocalAddress RemoteAddress"),
    "Get-NetFirewallApplicationFilter": ("ApplicationFilter", "Program Package"),
    "Get-NetFirewallServiceFilter": ("ServiceFilter", "Service"),
    "Get-NetFirewallInterfaceFilter": ("InterfaceFilter", "InterfaceAlias"),
    "Get-NetFirewallInterfaceTypeFilter": ("InterfaceTypeFilter", "InterfaceType"),
}
_NO_FILTER: Final = "Any"


def recorded_registry(host: LabHost, answers: Answers) -> Registry:
    """Return the host's cmdlets with those of the recording in their place."""
    usual = windows_and_general(host.os)
    made = Registry().joined(usual)
    for name in questions.CMDLETS:
        spec = usual.find(name)
        rows = answers.objects(name)
        if spec is None or name == "Get-Service" or (rows is None and name not in answers.failed):
            continue
        _put(
            made,
            spec,
            _failing(answers.failed[name])
            if name in answers.failed
            else _giving(name, rows or [], whole=answers.complete_objects),
        )
        for other in usual.cmdlets.values():
            verb, _, noun = other.name.partition("-")
            if noun.lower() == name.partition("-")[2].lower() and verb != "Get":
                _put(made, other, _refusing(other.name))
        if name == "Get-NetFirewallRule":
            for filter_name, (part, fields) in _FILTERS.items():
                found = usual.find(filter_name)
                if found is not None:
                    _put(made, found, _giving(filter_name, [_filter(row, part, fields) for row in rows or []]))
    spec = usual.find("Get-CimInstance")
    assert spec is not None  # noqa: S101 - every Windows has it
    _put(made, spec, _system(spec, answers))
    return made


def _put(registry: Registry, spec: CmdletSpec, implementation: Callable[..., Iterator[Any]]) -> None:
    made = CmdletSpec(spec.name, implementation, spec.parameters, spec.class_name, spec.module, spec.cim, spec.options)
    made.is_function, made.aliases = spec.is_function, spec.aliases
    made.metadata = spec.metadata
    registry.add_spec(made)


def _failing(error: tuple[str, str, str]) -> Callable[..., Iterator[Any]]:
    identifier, text, category = error

    def fail(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
        _ = ctx, p
        raise HostRefusal(identifier.partition(",")[0], text, category)
        yield

    return fail


def _refusing(name: str) -> Callable[..., Iterator[Any]]:
    def refuse(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
        _ = ctx, p
        raise UnsupportedError(f"{name} on a host that plays a recording: it answers questions only")
        yield

    return refuse


def _giving(name: str, rows: list[dict[str, Any]], *, whole: bool = True) -> Callable[..., Iterator[Any]]:
    objects = [_object(name, row, place, whole=whole) for place, row in enumerate(rows, 1)]

    def give(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
        chosen = objects
        for given, value in p.items():
            if given.lower() in _SWITCHES or given.lower() in _COMMON:
                continue
            wanted = [to_string(item) for item in p.list(given) or [value]]
            chosen = [item for item in chosen if _matches(item, given, wanted)]
            if not chosen and not any("*" in word or "?" in word for word in wanted):
                raise not_found(f"MSFT_{name.partition('-')[2]}", given, wanted[0])
        _ = ctx
        yield from chosen

    return give


_COMMON: Final = frozenset({"erroraction", "warningaction", "verbose", "debug", "errorvariable", "outvariable"})


def _matches(item: PSObject, field: str, wanted: list[str]) -> bool:
    member = item.members.get(field.lower())
    if member is None:
        raise UnsupportedError(f"-{field} of a cmdlet whose recording does not show it")
    shown = to_string(member.value)
    return any(like(shown, word) for word in wanted)


def _object(name: str, row: dict[str, Any], place: int, *, whole: bool) -> PSObject:
    shown = "InstanceID" if name == "Get-NetFirewallRule" else "" if whole else _FIELDS.get(name, "")
    values = dict.fromkeys(shown.split()) | row
    if "ifIndex" in values and not {"ifIndex", "InterfaceIndex"} & set(row):
        values["ifIndex"] = place  # what a report does not show has some value on every host
    for one, other in _TWINS:
        if one in values and other in values:
            values[one] = values[other] = values[one] if values[one] is not None else values[other]
    if name == "Get-NetFirewallRule":
        values["InstanceID"] = values["InstanceID"] or row.get("Name")
    noun = name.partition("-")[2]
    return cim(f"MSFT_{noun}", {key: _value(value) for key, value in values.items()})


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return PSObject.of({key: _value(item) for key, item in value.items()}, "System.Object", kind="NoteProperty")
    return Array([_value(item) for item in value], "System.Object") if isinstance(value, list) else value


def _filter(row: dict[str, Any], part: str, fields: str) -> dict[str, Any]:
    shown = row.get(part) or {}
    return {"InstanceID": row.get("InstanceID") or row.get("Name")} | dict.fromkeys(fields.split(), _NO_FILTER) | shown


def _system(spec: CmdletSpec, answers: Answers) -> Callable[..., Iterator[Any]]:
    recorded = {
        "win32_operatingsystem": answers.objects(questions.SYSTEM),
        "win32_computersystem": answers.objects(questions.COMPUTER),
    }

    def instance(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
        rows = recorded.get(str(p["ClassName"]).lower())
        if not rows:
            yield from spec.implementation(ctx, p)
            return
        (usual,) = spec.implementation(ctx, p)
        values = {member.name: member.value for member in usual.members.values()}
        yield cim(str(p["ClassName"]), values | rows[0], namespace="root/cimv2")

    return instance
