"""The simulated fabric: where a packet goes, by what is in force. Written from the documentation alone.

The order, and where it stands:

- Out of a port: HNS ACLs of its endpoint, then the datacenter firewall. It sees addresses before translation; coming
  in it sees them after (as Azure says of its network security groups, which run on the same switch extension).
- Routes: the longest prefix among the subnet's user-defined routes and the system's (the network's own space, and
  0.0.0.0/0 to outside); of two that are as long the user's wins (New-NetworkControllerRoute).
- To outside: a public address of the IP configuration itself, else an outbound NAT rule of a pool that it is in;
  without either a private address does not leave.
- To a VIP: the load balancing or inbound NAT rule of that frontend, protocol and port. A hash of five values (two or
  three where LoadDistribution says so, [MS-NCNBI] 3.1.5.5) chooses the member; which one that is, only the lab says.
- Into a port: the datacenter firewall, then HNS ACLs.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from psnet.errors import LabError
from psnet.lab.host.reach.acls import decide_hns
from psnet.lab.host.reach.packet import Packet, Verdict
from psnet.lab.sdn.enforced import enforced_at, named, placed, ports, prefixes, resource, roots
from psnet.lab.sdn.filters import decide
from psnet.lab.sdn.mirror import copied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.documents import Document
    from psnet.lab.sdn.enforced import Port

_FIRST_PORT, _PORTS = 1024, 64512


def send(controller: Controller, packet: Packet) -> Verdict:
    """Send a packet and say what became of it; raises LabError for a source that stands in several networks."""
    with controller.lock:
        controller.settle()
        verdict = Verdict(delivered=True, packet=packet)
        source = _source(controller, packet)
        if source is None:
            return _outside(controller, verdict)
        verdict = _leave(controller, source, verdict)
        return _routed(controller, source, verdict) if verdict.delivered else verdict


def _source(controller: Controller, packet: Packet) -> Port | None:
    found = [
        port
        for port in ports(controller)
        if port.address == packet.source and packet.network.lower() in ("", port.realm)
    ]
    if len(found) > 1:
        realms = ", ".join(port.realm for port in found)
        raise LabError(f"{packet.source} stands in several networks: {realms}", remedy="give the packet its network")
    return found[0] if found else None


# -- ports -----------------------------------------------------------------------------------------------------------


def _leave(controller: Controller, port: Port, verdict: Verdict) -> Verdict:
    verdict = _carried(controller, port, verdict)
    verdict = _hns(controller, port, verdict, "Out") if verdict.delivered else verdict
    verdict = _firewall(controller, port, verdict, "Outbound") if verdict.delivered else verdict
    return copied(controller, port, verdict) if verdict.delivered else verdict


def _carried(controller: Controller, port: Port, verdict: Verdict) -> Verdict:
    """Drop at a port of a managed host whose profile does not name the interface: it is blocked."""
    if enforced_at(controller, port.interface) is not None:
        return verdict
    # rule: port-profile-blocks
    return verdict.dropped("port", port.interface, "default", "no port carries the interface's instance id")


def _arrive(controller: Controller, port: Port, verdict: Verdict) -> Verdict:
    verdict = _carried(controller, port, verdict)
    verdict = _firewall(controller, port, verdict, "Inbound") if verdict.delivered else verdict
    verdict = _hns(controller, port, verdict, "In") if verdict.delivered else verdict
    return replace(copied(controller, port, verdict), interface=port.ref) if verdict.delivered else verdict


def _firewall(controller: Controller, port: Port, verdict: Verdict, direction: str) -> Verdict:
    allowed, acl, rule = decide(controller, port, verdict.packet, direction)
    return verdict.then("acl", acl, rule, "Allow") if allowed else verdict.dropped("acl", acl, rule, "Deny")


def _hns(controller: Controller, port: Port, verdict: Verdict, direction: str) -> Verdict:
    where = placed(controller, port)
    if where is None:
        return verdict
    _, host, endpoint = where
    allowed, rule = decide_hns(host, endpoint, verdict.packet, direction)
    if not allowed:
        return verdict.dropped("hns acl", endpoint.id, rule, "Block")
    return verdict if rule == "default" else verdict.then("hns acl", endpoint.id, rule, "Allow")


# -- routes ----------------------------------------------------------------------------------------------------------


def _routed(controller: Controller, source: Port, verdict: Verdict) -> Verdict:
    if not source.realm.startswith("/virtualnetworks/"):
        return _outside(controller, verdict)  # a port on a logical network stands outside itself
    hop, rule, appliance = _next_hop(controller, source, verdict.packet.destination)
    if hop == "None":
        return verdict.dropped("route", source.subnet, rule, "None")
    if hop == "VirtualNetworkGateway":
        gateway = _connection(controller, source, verdict.packet.destination)
        if not gateway:
            return verdict.dropped("route", source.subnet, rule, "no gateway")
        return verdict.then("gateway", source.subnet, gateway, "leaves")
    system = (hop, rule) == ("Internet", "default")
    gateway = _connection(controller, source, verdict.packet.destination) if system else ""
    if gateway:
        return verdict.then("gateway", source.subnet, gateway, "leaves")
    verdict = verdict if rule == "default" else verdict.then("route", source.subnet, rule, hop)
    if hop == "Internet":
        verdict = _translated(controller, source, verdict)
        return _outside(controller, verdict) if verdict.delivered else verdict
    realm = rule if hop == "Peering" else source.realm
    return _inside(controller, realm, verdict, appliance or verdict.packet.destination)


def _next_hop(controller: Controller, source: Port, destination: str) -> tuple[str, str, str]:
    """Return (next hop's type, rule, appliance's address) of the longest prefix; a user's route wins a tie."""
    address = ip_address(destination)
    table = named(_fields(controller, source.subnet), "RouteTable")
    routes = _fields(controller, table).get("Routes", []) if table else []
    found: list[tuple[int, bool, str, str, str]] = [
        (ip_network(item["AddressPrefix"]).prefixlen, True, item["NextHopType"], ref, item.get("NextHopIpAddress", ""))
        for item, ref in ((route["Properties"], route["ResourceRef"]) for route in routes)
        if address in ip_network(item["AddressPrefix"])
    ]
    found += [
        (each.prefixlen, False, "VnetLocal", "default", "")
        for each in prefixes(controller, source.realm)
        if address in each
    ]
    found += [
        (each.prefixlen, False, "Peering", peer, "")
        for peer in _peers(controller, source.realm)
        for each in prefixes(controller, peer)
        if address in each
    ]
    found.append((0, False, "Internet", "default", ""))
    _, _, hop, rule, appliance = max(found, key=lambda each: each[:2])
    return hop, rule, appliance


