"""Which rules a cmdlet of the NetFirewallRule family is about, and what is said when there are none.

The native property behind a parameter is in the error's id (-Name: InstanceID, -Group: RuleGroup), as CDXML's
queries report it; a pattern that finds nothing is no error, and a query by several properties has one id
without a property.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.firewall_fields import plain
from psnet.lab.cmdlets.objects import not_found
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.wildcard import like
from psnet.lab.host.firewall import Rule
from psnet.lab.host.messages import text as message
from psnet.lab.values import PSObject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext

_CLASS: Final = "MSFT_NetFirewallRule"
#: Parameter -> native property, and what a rule has there.
_PROPERTIES: Final[dict[str, tuple[str, Callable[[Rule], Any]]]] = {
    "Name": ("InstanceID", lambda rule: rule.name),
    "DisplayName": ("DisplayName", lambda rule: rule.display_name),
    "Description": ("Description", lambda rule: rule.description or ""),
    "DisplayGroup": ("DisplayGroup", lambda rule: rule.display_group or ""),
    "Group": ("RuleGroup", lambda rule: rule.group or ""),
    "Enabled": ("Enabled", lambda rule: str(rule.enabled)),
    "Direction": ("Direction", lambda rule: rule.direction),
    "Action": ("Action", lambda rule: rule.action),
    "EdgeTraversalPolicy": ("EdgeTraversalPolicy", lambda rule: rule.edge_traversal),
    "LooseSourceMapping": ("LooseSourceMapping", lambda rule: rule.loose_source_mapping),
    "LocalOnlyMapping": ("LocalOnlyMapping", lambda rule: rule.local_only_mapping),
    "Owner": ("Owner", lambda rule: rule.owner or ""),
    "PrimaryStatus": ("PrimaryStatus", lambda _: "OK"),
    "PolicyStoreSource": ("PolicyStoreSource", lambda _: "PersistentStore"),
    "PolicyStoreSourceType": ("PolicyStoreSourceType", lambda _: "Local"),
}
_ASSOCIATED: Final = tuple(
    f"AssociatedNetFirewall{kind}Filter"
    for kind in ("Address", "Application", "Interface", "InterfaceType", "Port", "Security", "Service")
)
#: What the cmdlets that choose rules know of their parameters.
SELECTORS: Final = (*_PROPERTIES, *_ASSOCIATED, "InputObject", "AssociatedNetFirewallRule", "All", "PolicyStore")


def native_rule(item: Any) -> Rule:
    """Return the rule that an object of these cmdlets is of."""
    native = item.native if isinstance(item, PSObject) else None
    if not isinstance(native, Rule):
        raise UnsupportedError("an object that is no firewall rule or filter of this session")
    return native


def chosen_rules(ctx: CmdletContext, p: Parameters, *, setting: tuple[str, ...] = ()) -> list[Rule]:
    """Return the rules that the parameters choose; ``setting`` are those that set values instead."""
    firewall = ctx.host.firewall
    for parameter in ("InputObject", "AssociatedNetFirewallRule", *_ASSOCIATED):
        given = p.list(parameter)
        if given is not None:
            return [firewall.find(native_rule(item).name) for item in given]
    conditions = [name for name in _PROPERTIES if name in p and name not in setting]
    if len(conditions) == 1:
        return list(_by_one(ctx, conditions[0], p.list(conditions[0]) or []))
    return _by_several(ctx, p, conditions)


def _by_one(ctx: CmdletContext, parameter: str, wanted: list[Any]) -> Iterator[Rule]:
    rules = ctx.host.firewall.rules
    key, read = _PROPERTIES[parameter]
    seen: set[str] = set()
    for value in map(plain, wanted):
        if parameter == "Name" and value.lower() in rules:
            found = [rules[value.lower()]]
        elif parameter == "Name" and not _is_pattern(value):
            found = []
        else:
            found = [rule for rule in list(rules.values()) if _matches(read(rule), value)]
        for rule in found:
            if rule.name not in seen:
                seen.add(rule.name)
                yield rule
        if not found and not _is_pattern(value):
            refusal = not_found(_CLASS, key, value)
            said = message("not_found_by", ctx.host.culture, _CLASS, key, value)
            kind = refusal.exception_type
            ctx.write_error(said, refusal.error_id, refusal.category, value, exception=kind)


def _by_several(ctx: CmdletContext, p: Parameters, conditions: list[str]) -> list[Rule]:
    wanted = [(_PROPERTIES[name][1], [plain(item) for item in p.list(name) or []]) for name in conditions]
    found = [
        rule
        for rule in list(ctx.host.firewall.rules.values())
        if all(any(_matches(read(rule), value) for value in values) for read, values in wanted)
    ]
    if wanted and not found and any(not _is_pattern(value) for _, values in wanted for value in values):
        ctx.write_error(
            message("not_found", ctx.host.culture, _CLASS, f"root/standardcimv2/{_CLASS}"),
            "CmdletizationQuery_NotFound",
            "ObjectNotFound",
            _CLASS,
            exception="Microsoft.PowerShell.Cmdletization.Cim.CimJobException",
        )
    return found


def _is_pattern(value: Any) -> bool:
    return isinstance(value, str) and any(mark in value for mark in "*?[")


def _matches(own: Any, wanted: Any) -> bool:
    if isinstance(own, bool) or isinstance(wanted, bool):
        return bool(own) is wanted
    if _is_pattern(wanted):
        return like(own, wanted)
    return str(own).lower() == str(wanted).lower()
