"""Types beyond .NET's that a host provides: those that a script declares with Add-Type, and those of a module."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class NativeType:
    """A type that a C# source declares and the lab provides.

    ``matches(source)`` says whether a source is the known one; ``methods`` are called with the runspace's
    host and the list of arguments (``Reference`` objects for [ref] ones). ``namespace_and_name`` is the full
    type name for -TypeDefinition; for -MemberDefinition, Add-Type's -Namespace and -Name make it.
    """

    matches: Callable[[str], bool]
    methods: dict[str, Callable[[Any, list[Any]], Any]]
    name: str | None = None
    properties: dict[str, Callable[[Any], Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class ModuleType:
    """A type of a module's own assembly: ``make`` is its constructor, ``of`` makes one of a hashtable."""

    name: str
    module: str
    make: Callable[[], Any]
    of: Callable[[Any], Any]
