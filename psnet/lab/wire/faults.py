"""Fault injection: a plan as data, deterministic for its seed.

A plan in YAML::

    seed: 7
    uplink_seconds: 1.5                                        # an external switch re-binds the uplink
    faults:
      - {action: drop, operation: Receive, request: 2}       # the 2nd Receive: cut before it is handled
      - {action: drop, when: after, request: 5}              # the 5th request is handled, its answer is lost
      - {action: drop, cmdlet: New-NetNat}                   # every connection of the host, while it runs
      - {action: slow, operation: Command, seconds: 0.2, times: always}
      - {action: unauthorized, request: 4, times: always}    # 401 from the 4th request on
      - {action: timeout, operation: Receive}                # TimedOut, without waiting
      - {action: quota, quota: shells, operation: Create}
      - {action: reboot, cmdlet: Start-Sleep, seconds: 2}    # shells end, the host model restarts
      - {action: cut, cmdlet: New-VMSwitch, seconds: 1.5, host: "edge-*"}

Requests count from 1 and per host; with ``operation`` only requests of that kind count (``operation: Logon``
counts those that end with HTTP 401).
"""

from __future__ import annotations

import fnmatch
import random
import threading
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from psnet._internal.validate import validate
from psnet._internal.validation_messages import explain_error
from psnet._internal.yaml import read_yaml
from psnet.errors import InputError, LabError, Problem
from psnet.lab.wire import wsman_faults

if TYPE_CHECKING:
    from pathlib import Path

    from psnet.lab.wire.wsman_faults import WSManFault

Operation = Literal[
    "Identify", "Get", "Create", "Command", "Send", "Receive", "Signal", "Delete", "Disconnect", "Reconnect",
    "Connect", "Enumerate", "Logon",
]  # fmt: skip


class Fault(BaseModel):
    """One thing that goes wrong.

    ``seconds`` is the delay of ``slow``, the silence of ``hang`` and the outage of ``cut``
    and ``reboot``. ``times`` says
    how often the fault strikes once its turn has come; ``probability`` is drawn for each occasion.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: Literal["drop", "slow", "hang", "unauthorized", "timeout", "quota", "cut", "reboot", "fail"]
    when: Literal["before", "after"] = "before"
    host: str = "*"
    operation: Operation | None = None
    request: Annotated[int, Field(ge=1)] = 1
    cmdlet: str | None = None
    seconds: Annotated[float, Field(ge=0, le=3600)] = 0.0
    quota: Literal["shells", "operations", "commands"] = "shells"
    times: Annotated[int, Field(ge=1)] | Literal["always"] = 1
    probability: Annotated[float, Field(gt=0, le=1)] = 1.0
    error_id: str = "LabFault"
    message: str = "The lab made this fail."
    category: str = "NotSpecified"

    @model_validator(mode="after")
    def _fits(self) -> Fault:
        if self.cmdlet and self.action not in {"drop", "cut", "slow", "reboot", "fail"}:
            raise ValueError(f"{self.action} cannot wait for a cmdlet")
        if self.action == "fail" and not self.cmdlet:
            raise ValueError("fail needs a cmdlet")
        if self.action in {"slow", "hang", "cut", "reboot"} and not self.seconds:
            raise ValueError(f"{self.action} needs seconds")
        return self

    def as_wsman_fault(self) -> WSManFault:
        """Return the SOAP fault that a ``timeout`` or ``quota`` answers with."""
        if self.action == "timeout":
            return wsman_faults.timed_out()
        if self.quota == "shells":
            return wsman_faults.too_many_shells(30)
        return (
            wsman_faults.too_many_operations(1500) if self.quota == "operations" else wsman_faults.too_many_commands()
        )


class FaultPlan(BaseModel):
    """All that goes wrong in one lab.

    ``uplink_seconds`` is how long a host is away when an external switch takes or returns the adapter that carries
    the connection (0: not at all); Windows gives no figure (pitfalls, section 2). ``reboot_seconds`` is how long it
    is away when it restarts by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 0
    uplink_seconds: Annotated[float, Field(ge=0, le=3600)] = 1.0
    reboot_seconds: Annotated[float, Field(ge=0, le=3600)] = 1.0
    faults: tuple[Fault, ...] = ()

    @classmethod
    def of(cls, *faults: Fault, seed: int = 0) -> FaultPlan:
        """Return a plan of these faults."""
        return cls(seed=seed, faults=faults)

    @classmethod
    def load(cls, path: Path) -> FaultPlan:
        """Read a YAML file; raises InputError that names every problem."""
        document = read_yaml(path)
        problems: list[Problem] = []
        made = validate(cls, document.data or {}, document, (), problems)
        if made is None:
            raise InputError(f"{path} is no fault plan", problems)
        return made

    @classmethod
    def read(cls, data: Any, source: str = "fault plan") -> FaultPlan:
        """Read plain data; raises InputError."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            problems = [
                Problem(explain_error(item)[0], source, key=".".join(str(part) for part in item["loc"]))
                for item in error.errors()
            ]
            raise InputError("the fault plan is not valid", problems) from error


class CmdletFault(LabError):  # noqa: N818 - it is a fault that was asked for
    """A cmdlet fails because the plan says so."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class Injector:
    """Applies a plan to one host. Safe to call from any thread."""

    def __init__(self, plan: FaultPlan, host: str) -> None:
        self._host = host
        self._seed = plan.seed
        self._faults = [
            (index, fault)
            for index, fault in enumerate(plan.faults)
            if fnmatch.fnmatchcase(host.lower(), fault.host.lower())
        ]
        self._lock = threading.Lock()
        self._seen: dict[int, int] = {}
        self._struck: dict[int, int] = {}

    def __bool__(self) -> bool:
        return bool(self._faults)

    def for_request(self, operation: str) -> list[Fault]:
        """Return the faults that strike this request (each call counts one request)."""
        return self._due(lambda fault: not fault.cmdlet and fault.operation in {None, operation})

    def for_cmdlet(self, name: str) -> list[Fault]:
        """Return the faults that strike while this cmdlet runs (each call counts one run)."""
        return self._due(lambda fault: (fault.cmdlet or "").lower() == name.lower())

    def _due(self, concerns: Any) -> list[Fault]:
        due = []
        with self._lock:
            for index, fault in self._faults:
                if not concerns(fault):
                    continue
                seen = self._seen[index] = self._seen.get(index, 0) + 1
                struck = self._struck.get(index, 0)
                if seen < fault.request or (fault.times != "always" and struck >= fault.times):
                    continue
                draw = random.Random(f"{self._seed}/{self._host}/{index}/{seen}").random()  # noqa: S311 - no secret
                if draw < fault.probability:
                    self._struck[index] = struck + 1
                    due.append(fault)
        return due
