"""Which adapter carries psnet's own session, by evidence: never by a name, nor by the default route alone.

The local addresses of the WinRM connections (the host's TCP table) lie on interfaces; an interface's MAC leads to the
adapter behind it, since the host's vNIC of an external network has the MAC of its uplink (claim c20), and an external
network's ManagementIP is the address of its vNIC. Where several connections could be psnet's, all their adapters count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from psnet.state import HostState, NetworkState


class Carrier(NamedTuple):
    """An interface that carries a session: its name, its MAC, and why it is known to."""

    interface: str
    mac: str
    address: str
    because: str


def carriers(state: HostState) -> tuple[Carrier, ...]:
    """Return the interfaces that carry WinRM; those of the default routes where the TCP table says nothing."""
    macs = {item.name.lower(): item.mac.upper() for item in state.adapters}
    wanted = {plain(item) for item in state.sessions}
    held = [item for item in state.addresses if plain(item.address) in wanted]
    if held:
        return tuple(
            Carrier(
                item.interface,
                macs.get(item.interface.lower(), ""),
                plain(item.address),
                f"WinRM is connected to {item.address}",
            )
            for item in held
        )
    return tuple(Carrier(name, macs.get(name.lower(), ""), "", "it has a default route") for name in state.uplinks)


def plain(address: str) -> str:
    """Return an address without a zone, an IPv4 one without its IPv6 form."""
    return address.partition("%")[0].lower().removeprefix("::ffff:")


def proof(state: HostState, name: str, adapter: str | None) -> str:
    """Return why making or removing a network's switch cuts this session; empty when it does not.

    ``adapter`` is the name that is declared, or several with commas (embedded teaming). A team of Windows' own (LBFO)
    and its VLAN interfaces are adapters by name, with the MAC of a member.
    """
    network = next((item for item in state.networks if item.name.lower() == name.lower()), None)
    named = ((adapter or "").split(","), (network.adapter or "").split(",") if network else ())
    takes = {each.strip().lower() for given in named for each in given} - {""}
    nics = {item.name.lower(): item for item in state.adapters}
    macs = {nics[each].mac.upper() for each in takes if each in nics and nics[each].mac}
    for item in carriers(state):
        if _is(item, takes, macs, name, network, state):
            known = f" with MAC {item.mac}" if item.mac else ""
            return f"its switch takes the adapter{known}, which this session uses: {item.because} on {item.interface}"
    return ""


def _is(
    item: Carrier, takes: set[str], macs: set[str], name: str, network: NetworkState | None, state: HostState
) -> bool:
    if item.interface.lower() in takes or (item.mac and item.mac in macs):
        return True
    if item.interface.lower() == f"vethernet ({name.lower()})":
        return True  # an interface of that name hangs on the network's own switch (claims c23, c25)
    if network is None or not network.management_ip:
        return False
    held = {plain(each.address) for each in state.addresses if each.interface.lower() == item.interface.lower()}
    return plain(network.management_ip) in held | {item.address}
