"""Attributes of parameters as objects, and the parameters that a ``dynamicparam`` block makes of them.

Source of names and defaults: Microsoft Learn, the classes of System.Management.Automation (ParameterAttribute,
ValidateSetAttribute, RuntimeDefinedParameter, ...).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from psnet.lab.dotnet.convert import to_string
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.objects import Dictionary
from psnet.lab.dotnet.registry import constructor, method, prop
from psnet.lab.dotnet.types.dictionaries import _add, _contains_key
from psnet.lab.values import Array, GenericList, TypeValue

_SMA: Final = "System.Management.Automation"
_RUNTIME: Final = f"{_SMA}.RuntimeDefinedParameter"
_TABLE: Final = f"{_RUNTIME}Dictionary"
_FIRST: Final = -(2**31)


@dataclass(slots=True, eq=False)
class AttributeObject:
    """One attribute: its type, the values that its constructor was given, and its properties."""

    type_name: str
    positional: list[Any] = field(default_factory=list)
    named: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class RuntimeParameter:
    """RuntimeDefinedParameter: a name, a type and attributes; ``value`` is set once it is bound."""

    name: str = ""
    kind: TypeValue | None = None
    attributes: GenericList = field(default_factory=lambda: GenericList([], "System.Attribute"))
    value: Any = None
    is_set: bool = False
    type_name = _RUNTIME


class RuntimeParameters(Dictionary):
    """RuntimeDefinedParameterDictionary: parameters by name."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(case_sensitive=False, key_type="System.String", value_type=_RUNTIME)

    @property
    def type_name(self) -> str:  # type: ignore[override]
        """The type, which is not generic itself."""
        return _TABLE


def _property(owner: str, declaration: str, default: Any) -> None:
    name = declaration.rpartition(" ")[2].lower()

    def read(value: AttributeObject) -> Any:
        return value.named.get(name, default)

    def write(value: AttributeObject, new: Any) -> None:
        value.named[name] = new

    prop(owner, declaration, read, write)


def _given(owner: str, declaration: str, at: int | None) -> None:
    """Declare a property that holds what the constructor was given: one value, or all (``at`` None)."""

    def read(value: AttributeObject) -> Any:
        if at is None:
            return Array(list(value.positional), "System.String")
        return value.positional[at] if at < len(value.positional) else None

    prop(owner, declaration, read)


def _attribute(name: str, *signatures: str) -> str:
    owner = f"{_SMA}.{name}Attribute"

    @constructor(owner, *signatures)
    def make(*values: Any) -> AttributeObject:
        flat = [item for value in values for item in (value if isinstance(value, Array) else [value])]
        return AttributeObject(owner, flat)

    return owner


_PARAMETER: Final = _attribute("Parameter", "()")
for _line, _default in {
    "int Position": _FIRST,
    "string ParameterSetName": "__AllParameterSets",
    "bool Mandatory": False,
    "bool ValueFromPipeline": False,
    "bool ValueFromPipelineByPropertyName": False,
    "bool ValueFromRemainingArguments": False,
    "string HelpMessage": None,
    "string HelpMessageBaseName": None,
    "string HelpMessageResourceId": None,
    "bool DontShow": False,
}.items():
    _property(_PARAMETER, _line, _default)

_given(_attribute("Alias", "(Params string[] aliasNames)"), "string[] AliasNames", None)
_SET: Final = _attribute("ValidateSet", "(Params string[] validValues)")
_given(_SET, "string[] ValidValues", None)
_property(_SET, "bool IgnoreCase", True)
_RANGE: Final = _attribute("ValidateRange", "(System.Object minRange, System.Object maxRange)")
_given(_RANGE, "System.Object MinRange", 0)
_given(_RANGE, "System.Object MaxRange", 1)
for _kind in ("Length", "Count"):
    _sizes = _attribute(f"Validate{_kind}", f"(int min{_kind}, int max{_kind})")
    _given(_sizes, f"int Min{_kind}", 0)
    _given(_sizes, f"int Max{_kind}", 1)
_PATTERN: Final = _attribute("ValidatePattern", "(string regexPattern)")
_given(_PATTERN, "string RegexPattern", 0)
_property(_PATTERN, "System.Text.RegularExpressions.RegexOptions Options", None)
_given(_attribute("ValidateScript", "(scriptblock scriptBlock)"), "scriptblock ScriptBlock", 0)
for _plain in (
    "ValidateNotNull",
    "ValidateNotNullOrEmpty",
    "AllowNull",
    "AllowEmptyString",
    "AllowEmptyCollection",
    "SupportsWildcards",
):
    _attribute(_plain, "()")


# -- parameters ----------------------------------------------------------------------------------------------


@constructor(_RUNTIME, "()", "(string name, type parameterType, System.Object attributes)")
def _runtime_parameter(name: str = "", kind: TypeValue | None = None, attributes: Any = None) -> RuntimeParameter:
    made = RuntimeParameter(to_string(name), kind)
    if attributes is not None:
        made.attributes.items = list(attributes) if hasattr(attributes, "__iter__") else [attributes]
    return made


def _set_value(parameter: RuntimeParameter, value: Any) -> None:
    parameter.value, parameter.is_set = value, True


prop(_RUNTIME, "string Name", lambda p: p.name, lambda p, v: setattr(p, "name", v))
prop(_RUNTIME, "type ParameterType", lambda p: p.kind, lambda p, v: setattr(p, "kind", v))
prop(_RUNTIME, "System.Object Value", lambda p: p.value, _set_value)
prop(_RUNTIME, "bool IsSet", lambda p: p.is_set, lambda p, v: setattr(p, "is_set", v))
prop(_RUNTIME, "System.Collections.ObjectModel.Collection[System.Attribute] Attributes", lambda p: p.attributes)

constructor(_TABLE, "()")(RuntimeParameters)
method(_TABLE, "void Add(string key, System.Object value)")(_add)
method(_TABLE, "bool ContainsKey(string key)")(_contains_key)


def _of_converter(_: Any) -> Any:
    raise UnsupportedError("the properties of the attribute of a typed variable")


prop(f"{_SMA}.ArgumentTypeConverterAttribute", "bool TransformNullOptionalParameters", _of_converter)
