"""The owners of a host's ports: published by HNS, balanced, proxied, mapped by WinNAT, or listened on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psnet.resources.delivery import published_by

if TYPE_CHECKING:
    from psnet.resources.base import Context

_WORDS = {"6": "TCP", "17": "UDP", "TCP": "TCP", "UDP": "UDP"}


class Holder(NamedTuple):
    """Who holds a port: a sentence about it, and the identity that psnet knows it by (``kind/name``), if any."""

    title: str
    key: str


def holders(context: Context) -> dict[tuple[str, int], list[Holder]]:
    """Return the holders of each (protocol, port) of the host."""
    return context.cached("holders of ports", lambda: _holders(context))


def _holders(context: Context) -> dict[tuple[str, int], list[Holder]]:
    state = context.state
    found: dict[tuple[str, int], list[Holder]] = {}
    names = {item.id: item.name for item in state.containers}
    for endpoint in state.endpoints:
        owner = next((names.get(item, item[:12]) for item in endpoint.containers), None)
        title = f"the container {owner}" if owner else f"the endpoint {endpoint.name}"
        for protocol, port, inner in published_by(endpoint):
            title_here = f"{title} publishes it for {endpoint.address or 'itself'}:{inner}"
            found.setdefault((protocol, port), []).append(Holder(title_here, f"endpoint/{endpoint.name.lower()}"))
    for item in state.policy_lists:
        for policy in item.policies:
            if policy.get("Type") == "ELB" and not any(policy.get("VIPs") or ()):
                key = (_WORDS.get(str(policy.get("Protocol")), ""), int(policy.get("ExternalPort") or 0))
                found.setdefault(key, []).append(Holder(f"the HNS load balancer {item.id} has it", f"list/{item.id}"))
    for proxy in state.port_proxies:
        title = f"portproxy forwards it to {proxy.connect_address}:{proxy.connect_port}"
        key = ("TCP", proxy.listen_port)
        found.setdefault(key, []).append(Holder(title, f"proxy/{proxy.listen_address}:{proxy.listen_port}"))
    for mapping in state.mappings:
        title = f"WinNAT maps it to {mapping.internal_address}:{mapping.internal_port} ({mapping.nat})"
        key = (mapping.protocol.name, mapping.external_port)
        found.setdefault(key, []).append(Holder(title, f"mapping/{mapping.id}"))
    proxied = {("TCP", proxy.listen_port) for proxy in state.port_proxies}
    for listener in state.listeners:
        key = (listener.protocol, listener.port)
        if key not in proxied and not listener.address.startswith("127.") and listener.address != "::1":
            who = listener.process or "a service"
            found.setdefault(key, []).append(Holder(f"{who} listens on it", f"listener/{listener.port}"))
    return found
