"""Routes, DNS servers and the removal of addresses: parts of NetTCPIP and DnsClient."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.links import address_rows
from psnet.lab.cmdlets.objects import array, cim, enum, not_found, only
from psnet.lab.dotnet.errors import UnsupportedError
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

_GENERATED: Final = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetRoute"
_LINK: Final = "0.0.0.0"  # noqa: S104 - the next hop of what is on the link
_LINK6: Final = "::"
_IPV4: Final = 2
_IPV6: Final = 23
_FAMILIES: Final = {"IPv4": _IPV4, "IPv6": _IPV6}
_DEFAULTS: Final = ("0.0.0.0/0", "::/0")


def _all_routes(ctx: CmdletContext, *, persistent: bool = False) -> list[tuple[Adapter, Route]]:
    """Return every route: those of the addresses' own prefixes, and those that were added.

    ``persistent`` asks for what is kept over a restart: what DHCP or a router gives is not.
    """
    found = []
    for item in ctx.host.links.adapters:
        # rule: persistent-routes
        found += [(item, route) for route in item.routes if not (persistent and item.dhcp and _is_default(route))]
        if item.ipv6 is not None:
            found += [(item, route) for route in item.ipv6.routes]
        for own in item.all_addresses if not persistent else ():
            hop, whole = (_LINK, 32) if own.version == 4 else (_LINK6, 128)
            found.append((item, Route(str(own.network), hop, 256)))
            found.append((item, Route(f"{own.ip}/{whole}", hop, 256)))
    return found


def _is_default(route: Route) -> bool:
    return route.destination in _DEFAULTS


def _added(item: Adapter) -> list[Route]:
    return [*item.routes, *(item.ipv6.routes if item.ipv6 is not None else ())]


def _route(item: Adapter, route: Route, build: int) -> Any:
    metric = {"ifMetric": UInt32(item.metric)} if build >= 17763 else {}  # rule: route-view
    protocol = "NetMgmt" if route in _added(item) else "Local"  # rule: route-protocol
    return cim(
        "MSFT_NetRoute",
        {
            "DestinationPrefix": route.destination,
            "NextHop": route.next_hop,
            "InterfaceIndex": UInt32(item.index),
            "ifIndex": UInt32(item.index),
            "InterfaceAlias": item.name,
            "AddressFamily": enum(f"{_GENERATED}.AddressFamily", _FAMILIES, _family(route)),
            "RouteMetric": UInt16(route.metric),
            "Protocol": enum(f"{_GENERATED}.Protocol", {"Local": 2, "NetMgmt": 3}, protocol),
            **metric,
            "PolicyStore": "ActiveStore",
        },
        (item, route),
    )


def _family(route: Route) -> str:
    return "IPv6" if ":" in route.destination else "IPv4"


def _chosen(ctx: CmdletContext, p: Parameters, keys: tuple[str, ...]) -> list[tuple[Adapter, Route]]:
    only(p, *_KEYS, "InputObject", "PolicyStore")
    store = str(p.get("PolicyStore") or "ActiveStore").lower()
    if store not in {"activestore", "persistentstore"}:
        raise UnsupportedError(f"routes of the store {store}")
    given = p.list("InputObject")
    if given is not None:
        return [one.native for one in given]
    wanted = {key: [str(value) for value in p.list(key) or []] for key in keys if key in p}
    found = []
    for item, route in _all_routes(ctx, persistent=store == "persistentstore"):
        values = {
            "DestinationPrefix": route.destination,
            "NextHop": route.next_hop,
            "InterfaceAlias": item.name,
            "InterfaceIndex": str(item.index),
            "AddressFamily": _family(route),
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
        prefix = ip_network(str(p["DestinationPrefix"]))
        destination, six = str(prefix), prefix.version == 6
        hop = str(p.get("NextHop") or (_LINK6 if six else _LINK))
        if ip_address(hop).version != prefix.version or (six and item.ipv6 is None):
            raise ValueError(hop)
    except ValueError:
        raise win32(87, ctx.host.culture) from None
    if any(
        (route.destination, route.next_hop) == (destination, hop) and one is item for one, route in _all_routes(ctx)
    ):
        raise win32(87, ctx.host.culture, text=text("route_exists", ctx.host.culture))
    if ctx.should_process("MSFT_NetRoute", "New"):
        made = Route(destination, hop, int(p.get("RouteMetric") or 256))
        (item.ipv6.routes if six and item.ipv6 is not None else item.routes).append(made)
        yield _route(item, made, ctx.host.os.build)


@cmdlet("Remove-NetRoute")
def remove_net_route(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Remove routes that were added; without -Confirm:$false Windows asks, which no such session can answer."""
    for item, route in _chosen(ctx, p, _KEYS):
        if route in _added(item) and ctx.should_process(f"NetRoute -DestinationPrefix {route.destination}", "Remove"):
            six = item.ipv6 is not None and route in item.ipv6.routes
            (item.ipv6.routes if six and item.ipv6 is not None else item.routes).remove(route)
    yield from ()