# rule: sdn-peering-reaches
def _peers(controller: Controller, realm: str) -> Iterator[str]:
    """Yield the virtual networks that a network reaches: both sides peer, and both allow it."""
    for peer, allowed in _peerings(controller, realm):
        if allowed and any(back == realm and ours for back, ours in _peerings(controller, peer)):
            yield peer


def _peerings(controller: Controller, realm: str) -> Iterator[tuple[str, bool]]:
    for item in _fields(controller, realm).get("VirtualNetworkPeerings", []):
        fields = item["Properties"]
        yield fields["RemoteVirtualNetwork"]["ResourceRef"].lower(), fields["AllowVirtualNetworkAccess"]


# rule: sdn-gateway-route
def _connection(controller: Controller, source: Port, destination: str) -> str:
    """Return the connection of the network's virtual gateway whose routes have an address; empty for none."""
    found: list[tuple[int, int, str]] = []
    for gateway in roots(controller, "virtualGateways"):
        subnets = [each["ResourceRef"].lower() for each in gateway["Properties"]["GatewaySubnets"]]
        if not any(each.startswith(f"{source.realm}/") for each in subnets):
            continue
        for item in gateway["Properties"].get("NetworkConnections", []):
            for route in item["Properties"].get("Routes", []):
                prefix = ip_network(route["DestinationPrefix"])
                if ip_address(destination) in prefix:
                    found.append((prefix.prefixlen, -route.get("Metric", 0), item["ResourceRef"]))
    return max(found)[2] if found else ""


