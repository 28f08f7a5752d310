"""Peers of an overlay network: what lies behind another host's tunnel (hcn.md 3; flannel's vxlan backend)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pydantic import Field

from psnet.resources.base import Claim, Context, FieldChange, Finding, Identity, Observed
from psnet.resources.container_network import ContainerNetwork, Mac
from psnet.resources.endpoint import EndpointName
from psnet.resources.network_policy import NetworkPolicy
from psnet.types import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The first build on which flannel sets a HostRoute; it goes on without one elsewhere.
_HOST_ROUTE_SINCE: Final = 18321


class OverlayPeer(NetworkPolicy):
    """Another host of an overlay network, with the subnet of its containers (RemoteSubnetRoute)."""

    kind: ClassVar[str] = "overlay_peer"
    section: ClassVar[str] = "overlay_peers"
    policy_type: ClassVar[str] = "RemoteSubnetRoute"

    name: EndpointName = Field(description="what the other host is called; psnet's ledger keeps it under that")
    subnet: IPv4Network = Field(description="the prefix of its containers")
    provider_address: IPv4Address = Field(description="its own address: where the tunnel ends")
    mac: Mac = Field(description="the MAC of the distributed router there (DrMacAddress of its network)")
    vsid: int | None = Field(
        default=None, ge=4096, le=2**24 - 2, description="the virtual subnet; that of the network when left out"
    )

    @property
    def identity(self) -> Identity:
        """The name; on the host its network and prefix tell it from others."""
        return Identity(self.kind, self.name)

    def title(self) -> str:
        """Return the name, the prefix and where it lies."""
        return f"{self.name} {self.subnet} behind {self.provider_address}"

    def _number(self, context: Context) -> int | None:
        declared = context.find_named(ContainerNetwork.kind, self.network)
        if self.vsid is not None or isinstance(declared, ContainerNetwork):
            return self.vsid or getattr(declared, "vsid", None)
        network = self.on_host(context)
        policies = [item for subnet in network.subnets for item in subnet.policies] if network else []
        return next((int(item["VSID"]) for item in policies if item.get("Type") == "VSID"), None)

    def settings(self, context: Context) -> dict[str, Any]:
        """Return the policy's settings."""
        return {
            "DestinationPrefix": str(self.subnet),
            "IsolationId": self._number(context),
            "ProviderAddress": str(self.provider_address),
            "DistributedRouterMacAddress": self.mac,
        }

    def observe(self, context: Context) -> Observed | None:
        """Compare the route to its prefix; the v1 view of a network shows it flat (record a26)."""
        network = self.on_host(context)
        found = next(
            (
                item
                for item in (network.policies if network else ())
                if item.get("Type") == self.policy_type and item.get("DestinationPrefix") == str(self.subnet)
            ),
            None,
        )
        if found is None:
            return None
        wanted = self.settings(context)
        differences = [
            FieldChange(field=field, old=found.get(key), new=wanted[key])
            for field, key in (("provider_address", "ProviderAddress"), ("vsid", "IsolationId"))
            if found.get(key) != wanted[key]
        ]
        old = str(found.get("DistributedRouterMacAddress") or "").upper().replace(":", "-")
        if old != self.mac:
            differences.append(FieldChange(field="mac", old=old, new=self.mac))
        gone = {"name": self.name, "network": self.network, "subnet": str(self.subnet)}
        return Observed(differences=tuple(differences), remove=gone, remove_all=gone)

    def claims(self, context: Context) -> Iterator[Claim]:
        """Yield its prefix on its network."""
        yield Claim("peer's subnet", f"of {self.network.lower()}", str(self.subnet))

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield the findings against the resource on this host."""
        yield from super().check(context)
        mode = self.mode(context)
        if mode not in (None, Mode.OVERLAY.value):
            yield Finding(
                id="peer-mode",
                severity="error",
                resource=str(self.identity),
                reason=f"{self.network} is a {mode} network: peers belong to an overlay",
                remedy="leave it out, or declare mode: overlay",
                source="hcn.md 3",
            )
        declared = context.find_named(ContainerNetwork.kind, self.network)
        for item in declared.subnets if isinstance(declared, ContainerNetwork) else ():
            if item.prefix.version == self.subnet.version and item.prefix.overlaps(self.subnet):
                yield Finding(
                    id="peer-overlaps",
                    severity="error",
                    resource=str(self.identity),
                    reason=f"{self.subnet} overlaps {item.prefix}, which this host's containers have",
                    remedy="give the prefix of the other host's containers",
                    source="flannel, pkg/backend/vxlan",
                )
        if context.state.facts.build < _HOST_ROUTE_SINCE and self.observe(context) is None:
            yield Finding(
                id="overlay-no-host-route",
                severity="info",
                resource=str(self.identity),
                reason="this build has no HostRoute policy: the host itself does not reach its own containers",
                remedy="reach them from another host, or use Windows Server 2022",
                source="flannel, pkg/backend/vxlan/device_windows.go",
            )

    def values(self, context: Context) -> dict[str, Any]:
        """Return what the create template takes."""
        return {
            "name": self.name,
            "network": self.network,
            "host_route": context.state.facts.build >= _HOST_ROUTE_SINCE,
            "policy": {"Type": self.policy_type, "Settings": self.settings(context)},
        }

    def ledger(self, context: Context) -> dict[str, Any] | None:
        """Record its network and its prefix."""
        return {"network": self.network, "subnet": str(self.subnet)}
