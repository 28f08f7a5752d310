"""A packet and its verdict, as ``lab.send`` takes and returns them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

StepKind = Literal[
    "hns acl",
    "acl",
    "route",
    "gateway",
    "load balancer",
    "inbound nat",
    "outbound nat",
    "public address",
    "lookup",
    "uplink",
    "port mapping",
    "port proxy",
    "windows firewall",
    "endpoint",
    "listener",
    "port",
    "mirror",
]


@dataclass(frozen=True, slots=True)
class Packet:
    """The first packet of a connection; replies of what is allowed pass (the firewall keeps state).

    ``network`` names the virtual network of the source (``/virtualNetworks/shop``) where its address stands in several;
    in a lab without a controller the host.
    """

    source: str
    destination: str
    port: int
    protocol: Literal["TCP", "UDP"] = "TCP"
    source_port: int = 49152
    network: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One decision: what kind, where (a ResourceRef or an endpoint's id), by which rule, and what it was.

    ``rule`` is the ResourceRef of the rule that decided (an HNS ACL's Id, a route, a load balancing rule), or
    "default" where none did.
    """

    kind: StepKind
    at: str
    rule: str
    action: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a packet: whether it was delivered, where, in which form, and every decision on its way.

    ``interface`` is the ResourceRef of the IP configuration that got it, "" for outside. ``candidates`` are those
    among which a load balancer chose. ``packet`` is the packet as it arrived.
    """

    delivered: bool
    packet: Packet
    steps: tuple[Step, ...] = ()
    interface: str = ""
    candidates: tuple[str, ...] = ()

    @property
    def decided_by(self) -> Step | None:
        """The last decision: of a packet that was not delivered, the one that stopped it."""
        return self.steps[-1] if self.steps else None

    def then(self, kind: StepKind, at: str, rule: str, action: str) -> Verdict:
        """Return the verdict with one more decision."""
        return replace(self, steps=(*self.steps, Step(kind, at, rule, action)))

    def dropped(self, kind: StepKind, at: str, rule: str, action: str) -> Verdict:
        """Return the verdict of a packet that goes no further."""
        return replace(self.then(kind, at, rule, action), delivered=False)
