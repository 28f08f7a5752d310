"""What HNS keeps: networks with subnets, endpoints and policy lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ipaddress import IPv4Network

#: EndpointState of hcsshim (reference: hns.md).
CREATED: Final = 1
ATTACHED: Final = 2
SHARED: Final = 3
DETACHED: Final = 4
#: NetworkFlags.EnableNonPersistent: gone after a restart.
NON_PERSISTENT: Final = 8

EXTERNAL: Final = frozenset({"transparent", "l2bridge", "l2tunnel", "overlay"})
SWITCHES: Final = {
    **dict.fromkeys(EXTERNAL, "External"),
    "nat": "Internal",
    "ics": "Internal",
    "internal": "Internal",
    "private": "Private",
}


class HnsError(Exception):
    """A refusal by HNS: the text becomes the answer's Error, ``code`` the HRESULT that HCN returns."""

    def __init__(self, text: str, code: int = 0x80070057) -> None:
        super().__init__(text)
        self.code = code


@dataclass(slots=True)
class Subnet:
    """An address range of a network, its gateway and its policies; without a gateway on a switch that HNS found."""

    prefix: IPv4Network
    gateway: str
    policies: list[dict[str, Any]] = field(default_factory=list)
    id: str = ""

    def holds(self, address: str) -> bool:
        """Say whether an address lies in it."""
        return ip_address(address) in self.prefix


@dataclass(slots=True)
class Network:
    """An HNS network; ``extra`` holds fields that are kept as they came.

    ``word`` is its type as it was sent; ``named`` says that the adapter was, ``made_by`` which API made it (1 or 2).
    ``adopted`` is one that HNS found as a switch. ``total`` and ``most`` count its endpoints: all ever, most at once.
    """

    id: str
    name: str
    type: str
    subnets: list[Subnet] = field(default_factory=list)
    dns_servers: str = ""
    dns_suffix: str = ""
    adapter: str | None = None
    policies: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    word: str = ""
    named: bool = True
    made_by: int = 1
    adopted: bool = False
    flags: int = 0
    total: int = 0
    most: int = 0
    updated: int = 0

    @property
    def prefix(self) -> IPv4Network | None:
        """The first subnet's prefix."""
        return self.subnets[0].prefix if self.subnets else None

    @property
    def gateway(self) -> str | None:
        """The first subnet's gateway."""
        return self.subnets[0].gateway if self.subnets else None

    @property
    def non_persistent(self) -> bool:
        """Whether its flags let it go with the next restart."""
        return bool(self.flags & NON_PERSISTENT)  # rule: hns-non-persistent-flag


@dataclass(slots=True)
class Endpoint:
    """An HNS endpoint; ``machine`` is the utility VM of a Hyper-V container, ``compartment`` a host's.

    ``remote`` is one on another host; ``params`` are pairs of the client's own; ``updated`` is a FILETIME.
    """

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
    remote: bool = False
    made_by: int = 1
    namespace: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    updated: int = 0

    @property
    def attached(self) -> bool:
        """Whether it is attached to something."""
        return self.state in (ATTACHED, SHARED)


@dataclass(slots=True)
class PolicyList:
    """Policies over several endpoints: a load balancer or a route."""

    id: str
    references: list[str]
    policies: list[dict[str, Any]]
    made_by: int = 1
    network: str = ""
    updated: int = 0


@dataclass(slots=True)
class Namespace:
    """A network namespace: what the containers of a pod share."""

    id: str
    compartment_guid: str
    compartment: int = 0
    default: bool = False
    schema: tuple[int, int] = (0, 0)
    endpoints: list[str] = field(default_factory=list)
    containers: list[str] = field(default_factory=list)
    updated: int = 0
