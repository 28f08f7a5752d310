"""Checks of the two ends of a port mapping: the address inside, the address and the port outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.resources.base import Context, Finding
from psnet.resources.nat_prefix import special_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources.nat_static_mapping import NatStaticMapping
    from psnet.state import HostState

#: Ports of TCP by which the host itself is managed.
_MANAGEMENT: Final = {3389: "remote desktop", 5985: "WinRM", 5986: "WinRM over TLS"}


def management_ports(state: HostState) -> dict[int, str]:
    """Return the TCP ports by which a host is managed, with what each is."""
    return {**_MANAGEMENT, **{port: "WinRM" for port in state.winrm_ports if port not in _MANAGEMENT}}


def check_ends(mapping: NatStaticMapping, context: Context) -> Iterator[Finding]:
    """Yield what stands against an inside address, an outside address and a port."""
    yield from _inside(mapping, context)
    yield from _outside(mapping, context)


def _inside(mapping: NatStaticMapping, context: Context) -> Iterator[Finding]:
    found = mapping.inside(context)
    if found is None:
        return
    prefix, gateway = found
    address = mapping.internal_address
    word = special_address(address, prefix, gateway)
    if address in prefix and word is None:
        return
    said = f"is {word} of {mapping.network} ({prefix})" if word else f"lies outside {prefix} of {mapping.network}"
    yield Finding(
        id="mapping-address-special" if word else "mapping-address-outside",
        severity="error",
        resource=str(mapping.identity),
        reason=f"internal_address {address} {said}: no container has it",
        remedy="give the address of a container",
    )


def _outside(mapping: NatStaticMapping, context: Context) -> Iterator[Finding]:
    resource, outer = str(mapping.identity), mapping.external_port
    managed = management_ports(context.state)
    taken = [port for port in managed if outer.first <= port <= outer.last]
    if taken and mapping.protocol.name == "TCP":
        words = ", ".join(f"{port} ({managed[port]})" for port in taken)
        yield Finding(
            id="mapping-management-port",
            severity="error",
            resource=resource,
            reason=f"the host itself is managed on TCP {words}: the mapping would take that away from it",
            remedy="choose another external port",
        )
    external, hosts = mapping.external_address, {item.address for item in context.state.addresses}
    if external.is_loopback:
        yield Finding(
            id="mapping-loopback",
            severity="warning",
            resource=resource,
            reason=f"external_address {external} is the loopback address: nobody outside the host reaches it, and "
            "WinNAT translates what comes in over an interface",
            remedy="leave external_address out, or give an address of the host",
        )
    elif hosts and not external.is_unspecified and str(external) not in hosts:
        yield Finding(
            id="mapping-foreign-address",
            severity="warning",
            resource=resource,
            reason=f"the host has no address {external}: nothing arrives there",
            remedy="leave external_address out, or give an address of the host",
        )
