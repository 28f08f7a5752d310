"""``target[index]``, read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet import strings
from psnet.lab.dotnet.errors import runtime_error, thrown
from psnet.lab.dotnet.objects import Dictionary, MultiArray, Sequence
from psnet.lab.dotnet.regexes import CaptureList
from psnet.lab.values import (
    AUTOMATION_NULL,
    Array,
    ArrayList,
    DotNetError,
    GenericList,
    Hashtable,
    OrderedDictionary,
    PSObject,
)

from . import net, net_members

if TYPE_CHECKING:
    from .frame import Frame

_MISSING = object()


def get_index(frame: Frame, target: Any, index: Any) -> Any:
    """Return ``target[index]``."""
    base = net.unwrap(target)
    if base is None or base is AUTOMATION_NULL:
        raise runtime_error("NullArray", "Cannot index into a null array.")
    plain = net.unwrap(index)
    if isinstance(base, Hashtable):
        return _dictionary_get(frame, base, plain)
    if (plain is None or plain is AUTOMATION_NULL) and isinstance(base, str | Array | ArrayList | GenericList):
        raise runtime_error("NullArrayIndex", "Index operation failed; the array index evaluated to null.")
    if isinstance(base, Array | ArrayList | GenericList | str):
        several = net.enumerate_collection(plain)
        if several is not None:
            return _slice(frame, base, several)
        return _element(frame, base, plain)
    if isinstance(base, MultiArray):
        return base.items[_place(base, plain)]
    return _other(frame, target, base, plain)


def _place(base: MultiArray, index: Any) -> int:
    """Return where an element of an array of several dimensions stands."""
    several = net.enumerate_collection(index)
    given = [index] if several is None else list(several)
    if len(given) != len(base.shape):
        raise net.unsupported("an index of another number of dimensions than the array's")
    place = 0
    for part, size in zip(given, base.shape, strict=True):
        at = net.convert(part, "System.Int32")
        if not 0 <= at < size:
            raise thrown("IndexOutOfRangeException", "Index was outside the bounds of the array.")
        place = place * size + at
    return place


def _strict(frame: Frame) -> bool:
    version = frame.scope.strict_version()
    return version is not None and version >= (3, 0)


def _element(frame: Frame, base: Any, index: Any) -> Any:
    at = net.convert(index, "System.Int32") if not (isinstance(index, int) and not isinstance(index, bool)) else index
    size = strings.length(base) if isinstance(base, str) else len(base.items)
    where = at + size if at < 0 else at
    if 0 <= where < size:
        return strings.char_at(base, where) if isinstance(base, str) else base.items[where]
    if isinstance(base, GenericList | ArrayList) and _strict(frame):
        raise _out_of_list()
    if _strict(frame):
        raise thrown("IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return None


def _slice(frame: Frame, base: Any, indices: list[Any]) -> Any:
    size = strings.length(base) if isinstance(base, str) else len(base.items)
    found: list[Any] = []
    for index in indices:
        at = net.convert(index, "System.Int32")
        where = at + size if at < 0 else at
        if 0 <= where < size:
            found.append(strings.char_at(base, where) if isinstance(base, str) else base.items[where])
        elif _strict(frame):
            raise thrown("IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return Array(found)


def _dictionary_get(frame: Frame, base: Hashtable, index: Any) -> Any:
    if index is None or index is AUTOMATION_NULL:
        raise runtime_error("NullArrayIndex", "Index operation failed; the array index evaluated to null.")
    if isinstance(base, OrderedDictionary) and isinstance(index, int) and not isinstance(index, bool):
        values = base.values()
        where = index + len(values) if index < 0 else index
        if 0 <= where < len(values):
            return values[where]
        if _strict(frame):
            raise _out_of_list()
        return None
    found = base.get(index, _MISSING)
    if found is not _MISSING:
        return found
    several = net.enumerate_collection(index)
    if several is not None:
        return Array([base.get(net.unwrap(key)) for key in several])
    if isinstance(base, Dictionary):
        key = net.convert(index, base.key_type)
        found = base.get(key, _MISSING)
        if found is _MISSING and _strict(frame):
            raise thrown(
                "System.Collections.Generic.KeyNotFoundException",
                "The given key was not present in the dictionary."
                if not net.modern()
                else f"The given key '{net.to_string(key)}' was not present in the dictionary.",
            )
        return None if found is _MISSING else found
    return None


def _out_of_list() -> DotNetError:
    text = "Index was out of range. Must be non-negative and less than the size of the collection."
    from psnet.lab.dotnet.errors import argument_range  # noqa: PLC0415 - errors only

    return argument_range("index", text)


def _by_indexer(frame: Frame, target: Any, base: Any, index: Any) -> Any:
    """Call an object's own indexer: from the end where it is a list, for several indices at once, null for none.

    ``MISSING`` where it has none. Only under strict mode 3 a failing indexer's error is seen.
    """
    several = net.enumerate_collection(index)
    if isinstance(base, Sequence | CaptureList):
        if several is not None:
            found = [_by_indexer(frame, target, base, net.unwrap(each)) for each in several]
            return net.MISSING if net.MISSING in found else Array([each for each in found if each is not None])
        listed = net.modern() or not base.type_name.endswith("MatchCollection")
        if listed and isinstance(index, int) and index < 0:
            index += len(base.items)
    try:
        return net_members.index(frame, target, index)
    except DotNetError:
        if _strict(frame):
            raise
        return None


def _other(frame: Frame, target: Any, base: Any, index: Any) -> Any:
    """Index what is no collection: an object's own indexer, else the object as its only element."""
    found = _by_indexer(frame, target, base, index)
    if found is not net.MISSING:
        return found
    if isinstance(index, int) and not isinstance(index, bool) and _acts_as_array(base):
        if index in (0, -1):
            return target
        if _strict(frame):
            raise thrown("IndexOutOfRangeException", "Index was outside the bounds of the array.")
        return None
    raise runtime_error(
        "CannotIndex", f"Unable to index into an object of type {net.type_name_of(target) or 'System.Object'}."
    )