def _fields(controller: Controller, ref: str) -> Document:
    found = resource(controller, ref)
    return found["Properties"] if found else {}


def _inside(controller: Controller, realm: str, verdict: Verdict, address: str) -> Verdict:
    """Deliver within a network: to an interface, or to a VIP of the network's own."""
    for port in ports(controller):
        if port.realm == realm and port.address == address:
            return _arrive(controller, port, verdict)
    for balancer, frontend in _frontends(controller, address):
        if named(frontend["Properties"], "Subnet").lower().startswith(f"{realm}/"):
            return _balanced(controller, balancer, frontend, verdict)
    return verdict.dropped("lookup", realm, "default", "nobody has this address")


# -- outside ---------------------------------------------------------------------------------------------------------


def _translated(controller: Controller, source: Port, verdict: Verdict) -> Verdict:
    """Translate the source of a packet that leaves for outside."""
    public = _fields(controller, named(source.fields, "PublicIPAddress")) if "PublicIPAddress" in source.fields else {}
    if public:
        changed = replace(verdict.packet, source=public["IPAddress"])
        at = named(source.fields, "PublicIPAddress")
        return replace(verdict, packet=changed).then("public address", at, at, public["IPAddress"])
    pools = {each["ResourceRef"].lower() for each in source.fields.get("LoadBalancerBackendAddressPools", [])}
    for balancer in roots(controller, "loadBalancers"):
        for rule in balancer["Properties"].get("OutboundNatRules", []):
            fields = rule["Properties"]
            if named(fields, "BackendAddressPool").lower() in pools and fields["Protocol"] in (
                "ALL",
                verdict.packet.protocol,
            ):
                address = _frontend_address(controller, fields["FrontendIPConfigurations"][0]["ResourceRef"])
                number = _FIRST_PORT + _hash(verdict.packet, "Default") % _PORTS
                changed = replace(verdict.packet, source=address, source_port=number)
                return replace(verdict, packet=changed).then(
                    "outbound nat", balancer["ResourceRef"], rule["ResourceRef"], address
                )
    return verdict.dropped("outbound nat", source.ref, "default", "no outbound NAT")


def _outside(controller: Controller, verdict: Verdict) -> Verdict:
    """Deliver from outside every virtual network: to a VIP, a public address, a port on a logical network, or away."""
    address = verdict.packet.destination
    for balancer, frontend in _frontends(controller, address):
        if not named(frontend["Properties"], "Subnet").lower().startswith("/virtualnetworks/"):
            return _balanced(controller, balancer, frontend, verdict)
    for port in ports(controller):
        public = named(port.fields, "PublicIPAddress")
        if public and _fields(controller, public).get("IPAddress") == address:
            verdict = replace(verdict, packet=replace(verdict.packet, destination=port.address))
            return _arrive(controller, port, verdict.then("public address", public, public, port.address))
    for port in ports(controller):
        if port.address == address and not port.realm.startswith("/virtualnetworks/"):
            return _arrive(controller, port, verdict)
    if _known_inside(controller, address):
        return verdict.dropped("lookup", "outside", "default", "no way in from outside")
    return verdict


def _known_inside(controller: Controller, address: str) -> bool:
    return any(
        ip_address(address) in each
        for network in roots(controller, "virtualNetworks")
        for each in prefixes(controller, network["ResourceRef"].lower())
    )


# -- load balancers --------------------------------------------------------------------------------------------------


