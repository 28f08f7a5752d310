"""The policy in force: resources whose last write succeeded, and the ports of hosts that received policy.

A host gets policy when a server resource names it in its connections; a port of it is an HNS endpoint that has the
address of an IP configuration. All of this reads ``Controller.enforced`` and the hosts, never what is only declared.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Any

from psnet.lab.host.ports import ports_of
from psnet.lab.sdn.resource_paths import place_of
from psnet.lab.sdn.rules.interfaces import realm_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.host.hns.objects import Endpoint
    from psnet.lab.host.model import Host
    from psnet.lab.host.ports import PortAdapter
    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.documents import Document

    Prefix = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Port:
    """An address of an interface in force: its configuration, its subnet, its network's realm."""

    ref: str
    interface: str
    address: str
    realm: str
    subnet: str
    fields: Document


@dataclass(frozen=True, slots=True)
class PortPolicy:
    """What a host's switch enforces at one port: the endpoint, the interface, the rules in order, the limits.

    ``inbound`` and ``outbound`` are ResourceRefs of ACL rules, those of the interface's list first.
    """

    endpoint: str
    interface: str
    mac: str
    address: str
    inbound: tuple[str, ...]
    outbound: tuple[str, ...]
    qos: Document


def roots(controller: Controller, segment: str) -> Iterator[Document]:
    """Return the resources of a root collection that are in force."""
    prefix = f"/{segment}/".lower()
    return (item for key, item in list(controller.enforced.items()) if key.startswith(prefix))


def resource(controller: Controller, ref: str) -> Document | None:
    """Return a resource in force by its path."""
    place = place_of(ref)
    found = controller.enforced.get(f"/{place.kinds[0].segment}/{place.ids[0]}".lower())
    for kind, name in zip(place.kinds[1:], place.ids[1:], strict=True):
        items = found["Properties"].get(kind.holder, []) if found else []
        found = next((item for item in items if item["ResourceId"].lower() == name.lower()), None)
    return found


def named(fields: Document, name: str) -> str:
    """Return the path that a reference field names, "" where there is none."""
    return str(fields.get(name, {}).get("ResourceRef", ""))


def ports(controller: Controller) -> Iterator[Port]:
    """Return every address of every interface in force."""
    for nic in roots(controller, "networkInterfaces"):
        for item in nic["Properties"].get("IpConfigurations", []):
            fields = item["Properties"]
            subnet = named(fields, "Subnet")
            yield Port(
                item["ResourceRef"], nic["ResourceRef"], fields["PrivateIPAddress"], realm_of(subnet), subnet, fields
            )


def prefixes(controller: Controller, realm: str) -> list[Prefix]:
    """Return the address space of a virtual network."""
    found = controller.enforced.get(realm)
    return [ip_network(each) for each in found["Properties"]["AddressSpace"]["AddressPrefixes"]] if found else []


def lists(controller: Controller, port: Port) -> list[Document]:
    """Return the access control lists at a port, the IP configuration's before the subnet's.

    Both apply, and the interface's come first: "Configure Datacenter Firewall Access Control Lists" of Microsoft's SDN
    guide. Container endpoints that share an interface keep each its own: microsoft/SDN, Containers/README.md.
    """
    subnet = resource(controller, port.subnet)
    refs = [named(port.fields, "AccessControlList"), named(subnet["Properties"], "AccessControlList") if subnet else ""]
    found = [resource(controller, ref) for ref in dict.fromkeys(filter(None, refs))]
    return [item for item in found if item is not None]


def ordered(acl: Document, direction: str) -> list[Document]:
    """Return a list's rules of a direction, the lowest priority number first."""
    rules = [item for item in acl["Properties"].get("AclRules", []) if item["Properties"]["Type"] == direction]
    return sorted(rules, key=lambda item: int(item["Properties"]["Priority"]))


# -- hosts -----------------------------------------------------------------------------------------------------------


def managed_hosts(controller: Controller) -> Iterator[tuple[str, Host]]:
    """Return (server's path, host) of every lab host that a server resource in force names.

    A management address is a host's name, or an address of one of its adapters.
    """
    for server in roots(controller, "servers"):
        connections = server["Properties"].get("Connections", [])
        addresses = {str(each).lower() for item in connections for each in item["ManagementAddresses"]}
        for host in controller.hosts:
            own = {str(address.ip) for adapter in host.links.adapters for address in adapter.addresses}
            if addresses & {host.name.lower(), *own}:
                yield server["ResourceRef"], host


def enforced_at(controller: Controller, interface: str) -> tuple[str, PortAdapter | None] | None:
    """Return (server's path, port) of an interface in force, None when no port carries its instance id.

    In a lab whose managed hosts have no virtual machines and no profiles every interface counts as carried, by no port.
    """
    found = resource(controller, interface)
    wanted = str(found["InstanceId"]).lower() if found else ""
    known = [(server, item) for server, host in managed_hosts(controller) for item in ports_of(host)]
    if not known:
        return "", None  # rule: port-profile-unmodelled
    return next(((server, item) for server, item in known if wanted and item.carries == wanted), None)


def placed(controller: Controller, port: Port) -> tuple[str, Host, Endpoint] | None:
    """Return (server's path, host, endpoint) of an address, None while no managed host has it.

    The endpoint has the address, and the interface's MAC or a network with the subnet's prefix: several endpoints of a
    host may share one interface.
    """
    nic, subnet = resource(controller, port.interface), resource(controller, port.subnet)
    if nic is None or subnet is None:
        return None
    mac, prefix = nic["Properties"]["PrivateMacAddress"], subnet["Properties"]["AddressPrefix"]
    for server, host in managed_hosts(controller):
        networks = {item.id: str(item.prefix) for item in host.hns.networks}
        for endpoint in list(host.hns.endpoints):
            same = endpoint.mac.replace("-", "").upper() == mac or networks.get(endpoint.network) == prefix
            if endpoint.address == port.address and same:
                return server, host, endpoint
    return None


def port_policies(controller: Controller, host: Host) -> list[PortPolicy]:
    """Return what a host's switch enforces, port by port."""
    found: list[PortPolicy] = []
    for port in ports(controller):
        where = placed(controller, port)
        if where is None or where[1] is not host:
            continue
        nic = resource(controller, port.interface)
        assert nic is not None  # noqa: S101 - it has a place
        acls = lists(controller, port)
        sides = {
            side: tuple(rule["ResourceRef"] for acl in acls for rule in ordered(acl, side))
            for side in ("Inbound", "Outbound")
        }
        qos: dict[str, Any] = nic["Properties"]["PortSettings"]["QosSettings"]
        mac = nic["Properties"]["PrivateMacAddress"]
        endpoint = where[2].id
        found.append(
            PortPolicy(endpoint, port.interface, mac, port.address, sides["Inbound"], sides["Outbound"], dict(qos))
        )
    return found
