"""What stands against a declaration before anything is sent to the controller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet._yaml import nearest
from psnet.resources import Finding
from psnet.sdn.membership import declared_properties, outside_refs
from psnet.sdn.references import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.sdn.model import Sdn, SdnResource
    from psnet.sdn.state import ControllerState


def check_sdn(sdn: Sdn, state: ControllerState) -> Iterator[Finding]:
    """Yield what is wrong with the section ``sdn:`` on this controller."""
    yield from dangling(sdn, state)


def _error(resource: SdnResource, identifier: str, reason: str, remedy: str, source: str = "") -> Finding:
    return Finding(
        id=identifier, severity="error", resource=str(resource.identity), reason=reason, remedy=remedy, source=source
    )


def dangling(sdn: Sdn, state: ControllerState) -> Iterator[Finding]:
    """Refuse references that lead to nothing declared and nothing on the controller."""
    declared = set(_declared_paths(sdn))
    for resource in sdn.resources():
        properties = declared_properties(sdn, resource)
        for reference in dict.fromkeys(outside_refs(resource.path, properties)):
            if short(reference) not in {item.lower() for item in declared} and not state.has(reference):
                near = nearest(reference, [*declared, *(item.path for item in state.resources)])
                yield _error(
                    resource,
                    "sdn-dangling",
                    f"it refers to {reference}, which is neither declared nor on the controller",
                    f"did you mean {near}?" if near else "declare it, or correct the name",
                )


def _declared_paths(sdn: Sdn) -> Iterator[str]:
    for resource in sdn.resources():
        yield resource.path
        yield from _children(resource.path, resource.properties())


def _children(path: str, properties: dict[str, Any]) -> Iterator[str]:
    for name, value in properties.items():
        for item in value if isinstance(value, list) else ():
            if isinstance(item, dict) and "resourceId" in item:
                own = f"{path}/{name}/{item['resourceId']}"
                yield own
                yield from _children(own, item["properties"])
