"""Checks of a CNI configuration list on a host, before it is written."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final, Protocol

from psnet.resources.base import Context, Finding, Identity
from psnet.resources.cni_document import PLUGINS_OF, WCN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources.base import Severity
    from psnet.resources.cni import Cni
    from psnet.resources.cni_document import NetworkFacts

_HCN_SINCE: Final = 17763
_WCN: Final = "cni.md, 2: nat, sdnbridge, sdnoverlay"
_WIN: Final = "cni.md, 3: win-bridge, win-overlay"


class _Finder(Protocol):
    def __call__(
        self, ident: str, reason: str, remedy: str, source: str = "", severity: Severity = "error", /
    ) -> Finding: ...


def _finder(item: Cni) -> _Finder:
    """Return what makes findings about one configuration list."""

    def finding(ident: str, reason: str, remedy: str, source: str = _WIN, severity: Severity = "error", /) -> Finding:
        return Finding(
            id=ident, severity=severity, resource=str(item.identity), reason=reason, remedy=remedy, source=source
        )

    return finding


def check_cni(item: Cni, context: Context) -> Iterator[Finding]:
    """Yield the findings against the resource on this host."""
    finding = _finder(item)
    facts = context.state.facts
    if facts.build < _HCN_SINCE:
        yield finding(
            "cni-build",
            f"the plug-ins speak to HNS by HCN v2, which build {facts.build} has not",
            "use Windows Server 2019 or newer",
            _WCN,
        )
    if not facts.has_containerd:
        yield finding(
            "cni-no-runtime",
            "the host has no service containerd: nothing reads the file yet",
            "install containerd, or leave it out on this host",
            _WIN,
            "warning",
        )
    network = item.network(context)
    if network is None:
        yield finding(
            "cni-network-missing",
            f"no network {item.name} is declared or on the host",
            f"declare container_networks: - name: {item.name}",
            _WCN,
        )
        return
    if context.backend == "docker" and context.find(Identity("container_network", item.name)) is not None:
        yield finding(
            "cni-docker-network",
            "docker gives its networks 64-hex names in HNS, and a plug-in finds networks by HNS's name",
            "make the network with the backend hns",
            "claim c87",
        )
    plugin = item.plugin_for(network)
    if plugin not in PLUGINS_OF.get(network.mode.lower(), ()):
        fits = ", ".join(f"{mode}: {' or '.join(names)}" for mode, names in PLUGINS_OF.items())
        what = f"the plug-in {plugin} does not serve" if plugin else "no plug-in serves"
        yield finding("cni-mode", f"{what} a {network.mode} network", fits, _WCN)
        return
    if not network.subnets or not network.subnets[0][1]:
        yield finding(
            "cni-no-subnet",
            f"the network {item.name} has no subnet with a gateway that the list could name",
            "declare its subnet",
            _WCN,
        )
        return
    if len(network.subnets) > 1 or ":" in network.subnets[0][0]:
        yield finding("cni-subnets", "the plug-ins take one IPv4 subnet", "declare one subnet", _WCN, "warning")
    yield from _plugin(item, str(plugin), network, context)
    yield from _files(item, context)


def _plugin(item: Cni, plugin: str, network: NetworkFacts, context: Context) -> Iterator[Finding]:
    finding = _finder(item)
    cni = context.state.cni
    if not context.state.facts.has_containerd:
        cni = None  # nothing is said of programs before a runtime is there
    if cni is not None and plugin not in cni.programs:
        there = ", ".join(cni.programs) or "none"
        yield finding(
            "cni-plugin-missing",
            f"{cni.bin_dir} has no {plugin}.exe; there are: {there}",
            f"copy {plugin}.exe there",
            _WCN,
        )
    uses = item.ipam or ("hns" if plugin in WCN else "host-local")
    if cni is not None and uses == "host-local" and "host-local" not in cni.programs:
        yield finding(
            "cni-plugin-missing", f"{cni.bin_dir} has no host-local.exe", "copy host-local.exe there", "cni.md, 5"
        )
    if plugin == "nat" and item.outbound_nat_exceptions:
        yield finding(
            "cni-nat-exceptions",
            "a nat network translates everything: exceptions need l2bridge or overlay",
            "leave outbound_nat_exceptions out",
            _WCN,
        )
    if plugin == "win-overlay" and "portMappings" in item.capabilities:
        yield finding(
            "cni-overlay-ports",
            "win-overlay does not apply port mappings",
            "say capabilities: [dns], or use sdnoverlay",
            _WIN,
            "warning",
        )
    if item.local_ports and plugin not in WCN:
        yield finding(
            "cni-local-ports", f"{plugin} sends port mappings without flags", "use sdnbridge, or leave local_ports out"
        )
    yield from _addresses(item, plugin, network, context)


def _addresses(item: Cni, plugin: str, network: NetworkFacts, context: Context) -> Iterator[Finding]:
    finding, uses = _finder(item), item.ipam or ("hns" if plugin in WCN else "host-local")
    if uses == "hns" and (item.range_start or item.range_end):
        yield finding(
            "cni-range",
            "a range belongs to host-local: HNS gives addresses of the whole subnet",
            "say ipam: host-local",
            "cni.md, 5",
        )
    if uses == "hns" and plugin not in WCN:
        yield finding("cni-ipam", f"{plugin} needs an IPAM program to give addresses", "say ipam: host-local")
    prefix = ip_network(network.subnets[0][0])
    for name, address in (("range_start", item.range_start), ("range_end", item.range_end)):
        if address is not None and address not in prefix:
            yield finding(
                "cni-range",
                f"{name} {address} does not lie in {prefix}",
                "choose an address of the subnet",
                "cni.md, 5",
            )
    second = str(prefix.network_address + 2)
    if plugin == "win-bridge" and ip_address(network.subnets[0][1]) != ip_address(second):
        declared = {str(getattr(each, "address", "")) for each in context.resources if each.kind == "endpoint"}
        held = {each.address for each in context.state.endpoints if not each.remote}
        if second not in declared | held:
            yield finding(
                "cni-bridge-gateway",
                f"win-bridge gives every container the gateway {second}, and nothing has that address",
                f"declare an endpoint at {second} with attach: host, or give the network that gateway",
                _WIN,
                "warning",
            )


def _files(item: Cni, context: Context) -> Iterator[Finding]:
    mine, cni = item.path(context).lower(), context.state.cni
    folder = mine.rpartition("\\")[0]
    for file in cni.files if cni else ():
        path = file.path.lower()
        if path == mine:
            continue
        named = (file.document or {}).get("name")
        if named == item.name:
            yield Finding(
                id="cni-two-files",
                severity="error",
                resource=str(item.identity),
                reason=f"{file.path} configures the network {item.name} too: which one counts depends on the reader",
                remedy=f"remove that file, or say file: {file.path.rpartition(chr(92))[2]} to take it over",
                source="cni.md, Which file counts",
            )
        elif item.runtime != "nerdctl" and path.rpartition("\\")[0] == folder and path < mine:
            yield Finding(
                id="cni-shadowed",
                severity="warning",
                resource=str(item.identity),
                reason=f"{file.path} comes first: containerd takes the first file for pods",
                remedy=f"give it a name before that one, such as file: 0-{item.name}.conflist",
                source="cni.md, Which file counts",
            )
