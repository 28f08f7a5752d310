"""Members of values: properties, methods, static members, constructors, and what Get-Member lists.

``get_member`` gives None for what is missing; ``find_member`` says whether it was found. Collections hand a
member that they lack on to their elements. Methods wrap what .NET throws as PowerShell does.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet import types
from psnet.lab.dotnet.bases import base_chain, is_value_type, split_generic
from psnet.lab.dotnet.binding import Invoker, bind, invocation_error, no_overload
from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.convert import convert
from psnet.lab.dotnet.enums import is_enum, make_enum
from psnet.lab.dotnet.enums import members as enum_members
from psnet.lab.dotnet.errors import UnsupportedError, make_exception, runtime_error
from psnet.lab.dotnet.object_model import INTRINSIC_METHODS, INTRINSIC_PROPERTIES, provides
from psnet.lab.dotnet.registry import REGISTRY, Overload, Property, signature_type
from psnet.lab.dotnet.scripttypes import script_type
from psnet.lab.dotnet.tostring import is_enumerable, member_value
from psnet.lab.dotnet.typenames import PS_CUSTOM, PS_OBJECT, type_name_of, unwrap
from psnet.lab.dotnet.types.exceptions import construct
from psnet.lab.values import AUTOMATION_NULL, Array, DotNetError, Hashtable, Member, OrderedDictionary, PSObject
from psnet.powershell.facts import dotnet
from psnet.powershell.facts.types import TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

SET_EXCEPTION = "System.Management.Automation.SetValueInvocationException"


def declaring_types(type_name: str) -> Sequence[str]:
    """Return the types whose declarations a value's members come from, nearest first."""
    # A type that a script defines has no dot in its name, and may be defined anew.
    return _declaring(type_name) if "." in type_name else _declaring.__wrapped__(type_name)


@lru_cache(maxsize=4096)
def _declaring(type_name: str) -> Sequence[str]:
    out: list[str] = []
    for link in base_chain(type_name):
        opened = split_generic(link)[0]
        out.append(opened)
        out.extend(each for each in TYPES.get(opened, ("", ()))[1] if each not in out)
    return out


def find_property(type_name: str, name: str) -> Property | None:
    """Return the declaration of an instance property, None when the type has none."""
    key = name.lower()
    for link in declaring_types(type_name):
        table = REGISTRY.get(link)
        if table and key in table.properties:
            return table.properties[key]
    return None


def find_methods(type_name: str, name: str) -> list[Overload]:
    """Return the overloads of an instance method."""
    key = name.lower()
    found: list[Overload] = []
    for link in declaring_types(type_name):
        table = REGISTRY.get(link)
        if table and key in table.methods:
            known = {tuple(each.parameters) for each in found}
            found += [each for each in table.methods[key] if tuple(each.parameters) not in known]
    return found


# -- reading and writing properties -----------------------------------------------------------------------------


def _extended(value: Any, key: str) -> Member | None:
    """Return a member that was added to a value, or that a native object carries."""
    while isinstance(value, PSObject):
        member = value.members.get(key)
        if member is not None:
            return member
        value = value.base
    return None


def read_member(value: PSObject, member: Member) -> Any:
    """Return a member's value; script properties run through the context's ``invoke``."""
    if member.kind == "ScriptProperty" and not member.getter:
        run = current().invoke
        if run is None:
            raise UnsupportedError("a script property here")
        block = member.value[0] if isinstance(member.value, tuple) else member.value
        return run(block, [], this=value)
    return member_value(value, member)


def find_member(value: Any, name: str) -> tuple[bool, Any]:
    """Return whether a value (or its elements) has a property, and its value."""
    found = find_own(value, name)
    if found[0]:
        return found
    if is_enumerable(value):
        return _enumerated(value, name)
    return False, None


