"""The NetNat module over the host's WinNAT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.objects import cim, enum, not_found, only
from psnet.lab.dotnet.wildcard import like
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.messages import text
from psnet.lab.host.refusal import hresult
from psnet.lab.values import UInt16, UInt32

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.host.nat import External, Mapping, Nat, WinNat

_PROTOCOL = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetNat.Protocol"
_PROTOCOLS = {"TCP": 6, "UDP": 17}
_FILTERING = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetNat.FilteringBehaviorType"
_FILTERS = {"EndpointIndependentFiltering": 0, "AddressDependentFiltering": 1}


#: The values of a new NAT, in the order that Get-NetNat shows (records e01 and n02).
_TIMES: Final = {
    "IcmpQueryTimeout": UInt32(30),
    "TcpEstablishedConnectionTimeout": UInt32(1800),
    "TcpTransientConnectionTimeout": UInt32(120),
    "TcpFilteringBehavior": enum(_FILTERING, _FILTERS, "AddressDependentFiltering"),
    "UdpFilteringBehavior": enum(_FILTERING, _FILTERS, "AddressDependentFiltering"),
    "UdpIdleSessionTimeout": UInt32(120),
    "UdpInboundRefresh": False,
}


def _nat(nat: Nat) -> Any:
    # rule: netnat-fields
    return cim(
        "MSFT_NetNat",
        {
            "Name": nat.name,
            "ExternalIPInterfaceAddressPrefix": None,
            "InternalIPInterfaceAddressPrefix": nat.shown_prefix,
            **_TIMES,
            "Store": "Local",
            "Active": True,
        },
        nat,
    )


def _winnat(ctx: CmdletContext) -> WinNat:
    """Return the host's WinNAT; without its provider every cmdlet of the module fails."""
    nat: WinNat = ctx.host.nat
    if not nat.provider:
        # rule: netnat-provider
        raise hresult(
            0x80041010,
            text("invalid_class", ctx.host.culture),
            "MetadataError",
            target="MSFT_NetNat:root/StandardCimv2/MSFT_NetNat",
        )
    return nat


def _mapping(item: Mapping) -> Any:
    # rule: mapping-fields
    return cim(
        "MSFT_NetNatStaticMapping",
        {
            "StaticMappingID": UInt32(item.id),
            "NatName": item.nat,
            "Protocol": enum(_PROTOCOL, _PROTOCOLS, item.protocol),
            "RemoteExternalIPAddressPrefix": "0.0.0.0/0",
            "ExternalIPAddress": item.external_address,
            "ExternalPort": UInt16(item.external_port),
            "InternalIPAddress": item.internal_address,
            "InternalPort": UInt16(item.internal_port),
            "InternalRoutingDomainId": "{00000000-0000-0000-0000-000000000000}",
            "Active": True,
        },
        item,
    )


def _chosen(ctx: CmdletContext, names: list[Any] | None) -> Iterator[Nat]:
    nats = list(_winnat(ctx).nats)
    if names is None:
        yield from nats
        return
    for name in map(str, names):
        found = [nat for nat in nats if like(nat.name, name)]
        if not found and "*" not in name and "?" not in name:
            raise not_found("MSFT_NetNat", "Name", name)
        yield from found


