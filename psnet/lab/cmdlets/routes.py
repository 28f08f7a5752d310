"""Routes, DNS servers and the removal of addresses: parts of NetTCPIP and DnsClient."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.links import address_rows
from psnet.lab.cmdlets.objects import array, cim, enum, not_found, only
from psnet.lab.dotnet.wildcard import like
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.adapters import Route
from psnet.lab.host.messages import text
from psnet.lab.host.refusal import HostRefusal, win32
from psnet.lab.values import UInt16, UInt32

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.host.adapters import Adapter

_FAMILY: Final = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetRoute.AddressFamily"
_LINK: Final = "0.0.0.0"  # noqa: S104 - the next hop of what is on the link
_IPV4: Final = 2


def _all_routes(ctx: CmdletContext) -> list[tuple[Adapter, Route]]:
    """Return every IPv4 route: those of the addresses' own prefixes, and those that were added."""
    found = []
    for item in ctx.host.links.adapters:
        found += [(item, route) for route in item.routes]
        for own in item.addresses:
            found.append((item, Route(str(own.network), _LINK, 256)))
            found.append((item, Route(f"{own.ip}/32", _LINK, 256)))
    return found


def _route(item: Adapter, route: Route, build: int) -> Any:
    metric = {"ifMetric": UInt32(item.metric)} if build >= 17763 else {}  # rule: route-view
    return cim(
        "MSFT_NetRoute",
        {
            "DestinationPrefix": route.destination,
            "NextHop": route.next_hop,
            "InterfaceIndex": UInt32(item.index),
            "ifIndex": UInt32(item.index),
            "InterfaceAlias": item.name,
            "AddressFamily": enum(_FAMILY, {"IPv4": _IPV4}, "IPv4"),
            "RouteMetric": UInt16(route.metric),
            **metric,
            "PolicyStore": "ActiveStore",
        },
        (item, route),
    )


def _chosen(ctx: CmdletContext, p: Parameters, keys: tuple[str, ...]) -> list[tuple[Adapter, Route]]:
    only(p, "DestinationPrefix", "NextHop", "InterfaceAlias", "InterfaceIndex", "AddressFamily", "InputObject")
    given = p.list("InputObject")
    if given is not None:
        return [one.native for one in given]
    wanted = {key: [str(value) for value in p.list(key) or []] for key in keys if key in p}
    found = []
    for item, route in _all_routes(ctx):
        values = {
            "DestinationPrefix": route.destination,
            "NextHop": route.next_hop,
            "InterfaceAlias": item.name,
            "InterfaceIndex": str(item.index),
            "AddressFamily": "IPv4",
        }
        if all(any(like(values[key], value) for value in options) for key, options in wanted.items()):
            found.append((item, route))
    if not found and wanted and not any("*" in value for values in wanted.values() for value in values):
        key = next(key for key in keys if key in wanted)
        raise not_found("MSFT_NetRoute", key, wanted[key][0])
    return found


_KEYS: Final = ("DestinationPrefix", "NextHop", "InterfaceAlias", "InterfaceIndex", "AddressFamily")


