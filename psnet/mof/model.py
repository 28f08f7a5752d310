"""What stands in a MOF document: instances and their values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["string", "char16", "integer", "real", "boolean", "null", "reference", "array"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value as the text shows it.

    ``value`` is a str (string, char16: escapes undone; real: its text; reference: the alias with ``$``),
    an int, a bool, None, or for an array a tuple of Values. The kind, not the schema, says which.
    """

    kind: Kind
    value: Any = None

    def plain(self) -> Any:
        """Return the value as a Python object: a real as float, an array as list."""
        if self.kind == "real":
            return float(self.value)
        if self.kind == "array":
            return [item.plain() for item in self.value]
        return self.value


@dataclass(frozen=True, slots=True)
class Instance:
    """``instance of <class_name> as <alias>``; property names as written, found without regard to case."""

    class_name: str
    alias: str | None
    properties: dict[str, Value]
    line: int = field(default=0, compare=False)

    def get(self, name: str) -> Value | None:
        """Return a property's value by name in any letter case."""
        found = self.properties.get(name)
        if found is not None:
            return found
        lower = name.lower()
        return next((value for key, value in self.properties.items() if key.lower() == lower), None)


@dataclass(frozen=True, slots=True)
class Qualifier:
    """A qualifier such as ``Key`` or ``ValueMap{"a", "b"}``; a bare one is true."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class PropertyDeclaration:
    """A property of a class: ``[Write, EmbeddedInstance("X")] String Leaf[];``."""

    name: str
    type: str  # uint8 .. datetime in lower case, or the class of a reference
    is_array: bool
    is_reference: bool
    qualifiers: dict[str, Qualifier]  # by lower-case name
    default: Value | None
    line: int


@dataclass(frozen=True, slots=True)
class ClassDeclaration:
    """A class as declared, its superclass not yet looked up."""

    name: str
    superclass: str | None
    qualifiers: dict[str, Qualifier]
    properties: tuple[PropertyDeclaration, ...]
    line: int
