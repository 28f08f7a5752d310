"""What every declared thing on a Network Controller has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from psnet._internal.model import Model
from psnet.resources import Identity
from psnet.sdn.values import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet._internal.secret import SecretSource


class SdnResource(Model):
    """A top-level resource of the controller; what belongs to it is declared inside it.

    A kind is one subclass: its fields, its ``kind``, the ``section`` of ``sdn:`` that lists it, the ``collection`` of
    the REST API and the ``noun`` of its cmdlets.
    """

    kind: ClassVar[str]
    section: ClassVar[str]
    collection: ClassVar[str]
    noun: ClassVar[str]

    name: Name

    @property
    def identity(self) -> Identity:
        """The kind and the ResourceId."""
        return Identity(self.kind, self.name)

    @property
    def path(self) -> str:
        """The resourceRef."""
        return f"/{self.collection}/{self.name}"

    def properties(self) -> dict[str, Any]:
        """Return the declared properties as the REST API writes them; what is not declared is not in it."""
        raise TypeError(f"{type(self).__name__} has no properties")

    def title(self) -> str:
        """Return one line that identifies it for people."""
        return self.name

    def secrets(self) -> dict[str, SecretSource]:
        """Return where its secrets are read, by the keys that stand for them in the properties."""
        return {}

    def requirements(self) -> tuple[str, ...]:
        """Return the paths of what it needs beside its references: what it stands in."""
        return ()


def refs_in(value: Any) -> Iterator[str]:
    """Yield every resourceRef in REST data."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "resourceRef" and isinstance(item, str):
                yield item
            else:
                yield from refs_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from refs_in(item)


def ref(path: str) -> dict[str, str]:
    """Return a reference."""
    return {"resourceRef": path}


def child(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    """Return a resource inside another."""
    return {"resourceId": name, "properties": properties}


def without_nones(**values: Any) -> dict[str, Any]:
    """Return the values that are not None."""
    return {key: value for key, value in values.items() if value is not None}


def cleared(model: Model, **fields: str) -> dict[str, None]:
    """Return the REST fields that the declaration sets to null: a binding that is to be taken away."""
    return {
        rest: None for name, rest in fields.items() if name in model.model_fields_set and getattr(model, name) is None
    }


def refuse_duplicates(names: Iterator[str], what: str) -> None:
    """Raise ValueError when a name is there twice; the controller does not look at case."""
    seen: set[str] = set()
    for name in names:
        if name.lower() in seen:
            raise ValueError(f"{what} {name} is declared twice: give each its own name")
        seen.add(name.lower())
