"""References between resources: the order of creation, and what prevents a removal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.sdn.model.base import refs_in
from psnet.sdn.schema import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from psnet.sdn.schema import ObjectSchema
    from psnet.sdn.state import ControllerResource


def short_reference(reference: str) -> str:
    """Return a resourceRef in small letters, without the address of the API in front of it."""
    text = reference.lower()
    place = text.find("/networking/v1/")
    return text[place + len("/networking/v1") :] if place >= 0 else text


def owner_of(reference: str) -> str:
    """Return the path of the top-level resource that a resourceRef leads to or into, in small letters."""
    return "/" + "/".join(short_reference(reference).strip("/").split("/")[:2])


def owners(references: Iterable[str]) -> list[str]:
    """Return the top-level resources that references lead to or into."""
    return list(dict.fromkeys(owner_of(item) for item in references))


def forward_refs(resource: ControllerResource) -> Iterator[str]:
    """Yield what an observed resource refers to, without the controller's read-only lists of who refers to it."""
    own = resource.path.lower()
    for reference in _forward(resource.properties, SCHEMAS[resource.collection]):
        if owner_of(reference) != own:
            yield short_reference(reference)


def _forward(properties: Mapping[str, Any], schema: ObjectSchema) -> Iterator[str]:
    for name in schema.refs:
        yield from refs_in(properties.get(name))
    for name, part in schema.parts.items():
        value = properties.get(name) or ()
        if part.item is not None:
            value = [item.get("properties") or {} for item in value]
        for item in value if part.item is not None or part.many else [value or {}]:
            yield from _forward(item, part)
