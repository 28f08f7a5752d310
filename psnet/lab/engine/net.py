"""The engine's one door to ``psnet.lab.dotnet``: what it asks of values, and the rules of parameters."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet import compare as _compare
from psnet.lab.dotnet.bases import is_value_type
from psnet.lab.dotnet.context import current, modern
from psnet.lab.dotnet.convert import convert, final_error, to_bool
from psnet.lab.dotnet.dateformat import format_datetime
from psnet.lab.dotnet.enums import make_enum
from psnet.lab.dotnet.errors import CastError, UnsupportedError
from psnet.lab.dotnet.members import new_object
from psnet.lab.dotnet.numbers import is_number
from psnet.lab.dotnet.tostring import is_enumerable, to_string
from psnet.lab.dotnet.typenames import is_instance, resolve_type, type_name_of, unwrap
from psnet.lab.dotnet.wildcard import is_match as _wildcard_match
from psnet.lab.values import (
    AUTOMATION_NULL,
    Array,
    ArrayList,
    DateTime,
    DotNetError,
    EnumValue,
    GenericList,
    Hashtable,
    Member,
    PSObject,
    Reference,
    SwitchParameter,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "DotNetError",
    "convert",
    "is_enumerable",
    "is_instance",
    "is_number",
    "is_value_type",
    "modern",
    "to_bool",
    "to_string",
    "type_name_of",
    "unwrap",
]

MISSING: Final = object()
ACTION: Final = "System.Management.Automation.ActionPreference"
_SWITCH: Final = "System.Management.Automation.SwitchParameter"
_REFERENCE: Final = "System.Management.Automation.PSReference"
_SIMPLE: Final = frozenset({str, int, float, bool, type(None)})


def enumerate_collection(value: Any) -> list[Any] | None:
    """Return a collection's elements, None for what is not enumerated."""
    if type(value) in _SIMPLE:
        return None
    if isinstance(value, Array | ArrayList | GenericList):
        return list(value.items)
    return list(unwrap(value)) if is_enumerable(value) else None


def enumerate_output(value: Any) -> Any:
    """Return what the pipeline enumerates of a value, None when it goes as it is; may be lazy."""
    if type(value) in _SIMPLE:
        return None
    if isinstance(value, Array):
        return list(value.items)
    if isinstance(value, ArrayList | GenericList):
        return checked_iteration(value)
    return iter(unwrap(value)) if is_enumerable(value) else None


def checked_iteration(value: ArrayList | GenericList) -> Any:
    """Enumerate a list; one that changes on the way throws, as its enumerator does."""
    items = value.items
    size = len(items)
    for at in range(size):
        if len(items) != size:
            raise changed_collection()
        yield items[at]


def changed_collection() -> DotNetError:
    """Return what an enumerator throws when its collection changed."""
    from psnet.lab.dotnet.errors import thrown  # noqa: PLC0415 - rarely needed

    return thrown("InvalidOperationException", "Collection was modified; enumeration operation may not execute.")


class Enumerator:
    """$input, and what GetEnumerator() gives: enumerated once, and it can be reset."""

    type_name = "System.Collections.ArrayList+ArrayListEnumeratorSimple"
    enumerates = True
    __slots__ = ("at", "items")

    def __init__(self, items: list[Any]) -> None:
        self.items = items
        self.at = -1

    def __iter__(self) -> Any:
        while self.at < len(self.items) - 1:
            self.at += 1
            yield self.items[self.at]


def enumerator(items: list[Any]) -> Enumerator:
    """Return an enumerator over a list that may still grow."""
    return Enumerator(items)


def collapse(values: list[Any]) -> Any:
    """Return what a pipeline's output is as a value: nothing, the only object, or an Object[]."""
    if not values:
        return AUTOMATION_NULL
    return values[0] if len(values) == 1 else Array(values)


def dictionary_count(value: Any) -> int | None:
    """Return a dictionary's size, None for anything else."""
    base = unwrap(value)
    return len(base) if isinstance(base, Hashtable) else None


def order(left: Any, right: Any) -> int:
    """Compare two values for a range check; raises when they cannot be compared."""
    sign = _compare.order(left, right)
    return 0 if sign is None else sign


def is_match(text: str, pattern: str, *, ignore_case: bool) -> bool:
    """Say whether a regular expression matches."""
    from psnet.lab.dotnet.textops import match  # noqa: PLC0415 - only ValidatePattern needs it here

    return bool(match("-imatch" if ignore_case else "-cmatch", text, pattern)[0])