def find_own(value: Any, name: str) -> tuple[bool, Any]:
    """Return whether a value itself has a property, and its value; collections are not enumerated."""
    if value is None or value is AUTOMATION_NULL:
        return False, None
    key = name.lower()
    member = _extended(value, key)
    if member is not None:
        if member.kind in {"Method", "ScriptMethod"}:
            return True, member
        return True, read_member(value, member)
    base = unwrap(value)
    if isinstance(base, Hashtable):
        if name in base:
            return True, base[name]
        if isinstance(base, OrderedDictionary) or not base.case_sensitive:
            pass
    adapter = getattr(base, "adapted", None)
    if adapter is not None:
        found: tuple[bool, Any] = adapter(name)
        if found[0]:
            return found
    declared = find_property(type_name_of(base), name)
    if declared is not None:
        return True, declared.getter(base)
    if key in INTRINSIC_PROPERTIES:
        return True, INTRINSIC_PROPERTIES[key](value)
    return False, None


@provides("get_member")
def get_member(value: Any, name: str) -> Any:
    """Return a property's value; None when it is missing."""
    return find_member(value, name)[1]


def _enumerated(value: Any, name: str) -> tuple[bool, Any]:
    out: list[Any] = []
    for item in unwrap(value):
        found, got = find_member(item, name)
        if found:
            if is_enumerable(got):
                out.extend(unwrap(got))
            else:
                out.append(got)
        elif isinstance(item, PSObject) and item.base is None:
            out.append(None)
    if not any(find_member(item, name)[0] for item in unwrap(value)) and not out:
        return False, None
    found_any = any(find_member(item, name)[0] for item in unwrap(value))
    if len(out) == 1:
        return found_any, out[0]
    return found_any, Array(out)


def _set_error(name: str, message: str, inner: Any = None) -> DotNetError:
    text = f'Exception setting "{name}": "{message}"'
    exception = make_exception(SET_EXCEPTION, text, inner)
    return DotNetError(exception, error_id="ExceptionWhenSetting", category="NotSpecified")


@provides("set_member")
def set_member(value: Any, name: str, new: Any) -> None:
    """Set a property; raises what PowerShell raises for one that is missing or read-only."""
    key = name.lower()
    member = _extended(value, key)
    if member is not None:
        _set_extended(value, member, new)
        return
    base = unwrap(value)
    if isinstance(base, Hashtable):
        _set_key(base, name, new)
        return
    adapter = getattr(base, "set_adapted", None)
    if adapter is not None and adapter(name, new):
        return
    declared = find_property(type_name_of(base), name)
    if declared is not None:
        if declared.setter is None:
            raise runtime_error("PropertyAssignmentException", f"'{declared.name}' is a ReadOnly property.")
        try:
            declared.setter(base, _property_value(declared, new))
        except DotNetError as error:
            if error.error_id:
                raise _set_error(declared.name, error.exception.message, error.exception) from None
            raise _set_error(declared.name, error.exception.message, error.exception) from None
        return
    missing = f"The property '{name}' cannot be found on this object. Verify that the property exists and can be set."
    if isinstance(base, PSObject) and base.base is None and PS_CUSTOM in base.type_names:
        raise _set_error(name, missing)
    raise runtime_error("PropertyNotFound", missing)


def _property_value(declared: Property, new: Any) -> Any:
    kind = signature_type(declared.type_name)
    return new if kind in {"System.Object", "T", "TKey", "TValue"} else convert(new, kind)


def _set_key(table: Hashtable, name: str, new: Any) -> None:
    value_type = getattr(table, "value_type", "System.Object")
    table[name] = new if value_type == "System.Object" else convert(new, value_type)


