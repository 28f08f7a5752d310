"""A class as a configuration uses it: its keyword, its settable properties and how each is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from psnet.mof.model import ClassDeclaration, PropertyDeclaration, Qualifier

ENGINE_MODULE = "PSDesiredStateConfigurationEngine"
_MAGIC = {"resourceid", "sourceinfo", "modulename", "moduleversion", "configurationname"}
_RESERVED_PROPERTIES = {"require", "trigger", "notify", "before", "after", "subscribe"}
_RESERVED_KEYWORDS = {"synchronization", "certificate", "iis", "sql"}
_RESOURCE_BASES = {"omi_baseresource", "omi_metaconfigurationresource"}
_NOT_A_KEYWORD = re.compile(r"^OMI_Base|^OMI_.*Registration", re.IGNORECASE)
_FREQUENCIES = {"refreshfrequencymins": (30, 44640), "configurationmodefrequencymins": (15, 44640)}
_CIM_NAMES = {
    "boolean": "Boolean", "string": "String", "datetime": "DateTime", "char16": "Char16",
    "real32": "Real32", "real64": "Real64",
    **{f"{sign}int{size}": f"{sign.upper()}Int{size}" for sign in "us" for size in (8, 16, 32, 64)},
}  # fmt: skip
INTEGER_BOUNDS = {
    **{f"uint{size}": (0, 2**size - 1) for size in (8, 16, 32, 64)},
    **{f"sint{size}": (-(2 ** (size - 1)), 2 ** (size - 1) - 1) for size in (8, 16, 32, 64)},
}


@dataclass(frozen=True, slots=True)
class KeywordProperty:
    """A property that a configuration may set."""

    name: str
    type: str  # the MOF type in lower case; "instance" for an embedded one
    is_array: bool
    embedded_class: str | None
    is_key: bool
    is_mandatory: bool
    type_name: str  # as the engine names it in messages: String, UInt16Array, Oracle_Leaf[]
    values: tuple[str, ...]  # allowed values as the user writes them; empty when any is
    value_map: dict[str, str]  # lower-case allowed value -> the value that is stored
    range: tuple[int, int] | None

    @property
    def as_array(self) -> bool:
        """Whether the engine always writes braces: arrays of embedded instances are not recognised by it."""
        return "array" in self.type_name.lower()


@dataclass(frozen=True, slots=True)
class Keyword:
    """What the engine makes of a class; ``name`` is the friendly name, or the class's own without one."""

    name: str
    class_name: str
    module: str
    module_version: str
    properties: dict[str, KeywordProperty]  # by lower-case name, in order of declaration
    needs_name: bool  # [Type]Name and a ResourceID, or a nameless block
    has_depends_on: bool
    is_reserved: bool
    ancestors: frozenset[str]  # lower-case names of the class itself and everything above it
    is_meta: bool

    @property
    def has_resource_id(self) -> bool:
        """Whether instances carry ResourceID and SourceInfo."""
        return self.has_depends_on or (self.is_meta and self.needs_name)


def build_keyword(chain: list[ClassDeclaration], module: str, version: str, *, is_meta: bool) -> Keyword | None:
    """Return the keyword of a class given with its superclasses, nearest first; None when it has none.

    The rules are the engine's: a property with the Read qualifier and the engine's own ones cannot be set;
    a class whose Values and ValueMap do not match is skipped.
    """
    own = chain[0]
    name = _text(own.qualifiers, "friendlyname") or own.name
    if _NOT_A_KEYWORD.search(name):
        return None
    declared: dict[str, PropertyDeclaration] = {}
    for cls in chain:
        for prop in cls.properties:
            declared.setdefault(prop.name.lower(), prop)
    properties: dict[str, KeywordProperty] = {}
    for lower, prop in declared.items():
        if "read" in prop.qualifiers or lower in _MAGIC or lower in _RESERVED_PROPERTIES:
            continue
        built = _property(prop, own.name)
        if built is None:
            return None
        properties[lower] = built
    return Keyword(
        name,
        own.name,
        module,
        version,
        properties,
        needs_name=any((cls.superclass or "").lower() in _RESOURCE_BASES for cls in chain),
        has_depends_on="dependson" in properties,
        is_reserved=name.lower() in _RESERVED_KEYWORDS,
        ancestors=frozenset(cls.name.lower() for cls in chain),
        is_meta=is_meta,
    )


def _property(prop: PropertyDeclaration, class_name: str) -> KeywordProperty | None:
    qualifiers = prop.qualifiers
    embedded = _text(qualifiers, "embeddedinstance") if prop.type == "string" else None
    if embedded:
        type_name, kind = embedded + ("[]" if prop.is_array else ""), "instance"
    elif "embeddedobject" in qualifiers:
        type_name, kind, embedded = "InstanceArray" if prop.is_array else "Instance", "instance", ""
    else:
        type_name = _CIM_NAMES.get(prop.type, "Reference") + ("Array" if prop.is_array else "")
        kind = prop.type if not prop.is_reference else "instance"
    values, stored = _texts(qualifiers, "values"), _texts(qualifiers, "valuemap")
    value_map: dict[str, str] = {}
    if values and stored is not None:
        if len(values) != len(stored) or len({item.lower() for item in values}) != len(values):
            return None
        value_map = {key.lower(): item for key, item in zip(values, stored, strict=True)}
    allowed = tuple(values or ())
    lower = prop.name.lower()
    is_settings = class_name.lower() in {"msft_dscmetaconfigurationv2", "msft_dscmetaconfiguration"}
    if is_settings and lower == "debugmode":
        # The engine takes this one out of the list it reads from the schema.
        allowed = tuple(item for item in allowed if item != "ResourceScriptBreakAll")
        value_map.pop("resourcescriptbreakall", None)
    is_key = _flag(qualifiers, "key")
    return KeywordProperty(
        prop.name,
        kind,
        prop.is_array,
        embedded,
        is_key,
        is_key or _flag(qualifiers, "required"),
        type_name,
        allowed,
        value_map,
        _FREQUENCIES.get(lower) if is_settings else None,
    )


def _flag(qualifiers: Mapping[str, Qualifier], name: str) -> bool:
    found = qualifiers.get(name)
    return found is not None and found.value.value is True


def _text(qualifiers: Mapping[str, Qualifier], name: str) -> str | None:
    found = qualifiers.get(name)
    return found.value.value if found is not None and found.value.kind == "string" else None


def _texts(qualifiers: Mapping[str, Qualifier], name: str) -> list[str] | None:
    found = qualifiers.get(name)
    if found is None or found.value.kind != "array":
        return None
    items: Iterable[str] = (str(item.value) for item in found.value.value)
    return list(items)
