"""CNI configuration lists: what containerd, nerdctl and a kubelet read, made from the declared network."""

from __future__ import annotations

import json
from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal

from pydantic import Field

from psnet.resources.base import Claim, Context, FieldChange, Finding, Identity, Observed, Resource
from psnet.resources.cni_checks import check_cni
from psnet.resources.cni_document import PLUGINS_OF, WCN, CniSpec, NetworkFacts, cni_document, fields_of
from psnet.resources.container_network import ContainerNetwork, NetworkName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import CniFileState

#: Where containerd looks when its config.toml says nothing.
FOLDER: Final = "C:\\Program Files\\containerd\\cni\\conf"
Plugin = Literal["nat", "sdnbridge", "sdnoverlay", "win-bridge", "win-overlay"]
Capability = Literal["portMappings", "dns"]
FileName = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9_. -]*\.conflist$")]
FolderName = Annotated[str, Field(min_length=3, max_length=200, pattern=r"^[A-Za-z]:\\[A-Za-z0-9_. ()\\-]+$")]
Words = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=253)], ...], Field(max_length=32)]


class Cni(Resource):
    """A CNI configuration list for a container network: network, subnet, gateway and DNS are the network's own."""

    kind: ClassVar[str] = "cni"
    section: ClassVar[str] = "cni"

    name: NetworkName = Field(description="the container network; the plug-in finds it by this name")
    runtime: Literal["containerd", "nerdctl", "kubelet"] = Field(
        default="containerd",
        description="who reads it: nerdctl has a folder of its own where config.toml names another",
    )
    plugin: Plugin | None = Field(
        default=None, description="the usual one of the network's mode when left out: nat, sdnbridge or sdnoverlay"
    )
    capabilities: tuple[Capability, ...] = Field(
        default=("portMappings", "dns"),
        description="what the runtime may hand on; without portMappings -p does nothing",
    )
    dns_search: Words = Field(default=(), description="search list of names; the network's DNS suffix when left out")
    outbound_nat_exceptions: tuple[IPv4Network, ...] = Field(
        default=(), description="destinations that see a container's own address; not with nat"
    )
    ipam: Literal["hns", "host-local"] | None = Field(
        default=None,
        description="who gives addresses; HNS for Microsoft's plug-ins, host-local for win-bridge, win-overlay",
    )
    range_start: IPv4Address | None = Field(default=None, description="host-local's first address")
    range_end: IPv4Address | None = Field(default=None, description="host-local's last address")
    loopback_dsr: bool = Field(default=False, description="loopbackDSR: a container reaches itself through a service")
    local_ports: bool = Field(default=False, description="localRoutedPortMapping: the host reaches published ports too")
    cni_version: Literal["0.3.0", "0.4.0", "1.0.0"] = Field(default="1.0.0", description="the version of CNI")
    directory: FolderName | None = Field(
        default=None, description="where it lies; conf_dir of containerd's config.toml when left out"
    )
    file: FileName | None = Field(default=None, description="10-<name>.conflist when left out")

    @property
    def identity(self) -> Identity:
        """The network's name: a second list for it would be a fault."""
        return Identity(self.kind, self.name)

    def title(self) -> str:
        """Return the network, the runtime and the file."""
        return f"{self.name} for {self.runtime}, {self.file_name}"

    @property
    def file_name(self) -> str:
        """The file's name without its folder."""
        return self.file or f"10-{self.name.replace(' ', '-')}.conflist"

    def requires(self) -> tuple[Identity, ...]:
        """Return the network."""
        return (Identity(ContainerNetwork.kind, self.name),)

    def path(self, context: Context) -> str:
        """Return the file's path on the host."""
        known = context.state.cni.conf_dir if context.state.cni and self.runtime != "nerdctl" else FOLDER
        return f"{self.directory or known}\\{self.file_name}".replace("\\\\", "\\")

    def network(self, context: Context) -> NetworkFacts | None:
        """Return what the network says: the declared one, or the host's."""
        declared = context.find(Identity(ContainerNetwork.kind, self.name))
        there = context.network(self.name)
        if isinstance(declared, ContainerNetwork):
            subnets = [(str(item.prefix), str(item.effective_gateway())) for item in declared.subnets]
            if not subnets and there is not None:
                subnets = [(item.prefix, item.gateway or "") for item in there.subnets]
            servers = [str(item) for item in declared.dns_servers or ()]
            return NetworkFacts(str(declared.mode), subnets, servers, declared.dns_suffix)
        if there is None:
            return None
        subnets = [(item.prefix, item.gateway or "") for item in there.subnets]
        return NetworkFacts(str(there.mode), subnets, there.dns_servers, there.dns_suffix)

    def plugin_for(self, network: NetworkFacts) -> str | None:
        """Return the declared plug-in, or the usual one of the network's mode; None where there is none."""
        return self.plugin or next(iter(PLUGINS_OF.get(network.mode.lower(), ())), None)

    def document(self, context: Context) -> dict[str, Any] | None:
        """Return the configuration list; None where the network does not say enough."""
        network = self.network(context)
        plugin = self.plugin_for(network) if network else None
        if network is None or plugin is None or not network.subnets:
            return None
        usual = "hns" if plugin in WCN else "host-local"
        wanted = CniSpec(
            name=self.name,
            plugin=plugin,
            version=self.cni_version,
            capabilities=self.capabilities,
            dns_search=self.dns_search,
            exceptions=[str(item) for item in self.outbound_nat_exceptions],
            ipam=self.ipam or usual,
            range_start=str(self.range_start) if self.range_start else None,
            range_end=str(self.range_end) if self.range_end else None,
            loopback_dsr=self.loopback_dsr,
            local_ports=self.local_ports,
        )
        return cni_document(wanted, network)

    def found(self, context: Context) -> CniFileState | None:
        """Return its file on the host."""
        path = self.path(context).lower()
        files = context.state.cni.files if context.state.cni else ()
        return next((item for item in files if item.path.lower() == path), None)

    def observe(self, context: Context) -> Observed | None:
        """Compare its file field by field with what it is to be."""
        found = self.found(context)
        if found is None:
            return None
        gone = {"path": found.path}
        wanted = self.document(context) or {}
        return Observed(
            differences=tuple(_differences(found.document, wanted)), replace=False, remove=gone, remove_all=gone
        )

    def claims(self, context: Context) -> Iterator[Claim]:
        """Yield its file, which Windows knows in any case."""
        yield Claim("file", "", self.path(context).lower())

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield what stands against it: its network, its plug-in, other files for the same network."""
        yield from check_cni(self, context)

    def values(self, context: Context) -> dict[str, Any]:
        """Return what the create template takes."""
        path = self.path(context)
        text = json.dumps(self.document(context) or {}, indent=2, ensure_ascii=False) + "\n"
        return {"folder": path.rpartition("\\")[0], "path": path, "text": text}

    def ledger(self, context: Context) -> dict[str, Any] | None:
        """Record its file: it has no place for an owner."""
        return {"name": self.name, "path": self.path(context)}


def _differences(old: dict[str, Any] | None, new: dict[str, Any]) -> Iterator[FieldChange]:
    if old is None:
        yield FieldChange(field="document", old="no JSON", new="a configuration list")
        return
    before, after = dict(fields_of(old)), dict(fields_of(new))
    for key in dict.fromkeys((*after, *before)):
        if before.get(key) != after.get(key):
            yield FieldChange(field=key, old=before.get(key), new=after.get(key))