def _set_extended(value: PSObject, member: Member, new: Any) -> None:
    if member.kind == "AliasProperty":
        set_member(value, str(member.value), new)
    elif member.kind == "ScriptProperty":
        setter = member.value[1] if isinstance(member.value, tuple) and len(member.value) > 1 else None
        run = current().invoke
        if setter is None or run is None:
            raise runtime_error(
                "SetValueException",
                f'Set accessor for property "{member.name}" is unavailable.',
                category="NotSpecified",
            )
        run(setter, [new], this=value)
    elif member.setter is not None:
        member.setter(value, new)
    elif (member.kind == "NoteProperty" and member.getter is None) or (
        member.kind == "Property" and member.getter is None and not _read_only(value)
    ):
        member.value = new
    else:
        raise runtime_error("PropertyAssignmentException", f"'{member.name}' is a ReadOnly property.")


def _read_only(value: PSObject) -> bool:
    return any(name.endswith("Exception") for name in value.type_names)


# -- methods ------------------------------------------------------------------------------------------------


def method_not_found(value: Any, name: str) -> DotNetError:
    """Return the error of a method that a value does not have."""
    shown = type_name_of(value)
    message = f"Method invocation failed because [{shown}] does not contain a method named '{name}'."
    return runtime_error("MethodNotFound", message, target=name)


def call_method(value: Any, name: str, args: Sequence[Any], invoker: Invoker | None = None) -> Any:
    """Return the result of ``value.name(args)``; ``invoker(block, arguments)`` runs script blocks."""
    if value is None or value is AUTOMATION_NULL:
        raise runtime_error("InvokeMethodOnNull", "You cannot call a method on a null-valued expression.")
    found, result = try_call(value, name, args, invoker)
    if found:
        return result
    if name.lower() in INTRINSIC_METHODS:
        return INTRINSIC_METHODS[name.lower()](value, list(args), invoker)
    if is_enumerable(value):
        return _call_each(value, name, args, invoker)
    raise method_not_found(unwrap(value), name)


def try_call(value: Any, name: str, args: Sequence[Any], invoker: Invoker | None = None) -> tuple[bool, Any]:
    """Return whether a value itself has a method, and what it gave."""
    key = name.lower()
    member = _extended(value, key)
    if member is not None and member.kind in {"Method", "ScriptMethod"}:
        return True, _call_extended(value, member, args, invoker)
    base = unwrap(value)
    if member is not None:
        held = read_member(value, member)
        special = getattr(held, "invoke_method", None)
        if special is not None:
            return True, special(list(args))
    kind = type_name_of(base)
    overloads = find_methods(kind, name)
    if overloads:
        return True, _call(overloads, base, name, args, kind, invoker)
    if key.startswith(("get_", "set_")):
        return _accessor(base, key, args)
    return False, None


def _call(
    overloads: list[Overload], base: Any, name: str, args: Sequence[Any], kind: str, invoker: Invoker | None
) -> Any:
    try:
        overload, converted = bind(overloads, args, kind, overloads[0].name, invoker)
        return overload.function(base, *converted)
    except DotNetError as error:
        raise invocation_error(error, overloads[0].name, len(args)) from None


def _accessor(base: Any, key: str, args: Sequence[Any]) -> tuple[bool, Any]:
    declared = find_property(type_name_of(base), key[4:])
    if declared is None:
        return False, None
    if key.startswith("get_") and not args:
        return True, declared.getter(base)
    if key.startswith("set_") and len(args) == 1 and declared.setter:
        declared.setter(base, _property_value(declared, args[0]))
        return True, AUTOMATION_NULL
    return False, None


def _call_extended(value: Any, member: Member, args: Sequence[Any], invoker: Invoker | None) -> Any:
    if member.kind == "ScriptMethod":
        run = current().invoke
        if run is None:
            raise UnsupportedError("a script method here")
        return run(member.value, list(args), this=value)
    del invoker
    try:
        return member.value(value, list(args))
    except DotNetError as error:
        raise invocation_error(error, member.name, len(args)) from None


