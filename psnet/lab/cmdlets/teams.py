"""Teams of Windows' own (NetLbfo): their members and their interfaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets.objects import array, cim, not_found, only
from psnet.lab.dotnet.wildcard import like
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.values import UInt32

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.host.adapters import Adapter

# rule: lbfo-team


def _teams(ctx: CmdletContext, names: list[Any] | None) -> list[Adapter]:
    return [
        item
        for item in ctx.host.links.adapters
        if item.members and (names is None or any(like(item.team, str(name)) for name in names))
    ]


def _interfaces(ctx: CmdletContext, team: str) -> list[Adapter]:
    return [item for item in ctx.host.links.adapters if item.kind == "team" and item.team == team]


@cmdlet("Get-NetLbfoTeam", "Name string[] 0", module="NetLbfo", cim=True)
def get_net_lbfo_team(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the teams of the host."""
    only(p, "Name")
    names = p.list("Name")
    found = _teams(ctx, names)
    if not found and names is not None and not any("*" in str(name) for name in names):
        raise not_found("MSFT_NetLbfoTeam", "Name", names[0])
    for item in found:
        nics = [each.name for each in _interfaces(ctx, item.team)]
        values = {"Name": item.team, "Members": array(item.members), "TeamNics": array(nics)}
        yield cim("MSFT_NetLbfoTeam", values, item)


@cmdlet("Get-NetLbfoTeamMember", "Name string[] 0\nTeam string[] 1", module="NetLbfo", cim=True)
def get_net_lbfo_team_member(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the adapters of teams."""
    only(p, "Name", "Team")
    names = p.list("Name")
    for item in _teams(ctx, p.list("Team")):
        for member in item.members:
            if names is None or any(like(member, str(name)) for name in names):
                below = ctx.host.links.adapter(member)
                description = below.description if below is not None else ""
                values = {"Name": member, "InterfaceDescription": description, "Team": item.team}
                yield cim("MSFT_NetLbfoTeamMember", values, below)


@cmdlet("Get-NetLbfoTeamNic", "Name string[] 0\nTeam string[] 1", module="NetLbfo", cim=True)
def get_net_lbfo_team_nic(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the interfaces of teams: the one of the team, and one a VLAN."""
    only(p, "Name", "Team")
    names = p.list("Name")
    for item in _teams(ctx, p.list("Team")):
        for nic in _interfaces(ctx, item.team):
            if names is None or any(like(nic.name, str(name)) for name in names):
                values = {
                    "Name": nic.name,
                    "InterfaceDescription": nic.description,
                    "Team": item.team,
                    "VlanID": UInt32(nic.vlan) if nic.vlan else None,
                    "Primary": nic is item,
                    "Default": nic is item and not nic.vlan,
                }
                yield cim("MSFT_NetLbfoTeamNic", values, nic)
