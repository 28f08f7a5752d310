"""What a DSC resource of PSNetDsc is: a class with typed properties, and one instance of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

MofType = Literal["string", "uint32", "uint64", "boolean"]
Qualifier = Literal["Key", "Required", "Write", "Read"]
Plain = str | int | bool | list[str]


@dataclass(frozen=True, slots=True)
class DscProperty:
    """One property; ``field`` is the model's field that it stands for, None for those that DSC alone has.

    ``needed`` says that the resource wants it when Ensure is Present though the schema lets it be left out.
    """

    name: str
    type: MofType
    qualifier: Qualifier
    description: str
    is_array: bool = False
    values: tuple[str, ...] = ()
    default: str | bool | None = None
    field: str | None = None
    needed: bool = False
    embedded: str | None = None  # the class of the instances that it holds, of those that are read only


@dataclass(frozen=True, slots=True)
class DscClass:
    """A resource: ``name`` is its class (PSNet_Nat), ``friendly`` its name in a configuration (PSNetNat)."""

    kind: str
    name: str
    friendly: str
    description: str
    properties: tuple[DscProperty, ...]
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def settable(self) -> tuple[DscProperty, ...]:
        """The properties that a configuration may give."""
        return tuple(item for item in self.properties if item.qualifier != "Read")


@dataclass(frozen=True, slots=True)
class DscInstance:
    """One resource of one node, ready for any of the document formats."""

    cls: DscClass
    name: str
    properties: dict[str, Plain]
    depends_on: tuple[DscInstance, ...] = ()

    @property
    def id(self) -> str:
        """``[PSNetNat]machines``, as DependsOn names it."""
        return f"[{self.cls.friendly}]{self.name}"
