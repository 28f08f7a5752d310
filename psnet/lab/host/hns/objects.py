"""What HNS keeps: networks with subnets, endpoints and policy lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ipaddress import IPv4Network

#: EndpointState of hcsshim (reference: hns.md).
CREATED: Final = 1
ATTACHED: Final = 2
SHARED: Final = 3
DETACHED: Final = 4

EXTERNAL: Final = frozenset({"transparent", "l2bridge", "l2tunnel", "overlay"})
SWITCHES: Final = {
    **dict.fromkeys(EXTERNAL, "External"),
    "nat": "Internal",
    "internal": "Internal",
    "private": "Private",
}


class HnsError(Exception):
    """HNS says no; the text goes into the answer's Error, ``code`` is the HRESULT that HCN gives for it."""

    def __init__(self, text: str, code: int = 0x80070057) -> None:
        super().__init__(text)
        self.code = code


@dataclass(slots=True)
class Subnet:
    """An address range of a network, its gateway and its policies."""

    prefix: IPv4Network
    gateway: str
    policies: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Network:
    """An HNS network; ``extra`` holds fields that are kept as they came."""

    id: str
    name: str
    type: str
    subnets: list[Subnet] = field(default_factory=list)
    dns_servers: str = ""
    dns_suffix: str = ""
    adapter: str | None = None
    policies: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def prefix(self) -> IPv4Network | None:
        """The first subnet's prefix."""
        return self.subnets[0].prefix if self.subnets else None

    @property
    def gateway(self) -> str | None:
        """The first subnet's gateway."""
        return self.subnets[0].gateway if self.subnets else None


@dataclass(slots=True)
class Endpoint:
    """An HNS endpoint; ``machine`` is the utility VM of a Hyper-V container, ``compartment`` a host's."""

    id: str
    name: str
    network: str
    address: str
    mac: str
    prefix_length: int = 0
    gateway: str = ""
    containers: list[str] = field(default_factory=list)
    machine: str | None = None
    compartment: int = 0
    state: int = CREATED
    policies: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    mappings: list[int] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PolicyList:
    """Policies over several endpoints: a load balancer or a route."""

    id: str
    references: list[str]
    policies: list[dict[str, Any]]
