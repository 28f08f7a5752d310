"""A policy question and its answer: the first packet of a connection, and every decision on its way."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from psnet._internal.model import Model

Verdict = Literal["allowed", "denied", "depends"]
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
    "mirror",
]


class TraceRequest(Model):
    """Whether ``source`` may reach ``destination`` at a port."""

    source: str
    destination: str
    protocol: Literal["TCP", "UDP"] = "TCP"
    port: int = Field(ge=1, le=65535)
    source_port: int = Field(default=49152, ge=1, le=65535)
    network: str | None = Field(default=None, description="the source's network, where its address stands in several")

    def __str__(self) -> str:
        return f"{self.source} -> {self.destination} {self.port}/{self.protocol.lower()}"


class Step(Model):
    """One decision: what kind, where, by which rule (None: by a default), what it was, and why."""

    kind: StepKind
    at: str
    rule: str | None
    action: str
    why: str
    direction: Literal["Inbound", "Outbound"] | None = Field(default=None, description="of an access control list")


class Path(Model):
    """One way that the packet may take: a load balancer opens one for each member of its pool."""

    allowed: bool
    to: str | None = Field(default=None, description="the IP configuration that gets it; None outside or nowhere")
    source: str
    destination: str
    port: int
    steps: tuple[Step, ...] = ()


class Disagreement(Model):
    """Where controller, host and port part: ``where`` is the first that is not as the one before it says."""

    where: Literal["controller", "host", "switch"]
    at: str
    expected: str
    found: str
    remedy: str


class TraceOutcome(Model):
    """The verdict over all ways: ``depends`` when only some of them are open."""

    question: TraceRequest
    verdict: Verdict
    why: str
    paths: tuple[Path, ...]
    notes: tuple[str, ...] = ()
    disagreement: Disagreement | None = Field(
        default=None,
        description="of a live trace: the first of controller, host and switch that is not as it should be",
    )
