"""Adapters, addresses and virtual switches: parts of NetAdapter, NetTCPIP and Hyper-V."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets.objects import array, cim, enum, not_found, only
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.wildcard import like
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.adapters import DEFAULT, Route
from psnet.lab.host.messages import text
from psnet.lab.host.refusal import HostRefusal, win32
from psnet.lab.values import Byte, PSObject, TimeSpan, UInt16, UInt32

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Interface, IPv6Interface

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.host.adapters import Adapter, Switch

    Own = IPv4Interface | IPv6Interface

_ORIGIN = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetIPAddress.PrefixOrigin"
_FAMILY = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetIPAddress.AddressFamily"
_ADDRESS_TYPE = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetIPAddress.Type"
#: The lifetime of an address that was set by hand: [TimeSpan]::MaxValue.
_FOREVER = TimeSpan((1 << 63) - 1)
_ORIGINS = {"Manual": 1, "WellKnown": 2, "Dhcp": 3}
_SUFFIX = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetIPAddress.SuffixOrigin"
_SUFFIXES = {"Manual": 1, "Dhcp": 3, "Link": 4}
_FAMILIES = {"IPv4": 2, "IPv6": 23}
_IPV6 = 6
_STATE = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetIPAddress.AddressState"
_STATES = {"Invalid": 0, "Tentative": 1, "Duplicate": 2, "Deprecated": 3, "Preferred": 4}
_TYPE = "Microsoft.HyperV.PowerShell.VMSwitchType"
_TYPES = {"Private": 0, "Internal": 1, "External": 2}


def _adapter(item: Adapter) -> Any:
    return cim(
        "MSFT_NetAdapter",
        {
            "Name": item.name,
            "InterfaceDescription": item.description,
            "ifIndex": UInt32(item.index),
            "InterfaceIndex": UInt32(item.index),
            "InterfaceAlias": item.name,
            "ifAlias": item.name,
            "ifDesc": item.description,
            "InterfaceGuid": "{" + item.guid.upper() + "}",
            "Status": item.status,
            "MacAddress": item.mac,
            "LinkSpeed": item.link_speed,
            "MtuSize": UInt32(item.mtu),
            "Virtual": item.virtual,
            "MediaType": item.media,
            "VlanID": None if item.virtual else UInt16(item.vlan),  # rule: adapter-vlan
        },
        item,
    )


@cmdlet("Get-NetAdapter")
def get_net_adapter(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return adapters."""
    only(p, "Name", "Physical", "InterfaceIndex", "IncludeHidden")
    names, numbers = p.list("Name"), p.list("InterfaceIndex")
    found = [
        item
        for item in ctx.host.links.adapters
        if (names is None or any(like(item.name, str(name)) for name in names))
        and (numbers is None or item.index in [int(number) for number in numbers])
        and not (p.switch("Physical") and item.virtual)
    ]
    if names is not None and not found and not any("*" in str(name) for name in names):
        raise not_found("MSFT_NetAdapter", "Name", names[0])
    yield from map(_adapter, found)


def _origins(item: Adapter, own: Own) -> tuple[str, str]:
    """Return where the prefix and the rest of an address come from."""
    if own.version == _IPV6:
        return ("WellKnown", "Link") if own.ip.is_link_local else ("Manual", "Manual")
    word = "Dhcp" if item.dhcp and not item.manual else "Manual"
    return word, word


def _address(item: Adapter, own: Own, state: str = "Preferred", store: str = "ActiveStore") -> Any:
    family = "IPv6" if own.version == _IPV6 else "IPv4"
    prefix, suffix = _origins(item, own)
    return cim(
        "MSFT_NetIPAddress",
        {
            "IPAddress": str(own.ip),
            f"{family}Address": str(own.ip),
            "InterfaceIndex": UInt32(item.index),
            "InterfaceAlias": item.name,
            "AddressFamily": enum(_FAMILY, _FAMILIES, family),
            "Type": enum(_ADDRESS_TYPE, {"Unicast": 1}, "Unicast"),
            "PrefixLength": Byte(own.network.prefixlen),
            "PrefixOrigin": enum(_ORIGIN, _ORIGINS, prefix),
            "SuffixOrigin": enum(_SUFFIX, _SUFFIXES, suffix),
            "AddressState": enum(_STATE, _STATES, state),
            **({} if item.dhcp and not item.manual else {"ValidLifetime": _FOREVER, "PreferredLifetime": _FOREVER}),
            "SkipAsSource": False,
            "PolicyStore": store,
        },
        (item, own),
    )


def address_rows(ctx: CmdletContext, p: Parameters) -> list[tuple[Adapter, Own]]:
    """Return the addresses that the usual parameters choose; one that is named and missing is refused."""
    addresses, aliases, numbers = p.list("IPAddress"), p.list("InterfaceAlias"), p.list("InterfaceIndex")
    families = [str(family).lower() for family in p.list("AddressFamily") or _FAMILIES]
    found = [
        (item, own)
        for item in ctx.host.links.adapters
        for own in item.all_addresses
        if (addresses is None or str(own.ip) in [str(one) for one in addresses])
        and (aliases is None or any(like(item.name, str(alias)) for alias in aliases))
        and (numbers is None or item.index in [int(number) for number in numbers])
        and f"ipv{own.version}" in families
    ]
    if addresses is not None and not found:
        raise not_found("MSFT_NetIPAddress", "IPAddress", addresses[0])
    return found


