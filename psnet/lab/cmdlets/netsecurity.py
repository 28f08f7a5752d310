"""Firewall rules and their filters: the part of NetSecurity that manages a host's own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets.firewall_objects import FILTERS, rule_object
from psnet.lab.cmdlets.objects import not_found, only
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.wildcards import like

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.host.firewall import Rule

# Parameter -> field of the model's rule.
_FIELDS = {
    "DisplayName": "display_name",
    "Description": "description",
    "Group": "group",
    "Enabled": "enabled",
    "Profile": "profile",
    "Direction": "direction",
    "Action": "action",
    "EdgeTraversalPolicy": "edge_traversal",
    "Protocol": "protocol",
    "LocalPort": "local_port",
    "RemotePort": "remote_port",
    "IcmpType": "icmp_type",
    "LocalAddress": "local_address",
    "RemoteAddress": "remote_address",
    "Program": "program",
    "Service": "service",
    "InterfaceAlias": "interface_alias",
    "InterfaceType": "interface_type",
}
_LISTS = {"local_port", "remote_port", "icmp_type", "local_address", "remote_address", "interface_alias"}
_WORDS = {
    "direction": ("Inbound", "Outbound"),
    "action": ("NotConfigured", "Allow", "Block"),
    "edge_traversal": ("Block", "Allow", "DeferToUser", "DeferToApp"),
    "interface_type": ("Any", "Wired", "Wireless", "RemoteAccess"),
}
_PROFILES = ("Domain", "Private", "Public")


def _values(p: Parameters, names: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for parameter, field in names.items():
        if parameter not in p:
            continue
        value = p[parameter]
        if field in _LISTS:
            values[field] = [str(item) for item in p.list(parameter) or []]
        elif field == "enabled":
            values[field] = str(value).lower() in ("true", "1")
        elif field == "profile":
            values[field] = _profile(str(item) for item in p.list(parameter) or [])
        elif field in _WORDS:
            values[field] = next(word for word in _WORDS[field] if word.lower() == str(value).lower())
        else:
            values[field] = str(value)
    return values


def _profile(words: Iterator[str]) -> str:
    wanted = {part.strip().lower() for word in words for part in word.split(",")}
    if wanted & {"any", "notapplicable"}:
        return "Any"
    return ", ".join(name for name in _PROFILES if name.lower() in wanted)


def _chosen(ctx: CmdletContext, p: Parameters) -> Iterator[Rule]:
    """Yield the rules that -Name, -DisplayName, -Group or -InputObject name; report what finds nothing."""
    rules = ctx.host.firewall.rules
    given = p.list("InputObject")
    if given is not None:
        for item in given:
            yield rules[item.native.name.lower()]
        return
    for parameter, field, key in (
        ("Name", "name", "InstanceID"),
        ("DisplayName", "display_name", "DisplayName"),
        ("Group", "group", "RuleGroup"),
    ):
        wanted = p.list(parameter)
        for text in map(str, wanted or []):
            found = _matching(rules, field, text)
            yield from found
            if not found and "*" not in text:
                refusal = not_found("MSFT_NetFirewallRule", key, text)
                ctx.write_error(
                    refusal.message,
                    refusal.error_id,
                    refusal.category,
                    text,
                    exception=refusal.exception_type,
                )
        if wanted is not None:
            return
    yield from list(rules.values())


def _matching(rules: dict[str, Rule], field: str, text: str) -> list[Rule]:
    if field == "name" and text.lower() in rules:
        return [rules[text.lower()]]
    return [rule for rule in rules.values() if like(getattr(rule, field) or "", text)]


@cmdlet("New-NetFirewallRule")
def new_net_firewall_rule(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Make a rule."""
    only(p, "Name", *_FIELDS)
    values = _values(p, _FIELDS)
    if "Name" in p:
        values["name"] = str(p["Name"])
    if ctx.should_process(values["display_name"], "New-NetFirewallRule"):
        yield rule_object(ctx.host.firewall.create(values))


