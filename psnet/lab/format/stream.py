"""Default formatting: what Out-Default and Out-String make of a stream of objects."""

from __future__ import annotations

from typing import Any, Final

from psnet.lab.dotnet.closed import is_instance_of_class
from psnet.lab.dotnet.context import using
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.objects import Dictionary
from psnet.lab.dotnet.tostring import is_enumerable
from psnet.lab.dotnet.typenames import PS_CUSTOM, unwrap
from psnet.lab.dotnet.types.dictionaries import entries
from psnet.lab.format.blocks import Formatted, list_entry
from psnet.lab.format.cells import is_line, line_text
from psnet.lab.format.columns import default_set, names_of
from psnet.lab.format.views import date_line, text_lines, view_of
from psnet.lab.values import AUTOMATION_NULL, PSObject

#: Objects with more properties than this are shown as a list.
_TABLE_PROPERTIES: Final = 4


def format_objects(values: list[Any], width: int = 80, language: str | None = None) -> list[str]:
    """Return the lines that PowerShell prints for objects by default."""
    with using(**({"language": language} if language else {})):
        return _Stream(width).run(values)


def out_string(values: list[Any], width: int = 80, language: str | None = None, newline: str = "\r\n") -> str:
    """Return what Out-String gives: every line with a line end."""
    return "".join(f"{line}{newline}" for line in format_objects(values, width, language))


class _Stream:
    """Objects that follow each other: the first of a run decides the shape for those that fit to it."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.out: list[str] = []
        self.run_items: list[Any] = []
        self.shape = ""

    def run(self, values: list[Any]) -> list[str]:
        for value in values:
            self.add(value)
        self.flush()
        return self.out

    def add(self, value: Any) -> None:
        base = unwrap(value)
        if base is None or value is AUTOMATION_NULL:
            return
        if isinstance(base, Formatted):
            self.flush()
            self.out += base.lines(self.width)
        elif is_line(value):
            if self.run_items:
                self.run_items.append(value)
                return
            self.out += line_text(value).replace("\r\n", "\n").split("\n")
        elif isinstance(base, Dictionary):
            for entry in entries(base):
                self.add(entry)
        elif is_enumerable(base):
            for item in base:
                self.add(item)
        else:
            self.object(value)

    def object(self, value: Any) -> None:
        if isinstance(value, PSObject) and value.type_names[:1] == ["System.Management.Automation.PSMethod"]:
            # Which overloads .NET has beyond those that are declared here is not known.
            raise UnsupportedError("the display of a method without a call")
        own = text_lines(value)
        if own is not None:
            self.flush()
            self.out += own
            return
        if not self.run_items:
            self.shape = shape_of(value)
            if self.shape == "text":
                self.out += [line_text(value)]
                return
            self.run_items.append(value)
        elif self.fits(value):
            self.run_items.append(value)
        else:
            self.flush_rows()
            self.out += ["", *apart(value, self.width)]
            self.run_items = []

    def fits(self, value: Any) -> bool:
        """Say whether an object goes on in the shape of the first: any object does where no view decided."""
        first = self.run_items[0]
        if self.shape == "custom":
            return date_line(value) is not None
        view = view_of(first)
        return view is None or view_of(value) == view

    def flush_rows(self) -> None:
        if self.run_items:
            block = Formatted(self.shape, self.run_items)
            self.out += block.lines(self.width)

    def flush(self) -> None:
        self.flush_rows()
        self.run_items = []


def apart(value: Any, width: int) -> list[str]:
    """Return the lines of an object that does not fit to those before it: a list, whatever its view is.

    Of a CIM class that has a view the other properties are not all known.
    """
    if (
        isinstance(value, PSObject)
        and value.base is None
        and is_instance_of_class(value)
        and view_of(value) is not None
    ):
        raise UnsupportedError(f"the display of {line_text(value)} after objects of another type")
    chosen: tuple[str, ...] | None = (
        _APART.get(value.type_names[0]) if isinstance(value, PSObject) and value.type_names else None
    )
    view = view_of(value)
    if chosen is None and view is not None and view.details:
        chosen = tuple(names_of(value))
    return list_entry(value, list(chosen or ()), width)


#: The properties that types.ps1xml gives some types for display.
_APART: Final = {
    "System.ServiceProcess.ServiceController": ("Status", "Name", "DisplayName"),
    "System.IO.FileInfo": ("LastWriteTime", "Length", "Name"),
}


def shape_of(value: Any) -> str:
    """Return table, list, custom or text: how an object is shown that comes first."""
    if date_line(value) is not None:
        return "custom"
    view = view_of(value)
    if view is not None:
        return view.kind
    chosen = default_set(value)
    names = chosen or names_of(value)
    if not names:
        empty = isinstance(value, PSObject) and PS_CUSTOM in value.type_names
        return "table" if empty else "text"
    return "table" if len(names) <= _TABLE_PROPERTIES else "list"
