"""The document of a CNI configuration list, made from a declared network (reference: cni.md, 2, 3 and 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Microsoft's plug-ins, which make a network that is missing; the others demand that it is there.
WCN: Final = ("nat", "sdnbridge", "sdnoverlay")
#: What Microsoft's plug-ins take of the versions of CNI.
WCN_VERSIONS: Final = ("0.2.0", "0.3.0", "0.4.0", "1.0.0")
#: Which plug-ins fit a network, the usual one first.
PLUGINS_OF: Final = {
    "nat": ("nat",),
    "l2bridge": ("sdnbridge", "win-bridge"),
    "l2tunnel": ("win-bridge",),
    "overlay": ("sdnoverlay", "win-overlay"),
}


class NetworkFacts(NamedTuple):
    """What a conflist takes from its network: mode, the subnets with gateways, DNS servers and suffix."""

    mode: str
    subnets: Sequence[tuple[str, str]]
    dns_servers: Sequence[str] = ()
    dns_suffix: str | None = None


class CniSpec(NamedTuple):
    """What a conflist has beyond its network."""

    name: str
    plugin: str
    version: str
    capabilities: Sequence[str]
    dns_search: Sequence[str]
    exceptions: Sequence[str]
    ipam: str
    range_start: str | None
    range_end: str | None
    loopback_dsr: bool
    local_ports: bool


def cni_document(wanted: CniSpec, network: NetworkFacts) -> dict[str, Any]:
    """Return the configuration list: its name is the HNS network's, for by it the plug-in finds the network."""
    wcn = wanted.plugin in WCN
    plugin: dict[str, Any] = {"type": wanted.plugin}
    if not wcn:
        plugin["apiVersion"] = 2
    plugin["capabilities"] = dict.fromkeys(wanted.capabilities, True)
    plugin["ipam"] = _ipam(wanted, network)
    plugin |= _dns(wanted, network)
    policies = [_policy(wanted)] if wanted.exceptions else []
    if wcn:
        plugin |= (
            {"AdditionalArgs": [{"Name": "EndpointPolicy", "Value": item} for item in policies]} if policies else {}
        )
        flags = {"localRoutedPortMapping": wanted.local_ports, "loopbackDSR": wanted.loopback_dsr}
        chosen = {key: True for key, value in flags.items() if value}
        plugin |= {"optionalFlags": chosen} if chosen else {}
    else:
        plugin |= {"policies": [{"name": "EndpointPolicy", "value": item} for item in policies]} if policies else {}
        plugin |= {"loopbackDSR": True} if wanted.loopback_dsr else {}
    return {"cniVersion": wanted.version, "name": wanted.name, "plugins": [plugin]}


def _ipam(wanted: CniSpec, network: NetworkFacts) -> dict[str, Any]:
    prefix, gateway = network.subnets[0]
    made: dict[str, Any] = {"type": "host-local"} if wanted.ipam == "host-local" else {}
    made["subnet"] = prefix
    if wanted.ipam == "host-local":
        given = {"rangeStart": wanted.range_start, "rangeEnd": wanted.range_end, "gateway": gateway}
        made |= {key: value for key, value in given.items() if value}
    # The key that is read is gw, in any case; gateway is ignored.
    route = {"dst": "0.0.0.0/0"} if wanted.ipam == "host-local" else {}
    made["routes"] = [{**route, "GW": gateway}]
    return made


def _dns(wanted: CniSpec, network: NetworkFacts) -> dict[str, Any]:
    search = list(wanted.dns_search) or ([network.dns_suffix] if network.dns_suffix else [])
    made: dict[str, Any] = {}
    made |= {"nameservers": list(network.dns_servers)} if network.dns_servers else {}
    made |= {"domain": network.dns_suffix} if network.dns_suffix else {}
    made |= {"search": search} if search else {}
    return {"dns": made} if made else {}


def _policy(wanted: CniSpec) -> dict[str, Any]:
    return {"Type": "OutBoundNAT", "Settings": {"Exceptions": list(wanted.exceptions)}}


def fields_of(document: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values of a document with where they stand, such as plugins[0].ipam.subnet."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from fields_of(value, f"{path}.{key}" if path else str(key))
    elif isinstance(document, list) and any(isinstance(item, dict | list) for item in document):
        for place, value in enumerate(document):
            yield from fields_of(value, f"{path}[{place}]")
    else:
        yield path, document
