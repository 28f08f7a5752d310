"""The adapters and interfaces that carry psnet's own session, by evidence: never by a name or a route alone.

The local addresses of the WinRM connections (the host's TCP table) lie on interfaces; an interface's MAC leads to the
adapter behind it, since the host's vNIC of an external network has the MAC of its uplink (claim c20), and an external
network's ManagementIP is the address of its vNIC. Where several connections could be psnet's, all their adapters count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from psnet.state import HostState, NetworkState


class SessionInterface(NamedTuple):
    """An interface that carries a session: its name, its MAC, and why it is known to."""

    interface: str
    mac: str
    address: str
    because: str


def session_interfaces(state: HostState) -> tuple[SessionInterface, ...]:
    """Return the interfaces that carry WinRM; those of the default routes where the TCP table says nothing."""
    macs = {item.name.lower(): item.mac.upper() for item in state.adapters}
    wanted = {plain(item) for item in state.sessions}
    held = [item for item in state.addresses if plain(item.address) in wanted]
    if held:
        return tuple(
            SessionInterface(
                item.interface,
                macs.get(item.interface.lower(), ""),
                plain(item.address),
                f"WinRM is connected to {item.address}",
            )
            for item in held
        )
    return tuple(
        SessionInterface(name, macs.get(name.lower(), ""), "", "it has a default route") for name in state.uplinks
    )


def plain(address: str) -> str:
    """Return an address without a zone, an IPv4 one without its IPv6 form."""
    return address.partition("%")[0].lower().removeprefix("::ffff:")


class SessionPath(NamedTuple):
    """What a session goes through: adapters and interfaces in lower case, MACs in upper case, and a description."""

    names: frozenset[str]
    macs: frozenset[str]
    through: str


def session_path(state: HostState, item: SessionInterface) -> SessionPath:
    """Return the path of an interface: itself, what has its MAC, a team's members, the adapters of its switch."""
    names, macs, through = {item.interface.lower()}, {item.mac} - {""}, ""
    known = {each.name.lower(): each for each in state.adapters}
    for team in state.teams:
        inside = {each.lower() for each in (*team.interfaces, *team.members, team.name)}
        if names & {each.lower() for each in (*team.interfaces, team.name)}:
            names |= inside
            through = f", an interface of the team {team.name} ({', '.join(team.members)})"
    macs |= {known[name].mac.upper() for name in names if name in known and known[name].mac}
    below = {each.description for each in state.adapters if each.mac and each.mac.upper() in macs and not each.virtual}
    for switch in state.switches:
        all_below = set(switch.adapters) or {switch.adapter or ""}
        if names & {each.lower() for each in switch.ports} or (all_below & below - {""} and _on_vnic(item, state)):
            found = [each for each in state.adapters if each.description in all_below and not each.virtual]
            names |= {each.name.lower() for each in found}
            macs |= {each.mac.upper() for each in found if each.mac}
            through = through or f", over the switch {switch.name}"
    return SessionPath(frozenset(names), frozenset(macs), through)


def _on_vnic(item: SessionInterface, state: HostState) -> bool:
    return any(each.virtual and each.name.lower() == item.interface.lower() for each in state.adapters)


def uplinks(state: HostState) -> tuple[str, ...]:
    """Return the interfaces and adapters whose settings a change that cuts is to keep: the sessions', what is below."""
    found = [*state.uplinks]
    for item in session_interfaces(state):
        names, macs, _ = session_path(state, item)
        found.append(item.interface)
        found += [each.name for each in state.adapters if each.name.lower() in names or each.mac.upper() in macs]
    return tuple(dict.fromkeys(found))


def network_cut_reason(state: HostState, name: str, adapter: str | None) -> str:
    """Return why making or removing a network's switch cuts this session; empty when it does not.

    ``adapter`` is the name that is declared, or several with commas (embedded teaming).
    """
    network = next((item for item in state.networks if item.name.lower() == name.lower()), None)
    named = ((adapter or "").split(","), (network.adapter or "").split(",") if network else ())
    takes = {each.strip().lower() for given in named for each in given} - {""}
    nics = {item.name.lower(): item for item in state.adapters}
    macs = {nics[each].mac.upper() for each in takes if each in nics and nics[each].mac}
    for item in session_interfaces(state):
        found = session_path(state, item)
        if takes & found.names or macs & found.macs or _of_network(item, name, network, state):
            known = f" with MAC {item.mac}" if item.mac else ""
            used = f"{item.because} on {item.interface}{found.through}"
            return f"its switch takes the adapter{known}, which this session uses: {used}"
    return ""


def _of_network(item: SessionInterface, name: str, network: NetworkState | None, state: HostState) -> bool:
    if item.interface.lower() == f"vethernet ({name.lower()})":
        return True  # an interface of that name hangs on the network's own switch (claims c23, c25)
    if network is None or not network.management_ip:
        return False
    held = {plain(each.address) for each in state.addresses if each.interface.lower() == item.interface.lower()}
    return plain(network.management_ip) in held | {item.address}


def switch_cut_reason(state: HostState, name: str) -> str:
    """Return why removing an internal switch cuts this session: it goes over the host's address on it."""
    switch = next((item for item in state.switches if item.name.lower() == name.lower()), None)
    ports = {f"vethernet ({name.lower()})"} | {each.lower() for each in (switch.ports if switch else ())}
    for item in session_interfaces(state):
        if item.interface.lower() in ports:
            return f"the switch {name} goes, which this session uses: {item.because} on {item.interface}"
    return ""
