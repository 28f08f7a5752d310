"""The views that PowerShell's own format files give to types: which columns, how wide, or a list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from psnet.lab.dotnet.bases import split_generic
from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.dateformat import format_datetime
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.members import find_own
from psnet.lab.dotnet.objects import Dictionary
from psnet.lab.dotnet.tostring import to_string
from psnet.lab.dotnet.typenames import type_name_of, unwrap
from psnet.lab.dotnet.types.dictionaries import entries
from psnet.lab.format.columns import Column
from psnet.lab.format.table import LEFT, RIGHT
from psnet.lab.format.view import View
from psnet.lab.format.windows_views import CLASSES, TYPES
from psnet.lab.values import DateTime, ExceptionObject, Hashtable, PSObject


def _columns(*rows: tuple[str, int, int]) -> tuple[Column, ...]:
    return tuple(Column(name, name, None, width, alignment) for name, width, alignment in rows)


def _list(names: str) -> View:
    return View("list", tuple(Column(name, name) for name in names.split()))


_ROUTE: Final = "Microsoft.Management.Infrastructure.CimInstance#root/standardcimv2/MSFT_NetRoute"
_COMMAND: Final = "System.Management.Automation.CommandInfo"
_ENTRIES: Final = View("table", _columns(("Name", 30, LEFT), ("Value", 0, LEFT)), enumerates=True)
_VIEWS: Final = {
    "System.Collections.Hashtable": _ENTRIES,
    "System.Collections.Specialized.OrderedDictionary": _ENTRIES,
    "System.Collections.DictionaryEntry": _ENTRIES,
    "System.Version": View(
        "table", _columns(("Major", 6, LEFT), ("Minor", 6, LEFT), ("Build", 6, LEFT), ("Revision", 8, LEFT))
    ),
    "System.Management.Automation.SemanticVersion": View(
        "table",
        _columns(
            ("Major", 6, LEFT),
            ("Minor", 6, LEFT),
            ("Patch", 6, LEFT),
            ("PreReleaseLabel", 15, LEFT),
            ("BuildLabel", 0, LEFT),
        ),
    ),
    "System.Guid": View("table", (Column("Guid", "Guid"),), autosize=True),
    "System.RuntimeType": View(
        "table",
        _columns(("IsPublic", 8, LEFT), ("IsSerial", 8, LEFT), ("Name", 40, LEFT), ("BaseType", 0, LEFT)),
    ),
    "System.TimeSpan": _list(
        "Days Hours Minutes Seconds Milliseconds Ticks TotalDays TotalHours TotalMinutes TotalSeconds TotalMilliseconds"
    ),
    "Microsoft.PowerShell.Commands.MemberDefinition": View(
        "table",
        _columns(("Name", 0, LEFT), ("MemberType", 0, LEFT), ("Definition", 0, LEFT)),
        autosize=True,
        group=lambda item: f"   TypeName: {to_string(find_own(item, 'TypeName')[1])}",
    ),
    _COMMAND: View(
        "table",
        (
            Column("CommandType", "CommandType", None, 15, LEFT),
            Column("Name", ("DisplayName", "Name"), None, 50, LEFT),
            Column("Version", "Version", None, 10, LEFT),
            Column("Source", "Source", None, 0, LEFT),
        ),
    ),
    # A route has a metric of its interface from 2019 on (rule: route-view).
    _ROUTE: View(
        "table",
        _columns(
            ("ifIndex", 7, LEFT),
            ("DestinationPrefix", 46, LEFT),
            ("NextHop", 40, LEFT),
            ("RouteMetric", 11, RIGHT),
            ("ifMetric", 8, LEFT),
            ("PolicyStore", 0, LEFT),
        ),
    ),
    "System.Management.Automation.PSVariable": View("table", _columns(("Name", 30, LEFT), ("Value", 0, LEFT))),
}


def type_key(item: Any) -> str:
    """Return the name under which an object's view is found: its first type name."""
    if isinstance(item, PSObject) and item.type_names:
        return item.type_names[0]
    name = type_name_of(item)
    opened = split_generic(name)[0]
    if opened == "System.Collections.Generic.KeyValuePair`2":
        return "System.Collections.Generic.KeyValuePair`2"
    return name


