"""Container endpoints: HNS endpoints that psnet makes itself, on a network, for the host or for a container to come."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from psnet.resources.base import Claim, Context, FieldChange, Finding, Identity, Observed, Resource
from psnet.resources.capabilities import why_not
from psnet.resources.container_network import ContainerNetwork, Mac, NetworkName, find_network
from psnet.resources.delivery import Published, mappings_of, port_policies, published_by
from psnet.resources.nat_prefix import special_address
from psnet.types import parse_network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import EndpointState, NetworkState

EndpointName = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9_. -]*$")]


def check_endpoint_backend(resource: Resource, feature: str, context: Context) -> Iterator[Finding]:
    """Yield a refusal when the backend gives no endpoints."""
    reason = why_not(feature, context.backend, context.state.facts.build)
    if reason is not None:
        yield Finding(
            id="not-in-this-backend",
            severity="error",
            resource=str(resource.identity),
            reason=f"the backend {context.backend} gives no {resource.section} on build "
            f"{context.state.facts.build}: {reason}",
            remedy="choose another backend or leave it out; docs/backends.md has the table",
            source="docs/backends.md",
        )


class Endpoint(Resource):
    """An endpoint on a network, with a fixed address or the next free one."""

    kind: ClassVar[str] = "endpoint"
    section: ClassVar[str] = "endpoints"

    name: EndpointName = Field(description="unique on the host")
    network: NetworkName = Field(description="the container network that it is on")
    address: IPv4Address | None = Field(default=None, description="HNS takes the next free one when it is left out")
    mac: Mac | None = Field(default=None, description="HNS takes one of the network's pool when it is left out")
    dns_servers: tuple[IPv4Address, ...] | None = Field(default=None, description="what it asks for names, in order")
    dns_suffix: str | None = Field(default=None, min_length=1, max_length=253, description="its DNS suffix")
    attach: Literal["host"] | None = Field(default=None, description="host: an adapter vEthernet (name) on the host")

    @property
    def identity(self) -> Identity:
        """The name."""
        return Identity(self.kind, self.name)

    def title(self) -> str:
        """Return name, network and address."""
        return " ".join([self.name, "on", self.network, *([str(self.address)] if self.address else [])])

    def requires(self) -> tuple[Identity, ...]:
        """Return the network it is on."""
        return (Identity(ContainerNetwork.kind, self.network),)

    def bound_to(self) -> tuple[Identity, ...]:
        """Return the network: it takes its endpoints with it."""
        return self.requires()

    def observe(self, context: Context) -> Observed | None:
        """Compare the declared fields with the endpoint of this name."""
        found = context.endpoint(self.name)
        if found is None:
            return None
        gone = {"id": found.id, "name": found.name}
        return Observed(differences=tuple(self._differences(found, context)), remove=gone, remove_all=gone)

    def _network(self, context: Context) -> NetworkState | None:
        """Return the network on the host; docker's own name of it counts where docker makes networks."""
        return find_network(self.network, context) or (
            None if context.find(Identity(ContainerNetwork.kind, self.network)) else context.network(self.network)
        )

    def _differences(self, found: EndpointState, context: Context) -> Iterator[FieldChange]:
        network, published = self._network(context), set(published_by(found))
        pairs: list[tuple[str, Any, Any]] = [("network", found.network, network.name if network else self.network)]
        if self.address is not None:
            pairs.append(("address", found.address, str(self.address)))
        if self.mac is not None:
            pairs.append(("mac", (found.mac or "").upper(), self.mac))
        if self.dns_servers is not None:
            pairs.append(("dns_servers", found.dns_servers or "", ",".join(map(str, self.dns_servers))))
        if self.dns_suffix is not None:
            pairs.append(("dns_suffix", found.dns_suffix, self.dns_suffix))
        if self.attach == "host":
            pairs.append(("attach", "host" if found.kind == "host vNIC" else found.kind, "host"))
        missing = [port for item in mappings_of(self, context) for port in item.ports() if port not in published]
        extra = self._forgotten(published, context) if context.backend == "hcn" else []
        if missing or extra:
            shown = sorted(f"{item.external_port}:{item.internal_port}/{item.protocol}" for item in published)
            wanted = sorted(f"{o}:{i}/{p}" for item in mappings_of(self, context) for p, o, i in item.ports())
            yield FieldChange(field="published_ports", old=shown, new=wanted)
        for name, old, new in pairs:
            if str(old or "").lower() != str(new).lower():
                yield FieldChange(field=name, old=old, new=new)

    def _forgotten(self, published: set[Published], context: Context) -> list[Published]:
        """Return the ports that psnet published here and nobody declares: HCN's form is made whole or not at all."""
        wanted = {port for item in mappings_of(self, context) for port in item.ports()}
        ours = {
            str(entry.get("external_port"))
            for key, entry in context.state.ledger.items()
            if key.startswith("nat_static_mapping/") and entry.get("via") == "endpoint"
        }
        return [port for port in published if port not in wanted and str(port.external_port) in ours]

    def claims(self, context: Context) -> Iterator[Claim]:
        """Yield its address on its network, and its MAC."""
        if self.address is not None:
            yield Claim("address", f"on {self.network.lower()}", str(self.address))
        if self.mac is not None:
            yield Claim("MAC", "", self.mac)

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield what stands against it: its backend, its network, its address."""
        yield from check_endpoint_backend(self, "endpoint", context)
        declared = context.find_named(ContainerNetwork.kind, self.network)
        if declared is None and self._network(context) is None:
            yield Finding(
                id="endpoint-network-missing",
                severity="error",
                resource=str(self.identity),
                reason=f"no network {self.network} is declared or on the host",
                remedy=f"declare container_networks: - name: {self.network}",
            )
        subnets = self._subnets(context)
        if self.address is not None and subnets and not any(self.address in prefix for prefix, _ in subnets):
            prefixes = ", ".join(str(prefix) for prefix, _ in subnets)
            yield Finding(
                id="endpoint-address-outside",
                severity="error",
                resource=str(self.identity),
                reason=f"{self.address} does not lie in {prefixes}",
                remedy="choose an address of the network's subnet",
                source="hns_schema.yaml: HCN_E_INVALID_IP",
            )
        for prefix, gateway in subnets:
            word = special_address(self.address, prefix, gateway) if self.address else None
            if word is not None:
                yield Finding(
                    id="endpoint-address-special",
                    severity="error",
                    resource=str(self.identity),
                    reason=f"{self.address} is {word} of {self.network} ({prefix})",
                    remedy="choose another address of the subnet",
                    source="hns_schema.yaml: HCN_E_INVALID_IP",
                )
        twin = next(
            (
                item.name
                for item in context.state.endpoints
                if self.address is not None
                and item.address == str(self.address)
                and item.network.lower() == self.network.lower()
                and item.name.lower() != self.name.lower()
            ),
            None,
        )
        if twin is not None:
            yield Finding(
                id="endpoint-address-taken",
                severity="error",
                resource=str(self.identity),
                reason=f"the endpoint {twin} has the address {self.address}",
                remedy="choose another address, or remove that endpoint",
            )

    def _subnets(self, context: Context) -> list[tuple[Any, Any]]:
        """Return (prefix, gateway) of its network's subnets, as declared or as the host has them."""
        declared = context.find_named(ContainerNetwork.kind, self.network)
        if isinstance(declared, ContainerNetwork) and declared.subnets:
            return [(item.prefix, item.effective_gateway()) for item in declared.subnets]
        network = self._network(context)
        return [
            (parse_network(item.prefix), ip_address(item.gateway) if item.gateway else None)
            for item in (network.subnets if network else ())
        ]

    def values(self, context: Context) -> dict[str, Any]:
        """Return what the create template takes."""
        network = self._network(context)
        return {
            "name": self.name,
            "network": network.name if network else self.network,
            "docker": context.backend == "docker" and network is None,
            "address": str(self.address) if self.address else None,
            "mac": self.mac,
            "dns_servers": ",".join(map(str, self.dns_servers or ())) or None,
            "dns_suffix": self.dns_suffix,
            "attach": self.attach,
            "policies": port_policies(self, context),
            **(self._placed(context) if context.backend == "hcn" else {}),
        }

    def folder(self, context: Context) -> str:
        """Return the folder of its templates: HCN's own where HCN makes networks."""
        return "hcn" if context.backend == "hcn" else "any"

    def _placed(self, context: Context) -> dict[str, Any]:
        """Return the prefix length and the gateway, which HCN's document says (hcn.md 3, Endpoint)."""
        declared = context.find_named(ContainerNetwork.kind, self.network)
        pairs: list[tuple[str, str | None]] = []
        if isinstance(declared, ContainerNetwork):
            pairs = [(str(item.prefix), str(item.effective_gateway())) for item in declared.subnets]
        else:
            network = self._network(context)
            pairs = [(item.prefix, item.gateway) for item in network.subnets] if network else []
        four = [(parse_network(prefix), gateway) for prefix, gateway in pairs if ":" not in prefix]
        own = next((item for item in four if self.address is not None and self.address in item[0]), None)
        prefix, gateway = own or (four[0] if four else (None, None))
        return {"prefix_length": prefix.prefixlen if prefix else 24, "gateway": gateway}

    def ledger(self, context: Context) -> dict[str, Any] | None:
        """Record it: an endpoint has no place for an owner."""
        return {"name": self.name, "network": self.network}
