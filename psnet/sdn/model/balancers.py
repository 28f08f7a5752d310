"""Load balancers: VIPs, pools, probes, rules, inbound and outbound NAT."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from psnet._internal.model import Model
from psnet._internal.yaml import nearest
from psnet.sdn.model.base import SdnResource, child, ref, refuse_duplicates, without_nones
from psnet.sdn.model.interfaces import subnet_path
from psnet.sdn.model.policies import IdleTimeout
from psnet.sdn.values import BalancerProtocol, Name, Pair, Port, choice

if TYPE_CHECKING:
    from collections.abc import Iterator

#: [MS-NCNBI] 3.1.5.5: five values, three, or the two addresses choose the member.
LoadDistribution = Annotated[str, choice("Default", "SourceIPProtocol", "SourceIP")]
Names = Annotated[tuple[Name, ...], Field(min_length=1)]
_PORTED = ("TCP", "UDP")


class Frontend(Model):
    """A VIP (LoadBalancerFrontendIpConfigurationProperties): a public address by name, or an address in a subnet."""

    name: Name
    address: IPv4Address | None = None
    logical_subnet: Pair | None = Field(default=None, description="LOGICAL_NETWORK/SUBNET that holds a public VIP")
    subnet: Pair | None = Field(default=None, description="VIRTUAL_NETWORK/SUBNET that holds an internal VIP")
    public_ip: Name | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        places = [item for item in (self.logical_subnet, self.subnet, self.public_ip) if item]
        if len(places) != 1:
            raise ValueError(f"the frontend {self.name} needs one of public_ip, logical_subnet and subnet")
        if (self.public_ip is None) != (self.address is not None):
            raise ValueError(f"the frontend {self.name}: address goes with a subnet, not with public_ip")
        return self

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        place = subnet_path(self.subnet, self.logical_subnet)
        return child(
            self.name,
            without_nones(
                privateIPAddress=str(self.address) if self.address else None,
                privateIPAllocationMethod="Static" if self.address else None,
                subnet=ref(place) if place else None,
                publicIPAddress=ref(f"/publicIPAddresses/{self.public_ip}") if self.public_ip else None,
            ),
        )


class Pool(Model):
    """Who answers (LoadBalancerBackendAddressPoolProperties): IP configurations as INTERFACE/IP_CONFIGURATION.

    The controller keeps the membership at the IP configurations (Microsoft's page on the software load balancer); psnet
    puts it there.
    """

    name: Name
    members: tuple[Pair, ...] = ()

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        return child(self.name, {})


class Probe(Model):
    """How a member shows that it is well (LoadBalancerProbeProperties)."""

    name: Name
    protocol: Annotated[str, choice("TCP", "HTTP")]
    port: Port
    request_path: str | None = Field(default=None, pattern=r"^/\S*$")
    interval: Annotated[int, Field(ge=5, description="seconds")] = 5
    count: Annotated[int, Field(ge=1, description="answers in a row")] = 11

    @model_validator(mode="after")
    def _path(self) -> Self:
        if (self.protocol == "HTTP") != (self.request_path is not None):
            raise ValueError(f"the probe {self.name}: request_path goes with protocol: HTTP, and only with it")
        return self

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        return child(
            self.name,
            without_nones(
                protocol=self.protocol.upper(),
                port=self.port,
                requestPath=self.request_path,
                intervalInSeconds=self.interval,
                numberOfProbes=self.count,
            ),
        )


class BalancingRule(Model):
    """What arrives at a front goes to a pool (LoadBalancingRuleProperties)."""

    name: Name
    frontends: Names
    pool: Name
    protocol: BalancerProtocol
    frontend_port: Port | None = None
    backend_port: Port | None = None
    idle_timeout: IdleTimeout | None = None
    floating_ip: bool | None = Field(default=None, description="direct server return: the VIP reaches the member")
    load_distribution: LoadDistribution | None = Field(
        default=None, description="session affinity: which values of a connection choose its member; five unless set"
    )
    probe: Name | None = None

    @model_validator(mode="after")
    def _ports(self) -> Self:
        _check_ports(self.name, self.protocol, self.frontend_port, self.backend_port)
        return self


class SdnInboundNat(Model):
    """A port of a front goes to one IP configuration (LoadBalancerInboundNatRuleProperties)."""

    name: Name
    frontends: Names
    protocol: BalancerProtocol
    frontend_port: Port | None = None
    backend: Pair = Field(description="INTERFACE/IP_CONFIGURATION")
    backend_port: Port | None = None
    idle_timeout: IdleTimeout | None = None
    floating_ip: bool | None = Field(default=None, description="direct server return: the VIP reaches the backend")

    @model_validator(mode="after")
    def _ports(self) -> Self:
        _check_ports(self.name, self.protocol, self.frontend_port, self.backend_port)
        return self


def _check_ports(rule: str, protocol: str, front: int | None, back: int | None) -> None:
    if (protocol in _PORTED) != (front is not None) or (front is None) != (back is None):
        raise ValueError(f"the rule {rule}: TCP and UDP need frontend_port and backend_port, the others take none")


class SdnOutboundNat(Model):
    """The members of a pool reach the outside from a front's address (LoadBalancerOutboundNatRuleProperties)."""

    name: Name
    frontends: Names
    pool: Name
    protocol: BalancerProtocol = "All"


class SdnLoadBalancer(SdnResource):
    """A load balancer of the SLB; what is declared of a list is the whole list."""

    kind: ClassVar[str] = "sdn_load_balancer"
    section: ClassVar[str] = "load_balancers"
    collection: ClassVar[str] = "loadBalancers"
    noun: ClassVar[str] = "LoadBalancer"

    frontends: Annotated[tuple[Frontend, ...], Field(min_length=1)]
    pools: tuple[Pool, ...] = ()
    probes: tuple[Probe, ...] = ()
    rules: tuple[BalancingRule, ...] = ()
    inbound_nat: tuple[SdnInboundNat, ...] = ()
    outbound_nat: tuple[SdnOutboundNat, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for what in ("frontends", "pools", "probes", "rules", "inbound_nat", "outbound_nat"):
            refuse_duplicates((item.name for item in getattr(self, what)), f"in {what}")
        fronts, pools, probes = ({i.name for i in each} for each in (self.frontends, self.pools, self.probes))
        named = [(item.name, item.frontends) for item in self.rules]
        named += [(item.name, item.frontends) for item in self.inbound_nat]
        named += [(item.name, item.frontends) for item in self.outbound_nat]
        for rule, names in named:
            for name in names:
                _known(name, fronts, f"the rule {rule} names the frontend")
        named_pools = [(item.name, item.pool) for item in self.rules]
        named_pools += [(item.name, item.pool) for item in self.outbound_nat]
        for rule, pool in named_pools:
            _known(pool, pools, f"the rule {rule} names the pool")
        for item in self.rules:
            if item.probe is not None:
                _known(item.probe, probes, f"the rule {item.name} names the probe")
        return self

    def title(self) -> str:
        """Return the name and the fronts."""
        return f"{self.name} {', '.join(str(item.address or item.public_ip) for item in self.frontends)}"

    def _in(self, part: str, name: str) -> dict[str, str]:
        return ref(f"{self.path}/{part}/{name}")

    def properties(self) -> dict[str, Any]:
        """Return LoadBalancerProperties."""
        return {
            "frontendIPConfigurations": [item.rest() for item in self.frontends],
            "backendAddressPools": [item.rest() for item in self.pools],
            "probes": [item.rest() for item in self.probes],
            "loadBalancingRules": [self._rule(item) for item in self.rules],
            "inboundNatRules": [self._inbound(item) for item in self.inbound_nat],
            "outboundNatRules": [self._outbound(item) for item in self.outbound_nat],
        }

    def memberships(self) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Yield (INTERFACE/IP_CONFIGURATION, field of the IP configuration, reference) of every member."""
        for pool in self.pools:
            for member in pool.members:
                yield member, "loadBalancerBackendAddressPools", self._in("backendAddressPools", pool.name)
        for rule in self.inbound_nat:
            yield rule.backend, "loadBalancerInboundNatRules", self._in("inboundNatRules", rule.name)

    def _fronts(self, names: tuple[str, ...]) -> list[dict[str, str]]:
        return [self._in("frontendIPConfigurations", name) for name in names]

    def _rule(self, rule: BalancingRule) -> dict[str, Any]:
        return child(
            rule.name,
            without_nones(
                frontendIPConfigurations=self._fronts(rule.frontends),
                backendAddressPool=self._in("backendAddressPools", rule.pool),
                protocol=rule.protocol,
                frontendPort=rule.frontend_port,
                backendPort=rule.backend_port,
                idleTimeoutInMinutes=rule.idle_timeout,
                enableFloatingIP=rule.floating_ip,
                loadDistribution=rule.load_distribution,
                probe=self._in("probes", rule.probe) if rule.probe else None,
            ),
        )

    def _inbound(self, rule: SdnInboundNat) -> dict[str, Any]:
        return child(
            rule.name,
            without_nones(
                frontendIPConfigurations=self._fronts(rule.frontends),
                protocol=rule.protocol,
                frontendPort=rule.frontend_port,
                backendPort=rule.backend_port,
                idleTimeoutInMinutes=rule.idle_timeout,
                enableFloatingIP=rule.floating_ip,
            ),
        )

    def _outbound(self, rule: SdnOutboundNat) -> dict[str, Any]:
        return child(
            rule.name,
            {
                "frontendIPConfigurations": self._fronts(rule.frontends),
                "backendAddressPool": self._in("backendAddressPools", rule.pool),
                "protocol": rule.protocol,
            },
        )


def _known(name: str, names: set[str], what: str) -> None:
    if name not in names:
        near = nearest(name, names)
        rest = f"did you mean {near}?" if near else f"declared are {', '.join(sorted(names)) or 'none'}"
        raise ValueError(f"{what} {name}, which the load balancer does not have: {rest}")
