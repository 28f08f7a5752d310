"""Types of the NetworkController module as values: what fields a type has and what each may hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from psnet.lab.sdn.typetable import RESOURCES, TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMESPACE: Final = "Microsoft.Windows.NetworkController"
#: Fields that every resource's object has beside Properties.
_COMMON: Final = ("Tags", "ResourceRef", "InstanceId", "Etag", "ResourceMetadata", "ResourceId", "Properties")
_SCALARS: Final = frozenset({"s", "b", "i", "ip", "cidr", "mac", "e", "tags"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field: ``kind`` is a scalar (s b i e ip cidr mac tags), "object", "reference" (to ``type``)."""

    name: str
    kind: str
    type: str = ""
    many: bool = False
    required: bool = False
    read_only: bool = False
    values: tuple[str, ...] = ()

    @property
    def json(self) -> str:
        """The field's name in JSON."""
        return camel(self.name)


@dataclass(frozen=True, slots=True)
class SdnType:
    """One type; ``properties`` names the class of its Properties when it is a resource's."""

    name: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    properties: str = ""

    def find(self, name: str) -> Field | None:
        """Return a field by its name in any case."""
        return self.fields.get(name.lower())


@cache
def camel(name: str) -> str:
    """Return a field's JSON name: the run of capitals at its start in lower case (``IPAddress``: ``ipAddress``)."""
    found = re.match(r"[A-Z]+", name)
    if found is None:
        return name
    run = found[0]
    if len(run) == len(name) or len(run) == 1:
        return run.lower() + name[len(run) :]
    return run[:-1].lower() + name[len(run) - 1 :]


def _field(line: str) -> Field:
    name, what, *words = line.split()
    many = what.endswith("[]")
    what = what.removesuffix("[]")
    values: tuple[str, ...] = ()
    kind, kind_type = "object", what
    if what.startswith("e:"):
        kind, kind_type, values = "e", "", tuple(what[2:].split(","))
    elif what in _SCALARS:
        kind, kind_type = what, ""
    elif what.startswith("&"):
        kind, kind_type = "reference", what[1:]
    return Field(name, kind, kind_type, many, "!" in words, "-" in words, values)


def _resource(name: str, properties: str) -> SdnType:
    made = {
        "Tags": Field("Tags", "tags"),
        "ResourceMetadata": Field("ResourceMetadata", "object", "ResourceMetadata"),
        "Properties": Field("Properties", "object", properties),
        "InstanceId": Field("InstanceId", "s", read_only=True),
        "Etag": Field("Etag", "s", read_only=True),
    }
    return SdnType(name, {each.lower(): made.get(each, Field(each, "s")) for each in _COMMON}, properties)


@cache
def types() -> Mapping[str, SdnType]:
    """Return every type by its lower-case name."""
    found: dict[str, dict[str, Field]] = {}
    current: dict[str, Field] = {}
    for line in filter(None, TABLE.splitlines()):
        if not line.startswith(" "):
            current = found.setdefault(line.strip(), {})
            continue
        each = _field(line)
        current[each.name.lower()] = each
    for name in RESOURCES.values():
        for each in (
            Field("ProvisioningState", "s", read_only=True),
            Field("ConfigurationState", "object", "ConfigurationState", read_only=True),
        ):
            found[name][each.name.lower()] = each
    made = {name.lower(): SdnType(name, MappingProxyType(fields)) for name, fields in found.items()}
    for name, properties in RESOURCES.items():
        made[name.lower()] = _resource(name, properties)
    # What a Subnet property holds is only a reference: to a virtual subnet or to a logical one.
    made["subnet"] = SdnType("Subnet", {"resourceref": Field("ResourceRef", "s")})
    # The example of New-NetworkControllerVirtualNetwork spells it so.
    made["nbvirtualnetworkproperties"] = SdnType(
        "NbVirtualNetworkProperties", made["virtualnetworkproperties"].fields, "VirtualNetworkProperties"
    )
    return MappingProxyType(made)


def sdn_type(name: str) -> SdnType:
    """Return a type by its name in any case; raises KeyError."""
    return types()[name.lower()]
