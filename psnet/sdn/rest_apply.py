"""Reading and changing a controller over REST, step by step with the same outcomes as the generated PowerShell."""

from __future__ import annotations

import contextlib
import json
import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from psnet.errors import PsnetError, RemoteError
from psnet.sdn.changes import related
from psnet.sdn.cmdlets import step_id
from psnet.sdn.conflict import changed_since
from psnet.sdn.edits import apply_edits, without_state
from psnet.sdn.outcomes import PlanOutcomes
from psnet.sdn.rest import RestClient, read_all
from psnet.sdn.secrets import insert_secrets, mask_secrets, read_secrets
from psnet.sdn.state import canonical
from psnet.transport.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psnet._internal.secret import SecretSource
    from psnet.apply.progress import OutcomeReader
    from psnet.planning import Change, Plan
    from psnet.sdn.model import Controller
    from psnet.sdn.state import ControllerState

log = logging.getLogger("psnet.sdn")
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 5.0


@dataclass(frozen=True, slots=True)
class RestBackend:
    """The REST API; one GET a collection to read, one PUT or DELETE a change."""

    controller: Controller
    host: str
    secrets: Mapping[str, SecretSource] = field(default_factory=dict, repr=False)

    def observe(self) -> ControllerState:
        """Read every collection."""
        with self._client() as client:
            return read_all(client)

    def apply(self, plan: Plan, reader: OutcomeReader) -> PlanOutcomes:
        """Carry out a plan's changes in their order; a change whose requirement was not met is skipped."""
        with self._client() as client:
            conflicts = changed_since(plan, read_all(client))
            if conflicts:
                return PlanOutcomes(conflicts=conflicts)
            run = _Run(client, plan, self.controller.timeout, read_secrets(plan, self.secrets))
            for change in plan.changes:
                reader.read(Record("output", json.dumps(run.step(change))))
            return PlanOutcomes(reader.finish(reader.lines))

    @contextlib.contextmanager
    def _client(self) -> Iterator[RestClient]:
        client = RestClient(self.controller, self.host)
        try:
            yield client
        finally:
            client.close()


class _Run:
    """One plan being carried out."""

    def __init__(self, client: RestClient, plan: Plan, timeout: int, secrets: Mapping[str, str]) -> None:
        self.client, self.plan, self.timeout, self.secrets = client, plan, timeout, secrets
        self.status: dict[str, str] = {}
        self.changed: set[str] = set()

    def step(self, change: Change) -> dict[str, Any]:
        """Run one change over REST; return the outcome object that the generated PowerShell would print."""
        said: dict[str, Any] = {"step": step_id(change), "status": "ok"}
        blocked = [need for need in change.requires if self.status.get(need) != "ok"]
        if blocked:
            needed = next(item for item in self.plan.changes if item.id == blocked[0])
            said |= {"status": "skipped", "blocked_by": step_id(needed)}
        else:
            try:
                self._apply_change(change)
            except PsnetError as error:
                said |= {"status": "failed", "message": mask_secrets(error.message, self.secrets)}
                said |= {"error_id": getattr(error, "error_id", "") or type(error).__name__}
        self.status[change.id] = said["status"]
        return said

    def _apply_change(self, change: Change) -> None:
        values = change.create or change.remove or {}
        path = values["path"]
        log.info("%s: %s %s", self.plan.host, change.operation, path)
        if change.operation == "create":
            tags = {"tags": values["tags"]} if values["tags"] else {}
            properties = insert_secrets(values["properties"], self.secrets)
            self.client.put(path, {"resourceId": values["resource_id"], **tags, "properties": properties}, None)
        else:
            current = self._current(change, path, values["etag"])
            if change.operation == "remove":
                self.client.delete(path, current["etag"])
            else:
                edits = insert_secrets(values["edits"], self.secrets)
                self.client.put(path, _body(current, {**values, "edits": edits}), current["etag"])
        self.changed.add(change.id)
        self._wait(path, gone=change.operation == "remove")

    def _current(self, change: Change, path: str, etag: str) -> dict[str, Any]:
        """Return the resource as it is; refused when somebody else changed it since the plan was made."""
        found = canonical(self.client.get(path))
        own = bool(self.changed & set(related(change, self.plan.changes)))
        if found is None or (found.get("etag") != etag and not own):
            raise RemoteError("somebody changed it since the plan was made", error_id="PSNetSdnConflict")
        made: dict[str, Any] = found
        return made

    def _wait(self, path: str, *, gone: bool) -> None:
        """Return when the controller has provisioned a resource, or deleted it."""
        deadline = time.monotonic() + self.timeout
        pause = _FIRST_PAUSE
        while True:
            found = canonical(self.client.get(path))
            state = str(found["properties"].get("provisioningState")) if found else "Gone"
            log.info("%s: %s is %s", self.plan.host, path, state)
            if state == ("Gone" if gone else "Succeeded"):
                return
            if state == "Failed":
                raise RemoteError(
                    f"the controller could not provision it: {_reason(found['properties'])}",
                    error_id="PSNetSdnProvisioningFailed",
                )
            if time.monotonic() > deadline:
                raise RemoteError(
                    f"after {self.timeout} seconds its provisioning state is still {state}",
                    error_id="PSNetSdnProvisioningTimeout",
                )
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


def _body(current: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Return the whole resource as it shall be: a PUT replaces it, so that what others set is sent back as it was."""
    kept = {key: current[key] for key in ("resourceId", "resourceMetadata", "tags") if current.get(key)}
    tags = {"tags": values["tags"]} if values.get("tags") else {}
    return {**kept, **tags, "properties": without_state(apply_edits(current["properties"], values["edits"]))}


def _reason(properties: dict[str, Any]) -> str:
    details = (properties.get("configurationState") or {}).get("detailedInfo") or ()
    texts = [str(item["message"]) for item in details if item.get("message")]
    return "; ".join(texts) or "the controller gives no reason"
