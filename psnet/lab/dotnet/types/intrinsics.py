"""The methods that PowerShell gives every value: ``.Where()`` and ``.ForEach()``."""

from __future__ import annotations

from functools import partial
from typing import Any

from psnet.lab.dotnet.binding import Invoker, no_overload
from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.convert import convert, to_bool
from psnet.lab.dotnet.enums import parse_enum
from psnet.lab.dotnet.errors import UnsupportedError, runtime_error
from psnet.lab.dotnet.members import call_method, find_member, set_member
from psnet.lab.dotnet.object_model import INTRINSIC_METHODS
from psnet.lab.dotnet.objects import Sequence
from psnet.lab.dotnet.tostring import is_enumerable, to_string
from psnet.lab.dotnet.typenames import type_name_of, unwrap
from psnet.lab.values import AUTOMATION_NULL, Array, EnumValue, TypeValue

_SCRIPT_BLOCK = "System.Management.Automation.ScriptBlock"
_MODE = "System.Management.Automation.WhereOperatorSelectionMode"
COLLECTION = "System.Collections.ObjectModel.Collection`1[System.Management.Automation.PSObject]"


def collection(items: list[Any]) -> Any:
    """Return a Collection[PSObject]."""
    return Sequence(items, COLLECTION, "System.Management.Automation.PSObject")


def call_intrinsic(name: str, value: Any, args: list[Any], invoker: Invoker | None = None) -> Any:
    """Return ``value.Where(...)`` or ``value.ForEach(...)``."""
    items = list(unwrap(value)) if is_enumerable(value) else [value]
    run = invoker or current().invoke
    return _where(items, args, run) if name == "where" else _foreach(items, args, run)


def _where(items: list[Any], args: list[Any], run: Invoker | None) -> Any:
    if not 1 <= len(args) <= 3:
        raise no_overload("Where", len(args))
    if type_name_of(args[0]) != _SCRIPT_BLOCK or run is None:
        raise UnsupportedError("Where() without a script block")
    mode = args[1] if len(args) > 1 else "Default"
    kind = mode.name if isinstance(mode, EnumValue) else parse_enum(_MODE, to_string(mode), ignore_case=True).name
    count = int(convert(args[2], "System.Int32")) if len(args) > 2 else 0
    if count < 0:
        raise runtime_error(
            "NumberToReturnMustBeGreaterThanZero",
            "The numberToReturn value provided to the Where() operator must be greater than zero.",
        )

    def test(item: Any) -> bool:
        return to_bool(run(args[0], [], underscore=item))

    if kind == "Split":
        return _split(items, test, count)
    return collection(_select(items, test, kind, count))


def _split(items: list[Any], test: Any, count: int) -> Array:
    passed: list[Any] = []
    others: list[Any] = []
    for item in items:
        full = count and len(passed) >= count
        (passed if not full and test(item) else others).append(item)
    return Array([collection(passed), collection(others)])


def _select(items: list[Any], test: Any, kind: str, count: int) -> list[Any]:
    if kind == "Until":
        out: list[Any] = []
        for item in items:
            if test(item) or (count and len(out) >= count):
                break
            out.append(item)
        return out
    if kind == "SkipUntil":
        start = next((place for place, item in enumerate(items) if test(item)), len(items))
        return items[start : start + count] if count else items[start:]
    found: list[Any] = []
    limit = count or (1 if kind == "First" else 0)
    for item in items:
        if test(item):
            found.append(item)
            if kind in {"First", "Default"} and limit and len(found) >= limit:
                break
    return found[-(count or 1) :] if kind == "Last" else found


def _foreach(items: list[Any], args: list[Any], run: Invoker | None) -> Any:
    if not args:
        raise no_overload("ForEach", 0)
    first, rest = unwrap(args[0]), args[1:]
    out: list[Any] = []
    if isinstance(first, TypeValue):
        return collection([convert(item, first.name) for item in items])
    if type_name_of(first) == _SCRIPT_BLOCK:
        if run is None:
            raise UnsupportedError("ForEach() with a script block here")
        for item in items:
            _extend(out, run(first, rest, underscore=item))
        return collection(out)
    name = to_string(first)
    for item in items:
        found, got = find_member(item, name)
        if found and not rest and getattr(got, "kind", "") not in {"Method", "ScriptMethod"}:
            _extend(out, got)
        elif found and len(rest) == 1:
            set_member(item, name, rest[0])
        else:
            _extend(out, call_method(item, name, rest))
    return collection(out)


def _extend(out: list[Any], value: Any) -> None:
    if value is AUTOMATION_NULL:
        return
    if is_enumerable(value):
        out.extend(unwrap(value))
    else:
        out.append(value)


for _name in ("where", "foreach"):
    INTRINSIC_METHODS[_name] = partial(call_intrinsic, _name)
