"""Types that a script defined: where the .NET layer finds them. ``psnet.lab.engine.classes`` makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from psnet.lab.dotnet.context import current

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class ScriptType(Protocol):
    """A class or an enumeration of a script; ``values`` are an enumeration's numbers by name, None for a class."""

    name: str
    base: str
    interfaces: Sequence[str]
    values: Mapping[str, int] | None
    flags: bool
    underlying: str

    def new(self, arguments: Sequence[Any]) -> Any:
        """Return an object made by a constructor."""

    def of(self, value: Any) -> Any:
        """Return what a cast of a value gives; raises CastError."""


def script_type(name: str) -> ScriptType | None:
    """Return the type of a name (it has no namespace) that the running script defined, None for others."""
    if "." in name:
        return None
    found: ScriptType | None = current().types.get(name.lower())
    return found