@cmdlet("Get-NetNat")
def get_net_nat(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return NATs."""
    only(p, "Name")
    yield from map(_nat, _chosen(ctx, p.list("Name")))


@cmdlet("New-NetNat")
def new_net_nat(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Make a NAT for an internal prefix."""
    only(p, "Name", "InternalIPInterfaceAddressPrefix")
    if ctx.should_process("MSFT_NetNat", "Create"):
        prefix = p.get("InternalIPInterfaceAddressPrefix")
        if prefix is not None:
            _winnat(ctx).require_inside(prefix)
        yield _nat(_winnat(ctx).create(str(p["Name"]), prefix))


@cmdlet("Remove-NetNat")
def remove_net_nat(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Remove NATs."""
    only(p, "Name", "InputObject")
    given = p.list("InputObject")
    chosen = [item.native for item in given] if given is not None else list(_chosen(ctx, p.list("Name")))
    for nat in chosen:
        if ctx.should_process(f'MSFT_NetNat (Name = "{nat.name}")', "Delete"):
            _winnat(ctx).remove(nat)
            if p.switch("PassThru"):
                yield _nat(nat)


@cmdlet("Get-NetNatStaticMapping")
def get_net_nat_static_mapping(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return static mappings."""
    only(p, "NatName")
    names = p.list("NatName")
    for item in list(_winnat(ctx).mappings):
        if names is None or any(like(item.nat, str(name)) for name in names):
            yield _mapping(item)


@cmdlet("Add-NetNatStaticMapping")
def add_net_nat_static_mapping(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Map a port."""
    only(p, "NatName", "Protocol", "ExternalIPAddress", "ExternalPort", "InternalIPAddress", "InternalPort")
    if ctx.should_process("MSFT_NetNatStaticMapping", "Add"):
        port = int(p["ExternalPort"])
        yield _mapping(
            _winnat(ctx).add_mapping(
                str(p["NatName"]),
                str(p["Protocol"]),
                str(p["ExternalIPAddress"]),
                port,
                str(p["InternalIPAddress"]),
                int(p.get("InternalPort", port)),
            )
        )


@cmdlet("Remove-NetNatStaticMapping")
def remove_net_nat_static_mapping(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Remove mappings by id, by NAT, or those given."""
    only(p, "StaticMappingID", "NatName", "InputObject")
    given, ids, names = p.list("InputObject"), p.list("StaticMappingID"), p.list("NatName")
    if given is not None:
        chosen = [item.native for item in given]
    else:
        chosen = [
            item
            for item in _winnat(ctx).mappings
            if (ids is None or item.id in [int(number) for number in ids])
            and (names is None or any(like(item.nat, str(name)) for name in names))
        ]
        if ids is not None and not chosen:
            raise not_found("MSFT_NetNatStaticMapping", "StaticMappingID", int(ids[0]))
    for item in chosen:
        if ctx.should_process(f"MSFT_NetNatStaticMapping (StaticMappingID = {item.id})", "Delete"):
            _winnat(ctx).remove_mapping(item.id)
            if p.switch("PassThru"):
                yield _mapping(item)


def _external(nat: Nat, item: External) -> Any:
    return cim(
        "MSFT_NetNatExternalAddress",
        {
            "ExternalAddressID": UInt32(item.id),
            "NatName": nat.name,
            "IPAddress": item.address,
            "PortStart": UInt16(item.first),
            "PortEnd": UInt16(item.last),
            "Active": True,
        },
        (nat, item),
    )


@cmdlet("Get-NetNatExternalAddress")
def get_net_nat_external_address(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return external addresses."""
    only(p, "NatName")
    names = p.list("NatName")
    for nat in list(_winnat(ctx).nats):
        if names is None or any(like(nat.name, str(name)) for name in names):
            yield from (_external(nat, item) for item in nat.external)


@cmdlet("Add-NetNatExternalAddress")
def add_net_nat_external_address(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Give a NAT an external address."""
    only(p, "NatName", "IPAddress", "PortStart", "PortEnd")
    if ctx.should_process("MSFT_NetNatExternalAddress", "Add"):
        name = str(p["NatName"])
        first, last = int(p.get("PortStart") or 0), int(p.get("PortEnd") or 0)
        made = _winnat(ctx).add_external(name, str(p["IPAddress"]), first, last)
        nat = _winnat(ctx).find(name)
        if nat is not None:
            yield _external(nat, made)


@cmdlet("Remove-NetNatExternalAddress")
def remove_net_nat_external_address(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Remove external addresses by id or by NAT."""
    only(p, "ExternalAddressID", "NatName", "InputObject")
    given, ids, names = p.list("InputObject"), p.list("ExternalAddressID"), p.list("NatName")
    rows = [(nat, item) for nat in _winnat(ctx).nats for item in nat.external]
    chosen = (
        [item.native for item in given]
        if given is not None
        else [
            (nat, item)
            for nat, item in rows
            if (ids is None or item.id in [int(number) for number in ids])
            and (names is None or any(like(nat.name, str(name)) for name in names))
        ]
    )
    if given is None and ids is not None and not chosen:
        raise not_found("MSFT_NetNatExternalAddress", "ExternalAddressID", int(ids[0]))
    for nat, item in chosen:
        if ctx.should_process(f"MSFT_NetNatExternalAddress (ExternalAddressID = {item.id})", "Delete"):
            nat.external.remove(item)
    yield from ()