@cmdlet("Remove-NetIPAddress")
def remove_net_ip_address(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Remove addresses."""
    only(p, "IPAddress", "InterfaceAlias", "InterfaceIndex", "AddressFamily", "InputObject")
    given = p.list("InputObject")
    rows = [one.native for one in given] if given is not None else address_rows(ctx, p)
    for item, own in rows:
        if own in item.all_addresses and ctx.should_process(
            f"NetIPAddress -IPv{own.version}Address {own.ip}", "Remove"
        ):
            item.drop_address(own)
    yield from ()


def _servers(item: Adapter, number: int) -> Any:
    """Return the DNS servers of one family, by its number."""
    wanted = [each for each in item.dns_servers if (":" in each) is (number == _IPV6)]
    return cim(
        "MSFT_DNSClientServerAddress",
        {
            "InterfaceAlias": item.name,
            "InterfaceIndex": UInt32(item.index),
            "AddressFamily": UInt16(number),
            "ServerAddresses": array(wanted),
        },
        item,
    )


def _rows(item: Adapter, families: list[str]) -> Iterator[Any]:
    if "ipv4" in families:
        yield _servers(item, _IPV4)
    if "ipv6" in families and item.ipv6 is not None:
        yield _servers(item, _IPV6)


@cmdlet("Get-DnsClientServerAddress")
def get_dns_client_server_address(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the DNS servers of interfaces, a row a family."""
    only(p, "InterfaceAlias", "InterfaceIndex", "AddressFamily")
    families = [str(word).lower() for word in p.list("AddressFamily") or _FAMILIES]
    for item in dns_interfaces(ctx, p, "MSFT_DNSClientServerAddress"):
        yield from _rows(item, families)


def dns_interfaces(ctx: CmdletContext, p: Parameters, class_name: str) -> list[Adapter]:
    """Return the interfaces that -InterfaceAlias and -InterfaceIndex choose; one that is named and missing is refused."""
    aliases, numbers = p.list("InterfaceAlias"), p.list("InterfaceIndex")
    found = [
        item
        for item in ctx.host.links.adapters
        if (aliases is None or any(like(item.name, str(alias)) for alias in aliases))
        and (numbers is None or item.index in [int(number) for number in numbers])
    ]
    if not found and aliases is not None and not any("*" in str(alias) for alias in aliases):
        raise not_found(class_name, "InterfaceAlias", aliases[0])
    return found


@cmdlet("Set-DnsClientServerAddress")
def set_dns_client_server_address(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Set or reset the DNS servers of an interface."""
    only(p, "InterfaceAlias", "InterfaceIndex", "ServerAddresses", "ResetServerAddresses")
    servers = [str(value) for value in p.list("ServerAddresses") or []]
    try:
        for server in servers:
            ip_address(server)
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
                yield from _rows(item, ["ipv4", "ipv6"])