def _frontend_address(controller: Controller, ref: str) -> str:
    fields = _fields(controller, ref)
    public = named(fields, "PublicIPAddress")
    return str(_fields(controller, public).get("IPAddress", "") if public else fields.get("PrivateIPAddress", ""))


def _frontends(controller: Controller, address: str) -> Iterator[tuple[Document, Document]]:
    for balancer in roots(controller, "loadBalancers"):
        for frontend in balancer["Properties"].get("FrontendIPConfigurations", []):
            if _frontend_address(controller, frontend["ResourceRef"]) == address:
                yield balancer, frontend


def _serves(rule: Document, frontend: Document, packet: Packet) -> bool:
    fields = rule["Properties"]
    refs = {each["ResourceRef"].lower() for each in fields["FrontendIPConfigurations"]}
    same = (fields["Protocol"], fields["FrontendPort"]) == (packet.protocol, packet.port)
    return same and frontend["ResourceRef"].lower() in refs


def _balanced(controller: Controller, balancer: Document, frontend: Document, verdict: Verdict) -> Verdict:
    parts = balancer["Properties"]
    for rule in parts.get("LoadBalancingRules", []):
        if _serves(rule, frontend, verdict.packet):
            return _to_member(controller, balancer, rule, verdict)
    for rule in parts.get("InboundNatRules", []):
        if _serves(rule, frontend, verdict.packet):
            holders = _holders(controller, "LoadBalancerInboundNatRules", rule["ResourceRef"])
            if not holders:
                return verdict.dropped("inbound nat", balancer["ResourceRef"], rule["ResourceRef"], "no interface")
            changed = verdict.then("inbound nat", balancer["ResourceRef"], rule["ResourceRef"], holders[0].address)
            return _arrive(controller, holders[0], _rewritten(changed, rule, holders[0]))
    return verdict.dropped("load balancer", balancer["ResourceRef"], "default", "no rule for this port")


def _holders(controller: Controller, field: str, ref: str) -> list[Port]:
    found = [
        port
        for port in ports(controller)
        if any(each["ResourceRef"].lower() == ref.lower() for each in port.fields.get(field, []))
    ]
    return sorted(found, key=lambda port: port.ref.lower())


def _to_member(controller: Controller, balancer: Document, rule: Document, verdict: Verdict) -> Verdict:
    fields = rule["Properties"]
    pool = named(fields, "BackendAddressPool")
    members = _holders(controller, "LoadBalancerBackendAddressPools", pool)
    if "Probe" in fields:
        members = [port for port in members if port.ref.lower() not in controller.unhealthy]
    if not members:
        return verdict.dropped("load balancer", balancer["ResourceRef"], rule["ResourceRef"], "no healthy member")
    chosen = members[_hash(verdict.packet, fields.get("LoadDistribution", "Default")) % len(members)]
    verdict = replace(verdict, candidates=tuple(port.ref for port in members))
    changed = verdict.then("load balancer", balancer["ResourceRef"], rule["ResourceRef"], chosen.address)
    return _arrive(controller, chosen, _rewritten(changed, rule, chosen))


def _rewritten(verdict: Verdict, rule: Document, port: Port) -> Verdict:
    """Return the packet as a member gets it; with EnableFloatingIP it keeps the VIP and its port."""
    fields = rule["Properties"]
    if fields.get("EnableFloatingIP"):
        return verdict
    number = fields.get("BackendPort", fields["FrontendPort"])
    return replace(verdict, packet=replace(verdict.packet, destination=port.address, port=number))


def _hash(packet: Packet, distribution: str) -> int:
    values: list[Any] = [packet.source, packet.destination]
    if distribution != "SourceIP":
        values.append(packet.protocol)
    if distribution == "Default":
        values += [packet.source_port, packet.port]
    return int.from_bytes(hashlib.sha256("|".join(map(str, values)).encode()).digest()[:8], "big")
