"""A controller as plain data, so that a lab kept on disk keeps its controller too."""

from __future__ import annotations

import copy
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from psnet.lab.host.ids import Ids
from psnet.lab.sdn.controller import Controller
from psnet.lab.sdn.provisioning import Operation, SdnFault

if TYPE_CHECKING:
    from psnet.lab.host.clock import Clock


def saved(controller: Controller) -> dict[str, Any]:
    """Return everything that makes a controller what it is; its operations that are over are left out."""
    with controller.lock:
        controller.settle()
        return {
            "authentication": controller.authentication,
            "seconds": controller.seconds,
            "nodes": controller.nodes,
            "ids": controller.ids.to_dict(),
            "documents": copy.deepcopy(controller.documents),
            "enforced": copy.deepcopy(controller.enforced),
            "unhealthy": sorted(controller.unhealthy),
            "faults": [fault.model_dump() for fault in controller.faults.remaining()],
            "operations": [
                {**asdict(item), "due": item.due.isoformat()}
                for item in controller.operations.values()
                if item.status == "InProgress"
            ],
        }


def restored(data: dict[str, Any], clock: Clock) -> Controller:
    """Return the controller that ``saved`` described, on a host's clock; its hosts are joined by the caller."""
    faults = tuple(SdnFault.model_validate(each) for each in data["faults"])
    made = Controller(clock, authentication=data["authentication"], seconds=data["seconds"], faults=faults)
    made.nodes = data.get("nodes", 1)
    made.ids = Ids(**data["ids"])
    made.documents = data["documents"]
    made.enforced = data["enforced"]
    made.unhealthy = set(data["unhealthy"])
    for item in data["operations"]:
        operation = Operation(**{**item, "due": datetime.fromisoformat(item["due"])})
        made.operations[operation.id] = operation
        made.pending.append(operation)
    return made
