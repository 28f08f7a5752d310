"""Type constraints and validation of variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.errors import make_exception
from psnet.lab.values import DotNetError

from . import net
from .flow import ScriptError
from .validation import ValidationError, check

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SMA = "System.Management.Automation"


def converter(type_name: str, *, binding: bool = False, simple: bool = False) -> Callable[[Any], Any]:
    """Return what converts a value to a type; ``binding`` has the stricter rules of parameters (``simple``: V1's)."""
    if binding:
        return lambda value: net.convert_parameter(value, type_name, simple=simple)
    return lambda value: net.convert(value, type_name)


def variable_steps(
    name: str, steps: tuple[Callable[[Any], Any], ...], validators: tuple[Any, ...]
) -> tuple[Callable[[Any], Any], ...]:
    """Return what happens to every value assigned to a constrained variable."""
    if not steps and not validators:
        return ()

    def convert(value: Any) -> Any:
        try:
            for step in steps:
                value = step(value)
        except DotNetError as refused:
            raise metadata_error(
                "ArgumentTransformationMetadataException", refused.message, "RuntimeException", refused
            ) from refused
        return value

    def validate(value: Any) -> Any:
        for validator in validators:
            try:
                check(validator, value)
            except (ValidationError, ScriptError) as refused:
                shown = net.to_string(value)
                message = (
                    f"The variable cannot be validated because the value {shown} is not a valid value for the "
                    f"{name} variable."
                )
                raise metadata_error("ValidationMetadataException", message, "ValidateSetFailure") from refused
        return value

    return (convert, validate) if validators else (convert,)


def attribute_types(casts: int, validators: Sequence[Any]) -> tuple[str, ...]:
    """Return the types of the attributes of a variable with casts and validators."""
    words = {"ValueSet": "Set", "RangeKind": "Range"}
    shown = [type(validator).__name__ for validator in validators]
    found = [f"{_SMA}.Validate{words.get(word, word)}Attribute" for word in shown]
    return (*[f"{_SMA}.ArgumentTypeConverterAttribute"] * casts, *found)


def metadata_error(kind: str, message: str, error_id: str, refused: DotNetError | None = None) -> DotNetError:
    """Return a MetadataException of a kind."""
    exception = make_exception(f"{_SMA}.{kind}", message, refused.exception if refused else None)
    for base in ("MetadataException", "RuntimeException"):
        if f"{_SMA}.{base}" not in exception.type_names:
            exception.type_names.insert(len(exception.type_names) - 2, f"{_SMA}.{base}")
    return DotNetError(exception, error_id=error_id, category="MetadataError")
