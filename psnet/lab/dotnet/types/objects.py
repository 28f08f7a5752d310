"""System.Object, System.Type, System.Enum, Boolean, Char, SwitchParameter and [ref]."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any, Final

from psnet.lab.dotnet import cultures, enums
from psnet.lab.dotnet.bases import base_chain, derives, is_value_type, split_generic
from psnet.lab.dotnet.compare import equals, order
from psnet.lab.dotnet.composite import format_value
from psnet.lab.dotnet.convert import convert
from psnet.lab.dotnet.errors import argument_error, argument_range, thrown
from psnet.lab.dotnet.object_model import new_object
from psnet.lab.dotnet.objects import DateTimeOffset
from psnet.lab.dotnet.registry import constants, method, prop, static, static_prop
from psnet.lab.dotnet.strings import lower, upper
from psnet.lab.dotnet.tostring import net_text
from psnet.lab.dotnet.typenames import (
    PS_CUSTOM,
    element_type,
    full_name,
    is_instance,
    resolve_type,
    short_name,
    type_name_of,
)
from psnet.lab.values import Array, Char, DateTime, EnumValue, PSObject, Reference, SwitchParameter, TypeValue

_OBJECT = "System.Object"
_TYPE = "System.Type"


@method(_OBJECT, "string ToString()")
def _to_string(value: Any) -> str:
    if isinstance(value, PSObject) and value.base is None and PS_CUSTOM in value.type_names and value.to_string is None:
        return ""
    if isinstance(value, DateTime | DateTimeOffset | float | Decimal):
        return format_value(value, None)
    return net_text(value)


@method(_OBJECT, "type GetType()")
def _get_type(value: Any) -> TypeValue:
    return TypeValue(type_name_of(value))


@method(_OBJECT, "bool Equals(System.Object obj)")
def _equals(value: Any, other: Any) -> bool:
    if isinstance(value, str):
        return type(value) is type(other) and value == other
    if type_name_of(value) != type_name_of(other):
        return False
    if isinstance(value, Array | PSObject):
        return value is other
    return bool(value == other)


@method(_OBJECT, "int GetHashCode()")
def _hash(value: Any) -> int:
    if isinstance(value, bool | int) and -(2**31) <= value < 2**31:
        return int(value)
    return (hash(net_text(value)) & 0x7FFFFFFF) - 0


@static(_OBJECT, "bool ReferenceEquals(System.Object objA, System.Object objB)")
def _same(one: Any, other: Any) -> bool:
    return one is other


@static(_OBJECT, "bool Equals(System.Object objA, System.Object objB)")
def _both_equal(one: Any, other: Any) -> bool:
    return one is other or (one is not None and other is not None and _equals(one, other))


@method("System.IFormattable", "string ToString(string format)", "string ToString(System.Object provider)")
def _formatted(value: Any, template: Any) -> str:
    if isinstance(template, str):
        return format_value(value, template)
    return format_value(value, None, cultures.named(template))


@method("System.IFormattable", "string ToString(string format, System.Object provider)")
def _formatted_for(value: Any, template: str | None, provider: Any) -> str:
    return format_value(value, template, cultures.named(provider))


@method("System.IComparable", "int CompareTo(System.Object value)")
def _compare_to(value: Any, other: Any) -> int:
    if other is None:
        return 1
    if type_name_of(value) != type_name_of(other):
        raise argument_error(f"Object must be of type {short_name(type_name_of(value))}.")
    return order(value, other, ignore_case=False) or 0


# -- System.Type ---------------------------------------------------------------------------------------------


_PRIMITIVES: Final = {
    *("System.Boolean", "System.Byte", "System.SByte", "System.Int16", "System.UInt16", "System.Int32"),
    *("System.UInt32", "System.Int64", "System.UInt64", "System.Char", "System.Double", "System.Single"),
}


def _type_prop(declaration: str, getter: Any) -> None:
    prop(_TYPE, declaration, lambda value: getter(value.name))


_type_prop("string FullName", full_name)
_type_prop("string Name", short_name)
_type_prop("string Namespace", lambda name: split_generic(name)[0].rpartition(".")[0])
_type_prop("bool IsArray", lambda name: name.endswith(("[]", ",]")))
_type_prop("bool IsEnum", enums.is_enum)
_type_prop("bool IsValueType", is_value_type)
_type_prop("bool IsClass", lambda name: not is_value_type(name) and base_chain(name)[-1] == _OBJECT)
_type_prop("bool IsInterface", lambda name: base_chain(name)[-1] != _OBJECT)
_type_prop("bool IsPrimitive", lambda name: name in _PRIMITIVES)
_type_prop("bool IsGenericType", lambda name: bool(split_generic(name)[1]))
_type_prop("bool IsPublic", bool)
_type_prop(
    "bool IsAbstract",
    lambda name: name in {"System.Array", "System.Enum", "System.ValueType", "System.Math", "System.Convert"},
)
_type_prop(
    "bool IsSealed", lambda name: is_value_type(name) or name in {"System.String", "System.Math", "System.Convert"}
)
_type_prop("type BaseType", lambda name: TypeValue(base_chain(name)[1]) if len(base_chain(name)) > 1 else None)
_type_prop("type UnderlyingSystemType", TypeValue)
_type_prop("string AssemblyQualifiedName", lambda name: _qualified(name))


def _qualified(name: str) -> str:
    from psnet.lab.dotnet.typenames import assembly_of  # noqa: PLC0415 - one property needs it

    return f"{full_name(name)}, {assembly_of(name)}"


@method(_TYPE, "type GetElementType()")
def _element(value: TypeValue) -> TypeValue | None:
    name = element_type(value.name)
    return TypeValue(name) if name else None


@method(_TYPE, "type[] GetGenericArguments()")
def _generic_arguments(value: TypeValue) -> Array:
    return Array([TypeValue(name) for name in split_generic(value.name)[1]], _TYPE)


@method(_TYPE, "bool IsInstanceOfType(System.Object o)")
def _is_instance(value: TypeValue, other: Any) -> bool:
    return is_instance(other, value.name)


@method(_TYPE, "bool IsAssignableFrom(type c)")
def _assignable(value: TypeValue, other: TypeValue) -> bool:
    return derives(other.name, value.name)


@method(_TYPE, "bool IsSubclassOf(type c)")
def _subclass(value: TypeValue, other: TypeValue) -> bool:
    return other.name in base_chain(value.name)[1:]


@method(_TYPE, "string[] GetEnumNames()")
def _type_enum_names(value: TypeValue) -> Array:
    return Array(list(enums.names(value.name)), "System.String")


@static(_TYPE, "type GetType(string typeName)")
def _find_type(name: str) -> TypeValue | None:
    try:
        found = resolve_type(name)
    except Exception as error:
        if type(error).__name__ == "TypeNotFound":
            return None
        raise
    return TypeValue(found) if found.lower() == name.lower() else None


# -- System.Enum ----------------------------------------------------------------------------------------------


@method("System.Enum", "bool HasFlag(System.Enum flag)")
def _has_flag(value: EnumValue, flag: EnumValue) -> bool:
    return value.value & flag.value == flag.value


prop("System.Enum", "int value__", lambda value: convert(value.value, enums.underlying_type(value.type_name)))


@static("System.Enum", "string[] GetNames(type enumType)")
def _names(kind: TypeValue) -> Array:
    return Array(list(enums.names(_enum(kind))), "System.String")


@static("System.Enum", "array GetValues(type enumType)")
def _values(kind: TypeValue) -> Array:
    name = _enum(kind)
    return Array([enums.make_enum(name, enums.members(name)[each]) for each in enums.names(name)], name)


@static("System.Enum", "System.Object Parse(type enumType, string value)")
def _parse(kind: TypeValue, text: str) -> EnumValue:
    return enums.parse_enum(_enum(kind), text)


@static("System.Enum", "System.Object Parse(type enumType, string value, bool ignoreCase)")
def _parse_case(kind: TypeValue, text: str, ignore_case: bool) -> EnumValue:
    return enums.parse_enum(_enum(kind), text, ignore_case=ignore_case)


@static("System.Enum", "bool IsDefined(type enumType, System.Object value)")
def _defined(kind: TypeValue, value: Any) -> bool:
    table = enums.members(_enum(kind))
    if isinstance(value, str):
        return value in table
    return (value.value if isinstance(value, EnumValue) else int(value)) in table.values()


@static("System.Enum", "string GetName(type enumType, System.Object value)")
def _name(kind: TypeValue, value: Any) -> str | None:
    number = value.value if isinstance(value, EnumValue) else int(value)
    return next((name for name in enums.names(_enum(kind)) if enums.members(_enum(kind))[name] == number), None)


@static("System.Enum", "System.Object ToObject(type enumType, System.Object value)")
def _to_object(kind: TypeValue, value: Any) -> EnumValue:
    return enums.make_enum(
        _enum(kind), value.value if isinstance(value, EnumValue) else int(convert(value, "System.Int64"))
    )


@static("System.Enum", "type GetUnderlyingType(type enumType)")
def _underlying(kind: TypeValue) -> TypeValue:
    return TypeValue(enums.underlying_type(_enum(kind)))


def _enum(kind: TypeValue) -> str:
    if not enums.is_enum(kind.name):
        raise argument_error("Type provided must be an Enum.", "enumType")
    return kind.name


# -- Boolean, Char, SwitchParameter, PSReference ----------------------------------------------------------------

constants("System.Boolean", "string", TrueString="True", FalseString="False")


@static("System.Boolean", "bool Parse(string value)")
def _parse_bool(text: str) -> bool:
    word = text.strip(" \t\r\n\0").lower()
    if word not in {"true", "false"}:
        from psnet.lab.dotnet.context import modern  # noqa: PLC0415 - only for the message

        message = (
            f"String '{text}' was not recognized as a valid Boolean."
            if modern()
            else "String was not recognized as a valid Boolean."
        )
        raise thrown("FormatException", message)
    return word == "true"


@static("System.Boolean", "bool TryParse(string value, [ref] bool result)")
def _try_bool(text: str, result: Reference) -> bool:
    word = (text or "").strip(" \t\r\n\0").lower()
    result.value = word == "true"
    return word in {"true", "false"}


_CHAR = "System.Char"
constants(_CHAR, "char", MinValue=Char("\0"), MaxValue=Char("\uffff"))


def _character(text: str, index: int) -> str:
    if not 0 <= index < len(text):
        raise argument_range("index", "Specified argument was out of the range of valid values.")
    return text[index]


def _char_test(name: str, test: Any) -> None:
    static(_CHAR, f"bool {name}(char c)")(test)

    @static(_CHAR, f"bool {name}(string s, int index)")
    def at(text: str, index: int) -> bool:
        return bool(test(_character(text, index)))


_char_test("IsDigit", lambda char: unicodedata.category(char) == "Nd")
_char_test("IsLetter", lambda char: unicodedata.category(char)[0] == "L")
_char_test("IsLetterOrDigit", lambda char: unicodedata.category(char)[0] == "L" or unicodedata.category(char) == "Nd")
_char_test("IsWhiteSpace", lambda char: char.isspace())
_char_test("IsUpper", lambda char: unicodedata.category(char) == "Lu")
_char_test("IsLower", lambda char: unicodedata.category(char) == "Ll")
_char_test("IsPunctuation", lambda char: unicodedata.category(char)[0] == "P")
_char_test("IsSymbol", lambda char: unicodedata.category(char)[0] == "S")
_char_test("IsNumber", lambda char: unicodedata.category(char)[0] == "N")
_char_test("IsControl", lambda char: unicodedata.category(char) == "Cc")
_char_test("IsSeparator", lambda char: unicodedata.category(char)[0] == "Z")
_char_test("IsSurrogate", lambda char: "\ud800" <= char <= "\udfff")


@static(_CHAR, "char ToUpper(char c)", "char ToUpperInvariant(char c)")
def _char_upper(char: str) -> Char:
    return Char(upper(char))


@static(_CHAR, "char ToLower(char c)", "char ToLowerInvariant(char c)")
def _char_lower(char: str) -> Char:
    return Char(lower(char))


@static(_CHAR, "char Parse(string s)")
def _char_parse(text: str) -> Char:
    if len(text) != 1:
        raise thrown("FormatException", "String must be exactly one character long.")
    return Char(text)


@static(_CHAR, "string ToString(char c)")
def _char_text(char: str) -> str:
    return str(char)


@static(_CHAR, "double GetNumericValue(char c)")
def _numeric(char: str) -> float:
    return float(unicodedata.numeric(char, -1.0))


@static(_CHAR, "string ConvertFromUtf32(int utf32)")
def _from_utf32(code: int) -> str:
    if not 0 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        from psnet.lab.dotnet.errors import argument_range  # noqa: PLC0415 - only here

        raise argument_range(
            "utf32",
            "A valid UTF32 value is between 0x000000 and 0x10ffff, inclusive, and should not include surrogate "
            "codepoint values (0x00d800 ~ 0x00dfff).",
        )
    return chr(code)


@static(_CHAR, "int ConvertToUtf32(string s, int index)")
def _to_utf32(text: str, index: int) -> int:
    return ord(_character(text, index))


_SWITCH = "System.Management.Automation.SwitchParameter"
prop(_SWITCH, "bool IsPresent", lambda value: value.is_present)
static_prop(_SWITCH, "switch Present", lambda: SwitchParameter(is_present=True))


@method(_SWITCH, "bool ToBool()")
def _to_bool(value: SwitchParameter) -> bool:
    return value.is_present


prop(
    "System.Management.Automation.PSReference",
    "System.Object Value",
    lambda value: value.value,
    lambda value, new: setattr(value, "value", new),
)


@static("System.Activator", "System.Object CreateInstance(type type)")
def _create(kind: TypeValue) -> Any:
    return new_object(kind.name, [])


@static("System.Activator", "System.Object CreateInstance(type type, Params System.Object[] args)")
def _create_with(kind: TypeValue, arguments: Array) -> Any:
    return new_object(kind.name, list(arguments))


@static(
    "System.Management.Automation.LanguagePrimitives",
    "bool Equals(System.Object first, System.Object second, bool ignoreCase)",
)
def _language_equals(first: Any, second: Any, ignore_case: bool) -> bool:
    return equals(first, second, ignore_case=ignore_case)


@static("System.Management.Automation.LanguagePrimitives", "bool IsTrue(System.Object obj)")
def _is_true(value: Any) -> bool:
    return bool(convert(value, "System.Boolean"))


@static(
    "System.Management.Automation.LanguagePrimitives",
    "System.Object ConvertTo(System.Object valueToConvert, type resultType)",
)
def _convert_to(value: Any, kind: TypeValue) -> Any:
    return convert(value, kind.name)


@static("System.Management.Automation.WildcardPattern", "string Escape(string pattern)")
def _escape(text: str) -> str:
    from psnet.lab.dotnet.wildcard import escape  # noqa: PLC0415 - seldom needed

    return escape(text)


@static("System.Management.Automation.WildcardPattern", "bool ContainsWildcardCharacters(string pattern)")
def _contains(text: str) -> bool:
    from psnet.lab.dotnet.wildcard import has_wildcards  # noqa: PLC0415 - seldom needed

    return has_wildcards(text)
