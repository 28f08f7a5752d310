"""A read topology of a controller's objects, declared or observed: names, addresses and who refers to whom.

It answers what checks, traces and pictures ask; everything in it is in the REST API's spelling.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any

from psnet.sdn.desired import desired_resources
from psnet.sdn.edits import apply_edits
from psnet.sdn.references import short_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from psnet.sdn.model import Sdn
    from psnet.sdn.state import ControllerState

Prefix = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Port:
    """An IP configuration: where a container endpoint, or the host itself, is attached."""

    path: str
    interface: str
    address: str
    subnet: str
    properties: Mapping[str, Any] = field(repr=False)

    @property
    def realm(self) -> str:
        """The network in which the address stands, in small letters."""
        return self.subnet.lower().partition("/subnets/")[0]

    @property
    def virtual(self) -> bool:
        """Whether it is on a virtual network."""
        return self.realm.startswith("/virtualnetworks/")

    def refs(self, name: str) -> tuple[str, ...]:
        """Return the paths that a field refers to, in small letters."""
        return refs_of(self.properties.get(name))


@dataclass(frozen=True, slots=True)
class ChildResource:
    """A resource inside another: a frontend, a rule, a subnet; ``owner`` is the path of the one around it."""

    path: str
    owner: str
    properties: Mapping[str, Any] = field(repr=False)

    def refs(self, name: str) -> tuple[str, ...]:
        """Return the paths that a field refers to, in small letters."""
        return refs_of(self.properties.get(name))


def refs_of(value: Any) -> tuple[str, ...]:
    """Return the paths of a reference or of a list of them, in small letters."""
    items = value if isinstance(value, list) else [value] if value else []
    return tuple(
        short_reference(str(item["resourceRef"])) for item in items if isinstance(item, dict) and "resourceRef" in item
    )


@dataclass(frozen=True)
class Topology:
    """Documents by their path in small letters: (path as written, properties)."""

    documents: Mapping[str, tuple[str, Mapping[str, Any]]]

    @classmethod
    def of_state(cls, state: ControllerState) -> Topology:
        """Return the topology of what a controller has."""
        return cls({item.path.lower(): (item.path, item.properties) for item in state.resources})

    @classmethod
    def of_declared(cls, sdn: Sdn, state: ControllerState | None = None) -> Topology:
        """Return the topology of what a controller will have: what is declared over what it has."""
        from psnet.sdn.state import ControllerState as State  # noqa: PLC0415 - the model, not only its type

        before = state or State(url=sdn.controller.base)
        documents = {item.path.lower(): (item.path, item.properties) for item in before.resources}
        for desired in desired_resources(sdn, before):
            edits = [item.edit.model_dump() for item in desired.differences]
            made = apply_edits(desired.observed.properties, edits) if desired.observed else desired.properties
            documents[desired.resource.path.lower()] = (desired.resource.path, made)
        return cls(documents)

    def parts(self, collection: str, name: str) -> Iterator[ChildResource]:
        """Yield the children of a kind of every resource of a collection."""
        for key, (path, properties) in self.documents.items():
            if key.startswith(f"/{collection.lower()}/"):
                for item in properties.get(name) or ():
                    yield ChildResource(f"{path}/{name}/{item['resourceId']}", path, item.get("properties") or {})

    def find(self, path: str) -> Mapping[str, Any] | None:
        """Return the properties of a resource, or of one inside another, by its resourceRef in any case."""
        top, _, rest = short_reference(path).strip("/").partition("/")
        name, *way = rest.split("/")
        found = self.documents.get(f"/{top}/{name}")
        value: Any = found[1] if found else None
        for place in range(0, len(way) - 1, 2):
            listed = next((v for k, v in (value or {}).items() if k.lower() == way[place]), None) or ()
            item = next((i for i in listed if str(i["resourceId"]).lower() == way[place + 1]), None)
            value = (item or {}).get("properties")
        return dict(value) if value is not None else None

    @cached_property
    def ports(self) -> tuple[Port, ...]:
        """Every IP configuration."""
        found = []
        for part in self.parts("networkInterfaces", "ipConfigurations"):
            subnets = part.refs("subnet")
            if subnets and part.properties.get("privateIPAddress"):
                address = str(part.properties["privateIPAddress"])
                found.append(Port(part.path, part.owner, address, subnets[0], part.properties))
        return tuple(found)

    @cached_property
    def subnets(self) -> Mapping[str, ChildResource]:
        """Virtual and logical subnets by path in small letters."""
        both = (*self.parts("virtualNetworks", "subnets"), *self.parts("logicalNetworks", "subnets"))
        return {part.path.lower(): part for part in both}

    @cached_property
    def frontends(self) -> tuple[tuple[str, ChildResource], ...]:
        """Every VIP of a load balancer with its address."""
        found = []
        for part in self.parts("loadBalancers", "frontendIPConfigurations"):
            address = part.properties.get("privateIPAddress") or self.public_address(part.refs("publicIPAddress"))
            if address:
                found.append((str(address), part))
        return tuple(found)

    def public_address(self, refs: Iterable[str]) -> str | None:
        """Return the address of a public address that is referred to."""
        for path in refs:
            found = self.find(path)
            if found and found.get("ipAddress"):
                return str(found["ipAddress"])
        return None

    def prefix(self, subnet: str) -> Prefix | None:
        """Return a subnet's prefix."""
        part = self.subnets.get(subnet.lower())
        text = part.properties.get("addressPrefix") if part else None
        return ip_network(str(text), strict=False) if text else None

    def spaces(self, realm: str) -> tuple[Prefix, ...]:
        """Return the address space of a virtual network."""
        found = self.find(realm) or {}
        listed = (found.get("addressSpace") or {}).get("addressPrefixes") or ()
        return tuple(ip_network(str(item), strict=False) for item in listed)

    def peers(self, realm: str) -> tuple[str, ...]:
        """Return the virtual networks that a network reaches: both sides declare a peering, and both allow it."""
        return tuple(
            peer
            for peer, allowed in self._peerings(realm)
            if allowed and any(back == realm and ours for back, ours in self._peerings(peer))
        )

    def _peerings(self, realm: str) -> Iterator[tuple[str, bool]]:
        for path, (_, properties) in self.documents.items():
            if path.startswith(f"{realm}/virtualnetworkpeerings/"):
                for remote in refs_of(properties.get("remoteVirtualNetwork")):
                    yield remote, properties.get("allowVirtualNetworkAccess") is not False

    def connection(self, realm: str, address: str) -> str | None:
        """Return the connection of a network's virtual gateway that leads to an address, by the longest prefix."""
        found = []
        for part in self.parts("virtualGateways", "networkConnections"):
            subnets = refs_of((self.find(part.owner) or {}).get("gatewaySubnets"))
            if any(item.startswith(f"{realm}/") for item in subnets):
                for route in part.properties.get("routes") or ():
                    prefix = ip_network(str(route["destinationPrefix"]), strict=False)
                    if ip_address(address) in prefix:
                        found.append((prefix.prefixlen, -int(route.get("metric") or 0), part.path))
        return max(found)[2] if found else None

    def in_virtual_network(self, address: str) -> bool:
        """Say whether an address is in the address space of any virtual network."""
        realms = [path for path in self.documents if path.startswith("/virtualnetworks/") and path.count("/") == 2]  # noqa: PLR2004 - not what stands in one
        return any(ip_address(address) in space for realm in realms for space in self.spaces(realm))

    def at(self, address: str, realm: str | None = None) -> tuple[Port, ...]:
        """Return the IP configurations with an address, in one network or in any."""
        wanted = ip_address(address)
        return tuple(
            port
            for port in self.ports
            if ip_address(port.address) == wanted and (realm is None or port.realm == realm.lower())
        )

    def lists(self, port: Port) -> tuple[tuple[str, Mapping[str, Any]], ...]:
        """Return the access control lists of a port as (path, properties): its own before its subnet's."""
        subnet = self.subnets.get(port.subnet.lower())
        paths = [*port.refs("accessControlList"), *(subnet.refs("accessControlList") if subnet else ())]
        return tuple(self.documents[path] for path in dict.fromkeys(paths) if path in self.documents)

    def members(self, reference: str, name: str = "loadBalancerBackendAddressPools") -> tuple[Port, ...]:
        """Return the IP configurations that a pool, or an inbound NAT rule, leads to."""
        return tuple(port for port in self.ports if reference.lower() in port.refs(name))