def _call_each(value: Any, name: str, args: Sequence[Any], invoker: Invoker | None) -> Any:
    out: list[Any] = []
    items = list(unwrap(value))
    if not items:
        raise method_not_found(unwrap(value), name)
    for item in items:
        found, result = (False, None) if item is None else try_call(item, name, args, invoker)
        if not found:
            raise method_not_found(unwrap(item) if item is not None else unwrap(value), name)
        if is_enumerable(result):
            out.extend(unwrap(result))
        elif result is not AUTOMATION_NULL:
            out.append(result)
    if not out:
        return AUTOMATION_NULL
    return out[0] if len(out) == 1 else Array(out)


# -- static members ------------------------------------------------------------------------------------------


def find_static(type_name: str, name: str) -> tuple[bool, Any]:
    """Return whether a type has a static property or constant, and its value."""
    if is_enum(type_name):
        for known, number in enum_members(type_name).items():
            if known.lower() == name.lower():
                return True, make_enum(type_name, number)
        return False, None
    for link in base_chain(type_name):
        table = REGISTRY.get(split_generic(link)[0])
        if table and name.lower() in table.static_properties:
            return True, table.static_properties[name.lower()].getter(type_name)
    return False, None


def static_methods(type_name: str, name: str) -> list[Overload]:
    """Return the overloads of a static method."""
    found: list[Overload] = []
    for link in base_chain(type_name):
        table = REGISTRY.get(split_generic(link)[0])
        if table:
            found += table.static_methods.get(name.lower(), [])
    return found


def static_call(type_name: str, name: str, args: Sequence[Any], invoker: Invoker | None = None) -> Any:
    """Return ``[type]::name(args)``."""
    if name.lower() == "new":
        return new_object(type_name, args, invoker)
    overloads = static_methods(type_name, name)
    if not overloads:
        message = f"Method invocation failed because [{type_name}] does not contain a method named '{name}'."
        if split_generic(type_name)[0] not in TYPES and not is_enum(type_name):
            raise UnsupportedError(f"[{type_name}]::{name}()")
        if split_generic(type_name)[0] not in REGISTRY and not is_enum(type_name):
            raise UnsupportedError(f"[{type_name}]::{name}()")
        if dotnet.has_member(split_generic(type_name)[0], name, static=True):
            raise UnsupportedError(f"[{type_name}]::{name}()")
        raise runtime_error("MethodNotFound", message, target=name)
    try:
        overload, converted = bind(overloads, args, type_name, overloads[0].name, invoker)
        return overload.function(*converted)
    except DotNetError as error:
        raise invocation_error(error, overloads[0].name, len(args)) from None


@provides("new_object")
def new_object(type_name: str, args: Sequence[Any], invoker: Invoker | None = None) -> Any:
    """Return ``[type]::new(args)``; raises MethodException, or the constructor's exception in its wrapper."""
    defined = script_type(type_name)
    if defined is not None:
        return defined.new(args)
    arrays = type_name.endswith(("[]", ",]"))
    opened = "System.Array" if arrays else split_generic(type_name)[0]
    table = REGISTRY.get(opened)
    if type_name == "System.Array":  # abstract
        raise no_overload("new", len(args))
    if type_name == PS_OBJECT and not args:
        return PSObject()
    if table is None or not table.constructors:
        if is_value_type(type_name) and not args:
            return _default(type_name)
        if opened.endswith("Exception"):
            return construct(type_name, list(args))
        if opened in TYPES and table is not None:
            raise no_overload("new" if args else opened.rpartition(".")[2], len(args))
        raise UnsupportedError(f"[{type_name}]::new()")
    try:
        if not args and is_value_type(type_name):
            return _default(type_name)
        overload, converted = bind(table.constructors, args, type_name, opened.rpartition(".")[2], invoker)
        if "`" in opened or arrays:
            return overload.function(type_name, *converted)
        return overload.function(*converted)
    except DotNetError as error:
        raise invocation_error(error, ".ctor", len(args)) from None


def _default(type_name: str) -> Any:
    from psnet.lab.dotnet.types.statics import default_value  # noqa: PLC0415 - needs the registry filled

    return default_value(type_name)


# The families of types, and what every value has, are built upon this module.
types.load()
