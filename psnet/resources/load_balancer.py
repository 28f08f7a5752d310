"""Load balancers of HNS: ELB policy lists over endpoints (reference: hns.md, v1 ELB)."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, field_validator

from psnet.resources.base import Claim, Context, FieldChange, Finding, Identity, Observed, Resource
from psnet.resources.delivery import network_mode
from psnet.resources.endpoint import Endpoint, EndpointName, check_endpoint_backend
from psnet.resources.endpoint_target import TargetName, check_target, endpoint_reference, find_endpoint
from psnet.resources.hns_features import has_feature, why_no_feature
from psnet.resources.mapping_ends import management_ports
from psnet.types import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import PolicyListState

_NUMBERS = {"TCP": 6, "UDP": 17}
Port = Annotated[int, Field(ge=1, le=65535)]


class LoadBalancer(Resource):
    """A virtual address and port in front of endpoints."""

    kind: ClassVar[str] = "load_balancer"
    section: ClassVar[str] = "load_balancers"

    name: EndpointName = Field(description="the name that the host's ledger keeps it under")
    vips: Annotated[tuple[IPv4Address, ...], Field(min_length=1, description="the virtual addresses")]
    protocol: Protocol = Field(description="TCP or UDP")
    external_port: Port = Field(description="the port in front")
    internal_port: Port = Field(description="the port of the members")
    members: Annotated[
        tuple[TargetName, ...],
        Field(min_length=1, description="as endpoint: of an ACL says: by name, container:, pod: ..."),
    ]
    source_vip: IPv4Address | None = Field(default=None, description="the source address of what it forwards")
    internal: bool = Field(default=False, description="ILB: reachable on this host only")
    dsr: bool = Field(default=False, description="direct server return")

    @field_validator("protocol")
    @classmethod
    def _tcp_or_udp(cls, value: Protocol) -> Protocol:
        if value.name not in _NUMBERS:
            raise ValueError(f"HNS balances TCP and UDP, not {value}")
        return value

    @property
    def identity(self) -> Identity:
        """The name; on the host its VIP, protocol and external port tell it from others."""
        return Identity(self.kind, self.name)

    def title(self) -> str:
        """Return the front and the members."""
        return f"{self.name} {self.vips[0]}:{self.external_port}/{self.protocol} -> {', '.join(self.members)}"

    def requires(self) -> tuple[Identity, ...]:
        """Return the members, for those that psnet makes itself."""
        return tuple(Identity(Endpoint.kind, member.removeprefix("endpoint:")) for member in self.members)

    def bound_to(self) -> tuple[Identity, ...]:
        """Return the members: a list without members goes."""
        return self.requires()

    def _policy(self) -> dict[str, Any]:
        made: dict[str, Any] = {
            "Type": "ELB",
            "Protocol": _NUMBERS[self.protocol.name],
            "InternalPort": self.internal_port,
            "ExternalPort": self.external_port,
            "VIPs": [str(vip) for vip in self.vips],
            "ILB": self.internal,
            "IsDSR": self.dsr,
        }
        return made | ({"SourceVIP": str(self.source_vip)} if self.source_vip else {})

    def _find(self, context: Context) -> PolicyListState | None:
        mine = self._policy()
        keys = ("Protocol", "ExternalPort")
        for item in context.state.policy_lists:
            for policy in item.policies:
                same = policy.get("Type") == "ELB" and all(policy.get(key) == mine[key] for key in keys)
                if same and set(policy.get("VIPs") or ()) & set(mine["VIPs"]):
                    return item
        return None

    def observe(self, context: Context) -> Observed | None:
        """Compare the front, the ports and the members."""
        found = self._find(context)
        if found is None:
            return None
        gone = {"id": found.id, "name": self.name}
        return Observed(differences=tuple(self._differences(found, context)), remove=gone, remove_all=gone)

    def _differences(self, found: PolicyListState, context: Context) -> Iterator[FieldChange]:
        mine, theirs = self._policy(), found.policies[0]
        for name, key in (("internal_port", "InternalPort"), ("vips", "VIPs"), ("source_vip", "SourceVIP")):
            if (theirs.get(key) or None) != (mine.get(key) or None):
                yield FieldChange(field=name, old=theirs.get(key), new=mine.get(key))
        for name, key in (("internal", "ILB"), ("dsr", "IsDSR")):
            if bool(theirs.get(key)) != mine[key]:
                yield FieldChange(field=name, old=bool(theirs.get(key)), new=mine[key])
        wanted = {member: find_endpoint(member, context) for member in self.members}
        ids = {item.id.lower() if item else member for member, item in wanted.items()}
        if {item.lower() for item in found.endpoints} != ids:  # names are not unique
            names = {item.id.lower(): item.name for item in context.state.endpoints}
            old = sorted(names.get(item.lower(), item) for item in found.endpoints)
            yield FieldChange(field="members", old=old, new=sorted(self.members))

    def claims(self, context: Context) -> Iterator[Claim]:
        """Yield its fronts; one at an address of the host is a port of the host too (claim c149)."""
        hosts = {item.address for item in context.state.addresses}
        for vip in self.vips:
            yield Claim("front", self.protocol.name, str(vip), self.external_port, self.external_port)
            if str(vip) in hosts:
                yield Claim("port", self.protocol.name, str(vip), self.external_port, self.external_port)

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield what stands against it: its backend and its members."""
        yield from check_endpoint_backend(self, "load_balancer", context)
        if self.dsr and not has_feature("dsr", context.state.facts):
            yield Finding(
                id="balancer-dsr",
                severity="error",
                resource=str(self.identity),
                reason=f"the host's HNS has no direct server return: {why_no_feature('dsr', context.state.facts)}",
                remedy="leave dsr out, or update the host",
                source="hcn.md 5",
            )
        managed = management_ports(context.state)
        if self.protocol.name == "TCP" and self.external_port in managed:
            yield Finding(
                id="balancer-management-port",
                severity="error",
                resource=str(self.identity),
                reason=f"the host is managed on TCP {self.external_port} ({managed[self.external_port]})",
                remedy="choose another external port: HNS balances none that the host listens on, whatever the address",
                source="claim c149",
            )
        elif self._find(context) is None:
            yield from self._listened(context)
        for member in self.members:
            declared = context.find(Identity(Endpoint.kind, member))
            found = find_endpoint(member, context)
            if declared is None and found is None:
                yield from check_target(self, member, context)
                continue
            name = found.network if found else getattr(declared, "network", "")
            mode = network_mode(name, context)
            if mode in ("nat", "transparent", "internal", "private"):
                yield Finding(
                    id="balancer-mode",
                    severity="error",
                    resource=str(self.identity),
                    reason=f"{member} is on a {mode} network: VFP balances, and HNS leaves it off on its switch",
                    remedy="put the members on an l2bridge or overlay network",
                    source="claim c56, ports.md 6",
                )

    def _listened(self, context: Context) -> Iterator[Finding]:
        """Yield a refusal when the host itself listens on the port in front."""
        for item in context.state.listeners:
            if (item.protocol, item.port) == (self.protocol.name, self.external_port):
                yield Finding(
                    id="port-held",
                    severity="error",
                    resource=str(self.identity),
                    reason=f"{item.process or 'a service'} of the host listens on {item.protocol} {item.port}: HNS "
                    "balances no such port (0x803b0013)",
                    remedy="choose another external port, or stop what listens",
                    source="claim c149",
                )
                return

    def values(self, context: Context) -> dict[str, Any]:
        """Return what the create template takes."""
        members = [endpoint_reference(member, context) for member in self.members]
        return {"name": self.name, "members": members, "policy": self._policy()}

    def ledger(self, context: Context) -> dict[str, Any] | None:
        """Record the front end in the host's ledger."""
        return {"name": self.name, "vips": [str(vip) for vip in self.vips], "external_port": self.external_port}
