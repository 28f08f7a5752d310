"""Documents, and what came of applying them, as values."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from psnet.mof.model import Instance


@dataclass(frozen=True, slots=True)
class Item:
    """One resource of a document."""

    resource_id: str  # [FriendlyName]InstanceName
    class_name: str
    module: str
    version: str
    depends_on: tuple[str, ...]
    source_info: str | None
    configuration: str | None
    instance: Instance

    @property
    def friendly_name(self) -> str:
        """Return the part in brackets."""
        return self.resource_id[1:].partition("]")[0]

    @property
    def instance_name(self) -> str:
        """Return the part after the brackets."""
        return self.resource_id.partition("]")[2]


@dataclass(frozen=True, slots=True)
class Document:
    """A configuration document; ``embedded`` are its aliased instances by lower-case alias, with ``$``."""

    data: bytes
    header: Instance
    items: tuple[Item, ...]
    embedded: dict[str, Instance]
    order: tuple[int, ...]  # indices of items, every one after those that it depends on

    @property
    def name(self) -> str:
        """Return the configuration's name."""
        return self.text("Name")

    def text(self, name: str) -> str:
        """Return a field of the header as text, "" where there is none."""
        value = self.header.get(name)
        return str(value.value) if value is not None and value.kind == "string" else ""

    @property
    def encrypted(self) -> bool:
        """Return whether its passwords are encrypted."""
        return self.text("ContentType").lower() == "passwordencrypted"


@dataclass(slots=True)
class ResourceRun:
    """What came of one resource in a run; one that was not reached has neither state."""

    resource_id: str
    class_name: str
    friendly_name: str
    instance_name: str
    module: str
    version: str
    source_info: str | None
    configuration: str | None
    depends_on: tuple[str, ...]
    start: datetime
    seconds: float = 0.0
    in_desired_state: bool | None = None
    reboot: bool = False
    error: dict[str, Any] | None = None  # Exception message, FullyQualifiedErrorId, category


@dataclass(slots=True)
class Run:
    """One run of the Local Configuration Manager, as Get-DscConfigurationStatus tells it."""

    job_id: str  # {GUID} in upper case
    type: str  # Initial, Consistency, Reboot, ReadOnly, LocalConfigurationManager
    mode: str  # PUSH, PULL as the settings have it
    start: datetime
    meta_data: str = ""
    seconds: float = 0.0
    status: str = "Success"
    error: str | None = None
    reboot: bool = False
    number: int = 0
    resources: list[ResourceRun] = field(default_factory=list)

    @property
    def good(self) -> list[ResourceRun]:
        """Return the resources in desired state."""
        return [item for item in self.resources if item.in_desired_state]

    @property
    def bad(self) -> list[ResourceRun]:
        """Return the resources that are not."""
        return [item for item in self.resources if item.in_desired_state is False]


def error_text(run: ResourceRun) -> str | None:
    """Return a resource's error as records and reports keep it: JSON of the error record."""
    if run.error is None:
        return None
    record = {
        "FullyQualifiedErrorId": run.error["FullyQualifiedErrorId"],
        "Exception": {"Message": run.error["Message"]},
        "CategoryInfo": {"Category": run.error["Category"]},
    }
    return json.dumps(record, separators=(",", ":"))
