"""The filters of firewall rules, and the profiles: Get- and Set-."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets.firewall_fields import FILTERS, check_store, field_values, plain
from psnet.lab.cmdlets.firewall_objects import PROFILE_FIELDS, filter_class, filter_object, profile_object
from psnet.lab.cmdlets.firewall_select import native_rule
from psnet.lab.cmdlets.objects import not_found, only
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.wildcard import like
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.firewall import Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.host.firewall import Rule

    Implementation = Callable[[CmdletContext, Parameters], Iterator[Any]]


def _getter(kind: str) -> Implementation:
    fields = FILTERS[kind]

    @cmdlet(f"Get-NetFirewall{kind}Filter")
    def get_filter(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
        """Return the filters of all rules, of those given, or of those with these values."""
        only(p, "All", "AssociatedNetFirewallRule", "PolicyStore", *fields)
        check_store(p, reads=True)
        associated = p.list("AssociatedNetFirewallRule")
        firewall = ctx.host.firewall
        if associated is not None:
            rules = [firewall.find(native_rule(item).name) for item in associated]
        else:
            rules = list(firewall.rules.values())
        wanted = {name: [plain(item) for item in p.list(name) or []] for name in fields if name in p}
        found = [rule for rule in rules if all(_has(rule, fields[name], wanted[name]) for name in wanted)]
        if wanted and not found:
            name, values = next(iter(wanted.items()))
            raise not_found(filter_class(kind), name, values[0] if values else "")
        for rule in found:
            yield filter_object(kind, rule)

    return get_filter


def _has(rule: Rule, field: str, values: list[Any]) -> bool:
    own = getattr(rule, field) if field else "Any"
    return any(own is value if isinstance(own, bool) else like(str(own or ""), str(value)) for value in values)


def _setter(kind: str) -> Implementation:
    fields = FILTERS[kind]

    @cmdlet(f"Set-NetFirewall{kind}Filter")
    def set_filter(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
        """Change the filters given; all filters of a store at once are never meant."""
        only(p, "InputObject", *fields)
        items = p.list("InputObject")
        if items is None:
            raise UnsupportedError(f"Set-NetFirewall{kind}Filter without -InputObject")
        values = field_values(p, fields)
        for item in items:
            rule = ctx.host.firewall.find(native_rule(item).name)
            if ctx.should_process(f"InstanceID: {rule.name}", f"Set-NetFirewall{kind}Filter"):
                changed = ctx.host.firewall.change(rule, values)
                if p.switch("PassThru"):
                    yield filter_object(kind, changed)

    return set_filter


get_port_filter, set_port_filter = _getter("Port"), _setter("Port")
get_address_filter, set_address_filter = _getter("Address"), _setter("Address")
get_application_filter, set_application_filter = _getter("Application"), _setter("Application")
get_service_filter, set_service_filter = _getter("Service"), _setter("Service")
get_interface_filter, set_interface_filter = _getter("Interface"), _setter("Interface")
get_interface_type_filter, set_interface_type_filter = _getter("InterfaceType"), _setter("InterfaceType")
get_security_filter, set_security_filter = _getter("Security"), _setter("Security")


@cmdlet("Get-NetFirewallProfile")
def get_net_firewall_profile(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return profiles; those of a rule with -AssociatedNetFirewallRule."""
    only(p, "All", "Name", "PolicyStore", "AssociatedNetFirewallRule")
    check_store(p, reads=True)
    yield from map(profile_object, _profiles(ctx, p))


@cmdlet("Set-NetFirewallProfile")
def set_net_firewall_profile(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Change settings of profiles."""
    only(p, "All", "Name", "PolicyStore", "InputObject", *PROFILE_FIELDS)
    check_store(p, reads=False)
    values = field_values(p, {name: field for name, field in PROFILE_FIELDS.items() if name != "Enabled"})
    if "Enabled" in p:
        values["enabled"] = plain(p["Enabled"])
    for profile in _profiles(ctx, p):
        if ctx.should_process(f"InstanceID: MSFT|FW|FirewallProfile|{profile.name}", "Set-NetFirewallProfile"):
            changed = ctx.host.firewall.change_profile(profile.name, values)
            if p.switch("PassThru"):
                yield profile_object(changed)


def _profiles(ctx: CmdletContext, p: Parameters) -> list[Profile]:
    profiles: dict[str, Profile] = ctx.host.firewall.profiles
    given = p.list("InputObject")
    if given is not None:
        names = [item.native.name for item in given if isinstance(getattr(item, "native", None), Profile)]
        if len(names) != len(given):
            raise UnsupportedError("an object that is no firewall profile of this session")
        return [profiles[name] for name in names]
    associated = p.list("AssociatedNetFirewallRule")
    if associated is not None:
        words = native_rule(associated[0]).profile
        return [item for item in profiles.values() if words == "Any" or item.name in words.split(", ")]
    wanted = [str(plain(item)) for item in p.list("Name") or []]
    found: list[Profile] = []
    for text in wanted:
        matching = [item for item in profiles.values() if like(item.name, text)]
        if not matching and "*" not in text:
            refusal = not_found("MSFT_NetFirewallProfile", "Name", text)
            ctx.write_error(refusal.message, refusal.error_id, refusal.category, text, exception=refusal.exception_type)
        found += [item for item in matching if item not in found]
    return found if wanted else list(profiles.values())
