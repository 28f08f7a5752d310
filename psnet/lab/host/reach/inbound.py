"""The path of a packet from outside: to an address of the host and on, or straight to an endpoint's address.

Order at the host's address: VFP on the switch below it (port mappings, balancers) before the host's own stack, there
the NAT before portproxy and what listens. At the endpoint: its ACLs, the firewall of its compartment, its listeners.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from psnet.lab.host.hns import document_parts
from psnet.lab.host.hns.objects import EXTERNAL
from psnet.lab.host.listeners import all_listeners
from psnet.lab.host.reach import forwarding, windows_firewall
from psnet.lab.host.reach.acls import decide_hns
from psnet.lab.host.reach.packet import Verdict

if TYPE_CHECKING:
    from psnet.lab.host.adapters import Adapter
    from psnet.lab.host.hns.objects import Endpoint, Network
    from psnet.lab.host.model import Host
    from psnet.lab.host.reach.packet import Packet

_INBOUND_SINCE: Final = 16299
_ANY: Final = ("0.0.0.0", "::")  # noqa: S104 - every address of the host
_SYSTEM: Final = 4


def receive(host: Host, packet: Packet) -> Verdict:
    """Return what becomes of a packet that somebody outside the host sends; it changes nothing.

    ``interface`` of the verdict is the id of the endpoint that got it, "" for the host itself; ``steps`` are the
    decisions, of which the last stopped it where it was not delivered.
    """
    verdict = Verdict(delivered=True, packet=packet)
    nic = _own(host, packet.destination)
    if nic is not None:
        return _at_host(host, nic, verdict)
    endpoint = _addressed(host, packet.destination)
    if endpoint is None:
        return verdict.dropped("lookup", host.name, "default", "nobody has this address")
    return _at_address(host, endpoint, verdict)


def _own(host: Host, address: str) -> Adapter | None:
    """Return the host's adapter that has an address: none while it is away or sits below a switch."""
    having = (item for item in host.links.adapters if item.has_ip and any(str(x.ip) == address for x in item.addresses))
    return next(having, None)


def _addressed(host: Host, address: str) -> Endpoint | None:
    local = [item for item in host.hns.endpoints if item.address == address and not item.remote]
    return local[0] if local else None


def _network(host: Host, endpoint: Endpoint) -> Network:
    return host.hns.network_of(endpoint)


# -- an endpoint's own address ---------------------------------------------------------------------------------------


def _at_address(host: Host, endpoint: Endpoint, verdict: Verdict) -> Verdict:
    network = _network(host, endpoint)
    if network.type not in EXTERNAL:
        # rule: reach-internal
        return verdict.dropped("lookup", network.name, "default", f"no way into a {network.type} network from outside")
    if network.type == "overlay":
        # rule: reach-overlay
        return verdict.dropped("lookup", network.name, "default", "an overlay is reached through VXLAN alone")
    switch = document_parts.switch_of(host.hns, network)
    below = (switch.adapter, *switch.team) if switch is not None else ()
    nics = [item for name in below if (item := host.links.adapter(name or "")) is not None]
    uplink = next((item for item in nics if item.status == "Up"), None)
    if uplink is None:
        return verdict.dropped("uplink", network.name, "default", "no uplink")
    if network.type == "transparent" and (host.hns.platform == "azure" or not host.links.mac_spoofing):
        # rule: reach-transparent-mac
        return verdict.dropped("uplink", uplink.name, "default", "the hypervisor drops MAC addresses it does not know")
    # rule: reach-own-address, reach-l2tunnel
    how = "through the physical host" if network.type == "l2tunnel" else network.type
    return _deliver(host, endpoint, verdict.then("uplink", uplink.name, "default", how))


# -- an address of the host ------------------------------------------------------------------------------------------


def _at_host(host: Host, nic: Adapter, verdict: Verdict) -> Verdict:
    if nic.status != "Up" or _internal(host, nic):
        # rule: reach-internal
        return verdict.dropped("uplink", nic.name, "default", "no way in from outside over this adapter")
    packet = verdict.packet
    verdict = verdict.then("uplink", nic.name, "default", "host")
    for endpoint, policy, dead in forwarding.bridged(host, packet):
        verdict = verdict.then("port mapping", endpoint.id, "default", dead or "VFP")
        if not dead:
            return _deliver(host, endpoint, _towards(verdict, endpoint.address, int(policy["InternalPort"])))
    members = forwarding.balanced(host, packet)
    if members:
        chosen = members[0]
        verdict = _towards(verdict, chosen.address, forwarding.inside_port(host, chosen, packet))
        verdict = verdict.then("load balancer", chosen.id, "default", "VFP")
        return _elsewhere(verdict, chosen) if chosen.remote else _deliver(host, chosen, verdict)
    mapping = forwarding.mapped(host, packet)
    if mapping is not None:
        verdict = verdict.then("port mapping", mapping.nat, str(mapping.id), "NAT")
        verdict = _towards(verdict, mapping.internal_address, mapping.internal_port)
        return _to_endpoint(host, verdict, translated=True)
    proxy = forwarding.proxied(host, packet)
    if proxy is not None:
        verdict = _host_firewall(host, verdict, "svchost.exe", "iphlpsvc")
        if not verdict.delivered:
            return verdict
        verdict = verdict.then("port proxy", host.name, f"{proxy.listen_address}:{proxy.listen_port}", "forwarded")
        # rule: reach-portproxy
        verdict = _towards(verdict, proxy.connect_address, proxy.connect_port)
        return _to_endpoint(host, replace(verdict, packet=replace(verdict.packet, source=_inner(host, verdict))))
    return _at_listener(host, verdict)


