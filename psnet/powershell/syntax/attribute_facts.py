"""Where attributes may stand on classes and their members, and which arguments they name."""

from __future__ import annotations

from typing import Any, Final

from . import ast

_PROPERTY: Final = frozenset({"property"})
_CLASS: Final = frozenset({"class"})
_VALIDATION: Final = frozenset({"errormessage"})
# attribute: where it is allowed, its settable properties (System.Management.Automation's metadata)
_FACTS: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    "dscproperty": (_PROPERTY, frozenset({"key", "mandatory", "notconfigurable"})),
    "dscresource": (_CLASS, frozenset({"runascredential"})),
    "dsclocalconfigurationmanager": (_CLASS, frozenset()),
    "cmdletbinding": (
        _CLASS,
        frozenset(
            {"confirmimpact", "defaultparametersetname", "helpuri", "positionalbinding", "remotingcapability"}
            | {"supportspaging", "supportsshouldprocess", "supportstransactions"}
        ),
    ),
    "flags": (frozenset({"enum"}), frozenset()),
    "parameter": (
        _PROPERTY,
        frozenset(
            {"dontshow", "helpmessage", "helpmessagebasename", "helpmessageresourceid", "mandatory"}
            | {"parametersetname", "position", "valuefrompipeline", "valuefrompipelinebypropertyname"}
            | {"valuefromremainingarguments"}
        ),
    ),
    "validatecount": (_PROPERTY, frozenset()),
    "validatelength": (_PROPERTY, frozenset()),
    "validatenotnull": (_PROPERTY, frozenset()),
    "validatenotnullorempty": (_PROPERTY, frozenset()),
    "validatepattern": (_PROPERTY, _VALIDATION | {"options"}),
    "validaterange": (_PROPERTY, frozenset()),
    "validatescript": (_PROPERTY, _VALIDATION),
    "validateset": (_PROPERTY, _VALIDATION | {"ignorecase"}),
}


def place_of(parent: ast.Node | None) -> str:
    """Return what kind of declaration an attribute's parent is."""
    if isinstance(parent, ast.TypeDefinition):
        return parent.kind
    if isinstance(parent, ast.PropertyMember):
        return "property"
    if isinstance(parent, ast.FunctionMember):
        return "constructor" if parent.constructor else "method"
    return "parameter"


def attribute_facts(name: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return where an attribute is allowed and its properties, None when nothing is known of it."""
    lowered = name.lower().rpartition(".")[2]
    return _FACTS.get(lowered) or _FACTS.get(lowered.removesuffix("attribute"))


def simple_name(attribute: Any) -> str:
    """Return an attribute's lower-case name without namespace and suffix."""
    if not isinstance(attribute, ast.Attribute):
        return ""
    name = attribute.type_name.lower().removeprefix("system.management.automation.")
    return name.removesuffix("attribute") if name != "attribute" else name
