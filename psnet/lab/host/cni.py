"""CNI on a simulated host: the conflists in a folder, and what the plug-ins make of them (reference: cni.md)."""

from __future__ import annotations

import json
from ipaddress import IPv4Interface
from typing import TYPE_CHECKING, Any, Final

from psnet.errors import LabError
from psnet.lab.contract.files import decode
from psnet.lab.host.hns import endpoints, namespaces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from psnet.lab.host.hns.objects import Endpoint, Namespace, Network
    from psnet.lab.host.model import Host

BIN: Final = "C:\\Program Files\\containerd\\cni\\bin"
CONF: Final = "C:\\Program Files\\containerd\\cni\\conf"
PLUGINS: Final = ("flannel", "host-local", "nat", "sdnbridge", "sdnoverlay", "win-bridge", "win-overlay")
#: What the nat, sdnbridge and sdnoverlay plug-ins take.
VERSIONS: Final = ("0.2.0", "0.3.0", "0.4.0", "1.0.0")
#: The type of network that a plug-in makes when there is none of its name; win-bridge and win-overlay make none.
_MAKES: Final = {"nat": "nat", "sdnbridge": "l2bridge", "sdnoverlay": "overlay"}
_NUMBERS: Final = {"tcp": "TCP", "udp": "UDP"}

Ports = tuple[tuple[int, int, str], ...]


class CniError(LabError):
    """An error as a CNI plug-in reports it."""


def conflists(host: Host, folder: str = CONF) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield path and document of each configuration file of a folder, in the order in which runtimes read them."""
    entry = host.files.find(folder)
    for _, file in sorted((entry.children or {}).items() if entry else ()):
        # rule: cni-file-order
        if not file.is_folder and file.name.lower().endswith((".conf", ".conflist", ".json")):
            try:
                yield f"{folder}\\{file.name}", json.loads(decode(file.data))
            except ValueError:
                continue


def plugin_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first plug-in of a list, or the document itself; of flannel the one that it delegates to."""
    listed = document.get("plugins")
    found = dict(listed[0]) if listed else dict(document)
    if found.get("type") == "flannel":
        # rule: flannel-conflist
        return {**found["delegate"], "capabilities": found.get("capabilities", {})}
    return found


def add(host: Host, document: Mapping[str, Any], identifier: str, netns: Namespace, ports: Ports) -> Endpoint:
    """Run ADD of a conflist for a container: its endpoint on the HNS network of the conflist's name.

    Raises CniError for what the plug-in refuses and HnsError for what HNS refuses.
    """
    plugin, hns = plugin_of(document), host.hns
    kind, name = str(plugin.get("type")), str(document.get("name"))
    if host.files.find(f"{BIN}\\{kind}.exe") is None:
        raise CniError(f'failed to find plugin "{kind}" in path [{BIN}]')  # rule: cni-plugin-missing
    if kind in _MAKES and document.get("cniVersion") not in VERSIONS:
        raise CniError("incompatible CNI versions")  # rule: cni-versions
    network = hns.find(name) or _make(host, kind, name, plugin)
    # rule: cni-capabilities
    published = ports if plugin.get("capabilities", {}).get("portMappings") is True else ()
    # rule: cni-local-routed
    routed = kind in _MAKES and (plugin.get("optionalFlags") or {}).get("localRoutedPortMapping") is True
    flags = {"Flags": 1} if routed else {}
    policies = [
        {"Type": "NAT", "Protocol": _NUMBERS[word], "InternalPort": inner, "ExternalPort": outer, **flags}
        for outer, inner, word in published
    ]
    data: dict[str, Any] = {"Name": f"{identifier}_{name}", "Policies": policies}  # rule: cni-endpoint-name
    gateway = _gateway(plugin, network)
    endpoint = endpoints.create_endpoint(hns, network, data | ({"GatewayAddress": gateway} if gateway else {}))
    endpoint.made_by = 2
    endpoints.add_local_route(hns, endpoint)
    namespaces.add_endpoint(hns, netns, endpoint)
    return endpoint


def _make(host: Host, kind: str, name: str, plugin: Mapping[str, Any]) -> Network:
    if kind not in _MAKES:
        raise CniError(f"Network {name} not found")  # rule: cni-win-network-must-exist
    # rule: cni-network-made
    subnet = plugin.get("ipam", {}).get("subnet")
    if not subnet:
        raise CniError(f"no subnet in the configuration of {name}")
    prefix = IPv4Interface(subnet)
    gateway = _declared_gateway(plugin) or str(prefix.ip + 1)
    made = [{"AddressPrefix": str(prefix.network), "GatewayAddress": gateway}]
    return host.hns.create(name, _MAKES[kind], subnets=made, made_by=2)


def _declared_gateway(plugin: Mapping[str, Any]) -> str | None:
    """Return ipam.routes[0].GW in any case; ``gateway`` is not read."""
    # rule: cni-gateway-key
    routes: Sequence[Mapping[str, Any]] = plugin.get("ipam", {}).get("routes") or ()
    return next((str(value) for key, value in (routes[0].items() if routes else ()) if key.lower() == "gw"), None)


def _gateway(plugin: Mapping[str, Any], network: Network) -> str | None:
    """Return the gateway that a plug-in gives an endpoint: the conflist's, whatever the network has."""
    # rule: cni-gateway-of-conflist
    kind = plugin.get("type")
    if kind == "win-bridge" and network.prefix is not None:
        return str(network.prefix.network_address + 2)  # rule: cni-win-bridge-gateway
    if kind not in _MAKES:
        return None
    subnet = plugin.get("ipam", {}).get("subnet")
    return _declared_gateway(plugin) or (str(IPv4Interface(subnet).ip + 1) if subnet else None)


def delete(host: Host, endpoint_id: str) -> None:
    """Run DEL: the endpoint goes, the network stays."""
    # rule: cni-del-keeps-network
    hns = host.hns
    for endpoint in [item for item in hns.endpoints if item.id == endpoint_id]:
        for space in hns.namespaces:
            if endpoint.id in space.endpoints:
                namespaces.remove_endpoint(hns, space, endpoint)
        hns.remove_endpoint(endpoint)
