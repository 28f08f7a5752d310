"""What HCN adds to a network that is there: peers of an overlay, sets of addresses, access control lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from psnet.resources.base import Context, Finding, Identity, Resource
from psnet.resources.capabilities import why_not
from psnet.resources.container_network import ContainerNetwork, NetworkName, find_network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import NetworkState


class NetworkPolicy(Resource):
    """Policies of one type on one network; policies of other types stay as they are."""

    policy_type: ClassVar[str]

    network: NetworkName = Field(description="the container network that it belongs to")

    def requires(self) -> tuple[Identity, ...]:
        """Return the network."""
        return (Identity(ContainerNetwork.kind, self.network),)

    def bound_to(self) -> tuple[Identity, ...]:
        """Return the network: its policies go with it."""
        return self.requires()

    def folder(self, context: Context) -> str:
        """Return the folder of its templates: HCN alone has such policies."""
        return "hcn"

    def features(self) -> tuple[str, ...]:
        """Return what it takes of a backend and its HNS."""
        return (self.kind,)

    def on_host(self, context: Context) -> NetworkState | None:
        """Return its network on the host."""
        return find_network(self.network, context)

    def present(self, context: Context) -> list[dict[str, Any]]:
        """Return the settings of the network's policies of this type, in their order."""
        network = self.on_host(context)
        found = network.hcn_policies if network else ()
        return [dict(item.get("Settings") or {}) for item in found if item.get("Type") == self.policy_type]

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield what stands against it: its backend, its network."""
        resource, build = str(self.identity), context.state.facts.build
        for feature in self.features():
            reason = why_not(feature, context.backend, context.state.facts)
            if reason is not None:
                yield Finding(
                    id="not-in-this-backend",
                    severity="error",
                    resource=resource,
                    reason=f"the backend {context.backend} gives no {self.section} on build {build}: {reason}",
                    remedy="choose another backend or leave it out; docs/backends.md has the table",
                    source="docs/backends.md",
                )
        if context.find(Identity(ContainerNetwork.kind, self.network)) is None and self.on_host(context) is None:
            yield Finding(
                id="policy-network-missing",
                severity="error",
                resource=resource,
                reason=f"no network {self.network} is declared or on the host",
                remedy=f"declare container_networks: - name: {self.network}",
            )

    def mode(self, context: Context) -> str | None:
        """Return the mode of its network, declared or on the host."""
        declared = context.find_named(ContainerNetwork.kind, self.network)
        if isinstance(declared, ContainerNetwork):
            return declared.mode.value
        found = self.on_host(context)
        return str(found.mode) if found else None

    def ledger(self, context: Context) -> dict[str, Any] | None:
        """Record that psnet set it, and on which network."""
        return {"network": self.network}
