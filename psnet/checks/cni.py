"""CNI configuration lists of a host, whoever wrote them, compared with the HNS networks that they name."""

from __future__ import annotations

from ipaddress import IPv4Interface, ip_network
from typing import TYPE_CHECKING, Any, Final

from psnet.resources import Finding
from psnet.resources.cni_document import PLUGINS_OF, WCN, WCN_VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psnet.state import CniFileState, HostState, NetworkState

_KNOWN: Final = (*WCN, "win-bridge", "win-overlay")
_PORTED: Final = (*WCN, "win-bridge")


def examine_cni(state: HostState) -> Iterator[Finding]:
    """Yield what is wrong with each file; plug-ins that psnet does not know are left alone."""
    if state.cni is None:
        return
    seen: dict[str, str] = {}
    for file in state.cni.files:
        if file.document is None:
            yield _finding(
                "cni-no-json",
                "error",
                file,
                "is no JSON object: containerd stops at a broken file",
                "mend or remove it",
            )
            continue
        name = str(file.document.get("name") or "")
        if name in seen:
            yield _finding(
                "cni-two-files",
                "warning",
                file,
                f"and {seen[name]} configure one network, {name}: which one counts depends on the reader",
                "keep one of them",
            )
        seen.setdefault(name, file.path)
        plugin, outer = _plugin(file.document)
        if plugin.get("type") in _KNOWN:
            yield from _file(file, name, plugin, outer, state)


def _plugin(document: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the plug-in that makes endpoints, and the entry that has its capabilities; flannel hands on to another."""
    listed = document.get("plugins")
    first = listed[0] if isinstance(listed, list) and listed else document
    if not isinstance(first, dict):
        return {}, {}
    delegate = first.get("delegate")
    return (delegate if first.get("type") == "flannel" and isinstance(delegate, dict) else first), first


def _file(
    file: CniFileState, name: str, plugin: Mapping[str, Any], outer: Mapping[str, Any], state: HostState
) -> Iterator[Finding]:
    kind = str(plugin["type"])
    if state.cni is not None and kind not in state.cni.programs:
        yield _finding(
            "cni-plugin-missing",
            "error",
            file,
            f"needs {kind}.exe, which is not in {state.cni.bin_dir}",
            "copy it there, or mend bin_dir in config.toml",
        )
    version = (file.document or {}).get("cniVersion")
    if kind in WCN and version is not None and version not in WCN_VERSIONS:
        yield _finding(
            "cni-version",
            "error",
            file,
            f"has cniVersion {version}, which {kind} does not take",
            f"one of {', '.join(WCN_VERSIONS)}",
        )
    capabilities = outer.get("capabilities")
    if kind in _PORTED and not (isinstance(capabilities, dict) and capabilities.get("portMappings") is True):
        yield _finding(
            "cni-no-port-mappings",
            "warning",
            file,
            "has no capabilities.portMappings: ports that are published (-p, hostPort) are dropped silently",
            'add "capabilities": {"portMappings": true} to the plug-in',
            "claim c91; containerd/nerdctl#5157",
        )
    network = next((item for item in state.networks if item.name == name), None)
    if network is None:
        if kind not in WCN and outer.get("type") != "flannel":
            yield _finding(
                "cni-network-missing",
                "error",
                file,
                f"names the network {name}, which HNS has not, and {kind} makes none",
                "make the network",
            )
        return
    if kind not in PLUGINS_OF.get(str(network.mode).lower(), ()):
        yield _finding(
            "cni-wrong-mode",
            "error",
            file,
            f"has the plug-in {kind}, and HNS's {name} is a {network.mode} network",
            "give one of them another name",
        )
        return
    yield from _compared(file, kind, plugin, network, state)


def _compared(
    file: CniFileState, kind: str, plugin: Mapping[str, Any], network: NetworkState, state: HostState
) -> Iterator[Finding]:
    given = plugin.get("ipam")
    ipam: Mapping[str, Any] = given if isinstance(given, dict) else {}
    prefixes = {str(ip_network(item.prefix)): item.gateway for item in network.subnets}
    subnet, source = str(ipam.get("subnet") or ""), "containerd/nerdctl#28; record g09"
    try:
        own = IPv4Interface(subnet) if subnet else None
    except ValueError:
        yield _finding(
            "cni-wrong-subnet",
            "error",
            file,
            f"has ipam.subnet {subnet}, which is no IPv4 prefix",
            "write one such as 10.4.0.0/24",
        )
        return
    if own is not None and prefixes and str(own.network) not in prefixes:
        there = ", ".join(prefixes)
        yield _finding(
            "cni-wrong-subnet",
            "error",
            file,
            f"has the subnet {own.network}, and HNS's {network.name} has {there}: addresses come from HNS's",
            "make both equal",
            source,
        )
    gateway = _gateway(ipam) or (str(own.ip + 1) if own is not None else None)
    if kind in WCN and gateway is not None and prefixes and gateway not in prefixes.values():
        there = ", ".join(str(item) for item in prefixes.values())
        yield _finding(
            "cni-wrong-gateway",
            "error",
            file,
            f"gives containers the gateway {gateway}, and HNS's {network.name} has {there}: no route leads out",
            f"set ipam.routes[0].GW to {there}",
            source,
        )
    if kind == "win-bridge":
        seconds = {str(ip_network(item.prefix).network_address + 2) for item in network.subnets}
        held = {item.address for item in state.endpoints if not item.remote} | set(prefixes.values())
        if seconds and not seconds & held:
            yield _finding(
                "cni-wrong-gateway",
                "error",
                file,
                f"gives containers the gateway {', '.join(seconds)}, as win-bridge does, and nothing has that address",
                "make a host endpoint with it",
                "cni.md, 3",
            )
    master = plugin.get("master")
    if master and network.mode != "nat":
        names = {item.name.lower() for item in state.adapters}
        if str(master).lower() not in names or (network.adapter and network.adapter.lower() != str(master).lower()):
            bound = network.adapter or "an adapter of HNS's choice"
            yield _finding(
                "cni-wrong-adapter",
                "warning",
                file,
                f"names the adapter {master}, and HNS's {network.name} is on {bound}",
                f"set master to {bound}, or leave it out",
            )


def _gateway(ipam: Mapping[str, Any]) -> str | None:
    """Return ipam.routes[0].GW, whose key is read in any case; ``gateway`` is not read."""
    routes = ipam.get("routes")
    first = routes[0] if isinstance(routes, list) and routes else {}
    if not isinstance(first, dict):
        return None
    return next((str(value) for key, value in first.items() if str(key).lower() == "gw"), None)


def _finding(ident: str, severity: Any, file: CniFileState, what: str, remedy: str, source: str = "cni.md") -> Finding:
    return Finding(
        id=ident,
        severity=severity,
        resource=f"cni {file.path}",
        reason=f"{file.path} {what}",
        remedy=remedy,
        source=source,
    )