def is_like(text: str, pattern: str, *, ignore_case: bool = True) -> bool:
    """Say whether a wildcard pattern matches a text."""
    return _wildcard_match(pattern, text, ignore_case=ignore_case)


@lru_cache(maxsize=512)
def full_type_name(name: str) -> str:
    """Return a parameter type's full .NET name; a type that .NET's layer does not know stays as written."""
    short = {"PSObject": "System.Management.Automation.PSObject", "SwitchParameter": _SWITCH}
    try:
        return resolve_type(short.get(name, name))
    except DotNetError:
        return name


def preference_value(word: str) -> EnumValue:
    """Return an ActionPreference."""
    return convert(word, ACTION)  # type: ignore[no-any-return]


def action_preference(value: Any) -> str:
    """Return an action preference as a lower-case word; null means Continue."""
    base = unwrap(value)
    if base is None:
        return "continue"
    if isinstance(base, EnumValue):
        return base.name.lower()
    found = convert(base, ACTION)
    return str(found.name).lower()


def convert_parameter(value: Any, type_name: str, *, simple: bool = False) -> Any:
    """Return an argument as a parameter of a type takes it: stricter than a cast for Boolean, switch, text, reference.

    ``simple`` functions (without CmdletBinding) join an array for a parameter of text.
    """
    wanted = full_type_name(type_name)
    base = unwrap(value)
    if wanted in {"System.Object", "System.Management.Automation.PSObject"}:
        return value
    if wanted == "System.Boolean":
        if isinstance(base, SwitchParameter):
            return base.is_present
        if isinstance(base, bool) or is_number(base):
            return bool(base)
        shown = "" if base is None else type_name_of(base)
        raise CastError(
            "InvalidCast",
            f'Cannot convert value "{shown}" to type "System.Boolean". Boolean parameters accept only Boolean values '
            "and numbers, such as $True, $False, 1 or 0.",
        )
    if wanted == _SWITCH:
        if isinstance(base, SwitchParameter):
            return base
        if isinstance(base, bool):
            return SwitchParameter(is_present=base)
        raise final_error(value, _SWITCH)
    if wanted == _REFERENCE and not isinstance(base, Reference):
        raise CastError("InvalidCast", "Reference type is expected in argument.")
    if wanted == "System.String" and is_enumerable(base):
        if simple:
            return to_string(value)
        raise CastError("InvalidCastFromAnyTypeToString", "Cannot convert value to type System.String.")
    if "." not in wanted and not wanted.endswith("[]"):
        return value
    return convert(value, wanted)


def enum_value(type_name: str, number: int) -> EnumValue:
    """Return a value of a known enumeration."""
    return make_enum(type_name, number)


def unsupported(construct: str, line: int | None = None) -> UnsupportedError:
    """Return the loud refusal."""
    return UnsupportedError(construct, line)


def property_or(value: Any, name: str, missing: Any) -> Any:
    """Return a property's value, or ``missing`` where the object has none of that name."""
    from .properties import property_or as find  # noqa: PLC0415 - properties need this module

    return find(value, name, missing)


def default_instance(type_name: str) -> Any:
    """Return a structure's default value, such as 0001-01-01 for DateTime."""
    return new_object(type_name, [])


def _called(get: Callable[[], Any]) -> Callable[..., Any]:
    return lambda *_: get()


def object_with(native: Any, **getters: Any) -> PSObject:
    """Return an object of a native thing: callables named MoveNext, Reset, ... are methods, others properties."""
    members = [
        Member(name, "Method", value=_called(get))
        if name in {"MoveNext", "Reset", "Dispose"}
        else Member(name, "Property", getter=_called(get))
        for name, get in getters.items()
    ]
    return PSObject(members, (native.type_name, "System.Object"), native=native)


def ps_type_names(value: Any) -> list[str]:
    """Return PSTypeNames of a value."""
    from psnet.lab.dotnet.typenames import type_names_of  # noqa: PLC0415 - rarely needed

    return type_names_of(value)


def own_text(value: Any) -> str:
    """Return what a value's own ToString() gives: a DateTime's is of the culture, a conversion to a string is not."""
    base = unwrap(value)
    return format_datetime(base, None, current().culture) if isinstance(base, DateTime) else to_string(value)
