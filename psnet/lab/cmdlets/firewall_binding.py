"""What the reference data cannot say about the firewall cmdlets' parameters: enumerations and CIM classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.firewall_fields import FILTERS, TYPES
from psnet.lab.cmdlets.firewall_objects import filter_class
from psnet.lab.dotnet.enums import members
from psnet.lab.dotnet.errors import make_exception
from psnet.lab.engine.net import convert_parameter
from psnet.lab.values import Array, ArrayList, DotNetError, GenericList, PSObject
from psnet.powershell.facts.cmdlets import entries

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.engine.cmdlet import Registry

_RULE: Final = "MSFT_NetFirewallRule"
_PROFILE: Final = "MSFT_NetFirewallProfile"
# Told apart by their names: each set is distinct, and Enabled's stands before GpoBoolean's, which has one more.
_ENUMERATIONS: Final = (
    "Enabled",
    "GpoBoolean",
    "Action",
    "Direction",
    "EdgeTraversal",
    "Profile",
    "InterfaceType",
    "DynamicTransport",
    "Authentication",
    "Encryption",
    "PrimaryStatus",
    "PolicyStoreType",
)


def firewall_entries(docset: str) -> list[dict[str, Any]]:
    """Return the module's cmdlets of a documentation set, their enumerations with their real types."""
    return [
        {**item, "parameters": {name: _typed(fact) for name, fact in item["parameters"].items()}}
        for item in entries("NetSecurity", docset)
    ]


def _typed(fact: dict[str, Any]) -> dict[str, Any]:
    accepted = set(fact.get("accepted_values") or ())
    found = next((name for name in _ENUMERATIONS if accepted and accepted <= members(f"{TYPES}.{name}").keys()), None)
    if found is None:
        return fact
    listed = "[]" if str(fact["type"]).endswith("[]") else ""
    kept = {key: value for key, value in fact.items() if key != "accepted_values"}
    return {**kept, "type": f"{TYPES}.{found}{listed}"}


def refine(registry: Registry) -> None:
    """Let CIM parameters take objects of their class only, so that pipelines choose the right parameter set.

    These cmdlets are functions (CDXML): their parameters convert as a function's do, with its error ids.
    """
    for spec in registry.cmdlets.values():
        if "-NetFirewall" not in spec.name:
            continue
        for info in spec.metadata.parameters.values():
            wanted = _class_of(spec.name, info.name)
            if wanted is not None:
                info.steps = (_only_class(wanted),)
            elif info.steps is None and not info.common and not info.is_switch:
                info.steps = (_conversion(info.type_name),)


def _conversion(type_name: str) -> Callable[[Any], Any]:
    return lambda value: convert_parameter(value, type_name)


def _class_of(cmdlet_name: str, parameter: str) -> str | None:
    """Return the CIM class that a parameter takes, None where it takes something else."""
    noun = parameter.removeprefix("Associated")
    if parameter == "InputObject":
        noun = cmdlet_name.split("-", 1)[1]
    elif noun == parameter:
        return None
    kinds = {f"NetFirewall{kind}Filter": filter_class(kind) for kind in FILTERS}
    known = {"NetFirewallRule": _RULE, "NetFirewallProfile": _PROFILE, **kinds}
    return known.get(noun, f"MSFT_{noun}")


def _only_class(class_name: str) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        plain = value.base if isinstance(value, PSObject) and value.base is not None else value
        items = list(plain) if isinstance(plain, Array | ArrayList | GenericList) else [value]
        if not all(_is_class(item, class_name) for item in items):
            raise DotNetError(
                make_exception(
                    "System.Management.Automation.PSInvalidCastException",
                    f"The argument is no Microsoft.Management.Infrastructure.CimInstance#{class_name}.",
                )
            )
        return value

    return check


def _is_class(item: Any, class_name: str) -> bool:
    return isinstance(item, PSObject) and any(name.endswith(f"/{class_name}") for name in item.type_names)
