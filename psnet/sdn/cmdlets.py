"""The cmdlets of the NetworkController module on a management host: the scripts that read and change a controller."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from psnet._internal.validation_messages import answer_fault
from psnet.errors import HostError
from psnet.powershell import Templates
from psnet.sdn.changes import related
from psnet.sdn.kinds import INSIDE, SDN_KINDS
from psnet.sdn.ports.plan import controller_part, port_part
from psnet.sdn.schema import SCHEMAS
from psnet.sdn.secrets import secret_keys
from psnet.sdn.state import ControllerState, read_controller
from psnet.sdn.statements import NAMESPACE, cmdlet, create_statements, edit_statements

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.planning import Change, Plan
    from psnet.sdn.model import Controller

_WORDS = {"create": "+", "update": "~", "remove": "-"}


def sdn_observe_script(controller: Controller, templates: Templates | None = None) -> str:
    """Return the script that reads every collection, in one pipeline."""
    kinds = [cls for cls in SDN_KINDS.values() if cls.kind not in INSIDE]
    collections = [{"collection": cls.collection, "list": cmdlet(cls.kind, "list")} for cls in kinds]
    return str(
        (templates or Templates()).render(
            "sdn/observe.ps1.j2", url=controller.base, connection=_connection(controller), collections=collections
        )
    )


def read_sdn_state(lines: Iterable[str], controller: Controller, host: str) -> ControllerState:
    """Return the state from what the observe script printed; raise HostError when that is no state."""
    try:
        return read_controller(controller.base, json.loads("".join(lines)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise HostError(
            f"what the host answered is not a controller's state: {answer_fault(error)}",
            host=host,
            step="observing the Network Controller",
            remedy="run Get-NetworkControllerVirtualNetwork by hand on the host and compare",
        ) from error


def read_sdn_conflicts(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the paths that the apply script found changed by somebody else; it did nothing then."""
    for line in lines:
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict) and said.get("conflicts"):
            return tuple(str(item) for item in said["conflicts"])
    return ()


def sdn_apply_script(plan: Plan, controller: Controller, templates: Templates | None = None) -> str:
    """Return the script that carries out a plan, step by step in the plan's order."""
    using = templates or Templates()
    later = port_part(plan)
    plan = controller_part(plan)
    return str(
        using.render(
            "sdn/apply.ps1.j2",
            later=[f"on {(item.create or {})['host']}: {item.title}" for item in later],
            url=controller.base,
            site=plan.site,
            connection=_connection(controller),
            timeout=controller.timeout,
            secrets=bool(list(secret_keys([change.create for change in plan.changes]))),
            functions=[using.render(f"{name}.ps1.j2") for name in ("lib/property", "lib/change", "sdn/functions")],
            steps=[_step(change, plan) for change in plan.changes],
        )
    )


def _connection(controller: Controller) -> dict[str, Any]:
    """Return the parameters that every cmdlet of the module takes."""
    certificate = {"CertificateThumbprint": controller.certificate_thumbprint}
    return {
        "ConnectionUri": controller.base,
        **(certificate if controller.certificate_thumbprint else {}),
        "PassInnerException": True,
    }


def _step(change: Change, plan: Plan) -> dict[str, Any]:
    values = change.create or change.remove or {}
    around = {"parent": values["path"].split("/")[2]} if change.kind in INSIDE else {}
    collection, verb = values["collection"], change.operation
    if verb == "create":
        statements = create_statements(collection, values["properties"])
    elif verb == "update":
        statements = edit_statements(collection, values["edits"])
    else:
        statements = []
    return {
        "id": step_id(change),
        "change": change.id,
        "title": f"{_WORDS[verb]} {change.kind} {change.title}"[:200],
        "fields": [f"{item.field}: {item.old} -> {item.new}"[:200] for item in change.fields],
        "requires": [step_id(other) for other in plan.changes if other.id in change.requires],
        "related": list(related(change, plan.changes)),
        "verb": verb,
        "path": values["path"],
        "resource_id": values["resource_id"],
        "etag": values.get("etag"),
        "tags": values.get("tags"),
        "type": f"{NAMESPACE}{SCHEMAS[collection].type}",
        "statements": statements,
        "inside": bool(around),
        "list": cmdlet(change.kind, "list", **around),
        "read": cmdlet(change.kind, "get", resource_id=values["resource_id"], **around),
        "call": cmdlet(change.kind, verb, resource_id=values["resource_id"], **around),
    }


def step_id(change: Change) -> str:
    """Return the name of a change's step, as ``read_outcomes`` knows it."""
    return f"{change.id}.remove" if change.operation == "remove" else f"{change.id}.make"
