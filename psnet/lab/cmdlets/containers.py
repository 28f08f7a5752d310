"""The Containers module of 2016: container networks over the host's HNS."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets.objects import array, enum, only
from psnet.lab.dotnet.wildcard import like
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.hns.objects import HnsError
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.values import PSObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.host.hns.objects import Network

_MODE = "Microsoft.Containers.PowerShell.Objects.ContainerNetworkMode"
_MODES = {"NAT": 0, "Transparent": 1, "L2Bridge": 2, "L2Tunnel": 3}


def _network(item: Network) -> PSObject:
    mode = next((name for name in _MODES if name.lower() == item.type), "NAT")
    made = PSObject.of(
        {
            "Name": item.name,
            "SubnetPrefix": array([str(item.prefix)] if item.prefix else []),
            "Gateways": array([item.gateway] if item.gateway else []),
            "Id": item.id,
            "Mode": enum(_MODE, _MODES, mode),
            "NetworkAdapterName": item.adapter,
            "SourceMac": None,
            "DNSServers": array(filter(None, item.dns_servers.split(","))),
            "DNSSuffix": item.dns_suffix or None,
            "IsDeleted": False,
        },
        "Microsoft.Containers.PowerShell.Objects.ContainerNetwork",
        "System.Object",
        kind="Property",
    )
    made.native = item
    return made


def _refused(error: HnsError) -> HostRefusal:
    # rule: containers-error-id
    return HostRefusal("OperationFailed", str(error), "InvalidOperation", "System.Exception")


def _first_address(prefix: str) -> str | None:
    try:
        return str(next(IPv4Network(prefix).hosts()))
    except ValueError:
        return None


@cmdlet("Get-ContainerNetwork", cim=False)
def get_container_network(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return container networks."""
    only(p, "Name")
    name = p.get("Name")
    for item in list(ctx.host.hns.networks):
        if name is None or like(item.name, str(name)):
            yield _network(item)


@cmdlet("New-ContainerNetwork", cim=False)
def new_container_network(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Make a container network; without a gateway HNS takes the first address of the prefix."""
    only(p, "Name", "Mode", "SubnetPrefix", "GatewayAddress", "DNSServers", "DNSSuffix", "NetworkAdapterName")
    prefixes, gateways = p.list("SubnetPrefix") or [], p.list("GatewayAddress") or []
    if len(prefixes) > 1 or len(gateways) > 1:
        raise _refused(HnsError("The parameter is incorrect."))
    gateway = str(gateways[0]) if gateways else None
    if prefixes and gateway is None:
        gateway = _first_address(str(prefixes[0]))
    try:
        yield _network(
            ctx.host.hns.create(
                str(p["Name"]),
                str(p["Mode"]),
                subnets=[{"AddressPrefix": str(prefixes[0]), "GatewayAddress": gateway}] if prefixes else [],
                dns_servers=",".join(map(str, p.list("DNSServers") or [])),
                dns_suffix=str(p.get("DNSSuffix") or ""),
                adapter=p.get("NetworkAdapterName"),
            )
        )
    except HnsError as error:
        raise _refused(error) from None


@cmdlet("Remove-ContainerNetwork", cim=False)
def remove_container_network(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Remove a container network; without -Force Windows asks, which no such session can answer."""
    only(p, "Name")
    name = str(p["Name"])
    found = next((item for item in ctx.host.hns.networks if item.name.lower() == name.lower()), None)
    if found is None or not p.switch("Force"):
        raise _refused(HnsError("Element not found." if found is None else "The operation was canceled."))
    try:
        ctx.host.hns.remove(found)
    except HnsError as error:
        raise _refused(error) from None
    yield from ()
