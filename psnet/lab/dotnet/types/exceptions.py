"""Constructors of exceptions, and what every exception has."""

from __future__ import annotations

from typing import Any

from psnet.lab.dotnet.bases import base_chain
from psnet.lab.dotnet.binding import no_overload
from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.convert import to_string
from psnet.lab.dotnet.errors import make_exception
from psnet.lab.dotnet.registry import method
from psnet.lab.dotnet.typenames import short_name
from psnet.lab.values import ExceptionObject

_DEFAULTS = {
    "System.ArgumentException": "Value does not fall within the expected range.",
    "System.ArgumentNullException": "Value cannot be null.",
    "System.ArgumentOutOfRangeException": "Specified argument was out of the range of valid values.",
    "System.ArithmeticException": "Overflow or underflow in the arithmetic operation.",
    "System.DivideByZeroException": "Attempted to divide by zero.",
    "System.FormatException": "One of the identified items was in an invalid format.",
    "System.IndexOutOfRangeException": "Index was outside the bounds of the array.",
    "System.InvalidCastException": "Specified cast is not valid.",
    "System.InvalidOperationException": "Operation is not valid due to the current state of the object.",
    "System.NotImplementedException": "The method or operation is not implemented.",
    "System.NotSupportedException": "Specified method is not supported.",
    "System.NullReferenceException": "Object reference not set to an instance of an object.",
    "System.OperationCanceledException": "The operation was canceled.",
    "System.OverflowException": "Arithmetic operation resulted in an overflow.",
    "System.TimeoutException": "The operation has timed out.",
    "System.UnauthorizedAccessException": "Attempted to perform an unauthorized operation.",
    "System.IO.FileNotFoundException": "Unable to find the specified file.",
    "System.IO.DirectoryNotFoundException": "Attempted to access a path that is not on the disk.",
    "System.IO.IOException": "I/O error occurred.",
    "System.SystemException": "System error.",
    "System.ApplicationException": "Error in the application.",
    "System.Collections.Generic.KeyNotFoundException": "The given key was not present in the dictionary.",
}
#: HRESULTs that differ from System.Exception's.
HRESULTS = {
    "System.SystemException": 0x80131501,
    "System.ArgumentException": 0x80070057,
    "System.ArgumentNullException": 0x80004003,
    "System.ArgumentOutOfRangeException": 0x80131502,
    "System.ArithmeticException": 0x80070216,
    "System.DivideByZeroException": 0x80020012,
    "System.OverflowException": 0x80131516,
    "System.FormatException": 0x80131537,
    "System.IndexOutOfRangeException": 0x80131508,
    "System.InvalidCastException": 0x80004002,
    "System.InvalidOperationException": 0x80131509,
    "System.NotImplementedException": 0x80004001,
    "System.NotSupportedException": 0x80131515,
    "System.NullReferenceException": 0x80004003,
    "System.ObjectDisposedException": 0x80131622,
    "System.OperationCanceledException": 0x8013153B,
    "System.PlatformNotSupportedException": 0x80131539,
    "System.TimeoutException": 0x80131505,
    "System.UnauthorizedAccessException": 0x80070005,
    "System.ApplicationException": 0x80131600,
    "System.IO.IOException": 0x80131620,
    "System.IO.FileNotFoundException": 0x80070002,
    "System.IO.DirectoryNotFoundException": 0x80070003,
    "System.Collections.Generic.KeyNotFoundException": 0x80131577,
    "System.ComponentModel.Win32Exception": 0x80004005,
    "System.Runtime.InteropServices.COMException": 0x80004005,
    "System.Runtime.InteropServices.ExternalException": 0x80004005,
    "System.Net.Sockets.SocketException": 0x80004005,
    "System.AggregateException": 0x80131500,
}


def hresult_of(type_names: list[str]) -> int:
    """Return an exception's HResult: its own class's, or the nearest base's."""
    for name in (type_names[0], *base_chain(type_names[0])[1:]):
        if name in HRESULTS:
            return HRESULTS[name] - 2**32
    return -2146233088


def _with_parameter(message: str, name: str | None) -> str:
    if not name:
        return message
    return f"{message} (Parameter '{name}')" if modern() else f"{message}\r\nParameter name: {name}"


def construct(type_name: str, args: list[Any]) -> ExceptionObject:
    """Return ``[type]::new(...)`` for an exception: message, inner exception, parameter's name."""
    inner = next((each for each in args if isinstance(each, ExceptionObject)), None)
    texts = [to_string(each) for each in args if not isinstance(each, ExceptionObject)]
    if type_name in {"System.ArgumentNullException", "System.ArgumentOutOfRangeException"}:
        return _argument(type_name, texts, inner)
    if len(args) > 3 or (
        len(texts) > 1
        and type_name
        not in {"System.ArgumentException", "System.ObjectDisposedException", "System.IO.FileNotFoundException"}
    ):
        raise no_overload(short_name(type_name), len(args))
    fallback = _DEFAULTS.get(type_name, f"Exception of type '{type_name}' was thrown.")
    message = texts[0] if texts else fallback
    if type_name == "System.ArgumentException":
        name = texts[1] if len(texts) > 1 else None
        return make_exception(type_name, _with_parameter(message, name), inner, ParamName=name)
    if type_name == "System.ObjectDisposedException":
        shown = texts[1] if len(texts) > 1 else "Cannot access a disposed object."
        return make_exception(type_name, f"{shown}\nObject name: '{message}'.", inner, ObjectName=message)
    if type_name == "System.IO.FileNotFoundException":
        return make_exception(type_name, message, inner, FileName=texts[1] if len(texts) > 1 else None)
    return make_exception(type_name, message, inner, **_own(type_name))


def _own(type_name: str) -> dict[str, Any]:
    """Return the properties that PowerShell's own exceptions add."""
    if type_name.startswith("System.Management.Automation.") and type_name.endswith("Exception"):
        return {"ErrorRecord": None, "WasThrownFromThrowStatement": False}
    return {}


def _argument(type_name: str, texts: list[str], inner: ExceptionObject | None) -> ExceptionObject:
    if inner is not None:
        return make_exception(type_name, texts[0] if texts else _DEFAULTS[type_name], inner, ParamName=None)
    name = texts[0] if texts else None
    message = texts[-1] if len(texts) > 1 else _DEFAULTS[type_name]
    actual = texts[1] if len(texts) > 2 else None
    text = _with_parameter(message, name)
    if actual is not None:
        text = f"{text}{chr(10) if modern() else chr(13) + chr(10)}Actual value was {actual}."
    extra = {"ActualValue": actual} if type_name.endswith("RangeException") else {}
    return make_exception(type_name, text, None, ParamName=name, **extra)


@method("System.Exception", "System.Exception GetBaseException()")
def _base(value: ExceptionObject) -> ExceptionObject:
    while value.inner is not None:
        value = value.inner
    return value