@cmdlet("Get-NetRoute")
def get_net_route(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return IPv4 routes."""
    for item, route in _chosen(ctx, p, _KEYS):
        yield _route(item, route, ctx.host.os.build)


def _interface(ctx: CmdletContext, p: Parameters, class_name: str) -> Adapter:
    number, alias = p.get("InterfaceIndex"), p.get("InterfaceAlias")
    adapters: list[Adapter] = ctx.host.links.adapters
    for item in adapters:
        if (number is not None and item.index == int(number)) or (
            alias is not None and item.name.lower() == str(alias).lower()
        ):
            return item
    key = "InterfaceIndex" if alias is None else "InterfaceAlias"
    raise not_found(class_name, key, p.get(key))


@cmdlet("New-NetRoute")
def new_net_route(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Add a route; one that is there already is error 87 with its own words, as for an address."""
    only(p, "DestinationPrefix", "InterfaceAlias", "InterfaceIndex", "NextHop", "RouteMetric", "AddressFamily")
    item = _interface(ctx, p, "MSFT_NetIPInterface")
    try:
        destination = str(IPv4Network(str(p["DestinationPrefix"])))
        hop = str(p.get("NextHop") or _LINK)
        IPv4Network(hop)
    except ValueError:
        raise win32(87, ctx.host.culture) from None
    if any(
        (route.destination, route.next_hop) == (destination, hop) and one is item for one, route in _all_routes(ctx)
    ):
        raise win32(87, ctx.host.culture, text=text("route_exists", ctx.host.culture))
    if ctx.should_process("MSFT_NetRoute", "New"):
        made = Route(destination, hop, int(p.get("RouteMetric") or 256))
        item.routes.append(made)
        yield _route(item, made, ctx.host.os.build)


@cmdlet("Remove-NetRoute")
def remove_net_route(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Remove routes that were added; without -Confirm:$false Windows asks, which no such session can answer."""
    for item, route in _chosen(ctx, p, _KEYS):
        if route in item.routes and ctx.should_process(f"NetRoute -DestinationPrefix {route.destination}", "Remove"):
            item.routes.remove(route)
    yield from ()


@cmdlet("Remove-NetIPAddress")
def remove_net_ip_address(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Remove addresses."""
    only(p, "IPAddress", "InterfaceAlias", "InterfaceIndex", "AddressFamily", "InputObject")
    given = p.list("InputObject")
    rows = [one.native for one in given] if given is not None else address_rows(ctx, p)
    for item, own in rows:
        if own in item.addresses and ctx.should_process(f"NetIPAddress -IPv4Address {own.ip}", "Remove"):
            item.addresses.remove(own)
    yield from ()


def _servers(item: Adapter) -> Any:
    return cim(
        "MSFT_DNSClientServerAddress",
        {
            "InterfaceAlias": item.name,
            "InterfaceIndex": UInt32(item.index),
            "AddressFamily": UInt16(_IPV4),
            "ServerAddresses": array(list(item.dns_servers)),
        },
        item,
    )


@cmdlet("Get-DnsClientServerAddress")
def get_dns_client_server_address(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the IPv4 DNS servers of interfaces."""
    only(p, "InterfaceAlias", "InterfaceIndex", "AddressFamily")
    aliases, numbers = p.list("InterfaceAlias"), p.list("InterfaceIndex")
    found = [
        item
        for item in ctx.host.links.adapters
        if (aliases is None or any(like(item.name, str(alias)) for alias in aliases))
        and (numbers is None or item.index in [int(number) for number in numbers])
    ]
    if not found and aliases is not None and not any("*" in str(alias) for alias in aliases):
        raise not_found("MSFT_DNSClientServerAddress", "InterfaceAlias", aliases[0])
    yield from map(_servers, found)


@cmdlet("Set-DnsClientServerAddress")
def set_dns_client_server_address(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Set or reset the DNS servers of an interface."""
    only(p, "InterfaceAlias", "InterfaceIndex", "ServerAddresses", "ResetServerAddresses")
    servers = [str(value) for value in p.list("ServerAddresses") or []]
    try:
        for server in servers:
            IPv4Network(server)
    except ValueError:
        raise HostRefusal("Windows System Error 87", text("dns_invalid", ctx.host.culture), "InvalidArgument") from None
    aliases = p.list("InterfaceAlias")
    items = (
        [item for item in ctx.host.links.adapters if any(like(item.name, str(alias)) for alias in aliases)]
        if aliases is not None
        else [_interface(ctx, p, "MSFT_DNSClientServerAddress")]
    )
    if not items:
        raise not_found("MSFT_DNSClientServerAddress", "InterfaceAlias", (aliases or [""])[0])
    for item in items:
        if ctx.should_process(item.name, "Set-DnsClientServerAddress"):
            item.dns_servers = [] if p.switch("ResetServerAddresses") else servers
            if p.switch("PassThru"):
                yield _servers(item)