@cmdlet("Get-NetFirewallRule")
def get_net_firewall_rule(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return rules."""
    only(p, "Name", "DisplayName", "Group", "All", "Enabled", "Direction", "Action")
    filters = _values(p, {name: _FIELDS[name] for name in ("Enabled", "Direction", "Action")})
    for rule in _chosen(ctx, p):
        if all(getattr(rule, field) == value for field, value in filters.items()):
            yield rule_object(rule)


@cmdlet("Set-NetFirewallRule")
def set_net_firewall_rule(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Change rules."""
    only(p, "Name", "InputObject", "NewDisplayName", *_FIELDS)
    names = {key: field for key, field in _FIELDS.items() if key not in ("DisplayName", "Group")}
    values = _values(p, names | {"NewDisplayName": "display_name"})
    for rule in list(_chosen(ctx, p)):
        if ctx.should_process(rule.name, "Set-NetFirewallRule"):
            changed = ctx.host.firewall.change(rule, values)
            if p.switch("PassThru"):
                yield rule_object(changed)


@cmdlet("Remove-NetFirewallRule")
def remove_net_firewall_rule(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Remove rules."""
    only(p, "Name", "DisplayName", "Group", "InputObject", "All")
    for rule in list(_chosen(ctx, p)):
        if ctx.should_process(rule.name, "Remove-NetFirewallRule"):
            ctx.host.firewall.remove(rule)
            if p.switch("PassThru"):
                yield rule_object(rule)


def _enable(ctx: CmdletContext, p: Parameters, *, enabled: bool) -> Iterator[Any]:
    only(p, "Name", "DisplayName", "Group", "InputObject", "All")
    for rule in list(_chosen(ctx, p)):
        if ctx.should_process(rule.name, "Enable" if enabled else "Disable"):
            changed = ctx.host.firewall.change(rule, {"enabled": enabled})
            if p.switch("PassThru"):
                yield rule_object(changed)


@cmdlet("Enable-NetFirewallRule")
def enable_net_firewall_rule(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Enable rules."""
    yield from _enable(ctx, p, enabled=True)


@cmdlet("Disable-NetFirewallRule")
def disable_net_firewall_rule(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Disable rules."""
    yield from _enable(ctx, p, enabled=False)


@cmdlet("Rename-NetFirewallRule")
def rename_net_firewall_rule(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Give a rule another name."""
    only(p, "Name", "DisplayName", "Group", "InputObject", "NewName")
    for rule in list(_chosen(ctx, p)):
        if ctx.should_process(rule.name, "Rename-NetFirewallRule"):
            changed = ctx.host.firewall.rename(rule, str(p["NewName"]))
            if p.switch("PassThru"):
                yield rule_object(changed)


def _filter(ctx: CmdletContext, p: Parameters, kind: str) -> Iterator[Any]:
    only(p, "All", "AssociatedNetFirewallRule", "PolicyStore")
    make = FILTERS[kind]
    associated = p.list("AssociatedNetFirewallRule")
    rules = ctx.host.firewall.rules
    chosen = [rules[item.native.name.lower()] for item in associated] if associated else list(rules.values())
    yield from map(make, chosen)


@cmdlet("Get-NetFirewallPortFilter")
def get_port_filter(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return port filters."""
    yield from _filter(ctx, p, "Port")


@cmdlet("Get-NetFirewallAddressFilter")
def get_address_filter(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return address filters."""
    yield from _filter(ctx, p, "Address")


@cmdlet("Get-NetFirewallApplicationFilter")
def get_application_filter(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return application filters."""
    yield from _filter(ctx, p, "Application")


@cmdlet("Get-NetFirewallServiceFilter")
def get_service_filter(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return service filters."""
    yield from _filter(ctx, p, "Service")


@cmdlet("Get-NetFirewallInterfaceFilter")
def get_interface_filter(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return interface filters."""
    yield from _filter(ctx, p, "Interface")


@cmdlet("Get-NetFirewallInterfaceTypeFilter")
def get_interface_type_filter(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return interface type filters."""
    yield from _filter(ctx, p, "InterfaceType")
