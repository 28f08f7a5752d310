"""What a host's Local Configuration Manager said, as values."""

from __future__ import annotations

import json
import re
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator

from psnet._internal.model import Model
from psnet._internal.validation_messages import answer_fault
from psnet.errors import HostError

_ID = re.compile(r"\[(?P<kind>[^\]]+)\](?P<name>.*)", re.DOTALL)


class ResourceState(Model):
    """One resource. ``id`` is ``[Kind]Name``; ``in_desired_state`` is None for one that a run did not reach."""

    id: str
    in_desired_state: bool | None = None
    seconds: float | None = None
    reboot: bool = False
    error: str | None = None
    error_id: str | None = None

    @property
    def kind(self) -> str:
        """The resource's friendly name."""
        found = _ID.fullmatch(self.id)
        return found["kind"] if found else ""

    @property
    def name(self) -> str:
        """The instance's name."""
        found = _ID.fullmatch(self.id)
        return found["name"] if found else self.id


class Settings(Model):
    """The settings that hold, by their names in PowerShell, and what the host pulls from."""

    values: dict[str, Any] = Field(default_factory=dict)
    managers: dict[str, tuple[dict[str, Any], ...]] = Field(default_factory=dict)


class LcmState(Model):
    """The Local Configuration Manager: Idle, Busy, PendingReboot or PendingConfiguration, and its settings."""

    state: str
    detail: str = ""
    version: str = ""
    agent: str = Field(default="", description="the first digits of the AgentId")
    settings: Settings = Settings()

    @property
    def busy(self) -> bool:
        """Whether something runs."""
        return self.state.lower() == "busy"

    @property
    def waits_for_restart(self) -> bool:
        """Whether the rest follows after a restart."""
        return self.state.lower() == "pendingreboot"


class RunState(Model):
    """One run: what it was (Initial, Consistency, Reboot, ReadOnly), when (UTC), and what came of each resource."""

    job: str = ""
    kind: str = ""
    status: str = ""
    started: str | None = None
    seconds: float | None = None
    reboot: bool = False
    error: str | None = None
    resources: tuple[ResourceState, ...] = ()
    changed: tuple[str, ...] | None = Field(
        default=None, description="ids of the resources that this run set; unknown after a restart, and of earlier runs"
    )

    @field_validator("error", mode="before")
    @classmethod
    def _empty(cls, value: object) -> object:
        return value or None


class DscResult(Model):
    """What a command came to on one host.

    ``in_desired_state`` is None where the command does not say. ``shipped`` says that the module was brought.
    """

    host: str
    did: Literal["published", "started", "tested", "read", "removed", "set"]
    lcm: LcmState
    run: RunState | None = None
    in_desired_state: bool | None = None
    shipped: bool = False
    changes: tuple[str, ...] = ()

    @property
    def resources(self) -> tuple[ResourceState, ...]:
        """The resources that were heard of."""
        return self.run.resources if self.run is not None else ()

    @property
    def unchanged(self) -> bool:
        """Whether a run is known to have changed nothing, and no module was brought."""
        return self.run is not None and self.run.changed == () and not self.shipped

    @property
    def drifted(self) -> tuple[ResourceState, ...]:
        """The resources that are not in their desired state."""
        return tuple(item for item in self.resources if item.in_desired_state is False)


def read_lcm(said: dict[str, Any], host: str) -> LcmState:
    """Return the state and settings that a script answered; HostError when they are none."""
    try:
        held = {key: value for key, value in said.items() if key not in ("settings", "managers")}
        settings = Settings(
            values=said.get("settings") or {},
            managers={key: tuple(_listed(value)) for key, value in (said.get("managers") or {}).items()},
        )
        return LcmState(**held, settings=settings)
    except (ValidationError, TypeError) as error:
        why = answer_fault(error)
        raise HostError(f"the Local Configuration Manager's answer is not understood: {why}", host=host) from None


def read_run(said: dict[str, Any] | None, host: str) -> RunState | None:
    """Return the run that a script answered, None without one."""
    if said is None:
        return None
    try:
        return RunState(**{**said, "resources": read_resources(said.get("resources"), host)})
    except (ValidationError, TypeError) as error:
        raise HostError(f"the status of the last run is not understood: {answer_fault(error)}", host=host) from None


def read_resources(said: Any, host: str) -> tuple[ResourceState, ...]:
    """Return the resources that a script answered."""
    try:
        return tuple(ResourceState(**{**item, **_error(item.get("error"))}) for item in _listed(said))
    except (ValidationError, TypeError, AttributeError) as error:
        raise HostError(f"the state of a resource is not understood: {answer_fault(error)}", host=host) from None


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _error(text: str | None) -> dict[str, str | None]:
    """Return message and id of a resource's error: JSON of an error record, or plain text."""
    if not text:
        return {"error": None}
    try:
        data = json.loads(text)
    except ValueError:
        return {"error": text}
    if not isinstance(data, dict):
        return {"error": text}
    exception = data.get("Exception")
    message = exception.get("Message") if isinstance(exception, dict) else None
    return {"error": str(message or text), "error_id": str(data.get("FullyQualifiedErrorId") or "") or None}
