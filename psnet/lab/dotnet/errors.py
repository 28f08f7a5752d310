"""Errors of the .NET layer: those that a script can catch, and the loud refusal of what is not known."""

from __future__ import annotations

from typing import Any

from psnet.errors import LabError
from psnet.lab.dotnet.bases import base_chain
from psnet.lab.dotnet.context import modern
from psnet.lab.values import DotNetError, ExceptionObject

RUNTIME_EXCEPTION = "System.Management.Automation.RuntimeException"


class UnsupportedError(LabError):
    """The engine does not know a construct; no script can catch this. ``printed`` is what the script wrote before."""

    def __init__(self, construct: str, line: int | None = None) -> None:
        place = f", line {line}" if line is not None else ""
        super().__init__(f"unsupported: {construct}{place}")
        self.construct = construct
        self.line = line
        self.printed: list[str] = []


def make_exception(
    type_name: str, message: str, inner: ExceptionObject | None = None, **properties: Any
) -> ExceptionObject:
    """Return an exception of a type (``System.`` may be left out) with its class's own base types."""
    full = type_name if "." in type_name else f"System.{type_name}"
    bases = [name for name in base_chain(full)[1:] if name not in {"System.Exception", "System.Object"}]
    return ExceptionObject(full, message, inner=inner, properties=properties, bases=bases)


def thrown(type_name: str, message: str, inner: ExceptionObject | None = None, **properties: Any) -> DotNetError:
    """Return the error for an exception that .NET itself throws; a method's caller wraps it."""
    return DotNetError(make_exception(type_name, message, inner, **properties))


def runtime_error(
    error_id: str,
    message: str,
    *,
    category: str = "InvalidOperation",
    inner: ExceptionObject | None = None,
    target: Any = None,
) -> DotNetError:
    """Return a RuntimeException with PowerShell's own error id."""
    exception = make_exception(RUNTIME_EXCEPTION, message, inner)
    return DotNetError(exception, error_id=error_id, category=category, target=target)


class CastError(DotNetError):
    """A value cannot be converted. The exception is the RuntimeException that a script sees."""

    def __init__(self, error_id: str, message: str, inner: ExceptionObject | None = None) -> None:
        cast = make_exception("System.Management.Automation.PSInvalidCastException", message, inner)
        outer = make_exception(RUNTIME_EXCEPTION, message, cast)
        super().__init__(outer, error_id=error_id, category="InvalidArgument")


class TypeNotFound(DotNetError):  # noqa: N818 - the name under which the evaluator was promised it
    """A type's name means nothing."""

    def __init__(self, name: str) -> None:
        message = f"Unable to find type [{name}]."
        super().__init__(
            make_exception(RUNTIME_EXCEPTION, message),
            error_id="TypeNotFound",
            category="InvalidOperation",
            target=name,
        )
        self.name = name


def _parameter(name: str | None) -> str:
    if name is None:
        return ""
    return f" (Parameter '{name}')" if modern() else f"\r\nParameter name: {name}"


def argument_null(name: str, text: str = "Value cannot be null.") -> DotNetError:
    """Return the ArgumentNullException for a parameter."""
    return thrown("ArgumentNullException", f"{text}{_parameter(name)}", ParamName=name)


def argument_range(name: str, text: str) -> DotNetError:
    """Return the ArgumentOutOfRangeException for a parameter."""
    return thrown("ArgumentOutOfRangeException", f"{text}{_parameter(name)}", ParamName=name)


def argument_error(text: str, name: str | None = None) -> DotNetError:
    """Return an ArgumentException, naming its parameter when it has one."""
    return thrown("ArgumentException", f"{text}{_parameter(name)}", ParamName=name)
