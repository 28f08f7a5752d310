"""One argument to one parameter: transformation, conversion, validation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.values import AUTOMATION_NULL, DotNetError, PSObject

from . import net
from .bind_errors import bind_error
from .flow import ScriptError
from .validation import ValidationError, check

if TYPE_CHECKING:
    from psnet.powershell.facts.parameters import ParameterInfo

    from .processor import CommandProcessor


def fits(info: ParameterInfo, value: Any) -> bool:
    """Say whether an argument has the parameter's type already."""
    wanted = net.full_type_name(info.type_name)
    if value is None:
        return not net.is_value_type(wanted)
    if wanted.endswith("[]") and net.enumerate_collection(value) is None:
        return net.is_instance(value, wanted[:-2]) and wanted[:-2] != "System.Object"
    return net.is_instance(value, wanted)


def bind_value(processor: CommandProcessor, info: ParameterInfo, value: Any) -> Any:
    """Return the argument as the parameter holds it; raises the binder's error."""
    if value is AUTOMATION_NULL:
        value = None
    value = convert_argument(processor, info, value)
    if info.ps_type and value is not None:
        _check_ps_type(processor, info, value)
    _validate(processor, info, value)
    if any(entry.mandatory for entry in info.entries()):
        _check_empty(processor, info, net.full_type_name(info.type_name), value)
    return value


def _check_ps_type(processor: CommandProcessor, info: ParameterInfo, value: Any) -> None:
    """Refuse an argument (or an element of it) that does not carry the name in [PSTypeName()]."""
    several = net.enumerate_collection(value) if net.full_type_name(info.type_name).endswith("[]") else None
    for item in [value] if several is None else several:
        if info.ps_type.lower() not in {name.lower() for name in net.ps_type_names(item)}:
            raise bind_error(processor, "MismatchedPSTypeName", info.name, info.ps_type)


def convert_argument(processor: CommandProcessor, info: ParameterInfo, value: Any) -> Any:
    """Apply a parameter's transformations and its type."""
    script = info.steps is not None
    try:
        if info.steps is not None:
            for step in info.steps:
                value = step(value)
            return value
        if value is None and not _takes_null(net.full_type_name(info.type_name)):
            return None
        return net.convert_parameter(value, info.type_name)
    except DotNetError as refused:
        inner = refused.exception
        error_id = "ParameterArgumentTransformationError" if script else "CannotConvertArgumentNoMessage"
        raise bind_error(processor, error_id, info.name, refused.message, inner=inner) from refused


def _takes_null(kind: str) -> bool:
    """Say whether null is converted for a compiled cmdlet's parameter; elsewhere it stays null."""
    return net.is_value_type(kind) and not kind.startswith("System.Nullable")


def _validate(processor: CommandProcessor, info: ParameterInfo, value: Any) -> None:
    for validator in info.validators:
        try:
            check(validator, value)
        except ValidationError as refused:
            raise bind_error(processor, "ParameterArgumentValidationError", info.name, refused.message) from refused
        except ScriptError as refused:
            raise bind_error(
                processor,
                "ParameterArgumentValidationError",
                info.name,
                refused.record.exception.message,
                inner=refused.record.exception,
            ) from refused


def _check_empty(
    processor: CommandProcessor, info: ParameterInfo, kind: str, value: Any, *, inside: bool = False
) -> None:
    stem = "ParameterArgumentValidationError"
    if value is None:
        if not info.allow_null and kind != "System.Boolean":
            raise bind_error(processor, f"{stem}NullNotAllowed", info.name)
        return
    if kind == "System.String":
        if value == "" and not info.allow_empty_string:
            raise bind_error(processor, f"{stem}EmptyStringNotAllowed", info.name)
        return
    if inside or not (kind.endswith("[]") or kind in _COLLECTIONS or kind.startswith(_GENERIC)):
        return
    plain = value.base if isinstance(value, PSObject) and value.base is not None else value
    items = net.enumerate_collection(plain)
    if items is None:
        return
    if not items and not info.allow_empty_collection:
        suffix = (
            "EmptyArrayNotAllowed" if kind.endswith("[]") or kind == "System.Array" else "EmptyCollectionNotAllowed"
        )
        raise bind_error(processor, stem + suffix, info.name)
    element = kind[:-2] if kind.endswith("[]") else "System.Object"
    if net.is_value_type(element):
        return
    for item in items:
        _check_empty(processor, info, element, item, inside=True)


_COLLECTIONS = frozenset({"System.Array", "System.Collections.ArrayList", "System.Collections.IList"})
_GENERIC = ("System.Collections.Generic.List", "System.Collections.Generic.ICollection")