def view_of(item: Any) -> View | None:
    """Return the view of an object's type, None when it is shown by its properties."""
    key = type_key(item)
    found = _VIEWS.get(key)
    if found is not None and key == _ROUTE and "ifmetric" not in item.members:
        return replace(found, columns=tuple(column for column in found.columns if column.label != "ifMetric"))
    if found is None and isinstance(item, PSObject) and _COMMAND in item.type_names:
        found = _VIEWS[_COMMAND]
    if found is None and isinstance(item, PSObject) and item.base is not None:
        found = _VIEWS.get(type_key(item.base))
    if found is None and isinstance(unwrap(item), Hashtable) and not isinstance(unwrap(item), Dictionary):
        return _ENTRIES
    return found or _windows_view(key.lower(), item)


def _windows_view(key: str, item: Any) -> View | None:
    """Return the view that Windows' own format files give a type; one that is not known here is refused."""
    if key in TYPES:
        found = TYPES[key]
        return found if isinstance(found, View) else found(item)
    mark = "ciminstance#"
    if mark not in key or key.startswith("selected.") or not isinstance(item, PSObject):
        return None
    name = key.partition(mark)[2]
    if name not in CLASSES:
        raise UnsupportedError(f"the display of {item.type_names[0].rpartition('/')[2]} without its properties' names")
    return CLASSES[name]


def rows_of(view: View, item: Any) -> list[Any]:
    """Return the objects whose properties make the rows: a dictionary's entries, else the object."""
    base = unwrap(item)
    if view.enumerates and isinstance(base, Hashtable):
        return list(entries(base))
    if type_name_of(base) == "System.Guid":
        return [PSObject.of({"Guid": to_string(base)})]
    if type_name_of(base) == "System.RuntimeType":
        return [_type_row(base)]
    return [item]


def _type_row(base: Any) -> PSObject:
    shown = {name: find_own(base, name)[1] for name in ("IsPublic", "Name")}
    parent = find_own(base, "BaseType")[1]
    return PSObject.of(
        {
            "IsPublic": shown["IsPublic"],
            "IsSerial": True,
            "Name": shown["Name"],
            "BaseType": None if parent is None else parent.name,
        }
    )


def text_lines(item: Any) -> list[str] | None:
    """Return the lines of an object that stands outside of tables and lists, None for others."""
    if isinstance(item, PSObject):
        names = item.type_names
        if "System.Management.Automation.ScriptBlock" in names[:1]:
            return to_string(item).replace("\r\n", "\n").split("\n")
        if "System.Management.Automation.ErrorRecord" in names:
            return error_lines(item)
        if isinstance(item, ExceptionObject):
            return item.message.replace("\r\n", "\n").split("\n")
        if "System.Management.Automation.InformationalRecord" in names or names[:1] == [
            "System.Management.Automation.InformationRecord"
        ]:
            return to_string(item).replace("\r\n", "\n").split("\n")
    return None


def date_line(item: Any) -> str | None:
    """Return how a DateTime or a line that Select-String found is shown, None for other values.

    Get-Date's DisplayHint leaves out a part of a DateTime.
    """
    if isinstance(item, PSObject) and item.type_names[:1] == ["Microsoft.PowerShell.Commands.MatchInfo"]:
        return to_string(item)
    base = unwrap(item)
    if not isinstance(base, DateTime):
        return None
    hint = item.members.get("displayhint") if isinstance(item, PSObject) else None
    form = {"Date": "D", "Time": "T"}.get(to_string(hint.value) if hint else "", "F")
    return format_datetime(base, form, current().culture)


def error_lines(record: Any) -> list[str]:
    """Return an error record as the console of Windows PowerShell shows it."""
    message = to_string(record)
    invocation = find_own(record, "InvocationInfo")[1]
    position = find_own(invocation, "PositionMessage")[1] if invocation is not None else ""
    command = find_own(invocation, "InvocationName")[1] if invocation is not None else ""
    category = find_own(record, "CategoryInfo")[1]
    lines = f"{command} : {message}" if command else message
    if position:
        lines += f"\n{position}"
    lines += f"\n    + CategoryInfo          : {to_string(category)}"
    lines += f"\n    + FullyQualifiedErrorId : {to_string(find_own(record, 'FullyQualifiedErrorId')[1])}"
    return [*lines.replace("\r\n", "\n").split("\n"), " "]
