"""The NetFirewallRule family over the host's firewall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets.firewall_fields import NEW, SET, check_store, field_values
from psnet.lab.cmdlets.firewall_objects import rule_object
from psnet.lab.cmdlets.firewall_select import SELECTORS, chosen_rules
from psnet.lab.cmdlets.objects import only
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.refusal import HostRefusal, win32
from psnet.lab.values import PSObject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.host.firewall import Rule

_SELECTS_OF_SET = ("Name", "DisplayName", "DisplayGroup", "Group", "InputObject", "PolicyStore")
_SETS = tuple(name for name in SET if name not in ("Group", "DisplayName"))


@cmdlet("New-NetFirewallRule")
def new_net_firewall_rule(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Make a rule."""
    only(p, "Name", "PolicyStore", *NEW)
    check_store(p, reads=False)
    values = field_values(p, NEW)
    if "Name" in p:
        values["name"] = str(p["Name"])
    if ctx.should_process(f"DisplayName: {values['display_name']}", "New-NetFirewallRule"):
        yield rule_object(ctx.host.firewall.create(values))


@cmdlet("Get-NetFirewallRule")
def get_net_firewall_rule(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return rules."""
    only(p, *SELECTORS)
    check_store(p, reads=True)
    yield from map(rule_object, chosen_rules(ctx, p))


@cmdlet("Set-NetFirewallRule")
def set_net_firewall_rule(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Change rules; with -InputObject also the group that a script assigned to the object."""
    only(p, *_SELECTS_OF_SET, *_SETS)
    values = field_values(p, SET)
    groups = dict(map(_assigned_group, p.list("InputObject") or []))

    def change(rule: Rule) -> Rule:
        changed: Rule = ctx.host.firewall.change(rule, values | groups.get(rule.name, {}))
        return changed

    yield from _each(ctx, p, change, setting=_SETS)


def _assigned_group(item: Any) -> tuple[str, dict[str, Any]]:
    rule = item.native if isinstance(item, PSObject) else None
    if rule is None:
        return "", {}
    group = item.members["group"].value
    return rule.name, {} if group == rule.group else {"group": group}


@cmdlet("Remove-NetFirewallRule")
def remove_net_firewall_rule(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Remove rules."""
    only(p, *SELECTORS)

    def remove(rule: Rule) -> Rule:
        ctx.host.firewall.remove(rule)
        return rule

    yield from _each(ctx, p, remove)


@cmdlet("Enable-NetFirewallRule")
def enable_net_firewall_rule(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Enable rules."""
    only(p, *SELECTORS)
    yield from _each(ctx, p, lambda rule: ctx.host.firewall.change(rule, {"enabled": True}))


@cmdlet("Disable-NetFirewallRule")
def disable_net_firewall_rule(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Disable rules."""
    only(p, *SELECTORS)
    yield from _each(ctx, p, lambda rule: ctx.host.firewall.change(rule, {"enabled": False}))


@cmdlet("Rename-NetFirewallRule")
def rename_net_firewall_rule(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Give a rule another name."""
    only(p, *SELECTORS, "NewName")
    name = str(p["NewName"])
    yield from _each(ctx, p, lambda rule: ctx.host.firewall.rename(rule, name))


@cmdlet("Copy-NetFirewallRule")
def copy_net_firewall_rule(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Make a rule like another one; without another name it is there already."""
    only(p, *SELECTORS, "NewName")

    def copy(rule: Rule) -> Rule:
        if "NewName" not in p:
            raise win32(183, ctx.host.culture)
        copied: Rule = ctx.host.firewall.copy(rule, str(p["NewName"]))
        return copied

    yield from _each(ctx, p, copy)


def _each(
    ctx: CmdletContext, p: Parameters, act: Callable[[Rule], Rule], *, setting: tuple[str, ...] = ()
) -> Iterator[Any]:
    """Do something to each chosen rule; what is refused for one is reported, and the next has its turn."""
    check_store(p, reads=False)
    action = ctx.processor.command_name
    for rule in chosen_rules(ctx, p, setting=setting):
        if not ctx.should_process(f"InstanceID: {rule.name}", action):
            continue
        try:
            changed = act(rule)
        except HostRefusal as refusal:
            ctx.write_error(
                refusal.message, refusal.error_id, refusal.category, rule.name, exception=refusal.exception_type
            )
            continue
        if p.switch("PassThru"):
            yield rule_object(changed)
