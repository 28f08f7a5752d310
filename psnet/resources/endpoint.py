"""Container endpoints: HNS endpoints that psnet makes itself, on a network, for the host or for a container to come."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from psnet.resources.base import Claim, Context, FieldChange, Finding, Identity, Observed, Resource
from psnet.resources.capabilities import why_not
from psnet.resources.container_network import ContainerNetwork, Mac, NetworkName, find_network
from psnet.resources.delivery import Published, mappings_of, published_by
from psnet.resources.endpoint_creation import TYPES, creation_policies, declared_policies, declared_routes
from psnet.resources.nat_prefix import special_address
from psnet.resources.policy_text import plain_policy
from psnet.types import parse_network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import EndpointState, NetworkState

EndpointName = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9_. -]*$")]


def check_endpoint_backend(resource: Resource, feature: str, context: Context) -> Iterator[Finding]:
    """Yield a refusal when the backend gives no endpoints."""
    reason = why_not(feature, context.backend, context.state.facts)
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
    gateway: IPv4Address | None = Field(
        default=None,
        description="the gateway that it gets, such as the address of an endpoint of the host; the network's when left "
        "out",
    )
    attach: Literal["host"] | None = Field(default=None, description="host: an adapter vEthernet (name) on the host")
    forwarding: bool = Field(
        default=False,
        description="with attach: host, its adapter and the network's management interface forward, as flannel and the "
        "bridge plug-ins of CNI need it of their gateway",
    )
    remote: bool = Field(default=False, description="it stands for a container on another host")
    provider_address: IPv4Address | None = Field(
        default=None, description="of a remote endpoint of an overlay: the address of the host that it is on"
    )

    @model_validator(mode="after")
    def _fits_place(self) -> Self:
        if self.forwarding and self.attach != "host":
            raise ValueError("forwarding is about an adapter of the host: say attach: host")
        if self.remote and self.attach is not None:
            raise ValueError("a remote endpoint is on another host: it is attached to nothing here")
        if self.remote and self.address is None:
            raise ValueError("a remote endpoint needs the address that it has on its own host")
        if self.provider_address is not None and not self.remote:
            raise ValueError("provider_address belongs to remote endpoints: say remote: true")
        return self

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
        differences = tuple(self._differences(found, context))
        forwards_only = [item.field for item in differences] == ["forwarding"]
        return Observed(differences=differences, replace=not forwards_only, remove=gone, remove_all=gone)

    def _network(self, context: Context) -> NetworkState | None:
        """Return the network on the host; docker's own name of it counts where docker makes networks."""
        return find_network(self.network, context) or (
            None if context.find(Identity(ContainerNetwork.kind, self.network)) else context.network(self.network)
        )

    def _differences(self, found: EndpointState, context: Context) -> Iterator[FieldChange]:
        published = set(published_by(found))
        missing = [port for item in mappings_of(self, context) for port in item.ports() if port not in published]
        extra = self._forgotten(published, context) if context.backend == "hcn" else []
        if missing or extra:
            shown = sorted(f"{item.external_port}:{item.internal_port}/{item.protocol}" for item in published)
            wanted = sorted(f"{o}:{i}/{p}" for item in mappings_of(self, context) for p, o, i in item.ports())
            yield FieldChange(field="published_ports", old=shown, new=wanted)
        yield from self._policies(found, context)
        for name, old, new in self._fields(found, context):
            if str(old or "").lower() != str(new or "").lower():
                yield FieldChange(field=name, old=old, new=new)

    def _fields(self, found: EndpointState, context: Context) -> Iterator[tuple[str, Any, Any]]:
        """Yield the declared fields: name, what the host has, what is declared."""
        network = self._network(context)
        told = next((item.get("PA") for item in found.policies if item.get("Type") == "PA"), None)
        servers = None if self.dns_servers is None else ",".join(map(str, self.dns_servers))
        attached = "host" if found.kind == "host vNIC" else found.kind
        yield "network", found.network, network.name if network else self.network
        if found.remote != self.remote:
            yield "remote", found.remote, self.remote
        for name, old, new in (
            ("address", found.address, self.address),
            ("mac", found.mac, self.mac),
            ("dns_servers", found.dns_servers, servers),
            ("dns_suffix", found.dns_suffix, self.dns_suffix),
            ("gateway", found.gateway, self.gateway),
            ("provider_address", told, self.provider_address),
            ("attach", attached, self.attach),
        ):
            if new is not None:
                yield name, old, str(new)
        if self.forwarding and not self._forwards(found, context):
            yield "forwarding", False, True

    def _policies(self, found: EndpointState, context: Context) -> Iterator[FieldChange]:
        """Yield the types of policies that are otherwise and that HNS takes at creation only."""
        declared = declared_policies(self, context)
        for kind, word in TYPES.items():
            present = (
                [item for item in found.policies if item.get("Type") == word]
                if kind != "route"
                else declared_routes(found)
            )
            forgotten = context.backend == "hcn" and present and f"{kind}/{self.name}" in context.state.ledger
            wanted = declared.get(word, [] if forgotten else None)
            if wanted is not None and [plain_policy(item) for item in present] != [plain_policy(i) for i in wanted]:
                yield FieldChange(field=f"{kind} policies", old=present, new=wanted)

    def _forwards(self, found: EndpointState, context: Context) -> bool:
        network = self._network(context)
        addresses = {found.address, network.management_ip if network else None} - {None}
        names = {item.interface for item in context.state.addresses if item.address in addresses}
        return bool(names) and names <= set(context.state.forwarding)

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
        if self.mac is not None and not self.remote:
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
                remedy=f"{context.did_you_mean(ContainerNetwork.kind, self.network)}declare container_networks: "
                f"- name: {self.network}",
            )
        # An endpoint of another host may have any address (claim c61).
        subnets = [] if self.remote else self._subnets(context)
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
                and not self.remote
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
            "forwarding": self.forwarding,
            "remote": self.remote,
            "policies": creation_policies(self, context),
            "gateway": str(self.gateway) if self.gateway else None,
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
        gateway = None if self.remote else str(self.gateway) if self.gateway else gateway
        return {"prefix_length": prefix.prefixlen if prefix else 24, "gateway": gateway}

    def ledger(self, context: Context) -> dict[str, Any] | None:
        """Record it: an endpoint has no place for an owner."""
        made = {"name": self.name, "network": self.network}
        return made | ({"backend": "hcn"} if context.backend == "hcn" else {})
