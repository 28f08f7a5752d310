"""What scripts use of System.Console: text that goes to the console."""

from __future__ import annotations

from typing import Any, Final

from psnet.lab.dotnet.composite import format_composite
from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.dateformat import format_datetime
from psnet.lab.dotnet.registry import constants, static
from psnet.lab.dotnet.tostring import net_text
from psnet.lab.dotnet.typenames import unwrap
from psnet.lab.values import AUTOMATION_NULL, Array, DateTime

_CONSOLE: Final = "System.Console"

constants("System.IntPtr", "int", Size=8)


def _text(value: Any) -> str:
    base = unwrap(value)
    if isinstance(base, DateTime):
        return format_datetime(base, None, current().culture)
    return "" if base is None else net_text(base)


def _write(text: str, *, newline: bool) -> Any:
    write = current().write
    if write is not None:
        write(text, newline)
    return AUTOMATION_NULL


@static(_CONSOLE, "void WriteLine()")
def _line_end() -> Any:
    return _write("", newline=True)


@static(_CONSOLE, "void WriteLine(string value)", "void WriteLine(System.Object value)")
def _write_line(value: Any) -> Any:
    return _write(_text(value), newline=True)


@static(_CONSOLE, "void WriteLine(string format, Params System.Object[] arg)")
def _write_line_of(template: str, items: Array) -> Any:
    return _write(format_composite(template, list(items.items)), newline=True)


@static(_CONSOLE, "void Write(string value)", "void Write(System.Object value)")
def _write_text(value: Any) -> Any:
    return _write(_text(value), newline=False)


@static(_CONSOLE, "void Write(string format, Params System.Object[] arg)")
def _write_of(template: str, items: Array) -> Any:
    return _write(format_composite(template, list(items.items)), newline=False)