def _acts_as_array(base: Any) -> bool:
    if (
        isinstance(base, PSObject)
        and base.base is None
        and "System.Management.Automation.PSCustomObject" in base.type_names
    ):
        return True
    return not isinstance(base, Hashtable)


def set_index(frame: Frame, target: Any, index: Any, value: Any) -> None:
    """Do ``target[index] = value``."""
    base = net.unwrap(target)
    plain = net.unwrap(index)
    if base is None or base is AUTOMATION_NULL:
        raise runtime_error("NullArray", "Cannot index into a null array.")
    if plain is None or plain is AUTOMATION_NULL:
        raise runtime_error("NullArrayIndex", "Index operation failed; the array index evaluated to null.")
    if isinstance(base, Hashtable):
        _dictionary_set(frame, base, plain, value)
        return
    if isinstance(base, Array | ArrayList | GenericList):
        if net.is_enumerable(plain):
            raise runtime_error(
                "ArraySliceAssignmentFailed",
                f"Array assignment to [{net.to_string(plain, ',')}] failed because assignment to slices is not supported.",
            )
        at = net.convert(plain, "System.Int32")
        where = at + len(base.items) if at < 0 else at
        if not 0 <= where < len(base.items):
            if isinstance(base, Array):
                raise thrown("IndexOutOfRangeException", "Index was outside the bounds of the array.")
            raise _out_of_list()
        element = getattr(base, "element_type", "System.Object")
        base.items[where] = value if element == "System.Object" else net.convert(value, element)
        return
    if isinstance(base, MultiArray):
        base.items[_place(base, plain)] = net.convert(value, base.element_type)
        return
    net_members.set_index(frame, target, plain, value)


def _dictionary_set(frame: Frame, base: Hashtable, index: Any, value: Any) -> None:
    if isinstance(base, OrderedDictionary) and isinstance(index, int) and not isinstance(index, bool):
        keys = base.keys()
        where = index + len(keys) if index < 0 else index
        if not 0 <= where < len(keys):
            raise _out_of_list()
        base[keys[where]] = value
        return
    if isinstance(base, Dictionary):
        index = net.convert(index, base.key_type)
        value = net.convert(value, base.value_type)
    _ = frame
    base[index] = value
