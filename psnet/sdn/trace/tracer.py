"""Trace a packet by the documented rules alone; nothing is sent.

Outbound rules see the addresses before translation, inbound rules those after. Routes: the longest prefix among the
subnet's own and the system's, of two alike the user's ("Use Network Virtual Appliances on a virtual network"). Out of a
virtual network leads a public address of the IP configuration itself, else an outbound NAT rule of a pool that it is
in ("Configure the Software Load Balancer"). A load balancer opens one way for each member: which one it takes, its hash
says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from psnet.errors import InputError
from psnet.sdn.trace.acl import evaluate_acls, evaluate_hns_acls
from psnet.sdn.trace.mirror import mirrored
from psnet.sdn.trace.model import Path, Step, StepKind, TraceOutcome, TraceRequest, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from psnet.sdn.topology import ChildResource, Port, Topology


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A container endpoint on a host with its HNS policies, known by its address."""

    name: str
    address: str
    build: int
    policies: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class _Way:
    """A packet under way."""

    packet: TraceRequest
    steps: tuple[Step, ...] = ()

    def then(self, kind: StepKind, at: str, rule: str | None, action: str, why: str) -> _Way:
        return replace(self, steps=(*self.steps, Step(kind=kind, at=at, rule=rule, action=action, why=why)))

    def rewritten(self, **values: Any) -> _Way:
        return replace(self, packet=self.packet.model_copy(update=values))

    def ends(self, *, allowed: bool, to: str | None = None) -> Path:
        packet = self.packet
        return Path(
            allowed=allowed,
            to=to,
            source=packet.source,
            destination=packet.destination,
            port=packet.port,
            steps=self.steps,
        )


