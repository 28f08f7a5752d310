"""The ports that a host leads somewhere, by the way that they take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from psnet.resources.delivery import DeliveryMethod, declared_endpoint, endpoint_at, published_by

if TYPE_CHECKING:
    from psnet.resources.base import Context
    from psnet.resources.nat_static_mapping import NatStaticMapping
    from psnet.state import HostState

#: Protocol, external address, external port.
Key = tuple[str, str, int]
_NUMBERS = {6: "TCP", 17: "UDP"}
_ANY = "0.0.0.0"  # noqa: S104 - every address of the host


class PresentPorts(NamedTuple):
    """A port on a host: where it leads, and the values that the remove template takes for it."""

    internal_address: str
    internal_port: int
    values: dict[str, Any]


def present_ports(way: DeliveryMethod, mapping: NatStaticMapping, context: Context) -> dict[Key, PresentPorts]:
    """Return the ports of a host that could be those of a mapping that takes a way."""
    if way == "endpoint":
        return _of_endpoint(mapping, context)
    if way == "load_balancer":
        return context.cached("balanced ports", lambda: _balanced(context.state))
    if way == "portproxy":
        return context.cached("proxied ports", lambda: _proxied(context.state))
    return context.cached("mapped ports", lambda: _mapped(context.state))


def _title(protocol: str, outer: str, inner: str) -> str:
    return f"{protocol} {outer} -> {inner}"


def _mapped(state: HostState) -> dict[Key, PresentPorts]:
    return {
        (item.protocol.name, item.external_address, item.external_port): PresentPorts(
            item.internal_address,
            item.internal_port,
            {
                "id": item.id,
                "nat": item.nat,
                "title": _title(
                    str(item.protocol),
                    f"{item.external_address}:{item.external_port}",
                    f"{item.internal_address}:{item.internal_port}",
                ),
            },
        )
        for item in state.mappings
    }


def _proxied(state: HostState) -> dict[Key, PresentPorts]:
    found = {}
    for item in state.port_proxies:
        listen = _ANY if item.listen_address == "*" else item.listen_address
        values = {"address": item.listen_address, "port": item.listen_port}
        outer, inner = f"{listen}:{item.listen_port}", f"{item.connect_address}:{item.connect_port}"
        values |= {"title": _title("TCP", outer, inner)}
        found["TCP", listen, item.listen_port] = PresentPorts(item.connect_address, item.connect_port, values)
    return found


def _balanced(state: HostState) -> dict[Key, PresentPorts]:
    """Return the ports of load balancers with one member and no address of their own."""
    addresses = {item.id.lower(): item.address or "" for item in state.endpoints}
    found = {}
    for item in state.policy_lists:
        for policy in item.policies:
            front = [vip for vip in policy.get("VIPs") or () if vip]
            if policy.get("Type") != "ELB" or front or len(item.endpoints) != 1:
                continue
            protocol = _NUMBERS.get(int(policy.get("Protocol") or 0), "")
            outer, inner = int(policy.get("ExternalPort") or 0), int(policy.get("InternalPort") or 0)
            address = addresses.get(item.endpoints[0].lower(), "")
            values = {"id": item.id, "title": _title(protocol, f"{_ANY}:{outer}", f"{address}:{inner}")}
            found[protocol, _ANY, outer] = PresentPorts(address, inner, values)
    return found


def _of_endpoint(mapping: NatStaticMapping, context: Context) -> dict[Key, PresentPorts]:
    owner = declared_endpoint(mapping, context)
    endpoint = (context.endpoint(owner.name) if owner else None) or endpoint_at(mapping, context)
    if endpoint is None:
        return {}
    outside = str(mapping.external_address)
    return {
        (item.protocol, outside, item.external_port): PresentPorts(
            endpoint.address or "",
            item.internal_port,
            {
                "endpoint": endpoint.id,
                "protocol": item.protocol,
                "external_port": item.external_port,
                "title": _title(
                    item.protocol, f"{outside}:{item.external_port}", f"{endpoint.address}:{item.internal_port}"
                ),
            },
        )
        for item in published_by(endpoint)
    }