def _internal(host: Host, nic: Adapter) -> bool:
    """Say whether an adapter is the host's on a switch without an uplink."""
    return any(item.nic == nic.index and item.adapter is None for item in host.links.switches)


def _towards(verdict: Verdict, address: str, port: int) -> Verdict:
    return replace(verdict, packet=replace(verdict.packet, destination=address, port=port))


def _inner(host: Host, verdict: Verdict) -> str:
    """Return the host's own address towards a destination: what a container sees of a portproxy's client."""
    endpoint = _addressed(host, verdict.packet.destination)
    nic = document_parts.host_nic(host.hns, _network(host, endpoint)) if endpoint is not None else None
    return str(nic.addresses[0].ip) if nic is not None and nic.addresses else verdict.packet.source


def _elsewhere(verdict: Verdict, endpoint: Endpoint) -> Verdict:
    return replace(verdict, interface=endpoint.id)


def _to_endpoint(host: Host, verdict: Verdict, *, translated: bool = False) -> Verdict:
    endpoint = _addressed(host, verdict.packet.destination)
    if endpoint is None:
        return verdict.dropped("lookup", host.name, "default", f"nobody has {verdict.packet.destination}")
    return _deliver(host, endpoint, verdict, translated=translated)


def _at_listener(host: Host, verdict: Verdict) -> Verdict:
    packet = verdict.packet
    for item in all_listeners(host):
        if (item.protocol, item.port) == (packet.protocol, packet.port) and item.address in (*_ANY, packet.destination):
            return _host_firewall(host, verdict, "System" if item.process == _SYSTEM else "")
    return verdict.dropped("listener", host.name, "default", "no mapping leads on, and nothing listens on the host")


def _near(host: Host, packet: Packet) -> bool:
    """Say whether a packet's source is on a subnet of the adapter that it came to."""
    nic = _own(host, packet.destination)
    return nic is not None and any(ip_address(packet.source) in item.network for item in nic.addresses)


def _host_firewall(host: Host, verdict: Verdict, program: str = "", service: str = "") -> Verdict:
    action, rule = windows_firewall.decide(
        host.firewall, verdict.packet, program, service, near=_near(host, verdict.packet)
    )
    if action == "Allow":
        return verdict.then("windows firewall", host.name, rule, "Allow")
    return verdict.dropped("windows firewall", host.name, rule, "Block")


# -- at the endpoint -------------------------------------------------------------------------------------------------


def _deliver(host: Host, endpoint: Endpoint, verdict: Verdict, *, translated: bool = False) -> Verdict:
    network = _network(host, endpoint)
    if not endpoint.attached:
        return verdict.dropped("endpoint", endpoint.id, "default", "attached to nothing")
    if not _answers(host, network, endpoint, verdict.packet):
        return verdict.dropped("route", endpoint.id, "default", f"no way back: nobody has gateway {endpoint.gateway}")
    allowed, rule = decide_hns(host, endpoint, verdict.packet, "In")
    if not allowed:
        return verdict.dropped("hns acl", endpoint.id, rule, "Block")
    verdict = verdict.then("hns acl", endpoint.id, rule, "Allow")
    if endpoint.machine is None:  # rule: reach-hyperv-guest
        verdict = _compartment(host, network, endpoint, verdict, translated=translated)
        if not verdict.delivered:
            return verdict
    served = (verdict.packet.protocol, verdict.packet.port)
    if not any(served in host.listening.get(name, ()) for name in endpoint.containers):
        return verdict.dropped("listener", endpoint.id, "default", "nothing listens in the container")
    return replace(verdict, interface=endpoint.id)


def _answers(host: Host, network: Network, endpoint: Endpoint, packet: Packet) -> bool:
    """Say whether the container's answer finds a way out: its gateway is the network's or another endpoint's."""
    # rule: reach-no-way-back
    if not network.subnets or network.type == "l2tunnel" or not endpoint.gateway:
        return True
    near = any(item.holds(packet.source) for item in network.subnets)
    gateways = {item.gateway for item in network.subnets}
    hosts = {item.address for item in host.hns.endpoints if item.network == network.id and item.compartment}
    return near or endpoint.gateway in gateways | hosts


def _compartment(host: Host, network: Network, endpoint: Endpoint, verdict: Verdict, *, translated: bool) -> Verdict:
    """Ask the Windows firewall in the container's network compartment, which sees the port inside."""
    near = any(item.holds(verdict.packet.source) for item in network.subnets)
    action, rule = windows_firewall.decide(host.firewall, verdict.packet, near=near)
    # rule: firewall-sees-container-port, reach-container-inbound
    open_by_default = host.os.build >= _INBOUND_SINCE and not (translated and network.type == "nat")
    if action == "Block" or (action is None and not open_by_default):
        return verdict.dropped("windows firewall", endpoint.id, rule, "Block")
    return verdict.then("windows firewall", endpoint.id, rule, "Allow")
