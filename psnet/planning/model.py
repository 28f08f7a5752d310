"""Plans: values that serialise to JSON, can be reviewed, saved and applied later."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from psnet._internal.model import Model
from psnet.planning.price import Price
from psnet.resources import FieldChange, Finding, Unmet
from psnet.state import Backend, Facts, LeaseState

Operation = Literal["create", "update", "replace", "remove"]
FORMAT: Literal[1] = 1
#: How a Network Controller is changed: its cmdlets on a host, or its REST API.
ControllerBackend = Literal["cmdlets", "rest"]


class Change(Model):
    """One change on one host, to one resource.

    ``requires`` names the changes (by ``id``) that must succeed first. ``create`` and ``remove`` hold the
    values that the templates of the two steps are rendered with; ``ledger`` what the host's ledger will say.
    """

    id: str
    operation: Operation
    kind: str
    name: str
    title: str
    backend: str = Field(description="the template folder under the kind")
    fields: tuple[FieldChange, ...] = ()
    reason: str = ""
    manner: str = Field(default="", description="how it is given on this host, where there are several ways")
    requires: tuple[str, ...] = ()
    create: dict[str, Any] | None = None
    remove: dict[str, Any] | None = None
    ledger: dict[str, Any] | None = None
    cuts: bool = Field(default=False, description="it re-binds the adapter that carries psnet's session")
    proof: str = Field(default="", description="how that is known")
    price: Price | None = Field(default=None, description="what goes with it, and how long traffic stops")
    undo: dict[str, Any] | None = Field(
        default=None, description="how the host takes it back: create values of what was there, and its ledger entry"
    )


class Compared(Model):
    """What a plan was made from, as digests: what is wanted, and the state as the host itself computed it."""

    wanted: str
    host: str


class Plan(Model):
    """What has to change on one host, in order; empty when nothing has to.

    ``findings`` of severity error refuse the plan as a whole: nothing of it is applied.
    """

    format: Literal[1] = FORMAT
    host: str
    site: str
    backend: Backend | ControllerBackend
    backend_reason: str = Field(default="", description="why this one was chosen")
    facts: Facts
    fingerprint: str = Field(description="of the state that the plan was made from")
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    unmet: tuple[Unmet, ...] = Field(default=(), description="what only somebody else can give, and has not given")
    unchanged: int = 0
    uplinks: tuple[str, ...] = ()
    lease: LeaseState | None = Field(default=None, description="who worked on the host last, or does now")
    present: dict[str, int] = Field(
        default={}, description="how many objects of each kind the host has, for an estimate"
    )
    seen: dict[str, str] = Field(
        default={}, description="what the host had, when something is to be done: name to a digest of each field"
    )
    compared: Compared | None = Field(
        default=None, description="digests by which an unchanged host is recognised; none of a Network Controller"
    )

    def __repr__(self) -> str:
        counted = ", ".join(f"{count} to {word}" for word, count in self.counts().items() if count)
        unmet = f", {len(self.unmet)} unmet" if self.unmet else ""
        refused = f", refused for {len(self.refusals)} reasons" if self.refusals else ""
        return f"<Plan for {self.host}: {counted or 'no changes'}, {self.unchanged} unchanged{unmet}{refused}>"

    __str__ = __repr__

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """The findings that refuse the plan."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def empty(self) -> bool:
        """Whether nothing is left to do."""
        return not self.changes and not self.refusals and not self.unmet

    def counts(self) -> dict[str, int]:
        """Return how many changes there are of each operation."""
        operations: tuple[Operation, ...] = ("create", "update", "replace", "remove")
        return {word: sum(change.operation == word for change in self.changes) for word in operations}
