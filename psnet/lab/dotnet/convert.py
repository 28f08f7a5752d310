"""PowerShell's conversions: ``convert(value, type)`` does what a cast does, and says why it cannot."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from psnet.lab.dotnet import addresses, casts, enums, object_model
from psnet.lab.dotnet.bases import derives, is_value_type, split_generic
from psnet.lab.dotnet.delegates import Delegate, is_delegate
from psnet.lab.dotnet.errors import CastError, TypeNotFound, UnsupportedError
from psnet.lab.dotnet.numbers import CLASSES, is_integer, is_number
from psnet.lab.dotnet.objects import (
    DateTimeOffset,
    Dictionary,
    HashSet,
    IPAddress,
    MultiArray,
    Native,
    PSCredential,
    Regex,
    SecureString,
    SemanticVersion,
    Sequence,
    Version,
)
from psnet.lab.dotnet.registry import REGISTRY
from psnet.lab.dotnet.scripttypes import script_type
from psnet.lab.dotnet.strings import units
from psnet.lab.dotnet.tostring import is_enumerable, net_text, to_string
from psnet.lab.dotnet.typenames import PS_CUSTOM, PS_OBJECT, resolve_type, type_name_of, unwrap
from psnet.lab.values import (
    AUTOMATION_NULL,
    Array,
    ArrayList,
    Char,
    DateTime,
    DotNetError,
    EnumValue,
    GenericList,
    Hashtable,
    OrderedDictionary,
    PSObject,
    Reference,
    SwitchParameter,
    TypeValue,
)
from psnet.powershell.facts import dotnet

__all__ = [
    "CastError",
    "TypeNotFound",
    "convert",
    "is_enumerable",
    "resolve_type",
    "to_bool",
    "to_string",
    "try_convert",
    "type_name_of",
]

_STRING = "System.String"


def to_bool(value: Any) -> bool:
    """Return whether PowerShell takes a value for true."""
    value = unwrap(value)
    if value is None or value is AUTOMATION_NULL:
        return False
    if isinstance(value, bool):
        return value
    if isinstance(value, Char):
        return value != "\0"
    if isinstance(value, str):
        return bool(value)
    if isinstance(value, int | float | Decimal):
        return value != 0
    if isinstance(value, SwitchParameter):
        return value.is_present
    if isinstance(value, EnumValue):
        return value.value != 0
    if isinstance(value, Array | ArrayList | GenericList):
        items = value.items
        if not items:
            return False
        if len(items) > 1:
            return True
        only = unwrap(items[0])
        return len(only) > 0 if isinstance(only, Array | ArrayList | GenericList) else to_bool(only)
    return True


def final_error(value: Any, type_name: str) -> CastError:
    """Return the error of a value for which no conversion exists."""
    if unwrap(value) is None:
        if enums.is_enum(type_name):
            message = (
                f'Cannot convert null to type "{type_name}" due to enumeration values that are not valid. '
                "Specify one of the following enumeration values and try again. "
                f'The possible enumeration values are "{casts.enum_values(type_name)}".'
            )
            return CastError("nullToEnumInvalidCast", message)
        return CastError("nullToObjectInvalidCast", f'Cannot convert null to type "{type_name}".')
    message = f'Cannot convert the "{net_text(value)}" value of type "{_type_shown(value)}" to type "{type_name}".'
    return CastError("ConvertToFinalInvalidCastException", message)


def _type_shown(value: Any) -> str:
    if isinstance(value, PSObject) and value.type_names and value.type_names[0].startswith("Deserialized."):
        return value.type_names[0]
    return type_name_of(value)


def try_convert(value: Any, type_name: str) -> tuple[bool, Any]:
    """Return whether a value converts, and the result."""
    try:
        return True, convert(value, type_name)
    except DotNetError:
        return False, None


def convert(value: Any, type_name: str) -> Any:
    """Return what ``[type_name]$value`` gives; ``type_name`` is a full .NET name. Raises CastError."""
    if type_name == "System.Object":
        return value
    if value is AUTOMATION_NULL:
        value = None
    base = unwrap(value)
    if base is None:
        return _from_null(type_name)
    if "." not in type_name and (defined := script_type(type_name)) is not None and defined.values is None:
        return defined.of(value)
    own = type_name_of(base)
    if own == type_name:
        return value if isinstance(value, PSObject) and not isinstance(base, str | DateTime) else base
    if type_name == _STRING:
        return to_string(value)
    if type_name == "System.Boolean":
        return to_bool(value)
    if type_name == "System.Void":
        return AUTOMATION_NULL
    if type_name in {PS_OBJECT, PS_CUSTOM}:
        return value
    if type_name == "System.Management.Automation.PSReference":
        return _reference(value)
    if derives(own, type_name) or (isinstance(base, PSObject) and type_name in base.type_names):
        return value
    if type_name.startswith("System.Nullable`1["):
        return convert(value, split_generic(type_name)[1][0])
    return _scalar(value, base, type_name)


def _reference(value: Any) -> Reference:
    box = [value]
    return Reference(lambda: box[0], lambda new: box.__setitem__(0, new))


def _from_null(type_name: str) -> Any:
    if type_name == _STRING:
        return ""
    if type_name == "System.Boolean":
        return False
    if type_name == "System.Void":
        return AUTOMATION_NULL
    if type_name in CLASSES and type_name != "System.Numerics.BigInteger":
        return CLASSES[type_name](0)
    if type_name == "System.Char":
        return Char("\0")
    if type_name == "System.Management.Automation.SwitchParameter":
        return SwitchParameter(is_present=False)
    if type_name == "System.Management.Automation.PSReference":
        return _reference(None)
    if type_name.startswith("System.Nullable`1["):
        return None
    if is_value_type(type_name):
        raise final_error(None, type_name)
    return None


def _scalar(value: Any, base: Any, type_name: str) -> Any:
    if type_name in CLASSES:
        return _number(value, base, type_name)
    if enums.is_enum(type_name):
        return _enum(value, base, type_name)
    if type_name == "System.Char" and is_number(base):
        return _char(base)
    if type_name == "System.Management.Automation.SwitchParameter":
        if isinstance(base, bool) or is_number(base):
            return SwitchParameter(to_bool(base))
        raise final_error(value, type_name)
    if type_name.endswith("[]") or type_name == "System.Array":
        return to_array(value, base, "System.Object" if type_name == "System.Array" else type_name[:-2])
    if type_name in casts.PARSED:
        return _parsed(value, base, type_name)
    if type_name in {"System.Type", "System.RuntimeType"}:
        return _type(value, base)
    return _collection(value, base, type_name)


def _number(value: Any, base: Any, type_name: str) -> Any:
    if isinstance(base, Char):
        base = ord(base)
    if isinstance(base, str):
        return casts.number_from_text(base, type_name)
    if isinstance(base, bool):
        return CLASSES[type_name](int(base))
    if isinstance(base, EnumValue):
        base = base.value
    if isinstance(base, int | float | Decimal):
        try:
            return casts.number_from_number(base, type_name)
        except DotNetError as error:
            raise casts.with_inner("InvalidCastIConvertible", net_text(base), type_name, error.exception) from None
    raise final_error(value, type_name)


def _char(base: Any) -> Char:
    try:
        return Char(chr(casts.number_from_number(base, "System.UInt16")))
    except DotNetError:
        inner = casts.range_error("System.Char")
        raise casts.with_inner("InvalidCastIConvertible", net_text(base), "System.Char", inner) from None


def _enum(value: Any, base: Any, type_name: str) -> Any:
    if isinstance(base, str) and not isinstance(base, Char):
        return casts.enum_from_text(base, type_name)
    if is_integer(base):
        return casts.enum_from_number(base, type_name)
    if isinstance(base, float | Decimal | EnumValue):
        number = (
            base.value
            if isinstance(base, EnumValue)
            else casts.number_from_number(base, enums.underlying_type(type_name))
        )
        return casts.enum_from_number(number, type_name)
    if is_enumerable(base):
        words = [item if isinstance(item, str) else net_text(convert(item, type_name)) for item in base]
        return casts.enum_from_text(",".join(words), type_name)
    raise final_error(value, type_name)


def _parsed(value: Any, base: Any, type_name: str) -> Any:
    if isinstance(base, str) and not (isinstance(base, Char) and type_name == "System.Char"):
        return casts.parse_text(str(base), type_name)
    if (
        type_name in {"System.DateTime", "System.TimeSpan"}
        and casts.is_plain_number(base)
        and not isinstance(base, Char)
    ):
        return casts.ticks_value(base, type_name)
    if type_name == "System.DateTimeOffset" and isinstance(base, DateTime):
        from psnet.lab.dotnet.datetimes import offset_of  # noqa: PLC0415 - this one conversion

        return offset_of(base)
    if type_name == "System.DateTime" and isinstance(base, DateTimeOffset):
        return DateTime(base.ticks)
    if type_name == "System.Net.IPAddress":
        if is_integer(base) and 0 <= base < 2**32:
            return IPAddress(int(base).to_bytes(4, "little"))
        if isinstance(base, Array) and base.element_type == "System.Byte" and len(base) in {4, 16}:
            return IPAddress(bytes(base.items))
    if type_name == "System.Version" and isinstance(base, SemanticVersion):
        return Version(base.major, base.minor, base.patch)
    if (
        type_name == "System.Guid"
        and isinstance(base, Array)
        and base.element_type == "System.Byte"
        and len(base) == 16
    ):
        return addresses.guid_from_bytes(bytes(base.items))
    raise final_error(value, type_name)


def _type(value: Any, base: Any) -> TypeValue:
    if isinstance(base, str):
        try:
            return TypeValue(resolve_type(base))
        except TypeNotFound:
            message = f'Cannot convert the "{base}" value of type "System.String" to type "System.Type".'
            raise CastError("InvalidCastFromStringToType", message) from None
    raise final_error(value, "System.Type")


# -- collections ------------------------------------------------------------------------------------------


def to_array(value: Any, base: Any, element: str) -> Array:
    """Return a value as an array: each element converted, a scalar as the only one."""
    if element == "System.Char" and isinstance(base, str) and not isinstance(base, Char):
        return Array([Char(unit) for unit in units(base)], element)
    if is_enumerable(base):
        return Array([convert(item, element) for item in base], element)
    try:
        return Array([convert(value, element)], element)
    except DotNetError as error:
        inner = error.exception
        raise casts.with_inner(
            "InvalidCastExceptionScalarToArray", to_string(value), f"{element}[]", inner.inner or inner
        ) from None


def _collection(value: Any, base: Any, type_name: str) -> Any:
    opened, arguments = split_generic(type_name)
    items = list(base) if is_enumerable(base) else None
    if opened == "System.Collections.ArrayList":
        return ArrayList(items if items is not None else [value])
    if opened == "System.Collections.Generic.List`1":
        source = items if items is not None else [value]
        return GenericList([convert(item, arguments[0]) for item in source], arguments[0])
    if opened in {"System.Collections.Stack", "System.Collections.Queue"} and items is not None:
        ordered = items[::-1] if opened.endswith("Stack") else items
        return Sequence(ordered, opened)
    if opened in {"System.Collections.Generic.Stack`1", "System.Collections.Generic.Queue`1"} and items is not None:
        typed = [convert(item, arguments[0]) for item in items]
        return Sequence(typed[::-1] if "Stack" in opened else typed, type_name, arguments[0])
    if opened == "System.Collections.Generic.HashSet`1":
        source = items if items is not None else [value]
        return HashSet([convert(item, arguments[0]) for item in source], arguments[0])
    if opened == "System.Collections.ObjectModel.Collection`1":
        source = items if items is not None else [value]
        return Sequence([convert(item, arguments[0]) for item in source], type_name, arguments[0])
    if opened in {
        "System.Collections.Generic.IEnumerable`1",
        "System.Collections.Generic.IList`1",
        "System.Collections.Generic.ICollection`1",
    }:
        return to_array(value, base, arguments[0])
    if opened in {"System.Collections.IList", "System.Collections.ICollection", "System.Collections.IEnumerable"}:
        return to_array(value, base, "System.Object")
    if isinstance(base, Hashtable):
        return _from_dictionary(value, base, opened, arguments)
    if base is not None and type_name_of(base) == "System.Management.Automation.ScriptBlock" and is_delegate(type_name):
        return Delegate(type_name, base)
    if is_delegate(type_name) and (isinstance(base, str) or is_number(base)):
        raise final_error(value, type_name)
    if opened == "System.Xml.XmlDocument":
        return object_model.parse_xml(to_string(value))
    if opened in {"System.Globalization.CultureInfo", "System.Net.NetworkCredential"}:
        return object_model.new_object(type_name, [value])
    if opened == "System.Management.Automation.PSCredential":
        raise final_error(value, type_name)
    if isinstance(base, SecureString | PSCredential | MultiArray | Regex):
        raise final_error(value, type_name)
    if _constructs_from_text(opened) and isinstance(base, str):
        return object_model.new_object(type_name, [str(base)])
    if isinstance(base, PSObject) and base.base is None and PS_CUSTOM in base.type_names and "." in type_name:
        raise final_error(value, type_name)
    return _constructed(value, base, type_name, opened)


_TABLES = {"System.Collections.Hashtable", "System.Collections.Specialized.OrderedDictionary"}


def _constructed(value: Any, base: Any, type_name: str, opened: str) -> Any:
    """Return what a constructor with one parameter makes of a value, as a cast does when nothing else fits.

    Where .NET's type has constructors and none is declared here, what it would make is not known.
    """
    table = REGISTRY.get(opened)
    declared = table.constructors if table is not None else []
    given = base if is_enumerable(base) else value
    alone = [each for each in declared if len(each.parameters) == 1]
    if alone and opened not in _TABLES and (is_enumerable(base) or isinstance(base, str | Native)):
        try:
            return object_model.new_object(type_name, [given])
        except DotNetError as refused:
            raise final_error(value, type_name) from refused
    listed = dotnet.find(opened)
    if listed is not None and listed.constructors and not declared and base is not None:
        raise UnsupportedError(f"a cast to [{type_name}]")
    raise final_error(value, type_name)


def _constructs_from_text(type_name: str) -> bool:
    return type_name == "System.Text.StringBuilder" or type_name.endswith("Exception")


def _from_dictionary(value: Any, base: Hashtable, opened: str, arguments: list[str]) -> Any:
    if opened == "System.Collections.Hashtable":
        return Hashtable(base.items())
    if opened == "System.Collections.Specialized.OrderedDictionary":
        return OrderedDictionary(base.items())
    if opened == "System.Collections.Generic.Dictionary`2":
        made = Dictionary(key_type=arguments[0], value_type=arguments[1])
        for key, item in base.items():
            made[convert(key, arguments[0])] = convert(item, arguments[1])
        return made
    if opened == "System.Collections.SortedList":
        return object_model.new_object(opened, [base])
    if opened == "System.Management.Automation.PSPrimitiveDictionary":
        return Hashtable(base.items())
    if opened in casts.PARSED or opened.startswith(("System.Int", "System.Collections.")):
        raise final_error(value, opened)
    if opened.startswith("System.Management.Automation.") and opened.endswith("Attribute"):
        attribute = object_model.new_object(opened, [])
        for key, item in base.items():
            object_model.set_member(attribute, to_string(key), item)
        return attribute
    raise UnsupportedError(f"[{opened}] made from a hashtable")
