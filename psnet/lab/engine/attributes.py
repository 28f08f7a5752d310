"""Attributes on parameters and variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.powershell.facts.validation import (
    Count,
    Length,
    NotNull,
    NotNullOrEmpty,
    Pattern,
    Range,
    RangeKind,
    Script,
    ValueSet,
)
from psnet.powershell.syntax.attribute_facts import simple_name

from . import net
from .scriptblock import ScriptBlock

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.powershell.syntax import ast

    from .frame import Frame
    from .runspace import Runspace

_REGEX_IGNORE_CASE = 1


def attribute_arguments(frame: Frame, attribute: ast.Attribute) -> tuple[list[Any], dict[str, Any]]:
    """Return the values of an attribute's arguments; a name alone means true."""
    positional = [frame.value(node) for node in attribute.positional]
    named: dict[str, Any] = {}
    for argument in attribute.named:
        named[argument.name.lower()] = True if argument.value is None else frame.value(argument.value)
    return positional, named


def _texts(values: list[Any]) -> list[str]:
    found: list[str] = []
    for value in values:
        items = net.enumerate_collection(value)
        found.extend(net.to_string(item) for item in ([value] if items is None else items))
    return found


def _message(named: dict[str, Any]) -> str | None:
    found = named.get("errormessage")
    return None if found is None else net.to_string(found)


def _range(values: list[Any], _: dict[str, Any]) -> Any:
    if len(values) == 1:
        return RangeKind(net.to_string(values[0]))
    low, high = values
    if type(low) is not type(high) and net.is_number(low) and net.is_number(high):
        low, high = (float(low), float(high)) if isinstance(low, float) or isinstance(high, float) else (low, high)
    return Range(low, high)


_MAKERS: dict[str, Callable[[list[Any], dict[str, Any]], Any]] = {
    "validatenotnull": lambda _, __: NotNull(),
    "validatenotnullorempty": lambda _, __: NotNullOrEmpty(),
    "validateset": lambda values, named: ValueSet(
        _texts(values), net.to_bool(named.get("ignorecase", True)), _message(named)
    ),
    "validaterange": _range,
    "validatelength": lambda values, _: Length(int(values[0]), int(values[1])),
    "validatecount": lambda values, _: Count(int(values[0]), int(values[1])),
}


def validators_of(frame: Frame, attribute: ast.Attribute, owner: ScriptBlock | None) -> list[Any]:
    """Return the validators that an attribute stands for; an attribute that is not known is refused."""
    values, named = attribute_arguments(frame, attribute)
    made = validator(frame.runspace, simple_name(attribute), values, named)
    if made is None:
        raise net.unsupported(f"attribute [{attribute.type_name}]", frame.source.line_of(attribute.start))
    _ = owner
    return [made]


def validator(runspace: Runspace, name: str, values: list[Any], named: dict[str, Any]) -> Any:
    """Return the validator of an attribute's short name in lower case, None where it is not one that is known."""
    maker = _MAKERS.get(name)
    if maker is not None:
        return maker(values, named)
    if name == "validatepattern":
        options = named.get("options")
        ignore = options is None or bool(
            net.convert(options, "System.Text.RegularExpressions.RegexOptions").value & _REGEX_IGNORE_CASE
        )
        return Pattern(net.to_string(values[0]), ignore, _message(named))
    if name == "validatescript" and isinstance(values[0], ScriptBlock):
        block = values[0]

        def run(value: Any) -> bool:
            return net.to_bool(net.collapse(runspace.run_block(block, [], this=value)))

        return Script(run, block.text, _message(named))
    return None