@cmdlet("Get-NetIPAddress")
def get_net_ip_address(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return addresses."""
    only(p, "IPAddress", "InterfaceAlias", "InterfaceIndex", "AddressFamily")
    for item, own in address_rows(ctx, p):
        yield _address(item, own)


@cmdlet("New-NetIPAddress")
def new_net_ip_address(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Give an interface an address."""
    only(p, "IPAddress", "InterfaceAlias", "InterfaceIndex", "PrefixLength", "DefaultGateway", "AddressFamily")
    links = ctx.host.links
    number = p.get("InterfaceIndex")
    item = next((one for one in links.adapters if number is not None and one.index == int(number)), None)
    item = item or links.adapter(str(p.get("InterfaceAlias") or ""))
    if item is None:
        raise not_found("MSFT_NetIPInterface", "InterfaceAlias", p.get("InterfaceAlias"))
    if ctx.should_process("MSFT_NetIPAddress", "New"):
        gateway = p.get("DefaultGateway")
        if gateway and any(route.destination == DEFAULT for one in links.adapters for route in one.routes):
            raise win32(87, ctx.host.culture, text=text("gateway_exists", ctx.host.culture))
        whole = 128 if ":" in str(p["IPAddress"]) else 32
        made = links.add_address(item, f"{p['IPAddress']}/{int(p.get('PrefixLength', whole))}")
        if gateway:
            item.routes.append(Route(DEFAULT, str(gateway), 256))
        # rule: address-twice
        yield _address(item, made, "Tentative")
        yield _address(item, made, "Invalid", "PersistentStore")


def _below(ctx: CmdletContext, item: Switch, uplink: Adapter | None) -> str | None:
    # rule: default-switch-teamed
    if ctx.host.os.build == 17134 and item.name == "Default Switch":
        return "Teamed-Interface"
    if item.team:
        return "Teamed-Interface"  # rule: hns-embedded-team
    return uplink.description if uplink else None


def _all_below(ctx: CmdletContext, item: Switch) -> Any:
    # rule: switch-adapters
    found = [ctx.host.links.adapter(name) for name in (item.adapter or "", *item.team)]
    return array([each.description for each in found if each is not None])


def _switch(ctx: CmdletContext, item: Switch) -> PSObject:
    uplink = ctx.host.links.adapter(item.adapter) if item.adapter else None
    made = PSObject.of(
        {
            "Name": item.name,
            "Id": item.id,
            "SwitchType": enum(_TYPE, _TYPES, item.type),
            "NetAdapterInterfaceDescription": _below(ctx, item, uplink),
            "NetAdapterInterfaceDescriptions": _all_below(ctx, item),
            "EmbeddedTeamingEnabled": bool(item.team),
            "AllowManagementOS": item.type != "Private",
        },
        "Microsoft.HyperV.PowerShell.VMSwitch",
        "System.Object",
        kind="Property",
    )
    made.native = item
    return made


@cmdlet("Get-VMSwitch", cim=False)
def get_vm_switch(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return virtual switches."""
    only(p, "Name", "SwitchType")
    names, types = p.list("Name"), p.list("SwitchType")
    for item in list(ctx.host.links.switches):
        if ctx.host.os.build == 18362 and item.network is not None and item.type == "Internal":
            continue  # rule: nat-switch-unlisted
        named = names is None or any(like(item.name, str(name)) for name in names)
        if named and (types is None or item.type.lower() in [str(word).lower() for word in types]):
            yield _switch(ctx, item)


@cmdlet("New-VMSwitch", class_name="Microsoft.HyperV.PowerShell.Commands.NewVMSwitch", cim=False)
def new_vm_switch(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Make a virtual switch."""
    only(p, "Name", "SwitchType", "NetAdapterName", "AllowManagementOS")
    if "AllowManagementOS" in p and not p["AllowManagementOS"]:
        raise UnsupportedError("New-VMSwitch -AllowManagementOS of False")
    named = p.list("NetAdapterName") or []
    if len(named) > 1:
        raise UnsupportedError("a switch over several adapters (embedded teaming)")
    adapter = str(named[0]) if named else None
    if ctx.should_process(str(p["Name"]), "New-VMSwitch"):
        kind = "External" if adapter else str(p["SwitchType"]).capitalize()
        yield _switch(ctx, ctx.host.links.add_switch(str(p["Name"]), kind, adapter))


@cmdlet("Remove-VMSwitch", cim=False)
def remove_vm_switch(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Remove virtual switches by name."""
    only(p, "Name")
    for name in map(str, p.list("Name") or []):
        item = ctx.host.links.switch(name)
        if item is None:
            raise HostRefusal(
                "InvalidParameter",
                f'Hyper-V was unable to find a virtual switch with name "{name}".',
                "InvalidArgument",
                "Microsoft.HyperV.PowerShell.VirtualizationException",
            )
        if ctx.should_process(name, "Remove-VMSwitch"):
            ctx.host.links.remove_switch(item)
    yield from ()