@dataclass(frozen=True, slots=True)
class Tracer:
    """Answers questions over a topology of the controller and the container endpoints that are known."""

    topology: Topology
    endpoints: tuple[Endpoint, ...] = ()

    def trace(self, question: TraceRequest) -> TraceOutcome:
        """Return the verdict with every way; raise InputError for a source address that stands in several networks."""
        source = self._source(question)
        way = _Way(question)
        paths = tuple(self._from(source, way) if source else self._from_elsewhere(way))
        return _judged(question, paths, tuple(self._notes(source, paths)))

    def _source(self, question: TraceRequest) -> Port | None:
        found = self.topology.at(question.source, question.network)
        if len({port.realm for port in found}) > 1:
            realms = ", ".join(sorted({port.realm for port in found}))
            raise InputError(
                f"{question.source} stands in several networks: {realms}", remedy="name one with --network"
            )
        return found[0] if found else None

    # -- ports ---------------------------------------------------------------------------------------------------------

    def _from_elsewhere(self, way: _Way) -> Iterator[Path]:
        """Begin at an address that the controller does not know: outside, or an endpoint with HNS ACLs alone."""
        allowed, way = self._hns(way.packet.source, way, inward=False)
        if allowed:
            yield from self._outside(way)
        else:
            yield way.ends(allowed=False)

    def _from(self, port: Port, way: _Way) -> Iterator[Path]:
        allowed, way = self._hns(port.address, way, inward=False)
        if allowed:
            allowed, step = evaluate_acls(self.topology, port, way.packet, "Outbound")
            way = replace(way, steps=(*way.steps, step))
        if allowed:
            yield from self._routed(port, self._copied(port, way))
        else:
            yield way.ends(allowed=False)

    def _arrive(self, port: Port, way: _Way) -> Path:
        allowed, step = evaluate_acls(self.topology, port, way.packet, "Inbound")
        way = replace(way, steps=(*way.steps, step))
        if allowed:
            allowed, way = self._hns(port.address, way, inward=True)
        way = self._copied(port, way) if allowed else way
        return way.ends(allowed=allowed, to=port.path if allowed else None)

    def _copied(self, port: Port, way: _Way) -> _Way:
        return replace(way, steps=(*way.steps, *mirrored(self.topology, port, way.packet)))

    def _hns(self, address: str, way: _Way, *, inward: bool) -> tuple[bool, _Way]:
        for endpoint in self.endpoints:
            if endpoint.address == address:
                allowed, step = evaluate_hns_acls(
                    endpoint.policies,
                    way.packet,
                    "In" if inward else "Out",
                    build=endpoint.build,
                    where=f"endpoint {endpoint.name}",
                )
                return allowed, replace(way, steps=(*way.steps, step)) if step else way
        return True, way

    # -- routes --------------------------------------------------------------------------------------------------------

    def _routed(self, source: Port, way: _Way) -> Iterator[Path]:
        if not source.virtual:
            yield from self._outside(way)
            return
        hop, rule, appliance, why = self._next_hop(source, way.packet.destination)
        connection = self.topology.connection(source.realm, way.packet.destination)
        if connection is not None and (hop == "VirtualNetworkGateway" or (hop == "Internet" and rule is None)):
            why = f"a route of the virtual gateway's connection has {way.packet.destination}"
            yield way.then("gateway", source.subnet, connection, "leaves", why).ends(allowed=True)
            return
        if rule is not None or hop in ("None", "VirtualNetworkGateway"):
            way = way.then("route", source.subnet, rule, hop, why)
        if hop == "None":
            yield way.ends(allowed=False)
        elif hop == "VirtualNetworkGateway":
            why = "no connection of a virtual gateway leads there"
            yield way.then("lookup", source.realm, None, "dropped", why).ends(allowed=False)
        elif hop == "Internet":
            yield from self._leaving(source, way)
        else:
            realm = rule if hop == "Peering" and rule else source.realm
            yield from self._inside(realm, way, appliance or way.packet.destination)

    def _next_hop(self, source: Port, destination: str) -> tuple[str, str | None, str | None, str]:
        address = ip_address(destination)
        found: list[tuple[int, bool, str, str | None, str | None]] = [(0, False, "Internet", None, None)]
        found += [
            (space.prefixlen, False, "VnetLocal", None, None)
            for space in self.topology.spaces(source.realm)
            if address in space
        ]
        found += [
            (space.prefixlen, False, "Peering", peer, None)
            for peer in self.topology.peers(source.realm)
            for space in self.topology.spaces(peer)
            if address in space
        ]
        subnet = self.topology.subnets.get(source.subnet.lower())
        for table in subnet.refs("routeTable") if subnet else ():
            for item in (self.topology.find(table) or {}).get("routes") or ():
                fields = item["properties"]
                prefix = ip_network(str(fields["addressPrefix"]), strict=False)
                if address in prefix:
                    path = f"{table}/routes/{item['resourceId']}"
                    hop = fields.get("nextHopIpAddress")
                    found.append((prefix.prefixlen, True, str(fields["nextHopType"]), path, hop))
        length, own, hop, rule, appliance = max(found, key=lambda item: item[:2])
        kind = "user-defined" if own else "system"
        to = f" {appliance}" if appliance else ""
        return hop, rule, appliance, f"the {kind} route of the longest prefix (/{length}) leads to {hop}{to}"

    def _inside(self, realm: str, way: _Way, address: str) -> Iterator[Path]:
        for port in self.topology.at(address, realm):
            yield self._arrive(port, way)
            return
        for vip, frontend in self.topology.frontends:
            if vip == address and any(item.startswith(f"{realm}/") for item in frontend.refs("subnet")):
                yield from self._balanced(frontend, way)
                return
        yield way.then("lookup", realm, None, "dropped", f"nobody in {realm} has {address}").ends(allowed=False)

    # -- outside -------------------------------------------------------------------------------------------------------

    def _leaving(self, source: Port, way: _Way) -> Iterator[Path]:
        public = source.refs("publicIPAddress")
        address = self.topology.public_address(public)
        if address:
            why = f"{source.address} goes out as {address}"
            way = way.rewritten(source=address).then("public address", source.path, public[0], address, why)
            yield from self._outside(way)
            return
        pools = source.refs("loadBalancerBackendAddressPools")
        for rule in self.topology.parts("loadBalancers", "outboundNatRules"):
            protocol = str(rule.properties.get("protocol")).upper()
            if set(rule.refs("backendAddressPool")) & set(pools) and protocol in ("ALL", way.packet.protocol):
                address = self._frontend_address(rule)
                why = f"{source.address} goes out as {address}"
                way = way.rewritten(source=address).then("outbound nat", rule.owner, rule.path, address, why)
                yield from self._outside(way)
                return
        why = "a private address does not leave a virtual network without a public address or an outbound NAT rule"
        yield way.then("outbound nat", source.path, None, "dropped", why).ends(allowed=False)

    def _frontend_address(self, rule: ChildResource) -> str:
        wanted = rule.refs("frontendIPConfigurations")
        return next((address for address, part in self.topology.frontends if part.path.lower() in wanted), "")

    def _outside(self, way: _Way) -> Iterator[Path]:
        address = way.packet.destination
        for vip, frontend in self.topology.frontends:
            if vip == address and not any(item.startswith("/virtualnetworks/") for item in frontend.refs("subnet")):
                yield from self._balanced(frontend, way)
                return
        for port in self.topology.ports:
            public = port.refs("publicIPAddress")
            if public and self.topology.public_address(public) == address:
                way = way.rewritten(destination=port.address)
                why = f"everything for {address} goes to {port.address}"
                yield self._arrive(port, way.then("public address", public[0], public[0], port.address, why))
                return
        for port in self.topology.at(address):
            if not port.virtual:
                yield self._arrive(port, way)
                return
        if self.topology.in_virtual_network(address):
            why = "an address of a virtual network has no way in from outside but a VIP"
            yield way.then("lookup", "outside", None, "dropped", why).ends(allowed=False)
            return
        allowed, way = self._hns(address, way, inward=True)
        yield way.ends(allowed=allowed)

    # -- load balancers ------------------------------------------------------------------------------------------------

    def _balanced(self, frontend: ChildResource, way: _Way) -> Iterator[Path]:
        for rule in self.topology.parts("loadBalancers", "loadBalancingRules"):
            if _serves(rule, frontend, way.packet):
                yield from self._to_members(rule, way)
                return
        for rule in self.topology.parts("loadBalancers", "inboundNatRules"):
            if _serves(rule, frontend, way.packet):
                members = self.topology.members(rule.path, "loadBalancerInboundNatRules")
                yield from self._to_each("inbound nat", rule, members[:1], way)
                return
        why = f"no rule of it takes port {way.packet.port}/{way.packet.protocol}"
        yield way.then("load balancer", frontend.owner, None, "dropped", why).ends(allowed=False)

    def _to_members(self, rule: ChildResource, way: _Way) -> Iterator[Path]:
        pools = rule.refs("backendAddressPool")
        members = [port for pool in pools for port in self.topology.members(pool)]
        yield from self._to_each("load balancer", rule, members, way)

    def _to_each(self, kind: StepKind, rule: ChildResource, members: Sequence[Port], way: _Way) -> Iterator[Path]:
        if not members:
            yield way.then(kind, rule.owner, rule.path, "dropped", "nobody is behind it").ends(allowed=False)
        for port in sorted(members, key=lambda item: item.path.lower()):
            one = way
            if str(rule.properties.get("enableFloatingIP")).lower() != "true":
                number = rule.properties.get("backendPort") or rule.properties["frontendPort"]
                one = way.rewritten(destination=port.address, port=int(number))
            why = f"{way.packet.destination}:{way.packet.port} -> {one.packet.destination}:{one.packet.port}"
            yield self._arrive(port, one.then(kind, rule.owner, rule.path, port.address, why))

    def _notes(self, source: Port | None, paths: Sequence[Path]) -> Iterator[str]:
        """Yield what the rules cannot say: containers of one host in one subnet are bridged inside it."""
        for path in paths:
            port = next((item for item in self.topology.ports if item.path == path.to), None)
            if source and port and source.interface == port.interface and source.subnet == port.subnet:
                yield (
                    "both stand behind one interface in one subnet: with an l2bridge container network the host "
                    "bridges that traffic itself and no policy is enforced; with l2tunnel it is"
                )
                return


def _serves(rule: ChildResource, frontend: ChildResource, packet: TraceRequest) -> bool:
    fields = rule.properties
    same = str(fields.get("protocol")).upper() in (packet.protocol, "ALL")
    port = fields.get("frontendPort")
    fits = port is None or int(port) == packet.port
    return same and fits and frontend.path.lower() in rule.refs("frontendIPConfigurations")


def _judged(question: TraceRequest, paths: tuple[Path, ...], notes: tuple[str, ...]) -> TraceOutcome:
    open_ways = sum(path.allowed for path in paths)
    verdict: Verdict = "allowed" if open_ways == len(paths) else "depends" if open_ways else "denied"
    if verdict == "depends":
        why = f"{open_ways} of {len(paths)} members of the pool take it"
    else:
        last = next((path.steps[-1] for path in paths if path.steps), None)
        why = last.why if last else "nothing on the way decides about it"
    return TraceOutcome(question=question, verdict=verdict, why=why, paths=paths, notes=notes)
